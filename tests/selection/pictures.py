"""Real image files of every kind that studios and attackers upload, made here so that every byte is known."""

import io
import struct
import zlib
from typing import Any

import pillow_heif
from PIL import Image, ImageCms

from selection.imaging import pyvips

RED, GREEN, BLUE, GREY = (200, 40, 40), (40, 160, 60), (40, 60, 190), (120, 120, 120)
CORNERS = [RED, GREEN, BLUE, GREY]  # top left, top right, bottom left, bottom right


def quarters(width: int = 1200, height: int = 800) -> Image.Image:
    """Four colours, so that every turn and mirroring shows."""
    image = Image.new("RGB", (width, height))
    for i, color in enumerate(CORNERS):
        image.paste(
            color, (i % 2 * width // 2, i // 2 * height // 2, (i % 2 + 1) * width // 2, (i // 2 + 1) * height // 2)
        )
    return image


def jpeg(image: Image.Image | None = None, **options: Any) -> bytes:
    return saved(image or quarters(), "JPEG", quality=92, **options)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def turned(orientation: int) -> bytes:
    """A JPEG stored so that viewers who obey EXIF `orientation` see `quarters()` upright."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = quarters()
    exif = Image.Exif()
    exif[0x0112] = orientation
    return jpeg(image.transpose(undo[orientation]) if orientation in undo else image, exif=exif)


def told() -> bytes:
    """A JPEG that tells too much: place, camera serial, owner; and when it was taken."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x013B] = "Canon", "EOS R5", "王摄影"
    ifd = exif.get_ifd(0x8769)
    ifd[0x9003], ifd[0xA431] = "2026:11:15 09:30:00", "SERIAL-0042"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (22.0, 32.0, 1.0), "E", (114.0, 3.0, 2.0)
    return jpeg(exif=exif)


def adobe_rgb(image: Image.Image) -> bytes:
    """`image` (sRGB) as an AdobeRGB JPEG: without its profile it looks dull."""
    return _in_profile(image, adobe_rgb_profile())


def _in_profile(image: Image.Image, profile: bytes) -> bytes:
    srgb = ImageCms.createProfile("sRGB")
    target = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return jpeg(ImageCms.profileToProfile(image, srgb, target), icc_profile=profile)


def adobe_rgb_profile() -> bytes:
    """A matrix profile with AdobeRGB's primaries (D50-adapted) and gamma, built by hand."""
    colorants = {
        b"rXYZ": (0.60974, 0.31111, 0.01947),
        b"gXYZ": (0.20528, 0.62567, 0.06087),
        b"bXYZ": (0.14919, 0.06322, 0.74457),
        b"wtpt": (0.9642, 1.0, 0.8249),
    }
    return _matrix_profile(colorants, 2.19921875)


def display_p3_profile() -> bytes:
    colorants = {
        b"rXYZ": (0.51512, 0.24120, -0.00105),
        b"gXYZ": (0.29198, 0.69225, 0.04189),
        b"bXYZ": (0.15710, 0.06657, 0.78407),
        b"wtpt": (0.9642, 1.0, 0.8249),
    }
    return _matrix_profile(colorants, 2.2)


def _matrix_profile(colorants: dict[bytes, tuple[float, float, float]], gamma: float) -> bytes:
    def fixed(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    tags = {name: b"XYZ \0\0\0\0" + b"".join(fixed(v) for v in xyz) for name, xyz in colorants.items()}
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    tags |= {b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    tags[b"desc"] = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + b"\0" * 78
    tags[b"cprt"] = b"text\0\0\0\0none\0\0\0\0"
    table, body, offset = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">II", offset + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    header = struct.pack(">I4sI4s4s4s", 128 + len(table) + len(body), b"none", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + b"\0" * 28
    header += b"".join(fixed(v) for v in (0.9642, 1.0, 0.8249))
    return header.ljust(128, b"\0") + table + body


def display_p3(image: Image.Image) -> bytes:
    return _in_profile(image, display_p3_profile())


def cmyk() -> bytes:
    """A CMYK JPEG as print shops send it."""
    return jpeg(quarters().convert("CMYK"))


def deep_png() -> bytes:
    """Sixteen bits a channel."""
    image = pyvips.Image.new_from_memory(quarters().tobytes(), 1200, 800, 3, "uchar").copy(interpretation="srgb")
    deep = (image.cast("ushort") * 257).cast("ushort").copy(interpretation="rgb16")
    return bytes(deep.pngsave_buffer(bitdepth=16))


def deep_tiff() -> bytes:
    image = pyvips.Image.new_from_memory(quarters().tobytes(), 1200, 800, 3, "uchar").copy(interpretation="srgb")
    return bytes((image.cast("ushort") * 257).cast("ushort").copy(interpretation="rgb16").tiffsave_buffer())


def heic() -> bytes:
    """As an iPhone would write it, with a capture time."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2026:11:15 10:00:00"
    out = io.BytesIO()
    pillow_heif.from_pillow(quarters()).save(out, quality=80, exif=exif.tobytes())
    return out.getvalue()


def png_bomb(edge: int = 30_000) -> bytes:
    """900 megapixels in about two megabytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    block = packer.compress(b"\0" * (1 + edge * 3) * 100) + packer.flush(zlib.Z_FULL_FLUSH)  # stands alone: repeat it
    rows = block + block[2:] * (edge // 100 - 1)
    header = struct.pack(">IIBBBBB", edge, edge, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def animated(kind: str) -> bytes:
    frames = [quarters(400, 300), quarters(400, 300).transpose(Image.Transpose.ROTATE_180)]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
