"""Real photographs at camera size: public-domain and MIT samples that ship inside packages, varied by crop and tone.

A folder of the caller's own photographs (`make demo PHOTOS=…`) is used as it is.
"""

import datetime as dt
import importlib.util
import os
import random
from pathlib import Path

import pyvips

SAMPLES = [
    ("skimage", "data/astronaut.png"),
    ("skimage", "data/coffee.png"),
    ("skimage", "data/chelsea.png"),
    ("sklearn", "datasets/images/flower.jpg"),
    ("sklearn", "datasets/images/china.jpg"),
    ("skimage", "data/rocket.jpg"),
    ("skimage", "data/camera.png"),
]
BURST, EVERY = 3, 10  # in the demo's shoot every tenth picture begins a burst of three
LOOK = 20  # so many pictures in one gown; changing takes a while
# The test of the whole demo tells the same story with fewer and smaller pictures: of each 1 % is left.
SMALL = os.environ.get("YL_DEMO_SMALL") == "1"
SHARE = 0.01 if SMALL else 1
OWN_KINDS = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"}


def sample_paths() -> list[Path]:
    """The sample photographs on this machine. Raises FileNotFoundError naming the demo packages when there are none."""
    found = []
    for package, relative in SAMPLES:
        spec = importlib.util.find_spec(package)
        folder = Path(spec.origin).parent if spec and spec.origin else None
        if folder and (folder / relative).exists():
            found.append(folder / relative)
    if not found:
        raise FileNotFoundError("no sample photographs: install infra/locks/demo.txt (make setup does)")
    return found


def own_pictures(folder: Path) -> list[Path]:
    """Every photograph below a folder of the caller's, by name."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in OWN_KINDS)


def vary(source: Path, seed: int, megapixels: float, *, shot: int = 0, taken: str = "") -> bytes:
    """A camera-sized JPEG made from a sample: another crop, another light, the same for the same seed.

    `shot` is the place in a burst: the same picture a hand's breadth on, the third one out of focus. `taken` as EXIF
    writes it.
    """
    dice = random.Random(seed)  # noqa: S311 (the same picture for the same number)
    image = pyvips.Image.new_from_file(str(source), access="random")
    image = image.colourspace("srgb").flatten() if image.hasalpha() else image.colourspace("srgb")
    portrait = dice.random() < 0.6
    ratio = 2 / 3 if portrait else 3 / 2
    width = min(image.width, int(image.height * ratio)) * dice.uniform(0.72, 0.98)
    height = width / ratio
    left = int(dice.uniform(0, image.width - width))
    top = int(dice.uniform(0, max(0.0, image.height - height)) * dice.uniform(0.2, 0.8))
    left = min(left + shot * max(2, int(width / 80)), image.width - int(width))
    image = image.crop(left, top, int(width), min(int(height), image.height - top))
    if dice.random() < 0.5:
        image = image.fliphor()
    gain, warmth = dice.uniform(0.86, 1.14), dice.uniform(-7, 9)
    image = (image * [gain, gain, gain] + [warmth, 0, -warmth]).cast("uchar")
    scale = (megapixels * 1_000_000 / (image.width * image.height)) ** 0.5
    image = image.resize(scale, kernel="cubic").copy(interpretation="srgb")
    if shot == BURST - 1:
        image = image.gaussblur(image.width / 420)
    taken = taken or f"2026:11:15 {9 + seed % 8:02d}:{seed * 7 % 60:02d}:{seed * 13 % 60:02d}"
    image.set_type(pyvips.GValue.gstr_type, "exif-ifd2-DateTimeOriginal", taken)
    data: bytes = image.jpegsave_buffer(Q=86)
    return data


def make_pictures(count: int, folder: Path, first: int = 1) -> list[Path]:
    """`count` JPEGs `DSC_4001.jpg`… of 12–24 megapixels in `folder`; those already there are kept.

    A shoot as photographers bring it home: bursts of nearly the same, and a pause whenever the gown is changed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    samples, paths = sample_paths(), []
    for i in range(first, first + count):
        path = folder / f"DSC_{4000 + i}.jpg"
        if not path.exists():
            partial = path.with_suffix(".part")
            shot = (i - 1) % EVERY if (i - 1) % EVERY < BURST else 0
            seed = i - shot
            size = SHARE * (12 + seed * 5 % 13)
            body = vary(samples[seed % len(samples)], seed, size, shot=shot, taken=_taken(i, shot))
            partial.write_bytes(body)
            partial.rename(path)
        paths.append(path)
    return paths


def _taken(i: int, shot: int) -> str:
    """Two pictures a minute, a burst within seconds, twenty-five minutes for another gown."""
    begun = dt.datetime(2026, 11, 15, 9, 0)  # noqa: DTZ001 (cameras record wall time)
    seconds = (i - shot) * 31 + shot * 2 + (i - 1) // LOOK * 1500
    return f"{begun + dt.timedelta(seconds=seconds):%Y:%m:%d %H:%M:%S}"
