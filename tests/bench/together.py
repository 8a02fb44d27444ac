"""Two phones at one gallery: from the POST of a tap on one to the change in the other's socket."""

import asyncio
import http.client
import json
import os
import secrets
import statistics
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import redis

from core.orders.models import OrderPerson
from core.people.login import COOKIE
from selection.models import Gallery
from selection.services import enter_gallery
from tests.bench.gallery_seed import seed_gallery, session_of
from tests.bench.scene import furnished_studio, running_product
from tests.daphne import RawSocket, raw_socket, until
from tests.factories import make_customer

ROUNDS, WARM, PHOTOS = 100, 10, 40


def run() -> dict[str, Any]:
    """`two_phone_p95_ms`: phone A begins to send one tap → phone B's socket has read what changed, through the proxy.

    Baseline: a PUBLISH of the same bytes on the same Valkey until a subscriber in this process has them.
    """
    with furnished_studio("两人") as studio:
        gallery, tokens = _couple()
        with running_product() as stack:
            host = f"{studio.slug}.localhost:{stack.port}"
            ours, message = _taps(stack, host, gallery.code, tokens)
    raw = _published(message)
    value, baseline = _p95(ours), _p95(raw)
    note = f"{ROUNDS} taps one by one, median {statistics.median(ours):.0f} ms; baseline: raw publish and subscribe"
    return {
        "two_phone_p95_ms": {
            "value": round(value, 1),
            "unit": "ms",
            "baseline": round(baseline, 2),
            "ratio": round(value / baseline, 1),
            "note": note,
        }
    }


def _couple() -> tuple[Gallery, list[str]]:
    gallery = seed_gallery(PHOTOS, pictures=7)
    partner = make_customer("林一舟")
    OrderPerson.objects.create(order=gallery.order, customer=partner, part="groom")
    people = [gallery.order.customer, partner]
    for customer in people:
        enter_gallery(customer=customer, gallery=gallery)
    return gallery, [session_of(customer) for customer in people]


def _taps(stack: Any, host: str, code: str, tokens: list[str]) -> tuple[list[float], bytes]:
    """Milliseconds of each tap, and a poke as it went over the wire."""
    post = poster(stack.port, host, code, tokens[0])

    async def measure() -> tuple[list[float], bytes]:
        socket = await raw_socket(stack, host, f"/ws/gallery/{code}/", {COOKIE: tokens[1]})
        times, frame = [], b""
        for op in range(1, WARM + ROUNDS + 1):
            begun, seen = time.perf_counter(), len(socket.frames)
            sending = asyncio.create_task(asyncio.to_thread(post, op))
            if not await until(partial(_has_marks, socket, seen)):
                raise RuntimeError(f"tap {op} never arrived")
            at, frame = _marks(socket, seen)[0]
            times.append((at - begun) * 1000)
            await sending
        socket.transport.close()
        await socket.lost.wait()
        return times[WARM:], frame

    return asyncio.run(measure())


def _marks(socket: RawSocket, seen: int) -> list[tuple[float, bytes]]:
    return [(at, frame) for at, frame in socket.frames[seen:] if b'"picks"' in frame]


def _has_marks(socket: RawSocket, seen: int) -> bool:
    return bool(_marks(socket, seen))


def poster(port: int, host: str, code: str, token: str) -> Callable[[int], None]:
    """Sends the nth tap of a phone through the proxy."""
    csrf = secrets.token_hex(16)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Host": host,
        "Content-Type": "application/json",
        "Cookie": f"{COOKIE}={token}; yl_csrf={csrf}",
        "X-CSRFToken": csrf,
    }

    def post(op: int) -> None:
        """One tap that changes something, answered."""
        value = "yes" if op // PHOTOS % 2 == 0 else "maybe"
        pick = {"op": op, "photo": op % PHOTOS + 1, "v": value, "at": op}
        body = json.dumps({"device": "bench", "now": 10_000, "ops": [pick]})
        connection.request("POST", f"/api/galleries/{code}/picks/", body, headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} {text[:200]!r}")

    return post


def _published(message: bytes) -> list[float]:
    """Milliseconds from PUBLISH to the subscriber, the same bytes."""
    name = f"bench.{secrets.token_hex(6)}"
    sender, reader = (redis.Redis.from_url(os.environ["VALKEY_URL"]) for _ in range(2))
    arrived, ready, heard = [], threading.Event(), threading.Event()

    def listen() -> None:
        with reader.pubsub() as pubsub:
            pubsub.subscribe(name)
            for each in pubsub.listen():
                if each["type"] == "subscribe":
                    ready.set()
                    continue
                arrived.append(time.perf_counter())
                heard.set()
                if len(arrived) == ROUNDS:
                    return

    thread = threading.Thread(target=listen)
    thread.start()
    ready.wait(10)
    times = []
    for number in range(ROUNDS):
        heard.clear()
        begun = time.perf_counter()
        sender.publish(name, message)
        heard.wait(10)
        times.append((arrived[number] - begun) * 1000)
    thread.join()
    return times


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[18]
