"""Which files a customer may take: the one answer that page, API and download door share. Pure."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.catalog.pricing import ORIGINALS
from selection.delivery.enums import FileKind, Originals
from selection.enums import PhotoState

WIDTH: list[str] = [Originals.NONE, Originals.CHOSEN, Originals.ALL]


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be taken. `number` is the photograph's; `at` dates it inside a ZIP."""

    kind: str
    number: int
    name: str
    size: int
    key: str
    md5: str
    content_type: str
    width: int
    height: int
    color: str
    at: dt.datetime

    @property
    def what(self) -> str:
        """As in addresses: `f12`, `o12`."""
        return f"{self.kind}{self.number}"


def originals_scope(terms: Mapping[str, Any], lines: Iterable[Mapping[str, Any]], granted: Iterable[str]) -> str:
    """The widest of: what the frozen terms give (`originals`), the "all originals" bundle among the submission's lines,
    what a manager granted.
    """
    scopes = [str(terms.get("originals") or ""), *granted]
    if any(line.get("slot") == ORIGINALS for line in lines):
        scopes.append(Originals.ALL)
    return max((scope for scope in scopes if scope in WIDTH), key=WIDTH.index, default=Originals.NONE)


def entitled(
    *,
    signed: Sequence[Sequence[Any]],
    finals: Iterable[Any],
    photos: Iterable[Any],
    chosen: Collection[int],
    scope: str,
) -> list[File]:
    """The finals exactly as signed ([number, name, version, md5]), and the originals of `scope`; by kind and number.

    `finals` have their `photo` loaded. Whatever is not ready is not there.
    """
    ready = {
        (final.photo.number, final.version, final.md5): final for final in finals if final.state == PhotoState.READY
    }
    found = []
    for number, _name, version, md5 in signed:
        final = ready.get((number, version, md5))
        if final is not None:
            found.append(_file(FileKind.FINAL, number, final))
    if scope:
        wanted = (photo for photo in photos if photo.state == PhotoState.READY)
        found += [
            _file(FileKind.ORIGINAL, photo.number, photo)
            for photo in wanted
            if scope == Originals.ALL or photo.number in chosen
        ]
    return sorted(found, key=lambda file: (file.kind, file.number))


def missing(signed: Sequence[Sequence[Any]], files: Iterable[File]) -> list[int]:
    """Numbers of signed photographs whose final is not there."""
    there = {file.number for file in files if file.kind == FileKind.FINAL}
    return [row[0] for row in signed if row[0] not in there]


def _file(kind: str, number: int, row: Any) -> File:
    return File(
        kind=str(kind),
        number=number,
        name=row.file_name,
        size=row.size,
        key=row.original_key,
        md5=row.md5,
        content_type=row.content_type,
        width=row.width,
        height=row.height,
        color=row.color,
        at=row.created_at,
    )
