"""Picks over 32 kept connections through proxy and page workers, beside the bare row-locked upsert in PostgreSQL."""

import http.client
import json
import os
import secrets
import statistics
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg

from selection.models import Chooser, Gallery
from tests.bench.gallery_seed import seed_gallery, session_of
from tests.bench.scene import furnished_studio, running_product

CONNECTIONS, EACH, PHOTOS = 32, 60, 40
WARM = 30  # taps a connection before the clock starts: eight threads that each have run the code a hundred times
UPSERT = """
INSERT INTO selection_pick (photo_id, chooser_id, value, device, at, seen)
VALUES (%s, %s, 'yes', 'raw', now(), '{}')
ON CONFLICT (photo_id, chooser_id) DO UPDATE SET value = excluded.value, seen = excluded.seen, at = excluded.at
"""


def run() -> dict[str, Any]:
    """`picks_c32_p95_ms`, `picks_c32_per_s`: 32 customers in 32 galleries of one branch, one pick a request.

    Baseline: 32 psycopg connections, each pick `SELECT … FOR UPDATE` on its gallery, upsert, count, commit.
    """
    with furnished_studio("选片") as studio:
        galleries = [seed_gallery(PHOTOS, pictures=7) for _ in range(CONNECTIONS)]
        tokens = [session_of(gallery.order.customer) for gallery in galleries]
        raw, raw_seconds = _together([_raw(gallery, studio.schema_name) for gallery in galleries])
        with running_product() as stack:
            port = stack.port
            host = f"{studio.slug}.localhost:{port}"
            taps = [_tapping(port, host, g.code, t) for g, t in zip(galleries, tokens, strict=True)]
            _together([_few(tap) for tap in taps])
            ours, seconds = _together(taps)
        stored = sum(Chooser.objects.filter(gallery__in=galleries).values_list("yes", flat=True))
    rate, raw_rate = len(ours) / seconds, len(raw) / raw_seconds
    p95, raw_p95 = (statistics.quantiles(times, n=20)[18] * 1000 for times in (ours, raw))
    note = f"{CONNECTIONS} connections × {EACH} picks, {stored} stored; client on the same two cores"
    return {
        "picks_c32_p95_ms": _figure(p95, "ms", raw_p95, note),
        "picks_c32_per_s": _figure(rate, "picks/s", raw_rate, f"{note}; baseline: raw row-locked upsert"),
    }


def _figure(value: float, unit: str, baseline: float, note: str) -> dict[str, Any]:
    return {
        "value": round(value, 1),
        "unit": unit,
        "baseline": round(baseline, 1),
        "ratio": round(value / baseline, 2),
        "note": note,
    }


def _together(calls: list[Callable[[], list[float]]]) -> tuple[list[float], float]:
    """Run all at once; every duration, and the seconds from the first start to the last end."""
    found: list[float] = []
    barrier = threading.Barrier(len(calls) + 1)

    def work(call: Callable[[], list[float]]) -> None:
        barrier.wait()
        found.extend(call())

    threads = [threading.Thread(target=work, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    barrier.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    return found, time.perf_counter() - begun


def _tapping(port: int, host: str, code: str, token: str) -> Callable[[int], list[float]]:
    csrf = secrets.token_hex(16)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Host": host,
        "Content-Type": "application/json",
        "Cookie": f"yl_customer={token}; yl_csrf={csrf}",
        "X-CSRFToken": csrf,
    }
    count = iter(range(1, 10_000))

    def tap(times: int = EACH) -> list[float]:
        durations = []
        for _ in range(times):
            op = next(count)
            pick = {"op": op, "photo": op % PHOTOS + 1, "v": "yes", "at": op}
            body = json.dumps({"device": "bench", "now": 10_000, "ops": [pick]})
            begun = time.perf_counter()
            connection.request("POST", f"/api/galleries/{code}/picks/", body, headers)
            answer = connection.getresponse()
            text = answer.read()
            durations.append(time.perf_counter() - begun)
            if answer.status != 200:
                raise RuntimeError(f"{answer.status} {text[:200]!r}")
        return durations

    return tap


def _few(tap: Callable[..., list[float]]) -> Callable[[], list[float]]:
    return lambda: tap(WARM)


def _raw(gallery: Gallery, schema: str) -> Callable[[], list[float]]:
    photos = list(gallery.photos.values_list("pk", flat=True))
    chooser = gallery.choosers.get(is_main=True).pk
    connection = psycopg.connect(os.environ["DATABASE_URL"], options=f"-c search_path={schema}")

    def work() -> list[float]:
        durations = []
        for op in range(EACH):
            begun = time.perf_counter()
            with connection.transaction():
                connection.execute("SELECT 1 FROM selection_gallery WHERE id = %s FOR UPDATE", [gallery.pk])
                connection.execute(UPSERT, [photos[op % len(photos)], chooser])
                connection.execute("UPDATE selection_chooser SET yes = yes WHERE id = %s", [chooser])
            durations.append(time.perf_counter() - begun)
        connection.execute("DELETE FROM selection_pick WHERE chooser_id = %s", [chooser])
        connection.commit()
        connection.close()
        return durations

    return work
