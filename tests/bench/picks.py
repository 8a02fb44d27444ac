"""Picks over 32 kept connections through proxy and page workers, beside the bare row-locked upsert in PostgreSQL."""

import json
import os
import secrets
import selectors
import socket
import statistics
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg

from selection.models import Chooser, Gallery
from tests.bench.gallery_seed import seed_gallery, session_of
from tests.bench.scene import furnished_studio, running_product

CONNECTIONS, EACH, ALONE = 32, 60, 200
PHOTOS = 100  # more than a connection taps: a tap that changes nothing would be cheaper
WARM = 30  # taps a connection before the clock starts: eight threads that each have run the code a hundred times
UPSERT = """
INSERT INTO selection_pick (photo_id, chooser_id, value, device, at, seen)
VALUES (%s, %s, 'yes', 'raw', now(), '{}')
ON CONFLICT (photo_id, chooser_id) DO UPDATE SET value = excluded.value, seen = excluded.seen, at = excluded.at
"""


def run() -> dict[str, Any]:
    """`picks_c1_p95_ms`, `picks_c32_p95_ms`, `picks_c32_per_s`: customers in their own galleries, one pick a request.

    Baseline: 32 psycopg connections, each pick `SELECT … FOR UPDATE` on its gallery, upsert, count, commit.
    """
    with furnished_studio("选片") as studio:
        galleries = [seed_gallery(PHOTOS, pictures=7) for _ in range(CONNECTIONS)]
        tokens = [session_of(gallery.order.customer) for gallery in galleries]
        raw_alone, _seconds = _together([_raw(galleries[0], studio.schema_name)])
        raw, raw_seconds = _together([_raw(gallery, studio.schema_name) for gallery in galleries])
        with running_product() as stack:
            port = stack.port
            host = f"{studio.slug}.localhost:{port}"
            taps = [Tapping(port, host, g.code, t) for g, t in zip(galleries, tokens, strict=True)]
            drive(taps, WARM)
            ours, seconds = drive(taps, EACH)
            alone, _seconds = drive(taps[:1], ALONE)
        stored = sum(Chooser.objects.filter(gallery__in=galleries).values_list("yes", flat=True))
    rate, raw_rate = len(ours) / seconds, len(raw) / raw_seconds
    p95, raw_p95, p95_alone, raw_p95_alone = (
        statistics.quantiles(times, n=20)[18] * 1000 for times in (ours, raw, alone, raw_alone)
    )
    note = f"{CONNECTIONS} connections × {EACH} picks, {stored} stored; client on the same two cores"
    return {
        "picks_c32_p95_ms": _figure(p95, "ms", raw_p95, note),
        "picks_c1_p95_ms": _figure(p95_alone, "ms", raw_p95_alone, f"1 connection × {ALONE} picks"),
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


class Tapping:
    """A customer who taps as fast as the answers come. The client shares the product's two cores, so it is as light as
    it can be: one thread for all, requests of bytes, no HTTP library.
    """

    def __init__(self, port: int, host: str, code: str, token: str) -> None:
        csrf = secrets.token_hex(16)
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.head = (
            f"POST /api/galleries/{code}/picks/ HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
            f"Cookie: yl_customer={token}; yl_csrf={csrf}\r\nX-CSRFToken: {csrf}\r\nContent-Length: "
        )
        self.op = 0
        self.durations: list[float] = []

    def send(self) -> None:
        self.op += 1
        value = "no" if self.op // PHOTOS % 2 else "yes"
        pick = {"op": self.op, "photo": self.op % PHOTOS + 1, "v": value, "at": self.op}
        body = json.dumps({"device": "bench", "now": 10_000, "ops": [pick]})
        self.begun, self.answer = time.perf_counter(), b""
        self.socket.sendall(f"{self.head}{len(body)}\r\n\r\n{body}".encode())

    def receive(self) -> bool:
        """Whether the answer is complete."""
        part = self.socket.recv(65536)
        self.answer += part
        head, mark, body = self.answer.partition(b"\r\n\r\n")
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0)
        if part and (not mark or len(body) < length):
            return False
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"{self.answer[:300]!r}")
        self.durations.append(time.perf_counter() - self.begun)
        return True


def drive(taps: list[Tapping], each: int) -> tuple[list[float], float]:
    """Every connection taps `each` times, the next when the answer to the last is there; durations, and seconds."""
    with selectors.DefaultSelector() as waiting:
        left = dict.fromkeys(taps, each)
        begun = time.perf_counter()
        for tap in taps:
            tap.durations = []
            waiting.register(tap.socket, selectors.EVENT_READ, tap)
            tap.send()
        while any(left.values()):
            for key, _mask in waiting.select(timeout=30):
                tap = key.data
                if not tap.receive():
                    continue
                left[tap] -= 1
                if left[tap]:
                    tap.send()
        seconds = time.perf_counter() - begun
    return [duration for tap in taps for duration in tap.durations], seconds


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
