"""From a commit to 500 open boards: one real Daphne process, one real Valkey, an event recorded as the product does."""

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from django.db import transaction

from core.kernel import events
from tenants.context import studio_call
from tests.core.realtime.people import customer, furnish, opened_studio, order_of, staff_cookie
from tests.daphne import Daphne, RawSocket, daphne, raw_socket, until

SOCKETS = 500
EVENTS = 40
PER_COOKIE = 25


def run() -> dict[str, Any]:
    """`board_fanout_p95_ms`: commit → the frame is in the reader's process, over all sockets and events.

    The baseline is the same journey to a single socket, in the same run.
    """
    with opened_studio("扇出") as studio, tempfile.TemporaryDirectory() as folder:
        house = furnish(studio)
        person, _ = customer(house)
        order = order_of(house, person)
        cookies = [staff_cookie(house) for _ in range(SOCKETS // PER_COOKIE)]
        with daphne(Path(folder) / "daphne.log") as server:
            alone = asyncio.run(_measure(server, house, order, cookies[:1], 1))
            many = asyncio.run(_measure(server, house, order, cookies, SOCKETS))
    value, baseline = _p95(many), _p95(alone)
    return {
        "board_fanout_p95_ms": {
            "value": round(value, 1),
            "unit": "ms",
            "baseline": round(baseline, 1),
            "ratio": round(value / baseline, 1),
            "note": f"{SOCKETS} sockets, {EVENTS} commits, median {statistics.median(many):.1f} ms; baseline: 1 socket",
        }
    }


async def _measure(server: Daphne, house: Any, order: Any, cookies: list[dict[str, str]], count: int) -> list[float]:
    sockets: list[RawSocket] = []
    for start in range(0, count, 20):
        batch = range(start, min(start + 20, count))
        sockets += await asyncio.gather(
            *(raw_socket(server, house.host, "/ws/board/all/", cookies[i // PER_COOKIE]) for i in batch)
        )
    committed: dict[int, float] = {}
    for _ in range(EVENTS):
        seq, at = await studio_call(house.studio, _move, order)
        committed[seq] = at
        await asyncio.sleep(0.1)
    await until(lambda: all(len(socket.frames) >= EVENTS for socket in sockets))
    delays = [(at - committed[json.loads(frame)["seq"]]) * 1000 for socket in sockets for at, frame in socket.frames]
    lost = count * EVENTS - len(delays)
    for socket in sockets:
        socket.transport.close()
    await asyncio.gather(*(socket.lost.wait() for socket in sockets))
    if lost:
        message = f"{lost} messages never arrived"
        raise AssertionError(message)
    return delays


def _move(order: Any) -> tuple[int, float]:
    """One event in a transaction; its number and the moment of the commit, before anything is published."""
    at: list[float] = []
    with transaction.atomic():
        transaction.on_commit(lambda: at.append(time.perf_counter()))
        event = events.record(events.Kind.ORDER_MOVED, order)
    return event.seq, at[0]


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[18]
