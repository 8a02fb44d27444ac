"""A ZIP archive that goes to the store in parts while it is written, and goes on after a crash.

The bytes follow from the members alone, so a new run writes the same stream and skips what the store has already:
members that lie whole in stored parts are remembered (`marks`), the one that was cut is read again. ZIP64 throughout.
Memory: one part.
"""

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

STORED, DEFLATED = 0, 8
WHEN = (0, 33)  # 1980-01-01: the archive's bytes must not depend on the hour
LOCAL = struct.Struct("<4sHHHHHLLLHH")
CENTRAL = struct.Struct("<4sHHHHHHLLLHHHHHLL")
UTF8_AND_LATE_CRC = 0x808


@dataclass(slots=True)
class Packed:
    """A member as it stands in the archive. `sha256` is of the bytes that come out."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    end: int
    sha256: str


@dataclass(slots=True)
class Mark:
    """Where a new run goes on: parts the store has, and how many members lie whole in them."""

    upload: str = ""
    parts: list[list[Any]] = field(default_factory=list)  # [number, ETag]
    sent: int = 0
    members: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Packer:
    """`send(number, bytes)` stores a part and returns its ETag; `keep(mark, members)` remembers it, members since."""

    def __init__(
        self,
        mark: Mark,
        members: list[Packed],
        part_size: int,
        send: Callable[[int, bytes], str],
        keep: Callable[[Mark, list[Packed]], None],
    ) -> None:
        self.mark, self.members, self.part_size, self.send, self.keep = mark, members, part_size, send, keep
        self.at = members[-1].end if members else 0
        self.told = len(members)
        self.buffer = bytearray()

    def add(self, name: str, chunks: Iterable[bytes], *, packed: int, ready: Packed | None = None) -> Packed:
        """A member of `packed` bytes. `ready`: compressed before, its CRC and size are known. Raises ValueError when
        the source has another length than was said.
        """
        offset, encoded = self.at, name.encode()
        method, size = (DEFLATED, ready.size) if ready else (STORED, packed)
        extra = struct.pack("<HHQQ", 1, 16, size, packed)
        full = 0xFFFFFFFF
        self._write(
            LOCAL.pack(b"PK\x03\x04", 45, UTF8_AND_LATE_CRC, method, *WHEN, 0, full, full, len(encoded), len(extra))
        )
        self._write(encoded + extra)
        crc, digest, count = 0, hashlib.sha256(), 0
        for chunk in chunks:
            if not ready:
                crc = zlib.crc32(chunk, crc)
                digest.update(chunk)
            count += len(chunk)
            self._write(chunk)
        if count != packed:
            message = f"{name}: {count} bytes instead of {packed}"
            raise ValueError(message)
        crc, sha256 = (ready.crc, ready.sha256) if ready else (crc, digest.hexdigest())
        self._write(struct.pack("<4sLQQ", b"PK\x07\x08", crc, packed, size))
        member = Packed(name, method, crc, packed, size, offset, self.at, sha256)
        self.members.append(member)
        return member

    def close(self) -> int:
        """Write the directory and the last part; returns the archive's size."""
        start = self.at
        for member in self.members:
            self._write(_central(member))
        size, count = self.at - start, len(self.members)
        end = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
        locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, start + size, 1)
        few, full = 0xFFFF, 0xFFFFFFFF
        self._write(end + locator + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, few, few, full, full, 0))
        if self.buffer:
            self._flush(len(self.buffer))
        return self.at

    def _write(self, data: bytes) -> None:
        missing = self.mark.sent - self.at
        self.at += len(data)
        if missing > 0:
            data = data[missing:]
        self.buffer += data
        while len(self.buffer) >= self.part_size:
            self._flush(self.part_size)

    def _flush(self, length: int) -> None:
        number = len(self.mark.parts) + 1
        etag = self.send(number, bytes(self.buffer[:length]))
        del self.buffer[:length]
        self.mark.parts.append([number, etag])
        self.mark.sent += length
        new = [member for member in self.members[self.told :] if member.end <= self.mark.sent]
        self.told += len(new)
        self.mark.members = self.told
        self.keep(self.mark, new)


def _central(member: Packed) -> bytes:
    encoded = member.name.encode()
    extra = struct.pack("<HHQQQ", 1, 24, member.size, member.packed, member.offset)
    full = 0xFFFFFFFF
    head = CENTRAL.pack(
        b"PK\x01\x02", 45 | 3 << 8, 45, UTF8_AND_LATE_CRC, member.method, *WHEN, member.crc, full, full,
        len(encoded), len(extra), 0, 0, 0, 0o644 << 16, full,
    )  # fmt: skip
    return head + encoded + extra


class Squeezer:
    """Compresses a member beforehand: raw deflate to `write`, with what the archive must know of it."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write, self._digest = write, hashlib.sha256()
        self._deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
        self.crc = self.size = self.packed = 0

    def feed(self, chunk: bytes) -> None:
        self.crc, self.size = zlib.crc32(chunk, self.crc), self.size + len(chunk)
        self._digest.update(chunk)
        self._out(self._deflate.compress(chunk))

    def finish(self, name: str) -> Packed:
        self._out(self._deflate.flush())
        return Packed(name, DEFLATED, self.crc, self.packed, self.size, 0, 0, self._digest.hexdigest())

    def _out(self, data: bytes) -> None:
        self.packed += len(data)
        self._write(data)
