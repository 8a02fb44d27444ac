"""One answer of HTTP about a body whose every byte is known: conditions, ranges, names (RFC 9110, 6266). Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from selection.delivery.zips import Segment, Span

BLOCK = 16 * 1024 * 1024  # asked of storage at once: no slow phone holds a connection to it for longer than this lasts
CHUNK = 512 * 1024  # read and sent at once: what a download holds in memory, twice
ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reply:
    """`first` to `last` (inclusive) of the body follow; nothing when `last` < `first`."""

    status: int
    headers: dict[str, str]
    first: int = 0
    last: int = -1

    @property
    def size(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes `first` to `last` (inclusive) of an object."""

    key: str
    first: int
    last: int


def reply_to(method: str, asked: Mapping[str, str], *, total: int, etag: str, headers: Mapping[str, str]) -> Reply:
    """What to answer; `asked` has lower-case names. Several ranges at once are answered with the whole body."""
    tag = f'"{etag}"'
    common = {**headers, "Accept-Ranges": "bytes", "ETag": tag}
    if _names(asked.get("if-match", "*"), tag) is False:
        return Reply(412, {**common, "Content-Length": "0"})
    if "if-none-match" in asked and _names(asked["if-none-match"], tag):
        return Reply(304, common)
    wanted = _range(asked.get("range", ""), total) if asked.get("if-range", tag) == tag else None
    if wanted == ():
        return Reply(416, {**common, "Content-Range": f"bytes */{total}", "Content-Length": "0"})
    first, last = wanted or (0, total - 1)
    common["Content-Length"] = str(last - first + 1)
    if wanted:
        common["Content-Range"] = f"bytes {first}-{last}/{total}"
    return Reply(206 if wanted else 200, common, *((0, -1) if method == "HEAD" else (first, last)))


def _names(given: str, tag: str) -> bool:
    return given.strip() == "*" or tag in {one.strip().removeprefix("W/") for one in given.split(",")}


def _range(header: str, total: int) -> tuple[int, int] | tuple[()] | None:
    """(first, last), () when nothing of it exists, None when there is no range that we follow."""
    found = ONE_RANGE.fullmatch(header.strip())
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        return (max(0, total - int(found[2])), total - 1) if int(found[2]) and total else ()
    first, last = int(found[1]), min(int(found[2]), total - 1) if found[2] else total - 1
    if found[2] and int(found[2]) < first:
        return None
    return (first, last) if first < total else ()


def disposition(name: str, *, inline: bool = False) -> str:
    """The name in full for browsers that know RFC 5987, in ASCII for the others."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%;' else "_" for c in name)
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def pieces(segments: Sequence[Segment], first: int, last: int) -> Iterator[bytes | Piece]:
    """What lies between two bytes, in order; objects in blocks."""
    start = 0
    for segment in segments:
        size = segment.size if isinstance(segment, Span) else len(segment)
        a, b = max(first - start, 0), min(last - start, size - 1)
        start += size
        if a > b:
            continue
        if isinstance(segment, bytes):
            yield segment[a : b + 1]
        else:
            yield from (Piece(segment.key, at, min(at + BLOCK - 1, b)) for at in range(a, b + 1, BLOCK))
