"""A real MP4 without an encoder: H.264 whose every block is stored as it is (I_PCM, baseline profile).

Large for what it shows, but every phone plays it, and nothing has to be installed to make the demo's clip.
"""

import itertools
from collections.abc import Sequence

import pyvips

MATRIX = [[0.257, 0.504, 0.098], [-0.148, -0.291, 0.439], [0.439, -0.368, -0.071]]  # ITU-R BT.601, without black zeros
TIMESCALE = 1000


class Bits:
    """Numbers as H.264 writes them (9.1)."""

    def __init__(self) -> None:
        self.text = ""

    def u(self, value: int, bits: int) -> "Bits":
        self.text += f"{value:0{bits}b}"
        return self

    def ue(self, *values: int) -> "Bits":
        for value in values:
            code = f"{value + 1:b}"
            self.text += "0" * (len(code) - 1) + code
        return self

    def padded(self, stop: str = "") -> bytes:
        text = self.text + stop
        text += "0" * (-len(text) % 8)
        return int(text, 2).to_bytes(len(text) // 8)


def sets(width: int, height: int) -> tuple[bytes, bytes]:
    """Sequence and picture parameter set; both sides are multiples of 16."""
    sequence = Bits().u(66, 8).u(0xC0, 8).u(30, 8).ue(0, 0, 2, 1).u(0, 1)
    sequence.ue(width // 16 - 1, height // 16 - 1).u(0b1100, 4)
    picture = Bits().ue(0, 0).u(0, 2).ue(0, 0, 0).u(0, 3).ue(0, 0, 0).u(0b100, 3)
    return b"\x67" + sequence.padded("1"), b"\x68" + picture.padded("1")


def frame(image: pyvips.Image, turn: int) -> bytes:
    """One picture as an IDR slice. Levels begin at 16, so no byte pattern needs to be escaped."""
    colour = image.recomb(pyvips.Image.new_from_array(MATRIX)).linear(1, [16, 128, 128])
    colour = colour.rint().cast("uchar")
    planes = [bytes(colour[0].write_to_memory())]
    planes += [bytes(colour[i].shrink(2, 2).rint().cast("uchar").write_to_memory()) for i in (1, 2)]
    head = Bits().ue(0, 7, 0).u(0, 4).ue(turn % 2).u(0, 2).ue(0, 1)  # I slice, no deblocking
    out = bytearray(b"\x65")
    for row, column in itertools.product(range(image.height // 16), range(image.width // 16)):
        out += head.ue(25).padded()
        for plane, side in zip(planes, (16, 8, 8), strict=True):
            stride = image.width * side // 16
            start = row * side * stride + column * side
            for line in range(side):
                out += plane[start + line * stride : start + line * stride + side]
        head = Bits()
    return bytes(out + b"\x80")


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return (len(body) + 8).to_bytes(4) + kind + body


def n32(*values: int) -> bytes:
    return b"".join(value.to_bytes(4) for value in values)


def film(shown: Sequence[tuple[pyvips.Image, int]], codec: bytes = b"avc1") -> bytes:
    """SRGB pictures of one size, each for so many milliseconds. `codec` is what the file claims."""
    width, height = shown[0][0].width, shown[0][0].height
    samples = [(n32(len(nal := frame(image, i))) + nal) for i, (image, _ms) in enumerate(shown)]
    lasts = [ms for _image, ms in shown]
    kinds = box(b"ftyp", b"isom", n32(512), b"isomiso2avc1mp41")
    index = _index(width, height, lasts, [len(sample) for sample in samples], codec, 0)
    index = _index(width, height, lasts, [len(sample) for sample in samples], codec, len(kinds) + len(index) + 8)
    return kinds + index + box(b"mdat", *samples)


def _index(width: int, height: int, lasts: list[int], sizes: list[int], codec: bytes, start: int) -> bytes:
    total, n = sum(lasts), len(lasts)
    unity = n32(65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
    sps, pps = sets(width, height)
    config = box(
        b"avcC",
        b"\x01" + sps[1:4] + b"\xff\xe1" + len(sps).to_bytes(2) + sps + b"\x01" + len(pps).to_bytes(2) + pps,
    )
    entry = box(
        codec, bytes(6), b"\x00\x01", bytes(16), width.to_bytes(2), height.to_bytes(2), n32(72 << 16, 72 << 16, 0),
        b"\x00\x01", bytes(32), b"\x00\x18\xff\xff", config,
    )  # fmt: skip
    table = box(
        b"stbl",
        box(b"stsd", n32(0, 1), entry),
        box(b"stts", n32(0, n), *(n32(1, ms) for ms in lasts)),
        box(b"stsc", n32(0, 1, 1, n, 1)),
        box(b"stsz", n32(0, 0, n), n32(*sizes)),
        box(b"stco", n32(0, 1, start)),
    )
    where = box(b"dinf", box(b"dref", n32(0, 1), box(b"url ", n32(1))))
    media = box(
        b"mdia",
        box(b"mdhd", n32(0, 0, 0, TIMESCALE, total), b"\x55\xc4\x00\x00"),
        box(b"hdlr", n32(0, 0), b"vide", bytes(12), b"pictures\x00"),
        box(b"minf", box(b"vmhd", n32(1), bytes(8)), where, table),
    )
    track = box(
        b"trak",
        box(b"tkhd", n32(3, 0, 0, 1, 0, total), bytes(16), unity, n32(width << 16, height << 16)),
        media,
    )
    head = box(b"mvhd", n32(0, 0, 0, TIMESCALE, total, 65536), b"\x01\x00", bytes(10), unity, bytes(24), n32(2))
    return box(b"moov", head, track)
