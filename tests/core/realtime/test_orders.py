"""The customer's socket: only their own orders, and nothing about the branch."""

import pytest

from core.kernel import events, live
from core.people.enums import Role
from tenants.context import in_studio, studio_call
from tests.core.realtime.people import customer, order_of, staff_cookie
from tests.core.realtime.wire import Wire, run


def path(order):
    return f"/ws/order/{order.code}/"


def test_customer_hears_only_that_her_order_changed(house):
    person, cookie = customer(house)
    neighbour, _ = customer(house, "林一舟")
    order, foreign = order_of(house, person), order_of(house, neighbour)

    async def scene():
        wire = Wire(house, path(order), cookie)
        hello = await wire.open()
        await studio_call(house.studio, events.record, events.Kind.ORDER_MOVED, foreign)
        await studio_call(house.studio, events.record, events.Kind.ISSUE_RAISED, order)
        heard = await wire.next()
        quiet = await wire.silent()
        await wire.say({"stream": "order", "since": hello["at"]["order"][1], "epoch": 1})
        again = await wire.next()
        await wire.close()
        return hello, heard, quiet, again

    hello, heard, quiet, again = run(scene)
    assert heard == {"stream": "order", "type": "changed"}
    assert quiet
    assert list(hello["at"]) == ["order"]
    assert again["type"] == "snapshot"
    assert again["seq"] != hello["at"]["order"][1]


def test_progress_reaches_the_order_page_and_its_mark(house):
    """report_progress makes no event: it raises `rev` and pokes the board with the order's thread."""
    person, cookie = customer(house)
    order = order_of(house, person)

    def progress():
        from core.orders.models import Order

        Order.objects.filter(pk=order.pk).update(rev=order.rev + 1)
        live.poke(order.event_stream, {"type": "order.progress", "thread": order.event_thread, "seq": 0})

    async def scene():
        wire = Wire(house, path(order), cookie)
        hello = await wire.open()
        await studio_call(house.studio, progress)
        heard = await wire.next()
        await wire.say({"since": "", "epoch": 1})
        again = await wire.next()
        await wire.close()
        return hello["at"]["order"][1], heard, again["seq"]

    before, heard, after = run(scene)
    assert heard == {"stream": "order", "type": "changed"}
    assert before != after


def test_who_may_follow_an_order(house, other):
    person, cookie = customer(house)
    _, neighbour = customer(house)
    friend, friends = customer(house)
    _, foreign = customer(other)
    order = order_of(house, person)
    with in_studio(house.studio):
        order.people.create(customer=friend, part="groom")
    desk = staff_cookie(house, Role.RECEPTIONIST, house.branches[0])
    elsewhere = staff_cookie(house, Role.RECEPTIONIST, house.branches[1])
    by_path = f"/s/{house.studio.slug}{path(order)}"
    cases = {
        "customer": (path(order), cookie, {}),
        "person on the order": (path(order), friends, {}),
        "under the path": (by_path, cookie, {"host": "localhost:8000"}),
        "desk of the branch": (path(order), desk, {}),
        "nobody": (path(order), None, {}),
        "neighbour": (path(order), neighbour, {}),
        "customer of another studio": (path(order), foreign, {}),
        "desk of another branch": (path(order), elsewhere, {}),
        "staff under the path": (by_path, desk, {"host": "localhost:8000"}),
        "unknown order": ("/ws/order/NS-0000-0000/", cookie, {}),
    }

    async def scene():
        answers = {}
        for what, (where, who, how) in cases.items():
            wire = Wire(house, where, who, **how)
            first = await wire.open()
            answers[what] = first.get("closed", first.get("type"))
            if "closed" not in first:
                await wire.close()
        return answers

    assert run(scene) == {
        "customer": "hello",
        "person on the order": "hello",
        "under the path": "hello",
        "desk of the branch": "hello",
        "nobody": 4401,
        "neighbour": 4404,
        "customer of another studio": 4401,
        "desk of another branch": 4404,
        "staff under the path": 4401,
        "unknown order": 4404,
    }


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_ended_session_closes_the_socket(house, hurry, how):
    from core.kernel import clock
    from core.people.models import CustomerSession

    person, cookie = customer(house)
    order = order_of(house, person)
    change = {"revoked": {"revoked_at": clock.now()}, "expired": {"expires_at": clock.now()}}[how]

    def end():
        CustomerSession.objects.filter(customer=person).update(**change)

    async def scene():
        wire = Wire(house, path(order), cookie)
        await wire.open()
        await studio_call(house.studio, end)
        return await wire.next()

    assert run(scene) == {"closed": 4401}


def test_suspended_studio_closes_its_sockets(house, hurry):
    from tenants.services import resume_studio, suspend_studio
    from tenants.state import PUBLIC

    person, cookie = customer(house)
    order = order_of(house, person)

    async def scene():
        wire = Wire(house, path(order), cookie)
        await wire.open()
        await studio_call(PUBLIC, suspend_studio, house.studio)
        return await wire.next(), await Wire(house, path(order), cookie).open()

    try:
        assert run(scene) == ({"closed": 4404}, {"closed": 4404})
    finally:
        resume_studio(house.studio)
