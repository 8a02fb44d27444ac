"""Valkey stops, starts, or is not there at all: boards stay right by their numbers."""

import asyncio
import logging
import time

import pytest

from core.kernel import events, live
from infra.processes import choose_port
from infra.valkey import Valkey
from tenants.context import studio_call
from tests.core.realtime.people import customer, order_of, staff_cookie
from tests.core.realtime.wire import Wire, run


@pytest.fixture
def valkey(tmp_path, settings, monkeypatch):
    """A Valkey of our own that the product uses instead of the shared one."""
    server = Valkey(tmp_path / "data", tmp_path / "run", tmp_path / "valkey.log", choose_port(0))
    server.start()
    settings.VALKEY_URL = server.url
    live.client.cache_clear()
    monkeypatch.setattr(live, "_quiet_until", 0.0)
    yield server
    server.stop()
    live.client.cache_clear()


def scenery(house):
    person, _ = customer(house)
    return order_of(house, person), staff_cookie(house)


async def until(wire, wanted):
    message = await wire.next(beats=True)
    while message["type"] != wanted:
        message = await wire.next(beats=True)
    return message


def test_after_a_restart_every_socket_is_told_where_its_streams_stand(house, valkey):
    order, cookie = scenery(house)

    async def scene():
        wires = [Wire(house, "/ws/board/all/", cookie) for _ in range(5)]
        hello, *_ = [await wire.open() for wire in wires]
        await asyncio.to_thread(valkey.stop)
        lost = await studio_call(house.studio, events.record, events.Kind.ORDER_MOVED, order)
        await asyncio.to_thread(valkey.start)
        checks = [await until(wire, "check") for wire in wires]
        since = hello["at"][order.event_stream][1]
        await wires[0].say({"stream": order.event_stream, "since": since, "epoch": 1})
        caught_up = await until(wires[0], "events")
        await asyncio.sleep(live.PAUSE_REFUSED)
        await studio_call(house.studio, events.record, events.Kind.ORDER_CHANGED, order)
        heard = [await until(wire, "order.changed") for wire in wires]
        for wire in wires:
            await wire.close()
        return lost, checks, caught_up, heard

    lost, checks, caught_up, heard = run(scene)
    assert [check["at"][order.event_stream] for check in checks] == [[1, lost.seq]] * 5
    assert [event["seq"] for event in caught_up["events"]] == [lost.seq]
    assert [message["seq"] for message in heard] == [lost.seq + 1] * 5


def test_without_valkey_sockets_open_and_beats_carry_the_numbers(house, valkey, hurry, monkeypatch, caplog):
    monkeypatch.setattr("core.realtime.hub.SUBSCRIBED_WITHIN", 0.2)
    order, cookie = scenery(house)
    valkey.stop()

    async def scene():
        wire = Wire(house, "/ws/board/all/", cookie)
        await wire.open()
        event = await studio_call(house.studio, events.record, events.Kind.ORDER_MOVED, order)
        beat = await until(wire, "beat")
        while beat["at"][order.event_stream][1] != event.seq:
            beat = await until(wire, "beat")
        await wire.close()

    with caplog.at_level(logging.CRITICAL):
        run(scene)


def test_dead_valkey_does_not_slow_commits(house, valkey):
    order, _ = scenery(house)
    valkey.stop()

    async def scene():
        started = time.monotonic()
        for _ in range(20):
            await studio_call(house.studio, events.record, events.Kind.ORDER_CHANGED, order)
        return time.monotonic() - started

    assert run(scene) < 5
