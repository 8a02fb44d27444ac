"""A ZIP part downloaded through the product, against the same objects read straight from storage, taking turns."""

import http.client
import os
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from core.kernel import storage
from selection.delivery.addresses import download_base, download_url
from selection.delivery.parcels import parts_here
from tests.bench.scene import furnished_studio
from tests.daphne import daphne
from tests.selection.delivery.make import deliver, signed_gallery
from tests.selection.make import main_chooser

FILES, SIZE, ROUNDS, CHUNK = 12, 12 * 1024 * 1024, 3, 256 * 1024


def run() -> dict[str, Any]:
    """`zip_mb_per_s`: one phone on this machine, through Daphne; baseline: presigned GETs of the same objects."""
    with furnished_studio("下载") as studio, tempfile.TemporaryDirectory() as folder:
        gallery = signed_gallery({n: os.urandom(SIZE) for n in range(1, FILES + 1)}, photos=FILES)
        deliver(gallery)
        part = parts_here(gallery)[0]
        link = download_url(download_base(gallery, main_chooser(gallery).customer.pk), part.what, "a.zip")
        direct = [storage.get_url(entry.key, seconds=3600) for entry in part.entries]
        host = f"{studio.slug}.{settings.PLATFORM_HOST}"
        with daphne(Path(folder) / "daphne.log") as server:
            ours, theirs = [], []
            for _ in range(ROUNDS):
                theirs.append(_speed(direct, ""))
                ours.append(_speed([f"http://127.0.0.1:{server.port}{link}"], host))
    value, baseline = sorted(ours)[ROUNDS // 2], sorted(theirs)[ROUNDS // 2]
    return {
        "zip_mb_per_s": {
            "value": round(value, 1),
            "unit": "MB/s",
            "baseline": round(baseline, 1),
            "ratio": round(value / baseline, 2),
            "note": f"ZIP of {FILES} files, {part.size // 10**6} MB, through Daphne; baseline: the objects alone",
        }
    }


def _speed(urls: list[str], host: str) -> float:
    """MB/s of reading all of them one after the other."""
    begun, total = time.perf_counter(), 0
    for url in urls:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        connection.request("GET", f"{parts.path}?{parts.query}", headers={"Host": host} if host else {})
        answer = connection.getresponse()
        assert answer.status == 200, answer.status
        while chunk := answer.read(CHUNK):
            total += len(chunk)
        connection.close()
    return total / 1e6 / (time.perf_counter() - begun)
