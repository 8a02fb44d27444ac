"""ZIP archives that are never made: their bytes follow from names, sizes and CRCs, so any range can be sent.

Own code: zipstream-ng and stream-zip write from the start only; none that is kept up gives a byte range. Store-only, no
data descriptors, UTF-8 names, ZIP64 where a number does not fit. A segment is bytes, or a Span of an object in storage.
"""

import datetime as dt
import hashlib
import re
import struct
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

LOCAL, CENTRAL, END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
END64, LOCATOR = struct.Struct("<4sQ2H2I4Q"), struct.Struct("<4sIQI")
BIG, MANY = 0xFFFFFFFF, 0xFFFF
UTF8 = 0x800
FILE_MODE = 0o100644 << 16
UNIX = 3 << 8
FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Span:
    """All bytes of an object."""

    key: str
    size: int


Segment = bytes | Span


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as it lies in the archive; `at` is wall time."""

    name: str
    key: str
    size: int
    crc32: int
    at: dt.datetime


def archive(entries: Sequence[Entry]) -> list[Segment]:
    """The whole archive in its order."""
    segments: list[Segment] = []
    directory = []
    offset = 0
    for entry in entries:
        head = _local(entry)
        segments += [head, Span(entry.key, entry.size)]
        directory.append(_central(entry, offset))
        offset += len(head) + entry.size
    index = b"".join(directory)
    return [*segments, index + _end(len(entries), len(index), offset)]


def length(segments: Iterable[Segment]) -> int:
    """Bytes of all segments."""
    return sum(len(one) if isinstance(one, bytes) else one.size for one in segments)


def fingerprint(entries: Iterable[Entry]) -> str:
    """Names the archive's bytes: equal only for equal archives."""
    rows = "\n".join(f"{e.name}|{e.key}|{e.size}|{e.crc32}|{e.at:%Y%m%d%H%M%S}" for e in entries)
    return hashlib.sha256(f"zip1\n{rows}".encode()).hexdigest()[:32]


def _local(entry: Entry) -> bytes:
    name, is_big = entry.name.encode(), entry.size >= BIG
    extra = struct.pack("<2H2Q", 1, 16, entry.size, entry.size) if is_big else b""
    size, version = (BIG, 45) if is_big else (entry.size, 20)
    time, day = _dos(entry.at)
    head = LOCAL.pack(b"PK\3\4", version, UTF8, 0, time, day, entry.crc32, size, size, len(name), len(extra))
    return head + name + extra


def _central(entry: Entry, offset: int) -> bytes:
    name = entry.name.encode()
    big = [entry.size, entry.size] if entry.size >= BIG else []
    big += [offset] if offset >= BIG else []
    extra = struct.pack(f"<2H{len(big)}Q", 1, 8 * len(big), *big) if big else b""
    size, version = min(entry.size, BIG), 45 if big else 20
    time, day = _dos(entry.at)
    head = CENTRAL.pack(
        b"PK\1\2", UNIX | version, version, UTF8, 0, time, day, entry.crc32, size, size,
        len(name), len(extra), 0, 0, 0, FILE_MODE, min(offset, BIG),
    )  # fmt: skip
    return head + name + extra


def _end(count: int, size: int, offset: int) -> bytes:
    plain = END.pack(
        b"PK\5\6", 0, 0, min(count, MANY), min(count, MANY), min(size, BIG), min(offset, BIG), 0
    )  # fmt: skip
    if count < MANY and size < BIG and offset < BIG:
        return plain
    wide = END64.pack(b"PK\6\6", END64.size - 12, UNIX | 45, 45, 0, 0, count, count, size, offset)
    return wide + LOCATOR.pack(b"PK\6\7", 0, offset + size, 1) + plain


def _dos(at: dt.datetime) -> tuple[int, int]:
    year = min(max(at.year, 1980), 2107)
    return at.hour << 11 | at.minute << 5 | at.second // 2, year - 1980 << 9 | at.month << 5 | at.day


def wall(at: dt.datetime, zone: str) -> dt.datetime:
    """The branch's wall time, which is all that a ZIP can hold."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)


# -- Names ------------------------------------------------------------------------------------------------------------
def safe_name(name: str) -> str:
    """The name as every phone and computer can store it."""
    plain = FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    plain = f"{stem[: LONGEST - len(ending)]}.{ending}" if dot and len(ending) < 10 else plain[:LONGEST]
    return f"_{plain}" if DEVICES.match(plain) else plain or "photo"


def distinct(names: Iterable[str]) -> list[str]:
    """Safe names, told apart also where upper and lower case are the same: `a.jpg`, `A (2).jpg`."""
    taken: set[str] = set()
    found = []
    for name in map(safe_name, names):
        stem, dot, ending = name.rpartition(".")
        fresh, n = name, 1
        while fresh.casefold() in taken:
            n += 1
            fresh = f"{stem} ({n}).{ending}" if dot else f"{name} ({n})"
        taken.add(fresh.casefold())
        found.append(fresh)
    return found


def portions(sizes: Sequence[int], most: int) -> list[range]:
    """Indices of consecutive files that together stay within `most` bytes; a larger one stands alone."""
    found, start, used = [], 0, 0
    for i, size in enumerate(sizes):
        if i > start and used + size > most:
            found.append(range(start, i))
            start, used = i, 0
        used += size
    return [*found, range(start, len(sizes))] if sizes else []
