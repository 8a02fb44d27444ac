"""What an MP4 says of itself: its boxes are walked by ranges, so that of 300 MB some kilobytes are read. Pure.

Only what every phone of the last ten years plays is taken: H.264, with AAC or without sound (ISO 14496-12, -14, -15).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from selection.enums import Refused

MOST_BOXES, MOST_INDEX = 200, 16 * 1024 * 1024
BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"M4VH", b"MSNV", b"dash"}
PICTURE, SOUND, AAC = {b"avc1", b"avc3"}, b"mp4a", 0x40
type Read = Callable[[int, int], bytes]  # first and last byte (inclusive) → bytes


class Unplayable(Exception):
    """`code`: a Refused."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Film:
    """What is known of a clip that can be played."""

    width: int
    height: int
    seconds: int


def film_of(read: Read, size: int) -> Film:
    """Look at a file of `size` bytes. Raises Unplayable: not_a_clip | clip_codec | truncated."""
    boxes: dict[bytes, tuple[int, int]] = {}
    for kind, first, end in _outer(read, size):
        boxes.setdefault(kind, (first, end))
    if not {b"ftyp", b"moov", b"mdat"} <= boxes.keys():
        raise Unplayable(Refused.NOT_A_CLIP)
    brands, index = _body(read, *boxes[b"ftyp"]), _body(read, *boxes[b"moov"])
    if not {brands[i : i + 4] for i in range(0, len(brands), 4)} & BRANDS:
        raise Unplayable(Refused.NOT_A_CLIP)
    try:
        return _film(index)
    except (IndexError, ValueError) as error:
        raise Unplayable(Refused.NOT_A_CLIP) from error


def _outer(read: Read, size: int) -> Iterator[tuple[bytes, int, int]]:
    """The file's own boxes: kind, first byte of the body, end."""
    at = 0
    for n in range(MOST_BOXES):
        if at == size:
            return
        head = read(at, min(at + 15, size - 1))
        length, kind, start = int.from_bytes(head[:4]), head[4:8], 8
        if length == 1:
            length, start = int.from_bytes(head[8:16]), 16
        elif length == 0:
            length = size - at
        if (n == 0 and kind != b"ftyp") or length < start:
            raise Unplayable(Refused.NOT_A_CLIP)
        if at + length > size:
            raise Unplayable(Refused.TRUNCATED)
        yield kind, at + start, at + length
        at += length


def _body(read: Read, first: int, end: int) -> bytes:
    if not 0 < end - first <= MOST_INDEX:
        raise Unplayable(Refused.NOT_A_CLIP)
    return read(first, end - 1)


def _film(index: bytes) -> Film:
    inside = _inner(index)
    tracks = [_track(body) for kind, body in inside if kind == b"trak"]
    pictures = [track for track in tracks if track[0] == b"vide"]
    sounds = [track for track in tracks if track[0] == b"soun"]
    if len(pictures) != 1:
        raise Unplayable(Refused.NOT_A_CLIP)
    _kind, codec, entry = pictures[0]
    if codec not in PICTURE or any(sound[1] != SOUND or _sound(sound[2]) != AAC for sound in sounds):
        raise Unplayable(Refused.CLIP_CODEC)
    head = next((body for kind, body in inside if kind == b"mvhd"), b"")
    scale, length = (head[20:24], head[24:32]) if head[:1] == b"\x01" else (head[12:16], head[16:20])
    seconds = int.from_bytes(length) // max(1, int.from_bytes(scale))
    width, height = int.from_bytes(entry[24:26]), int.from_bytes(entry[26:28])
    if not (width and height and seconds < 86400):
        raise Unplayable(Refused.NOT_A_CLIP)
    return Film(width, height, seconds)


def _inner(data: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 0
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4])
        if not 8 <= length <= len(data) - at:
            raise ValueError(length)
        found.append((data[at + 4 : at + 8], data[at + 8 : at + length]))
        at += length
    return found


def _one(data: bytes, *path: bytes) -> bytes:
    for kind in path:
        data = next((body for name, body in _inner(data) if name == kind), b"")
    return data


def _track(data: bytes) -> tuple[bytes, bytes, bytes]:
    """What it is (vide, soun, …), its codec, its sample entry."""
    kind = _one(data, b"mdia", b"hdlr")[8:12]
    [(codec, entry), *_more] = _inner(_one(data, b"mdia", b"minf", b"stbl", b"stsd")[8:]) or [(b"", b"")]
    return kind, codec, entry


def _sound(entry: bytes) -> int:
    """The object type of an `mp4a`, which may also hold MP3: ES descriptor (3), decoder configuration (4)."""
    at = entry.find(b"esds")
    data = entry[at + 8 :] if at >= 0 else b""
    at = _past(data, 0, 3) + 3
    return data[_past(data, at, 4)]


def _past(data: bytes, at: int, tag: int) -> int:
    """Where the body of the descriptor at `at` begins."""
    if data[at] != tag:
        raise ValueError(tag)
    at += 1
    while data[at] & 0x80:
        at += 1
    return at + 1
