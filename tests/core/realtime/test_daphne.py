"""What only the real server shows: Daphne never makes `send` wait, so a stuck reader must be found by us."""

import asyncio
import json

from core.kernel import events, live
from tenants.context import studio_call
from tests.core.realtime.people import customer, order_of, staff_cookie
from tests.core.realtime.wire import run
from tests.daphne import daphne, raw_socket, until

PADDING = "x" * 8000


def burst(order, count):
    for _ in range(count):
        live.poke(order.event_stream, {"type": "order.progress", "pad": PADDING, "seq": 0})


def test_a_reader_that_never_reads_is_closed_and_costs_no_memory(house, tmp_path):
    """12,000 messages of 8 KB to a socket whose browser hangs: 96 MB would pile up in the server (edges.md §1.8)."""
    person, _ = customer(house)
    order, cookie = order_of(house, person), staff_cookie(house)

    async def scene(server):
        stuck = await raw_socket(server, house.host, "/ws/board/all/", cookie)
        healthy = await raw_socket(server, house.host, "/ws/board/all/", cookie)
        before = server.memory()
        stuck.transport.pause_reading()
        for i in range(120):
            await studio_call(house.studio, burst, order, 100)
            assert await until(lambda wanted=100 * (i + 1): len(healthy.frames) == wanted)
            healthy.say(json.dumps({"ack": len(healthy.frames) + 1}))
        grown = server.memory() - before
        event = await studio_call(house.studio, events.record, events.Kind.ORDER_CHANGED, order)
        assert await until(lambda: b"order.changed" in healthy.frames[-1][1])
        stuck.transport.resume_reading()
        await asyncio.wait_for(stuck.lost.wait(), 15)
        healthy.transport.close()
        await healthy.lost.wait()
        return grown, len(stuck.frames), len(healthy.frames), event.seq, json.loads(healthy.frames[-1][1])["seq"]

    with daphne(tmp_path / "daphne.log") as server:
        grown, reached, heard, made, last = run(lambda: scene(server))
    assert grown < 25 * 2**20
    assert reached <= 200
    assert (heard, last) == (12001, made)


def test_server_stops_while_sockets_are_open(house, tmp_path):
    cookie = staff_cookie(house)

    async def scene(server):
        sockets = [await raw_socket(server, house.host, "/ws/board/all/", cookie) for _ in range(5)]
        server.process.terminate()
        await asyncio.wait_for(asyncio.gather(*(socket.lost.wait() for socket in sockets)), 15)
        await asyncio.to_thread(server.process.wait, 15)

    with daphne(tmp_path / "daphne.log") as server:
        run(lambda: scene(server))
    assert "Traceback" not in (tmp_path / "daphne.log").read_text()
