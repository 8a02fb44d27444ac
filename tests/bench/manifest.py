"""The manifest of a gallery of 1,000 photographs: its weight, and the CPU it costs."""

import gzip
import time
from typing import Any

from django.db import connection

from selection.manifest import manifest_json
from selection.models import Chooser
from selection.services.picks import Op, apply_picks
from tests.bench.gallery_seed import seed_gallery
from tests.bench.scene import furnished_studio

PHOTOS, ROUNDS = 1000, 40


def run() -> dict[str, Any]:
    """`manifest_gz_kb_per_1000`: baseline: the same photographs as a list of objects with signed addresses.

    `manifest_cpu_ms`: Python's CPU for one manifest; baseline: sending the bare SELECT of the columns to psycopg.
    """
    with furnished_studio("清单") as _studio:
        gallery = seed_gallery(PHOTOS, pictures=7)
        chooser = gallery.choosers.get(is_main=True)
        now = gallery.published_at
        apply_picks(chooser=chooser, device="bench", ops=[Op(i, i, "yes", now) for i in range(1, 121)])
        body = manifest_json(gallery, chooser)
        plain = _as_objects(gallery)
        ours = _cpu(lambda: manifest_json(gallery, chooser))
        bare = _cpu(lambda: _bare(gallery, chooser))
    light, heavy = len(gzip.compress(body)) / 1024, len(gzip.compress(plain)) / 1024
    return {
        "manifest_gz_kb_per_1000": {
            "value": round(light, 2),
            "unit": "KB",
            "baseline": round(heavy, 2),
            "ratio": round(light / heavy, 3),
            "note": "1,000 photographs, 120 picks, gzip; baseline: a list of objects with two addresses each",
        },
        "manifest_cpu_ms": {
            "value": round(ours, 2),
            "unit": "ms CPU",
            "baseline": round(bare, 2),
            "ratio": round(ours / bare, 2),
            "note": "Python's CPU; baseline: fetching the bare columns row by row",
        },
    }


def _cpu(call: Any) -> float:
    call()
    begun = time.process_time()
    for _ in range(ROUNDS):
        call()
    return (time.process_time() - begun) / ROUNDS * 1000


def _bare(gallery: Any, chooser: Chooser) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT photo.number, rendition_rev, width, height, color, pick.value FROM selection_photo photo "
            "LEFT JOIN selection_pick pick ON pick.photo_id = photo.id AND pick.chooser_id = %s "
            "WHERE photo.gallery_id = %s ORDER BY photo.number",
            [chooser.pk, gallery.pk],
        )
        return cursor.fetchall()


def _as_objects(gallery: Any) -> bytes:
    import json

    from selection.selectors import tiles

    rows = [
        {"id": t.number, "src": t.src, "proof": t.proof, "width": t.width, "height": t.height, "color": t.color}
        for t in tiles(gallery)
    ]
    return json.dumps(rows).encode()
