"""Five hundred sidecars from rows to the last byte of the ZIP."""

import io
import time
import zipfile
from collections.abc import Callable
from typing import Any

from selection.enums import Wish
from selection.models import PhotoNote
from selection.retouch.handover import handover_of, sidecar_files, sidecars_zip
from selection.services.picks import Op, apply_picks
from selection.services.submissions import submit_selection
from tests.bench.gallery_seed import seed_gallery
from tests.bench.scene import furnished_studio

PHOTOS, PICKED, ROUNDS = 600, 500, 9


def run() -> dict[str, Any]:
    """`xmp_500_ms`: queries, sidecars with notes and wishes, ZIP; baseline: the same bytes plainly into a ZIP."""
    with furnished_studio("修图") as _studio:
        gallery = seed_gallery(PHOTOS, pictures=7)
        _submit(gallery)

        def ours() -> int:
            handed = handover_of(gallery)
            return sum(len(chunk) for chunk in sidecars_zip(handed)) if handed else 0

        handed = handover_of(gallery)
        files = sidecar_files(handed) if handed else []
        assert len(files) == PICKED + 1, len(files)
        size = ours()
        value, baseline = _median(ours), _median(lambda: _plainly(files))
    return {
        "xmp_500_ms": {
            "value": round(value, 1),
            "unit": "ms",
            "baseline": round(baseline, 1),
            "ratio": round(value / baseline, 2),
            "note": f"{PICKED} sidecars, {size // 1024} KB, rows to ZIP; baseline: the same bytes by zipfile alone",
        }
    }


def _submit(gallery: Any) -> None:
    chooser = gallery.choosers.get(is_main=True)
    now = gallery.published_at
    for start in range(1, PICKED + 1, 200):
        numbers = range(start, min(start + 200, PICKED + 1))
        apply_picks(chooser=chooser, device="bench", ops=[Op(n, n, "yes", now) for n in numbers])
    photos = gallery.photos.order_by("number")[:PICKED:2]
    PhotoNote.objects.bulk_create(
        PhotoNote(photo=photo, chooser=chooser, text="少液化，保留痣", tags=[Wish.SPOTS, Wish.TEETH], at=now)
        for photo in photos
    )
    chooser.refresh_from_db()
    extra = max(0, PICKED - gallery.included) * gallery.extra_photo_minor
    submit_selection(chooser=chooser, extra_total_minor=extra, signed_name="陈晓雨")


def _plainly(files: list[tuple[str, bytes]]) -> int:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, body in files:
            archive.writestr(zipfile.ZipInfo(name), body)
    return out.tell()


def _median(work: Callable[[], int]) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return sorted(times)[ROUNDS // 2]
