"""The draft at work: which spreads it has, in which order. Whoever calls holds the gallery's row."""

import re
import unicodedata
from typing import Any

from django.db.models import Max

from selection.album.models import AlbumDraft, AlbumProof, DraftPage, Spread

# What designers put behind the name of a corrected file. Taken off: 03_v2.jpg is another 03.jpg.
SUFFIX = re.compile(r"(?:[ _-]*(?:改|修改|定稿|终稿|終稿)|[ _-]+v\d{1,2}|[ _-]*[(（]\d{1,2}[)）])$", re.IGNORECASE)
DIGITS = re.compile(r"(\d+)")


def stem(file_name: str) -> str:
    """What stays the same when a spread is exported again: the name without ending, version marks and letter case."""
    base = file_name.rpartition(".")[0] or file_name
    while (shorter := SUFFIX.sub("", base)) != base and shorter:
        base = shorter
    return unicodedata.normalize("NFC", base).casefold()


def name_key(file_name: str) -> list[Any]:
    """For sorting as people count: 2 before 10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in DIGITS.split(stem(file_name)) if part]


def draft_at_work(album: AlbumProof) -> AlbumDraft | None:
    """The draft that is not sent; None once the album is approved or stopped."""
    found: AlbumDraft | None = album.drafts.filter(sent_at=None).first()
    return found


def standing_draft(album: AlbumProof) -> AlbumDraft | None:
    """The draft before the customer, or the last one they had."""
    found: AlbumDraft | None = album.drafts.filter(sent_at__isnull=False, superseded_at=None).first()
    return found


def spreads_of(draft: AlbumDraft | None) -> list[Spread]:
    """The draft's spreads in order."""
    if draft is None:
        return []
    pages = DraftPage.objects.filter(draft=draft).select_related("spread").order_by("position")
    return [page.spread for page in pages]


def lay(draft: AlbumDraft, spreads: list[Spread]) -> None:
    """Make the draft consist of `spreads`, in this order."""
    DraftPage.objects.filter(draft=draft).delete()
    DraftPage.objects.bulk_create(
        DraftPage(draft=draft, position=place, spread=spread) for place, spread in enumerate(spreads, start=1)
    )


def put(draft: AlbumDraft, spread: Spread) -> None:
    """The spread takes the place of its line's present version; a new line goes behind what its file's name follows."""
    spreads = spreads_of(draft)
    at = next((i for i, one in enumerate(spreads) if one.line == spread.line), None)
    if at is not None:
        spreads[at] = spread
    else:
        key = name_key(spread.file_name)
        before = [i for i, one in enumerate(spreads) if name_key(one.file_name) <= key]
        spreads.insert(before[-1] + 1 if before else 0, spread)
    lay(draft, spreads)


def line_for(album: AlbumProof, draft: AlbumDraft, spread: Spread) -> int:
    """The line a new file belongs to: the one it was sent for, the one of the same name, or a new one."""
    if spread.meant is not None:
        return int(spread.meant)
    wanted = stem(spread.file_name)
    same = next((one.line for one in spreads_of(draft) if stem(one.file_name) == wanted), None)
    return int(same) if same is not None else int(_top(album, "line")) + 1


def next_version(album: AlbumProof, line: int) -> int:
    """The number after the line's highest version."""
    return int(_top(album, "version", line=line)) + 1


def _top(album: AlbumProof, column: str, **only: Any) -> int:
    return Spread.objects.filter(album=album, **only).aggregate(top=Max(column))["top"] or 0
