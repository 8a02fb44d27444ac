"""What comes out of the image pipeline, for every kind of file that goes in."""

import datetime as dt
import io
import os
import time

import pytest
from PIL import Image

from selection import watermark
from selection.enums import Refused
from selection.imaging import pyvips
from selection.renditions import GRID_EDGE, PROOF_EDGE, Unusable, render
from tests.selection import pictures
from tests.selection.pictures import CORNERS, jpeg, quarters

TEXT = "光影映画 NS-2611-0184"


def opened(body):
    return Image.open(io.BytesIO(body)).convert("RGB")


def corners(image):
    """The colours in the middle of the four quarters."""
    width, height = image.size
    spots = [(width // 4, height // 4), (3 * width // 4, height // 4)]
    spots += [(x, 3 * height // 4) for x, _y in spots]
    return [image.resize((width // 8, height // 8), Image.Resampling.BOX).getpixel((x // 8, y // 8)) for x, y in spots]


def assert_looks_like(image, expected=CORNERS, within=14):
    found = corners(image)
    off = [max(abs(a - b) for a, b in zip(one, other, strict=True)) for one, other in zip(found, expected, strict=True)]
    assert max(off) <= within, found


def half(data):
    return data[: len(data) // 2]


def refused(data):
    with pytest.raises(Unusable) as error:
        render(data, TEXT)
    return error.value.code


def test_libvips_runs_as_an_upload_service_must():
    assert (os.environ["VIPS_BLOCK_UNTRUSTED"], os.environ["VIPS_CONCURRENCY"]) == ("1", "1")
    with pytest.raises(pyvips.Error):
        pyvips.Image.svgload_buffer(b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')


def test_sizes_formats_and_facts():
    made = render(jpeg(quarters(3000, 2000)), TEXT)
    proof, grid = Image.open(io.BytesIO(made.proof)), Image.open(io.BytesIO(made.grid))
    assert (proof.format, proof.size, grid.format, grid.size) == ("WEBP", (1600, 1067), "WEBP", (400, 267))
    assert (made.width, made.height, made.size) == (3000, 2000, len(made.proof) + len(made.grid))
    assert_looks_like(grid)


@pytest.mark.parametrize("size", [(200, 200), (900, 300)])
def test_small_pictures_are_not_blown_up(size):
    made = render(jpeg(quarters(*size)), TEXT)
    assert opened(made.proof).size == size
    assert max(opened(made.grid).size) <= GRID_EDGE


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_stands_upright(orientation):
    made = render(pictures.turned(orientation), TEXT)
    assert (made.width, made.height) == (1200, 800)
    assert opened(made.proof).size == (1200, 800)
    assert_looks_like(opened(made.grid))


@pytest.mark.parametrize(
    "make", [lambda: pictures.adobe_rgb(quarters()), lambda: pictures.display_p3(quarters()), pictures.heic]
)
def test_wide_colours_become_srgb(make):
    made = render(make(), TEXT)
    assert_looks_like(opened(made.grid))
    assert Image.open(io.BytesIO(made.proof)).info.get("icc_profile") is None


def test_a_profile_is_obeyed_and_not_merely_dropped():
    raw = opened(pictures.adobe_rgb(quarters()))
    assert abs(corners(raw)[1][0] - CORNERS[1][0]) > 14  # the same numbers read as sRGB are another green


@pytest.mark.parametrize("make", [pictures.deep_png, pictures.deep_tiff])
def test_sixteen_bits_become_eight(make):
    assert_looks_like(opened(render(make(), TEXT).grid))


def test_cmyk_becomes_rgb():
    made = render(pictures.cmyk(), TEXT)
    assert Image.open(io.BytesIO(made.proof)).mode == "RGB"
    red, green, blue, _grey = corners(opened(made.grid))
    assert (red.index(max(red)), green.index(max(green)), blue.index(max(blue))) == (0, 1, 2)


@pytest.mark.parametrize("mode", ["L", "RGBA", "LA", "P"])
def test_other_modes_become_rgb(mode):
    made = render(pictures.saved(quarters().convert(mode), "PNG"), TEXT)
    assert Image.open(io.BytesIO(made.proof)).mode == "RGB"


def test_transparency_becomes_white():
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    assert opened(render(pictures.saved(image, "PNG"), TEXT).grid).getpixel((200, 200)) == (255, 255, 255)


def test_nothing_personal_gets_through():
    original = pictures.told()
    made = render(original, TEXT)
    for secret in (b"SERIAL-0042", b"Canon", b"EOS R5", "王摄影".encode(), b"Exif", b"GPS"):
        assert secret not in made.proof + made.grid
    for body in (made.proof, made.grid):
        assert not Image.open(io.BytesIO(body)).getexif()
    assert made.taken_at == dt.datetime(2026, 11, 15, 9, 30)  # noqa: DTZ001 (wall time, as the camera had it)


def test_heic_keeps_its_capture_time():
    assert render(pictures.heic(), TEXT).taken_at == dt.datetime(2026, 11, 15, 10, 0)  # noqa: DTZ001 (EXIF has no zone)


def test_a_recorded_offset_makes_the_time_an_instant():
    exif = Image.Exif()
    ifd = exif.get_ifd(0x8769)
    ifd[0x9003], ifd[0x9011] = "2026:11:15 09:30:00", "+08:00"
    assert render(jpeg(exif=exif), TEXT).taken_at == dt.datetime(2026, 11, 15, 1, 30, tzinfo=dt.UTC)


def test_the_dominant_colour_is_the_commonest_not_the_mean():
    image = Image.new("RGB", (600, 400), (250, 250, 250))
    image.paste((10, 10, 10), (0, 0, 600, 150))
    assert render(jpeg(image), TEXT).color in {"f9f9f9", "fafafa"}


# -- Refusals ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"<html><script>alert(1)</script></html>", Refused.NOT_AN_IMAGE),
        (lambda: b"<html>" + jpeg(), Refused.NOT_AN_IMAGE),
        (lambda: b"", Refused.NOT_AN_IMAGE),
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg' width='900' height='900'/>", Refused.NOT_AN_IMAGE),
        (lambda: b"%PDF-1.7\n", Refused.NOT_AN_IMAGE),
        (lambda: b"\xff\xd8\xff\xe0 only a beginning", Refused.NOT_AN_IMAGE),
        (lambda: pictures.animated("GIF"), Refused.NOT_AN_IMAGE),
        (lambda: pictures.animated("WEBP"), Refused.ANIMATED),
        (lambda: half(jpeg()), Refused.TRUNCATED),
        (lambda: jpeg(quarters(5000, 3000))[:-2000], Refused.TRUNCATED),
        (lambda: half(pictures.saved(quarters(), "PNG")), Refused.TRUNCATED),
        (lambda: half(pictures.saved(quarters(), "WEBP")), Refused.NOT_AN_IMAGE),
        (lambda: half(pictures.deep_tiff()), Refused.NOT_AN_IMAGE),
        (lambda: half(pictures.heic()), Refused.TRUNCATED),
        (lambda: jpeg(quarters(400, 198)), Refused.TOO_SMALL),
    ],
)
def test_what_is_no_photograph_is_refused_with_the_reason(make, code):
    assert refused(make()) == code


def test_a_bomb_is_refused_before_it_unfolds():
    bomb = pictures.png_bomb()
    assert len(bomb) < 5_000_000
    start = time.process_time()
    assert refused(bomb) == Refused.TOO_MANY_PIXELS
    assert time.process_time() - start < 1.0


def test_a_trailing_script_does_not_survive():
    made = render(jpeg() + b"<script>alert(1)</script>", TEXT)
    assert b"<script>" not in made.proof + made.grid


# -- The mark ---------------------------------------------------------------------------------------------------------
def changed_share(body, plain):
    """How much of the picture differs visibly from the same picture without a mark."""
    marked = pyvips.Image.new_from_buffer(body, "")
    difference = (marked.cast("short") - plain.cast("short")).abs().bandmean()
    return (difference > 12).avg() / 255


@pytest.mark.parametrize("color", [(255, 255, 255), (0, 0, 0), (128, 128, 128), (200, 40, 40)])
@pytest.mark.parametrize("size", [(3000, 2000), (2000, 3000), (400, 300)])
def test_the_mark_is_in_every_proof_on_every_ground(color, size):
    image = Image.new("RGB", size, color)
    made = render(jpeg(image), TEXT)
    proof = pyvips.Image.new_from_buffer(made.proof, "")
    plain = proof.new_from_image(list(color)).cast("uchar")
    assert 0.004 < changed_share(made.proof, plain) < 0.3


def test_every_quarter_of_the_proof_carries_the_mark():
    made = render(jpeg(Image.new("RGB", (3000, 2000), (90, 110, 130))), TEXT)
    proof = pyvips.Image.new_from_buffer(made.proof, "")
    for left in range(0, 1600, 400):
        for top in range(0, 1000, 500):
            assert proof.crop(left, top, 400, 500).deviate() > 2


def test_another_order_is_another_mark():
    plain = jpeg()
    assert render(plain, TEXT).digest != render(plain, "光影映画 NS-2611-0185").digest
    assert render(plain, TEXT).digest == render(plain, TEXT).digest


def test_without_the_font_there_is_no_proof(monkeypatch, tmp_path):
    watermark._tile.cache_clear()
    monkeypatch.setattr("pylopdf_fonts_zh_cn.__file__", str(tmp_path / "__init__.py"))
    with pytest.raises(watermark.Unmarkable):
        render(jpeg(), TEXT)
    watermark._tile.cache_clear()


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200b"])
def test_without_ink_there_is_no_proof(text):
    with pytest.raises(watermark.Unmarkable):
        render(jpeg(), text)


def test_a_failing_text_renderer_means_no_proof(monkeypatch):
    watermark._tile.cache_clear()

    def broken(*_args, **_options):
        raise pyvips.Error("no text for you")

    monkeypatch.setattr(pyvips.Image, "text", broken)
    with pytest.raises(watermark.Unmarkable):
        render(jpeg(), TEXT)


@pytest.mark.parametrize("name", ["光影映画", "<b>&amp;</b> 影楼", "A" * 200, "永和\u202e照相馆\n二店"])
def test_any_studio_name_can_be_drawn(name):
    text = watermark.watermark_text(name, "NS-2611-0184")
    assert text.endswith(" NS-2611-0184")
    assert len(text) <= 24 + 13
    assert render(jpeg(quarters(400, 300)), text).proof


def test_chinese_is_drawn_and_not_boxed():
    """Three different characters give three different drawings: a font without them draws the same box thrice."""
    drawn = {bytes(watermark._tile(letter, 30)[0].write_to_memory()) for letter in "影楼云"}
    assert len(drawn) == 3


def test_proof_edge_is_the_issue_s():
    assert (PROOF_EDGE, GRID_EDGE) == (1600, 400)
