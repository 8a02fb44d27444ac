"""`python -m infra.seed [--photos FOLDER]`: fill two studios once, and write demo.json for people and scripts.

Runs against the running product: photographs go up by the staff's own way and the job worker renders them.
"""

import argparse
import datetime as dt
import json
import os
import random
import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from infra.seed import build, lapsed, life, secure  # noqa: E402 (Django must be set up first)
from infra.seed.pictures import SMALL, make_pictures, own_pictures  # noqa: E402 (as above)
from infra.seed.report import describe  # noqa: E402 (as above)
from tenants.models import Studio  # noqa: E402 (as above)

PHOTOS, SHELF = (24, 6) if SMALL else (45, 14)


def say(text: str) -> None:
    print(text.strip(), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.seed", description=__doc__)
    parser.add_argument("--photos", type=Path, help="a folder of your own photographs for the open gallery")
    args = parser.parse_args()
    out = Path(os.environ.get("DEMO_JSON", "demo.json"))
    if not (out.exists() and Studio.objects.filter(slug=build.FIRST).exists()):
        fill(args.photos, out.parent / "pictures")
    elif args.photos:
        build.upload_own(own_pictures(args.photos), say)
    partial = out.with_suffix(".part")
    partial.write_text(json.dumps(describe(), ensure_ascii=False, indent=2))
    partial.rename(out)


def fill(photos: Path | None, folder: Path) -> None:
    """Everything that happened before you arrived."""
    dice = random.Random(20261122)  # noqa: S311 (the same story on every machine)
    own = own_pictures(photos) if photos else []
    spawn = get_context("spawn")  # a fork of a process in which libvips and the pool have threads waits for ever
    with ProcessPoolExecutor(1, mp_context=spawn) as other, tempfile.TemporaryDirectory() as shelf:
        made = None if own else other.submit(make_pictures, PHOTOS, folder)
        shelf_pictures = make_pictures(SHELF, Path(shelf), first=500)
        now = dt.datetime.now(dt.UTC)
        build.open_first(shelf_pictures, dice, now, say)
        build.open_second(shelf_pictures[:6], dice, now, say)
        pictures = own or (made.result() if made else [])
    build.fill_open_gallery(pictures, say)
    life.tell(say)
    secure.tell(say)
    lapsed.tell(say)


if __name__ == "__main__":
    main()
