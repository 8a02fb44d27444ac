"""Staff boards: who may follow what, pokes, numbers, catch-up."""

import asyncio

import pytest

from core.kernel import events, live
from core.people.enums import Role
from tenants.accounts.models import User
from tenants.context import studio_call
from tests.core.realtime.people import customer, order_of, staff_cookie
from tests.core.realtime.wire import Wire, run


async def record(house, order, kind=events.Kind.ORDER_CHANGED):
    return await studio_call(house.studio, events.record, kind, order)


def board(branch):
    return f"/ws/board/{branch if isinstance(branch, str) else branch.pk}/"


def test_poke_reaches_the_branch_and_not_its_sister(house):
    person, _ = customer(house)
    order, cookie = order_of(house, person), staff_cookie(house)

    async def scene():
        here, there = Wire(house, board(house.branches[0]), cookie), Wire(house, board(house.branches[1]), cookie)
        hello = await here.open()
        await there.open()
        event = await record(house, order)
        poke = await here.next()
        assert await there.silent()
        await here.close()
        await there.close()
        return hello, event, poke

    hello, event, poke = run(scene)
    stream = house.branches[0].board_stream
    assert hello == {"type": "hello", "at": {stream: [1, event.seq - 1]}}
    assert poke == {
        "stream": stream,
        "type": "order.changed",
        "seq": event.seq,
        "epoch": 1,
        "thread": f"order.{order.pk}",
        "subject": f"order.{order.pk}",
    }


def test_all_follows_every_visible_branch_with_its_own_numbers(house):
    person, _ = customer(house)
    orders = [order_of(house, person, branch) for branch in house.branches]
    cookie = staff_cookie(house)

    async def scene():
        wire = Wire(house, board("all"), cookie)
        hello = await wire.open()
        made = [await record(house, order) for order in orders]
        heard = [await wire.next() for _ in orders]
        await wire.close()
        return hello, made, heard

    hello, made, heard = run(scene)
    assert set(hello["at"]) == {branch.board_stream for branch in house.branches}
    assert [(m.stream, m.seq) for m in made] == [(h["stream"], h["seq"]) for h in heard]
    assert all(hello["at"][m.stream][1] == m.seq - 1 for m in made)


def test_all_shows_a_receptionist_only_her_branch(house):
    cookie = staff_cookie(house, Role.RECEPTIONIST, house.branches[1])

    async def scene():
        wire = Wire(house, board("all"), cookie)
        hello = await wire.open()
        await wire.close()
        return hello

    assert set(run(scene)["at"]) == {house.branches[1].board_stream}


@pytest.mark.parametrize("name", ["", "0", "99999", "x", "1 OR 1=1", "9" * 30])
def test_unknown_branch_is_4404(house, name):
    cookie = staff_cookie(house)

    async def scene():
        return await Wire(house, f"/ws/board/{name}/", cookie).open()

    assert run(scene) == {"closed": 4404}


def test_refusals(house, other):
    foreign = staff_cookie(other)
    receptionist = staff_cookie(house, Role.RECEPTIONIST, house.branches[1])
    idle = staff_cookie(house, Role.RECEPTIONIST, house.branches[0])
    _, portal = customer(house)
    cases = [
        ("no login", 4401, house, board("all"), None, {}),
        ("garbage session", 4401, house, board("all"), {"yl_staff": "x" * 32}, {}),
        ("session of another studio", 4401, house, board("all"), foreign, {}),
        ("own session at another studio", 4401, other, board("all"), receptionist, {}),
        ("customer at a board", 4401, house, board("all"), portal, {}),
        ("another branch", 4404, house, board(house.branches[0]), receptionist, {}),
        ("foreign page", 4403, house, board("all"), idle, {"origin": f"http://{other.host}"}),
        ("page of the platform", 4403, house, board("all"), idle, {"origin": "http://localhost:8000"}),
        ("other port", 4403, house, board("all"), idle, {"origin": f"http://{house.host.replace('8000', '8001')}"}),
        ("no origin", 4403, house, board("all"), idle, {"origin": ""}),
        ("null origin", 4403, house, board("all"), idle, {"origin": "null"}),
        ("unknown host", 4404, house, board("all"), idle, {"host": "nobody.localhost:8000"}),
        ("platform host", 4404, house, board("all"), idle, {"host": "localhost:8000"}),
        (
            "staff session under the path",
            4401,
            house,
            f"/s/{house.studio.slug}/ws/board/all/",
            idle,
            {"host": "localhost:8000"},
        ),
        ("unknown path", 4404, house, "/ws/nothing/", idle, {}),
        ("unknown kind", 4404, house, "/ws/boards/all/", idle, {}),
    ]

    async def scene():
        return {what: await Wire(where, path, cookie, **how).open() for what, _, where, path, cookie, how in cases}

    assert run(scene) == {case[0]: {"closed": case[1]} for case in cases}


def test_user_who_may_no_longer_log_in_is_4401(house):
    from tenants.context import in_studio

    cookie = staff_cookie(house)
    with in_studio(house.studio):
        User.objects.order_by("-pk").first().memberships.all().delete()

    async def scene():
        return await Wire(house, board("all"), cookie).open()

    assert run(scene) == {"closed": 4403}
    with in_studio(house.studio):
        User.objects.filter(pk=User.objects.latest("pk").pk).update(is_active=False)
    assert run(scene) == {"closed": 4401}


def test_catch_up_answers_exactly_what_was_missed(house):
    person, _ = customer(house)
    order, cookie = order_of(house, person), staff_cookie(house)
    stream = order.event_stream

    async def scene():
        first = await record(house, order)
        made = [await record(house, order) for _ in range(5)]
        wire = Wire(house, board(house.branches[0]), cookie)
        await wire.open()
        answers = []
        for question in (
            {"since": first.seq, "epoch": 1},
            {"stream": stream, "since": made[-1].seq, "epoch": 1},
            {"stream": stream, "since": first.seq, "epoch": 2},
            {"stream": stream, "since": made[-1].seq + 7, "epoch": 1},
        ):
            await wire.say(question)
            answers.append(await wire.next())
        await wire.close()
        return made, answers

    made, (missed, nothing, other_epoch, future) = run(scene)
    assert missed["type"] == "events"
    assert [event["seq"] for event in missed["events"]] == [event.seq for event in made]
    assert missed["events"][0]["thread"] == f"order.{order.pk}"
    assert (nothing["type"], nothing["events"], nothing["seq"]) == ("events", [], made[-1].seq)
    assert [other_epoch["type"], future["type"]] == ["snapshot", "snapshot"]
    assert other_epoch["seq"] == made[-1].seq


def test_lost_poke_is_told_by_the_next_beat(house, hurry, monkeypatch):
    person, _ = customer(house)
    order, cookie = order_of(house, person), staff_cookie(house)

    async def scene():
        wire = Wire(house, board(house.branches[0]), cookie)
        hello = await wire.open()
        monkeypatch.setattr(live, "_publish", lambda _texts: None)
        event = await record(house, order)
        beat = await wire.next(beats=True)
        while beat["at"][order.event_stream][1] != event.seq:
            beat = await wire.next(beats=True)
        await wire.say({"since": hello["at"][order.event_stream][1], "epoch": 1})
        answer = await wire.next()
        await wire.close()
        return event, answer

    event, answer = run(scene)
    assert [missed["seq"] for missed in answer["events"]] == [event.seq]


def test_rights_are_asked_again(house, hurry):
    from core.people.models import Membership
    from tenants.accounts.models import LoginSession as Session

    cookies = {what: staff_cookie(house, Role.RECEPTIONIST, house.branches[0]) for what in ("out", "moved", "stays")}

    def change():
        Session.objects.filter(pk=cookies["out"]["yl_staff"]).delete()
        user = Session.objects.get(pk=cookies["moved"]["yl_staff"]).get_decoded()["_auth_user_id"]
        Membership.objects.filter(user=user).update(branch=house.branches[1])

    async def scene():
        wires = {what: Wire(house, board(house.branches[0]), cookie) for what, cookie in cookies.items()}
        for wire in wires.values():
            await wire.open()
        await studio_call(house.studio, change)
        ends = {}
        for what in ("out", "moved"):
            ends[what] = (await wires[what].next())["closed"]
        ends["stays"] = (await wires["stays"].next(beats=True))["type"]
        await wires["stays"].close()
        return ends

    assert run(scene) == {"out": 4401, "moved": 4404, "stays": "beat"}


def test_a_login_that_is_ended_closes_its_sockets_at_once(house):
    from core.people.security import end_all
    from tenants.accounts.models import LoginSession

    gone, stays = (staff_cookie(house, Role.RECEPTIONIST, house.branches[0]) for _ in range(2))

    def end():
        user = LoginSession.objects.select_related("user").get(pk=gone["yl_staff"]).user
        assert end_all(actor=None, user=user) == 1

    async def scene():
        wires = [Wire(house, board(house.branches[0]), cookie) for cookie in (gone, stays)]
        for wire in wires:
            await wire.open()
        await studio_call(house.studio, end)
        closed = await wires[0].next()
        await wires[1].say({"since": 0, "epoch": 1})
        answer = await wires[1].next()
        await wires[1].close()
        return closed, answer["type"]

    closed, answer = run(scene)
    assert closed == {"closed": 4401}
    assert answer != "closed"


def test_chatter_and_garbage_are_closed(house):
    cookie = staff_cookie(house)

    async def scene():
        ends = []
        for messages in (
            ["not json"],
            ["[1]"],
            ['{"ack": 99}'],
            ['{"since": 0, "stream": "board.0"}'],
            ['{"x": 1}'] * 80,
        ):
            wire = Wire(house, board("all"), cookie)
            await wire.open()
            for text in messages:
                await wire.socket.send_to(text_data=text)
            ends.append(await wire.next())
        return ends

    assert run(scene) == [{"closed": 4400}] * 4 + [{"closed": 4429}]


def test_one_session_cannot_hold_the_server(house, monkeypatch):
    monkeypatch.setattr("core.realtime.hub.PER_ACTOR", 3)
    cookie = staff_cookie(house)

    async def scene():
        wires = [Wire(house, board("all"), cookie) for _ in range(4)]
        answers = [await wire.open() for wire in wires]
        for wire in wires[:3]:
            await wire.close()
        again = Wire(house, board("all"), cookie)
        answers.append(await again.open())
        await again.close()
        return answers

    answers = run(scene)
    assert answers[3] == {"closed": 4429}
    assert answers[4]["type"] == "hello"


def test_two_studios_interleaved_never_cross(house, other):
    """40 sockets of two studios whose primary keys overlap, 80 events in random order: 0 wrong."""
    import random

    scenes = []
    for place in (house, other):
        person, _ = customer(place)
        scenes.append((place, [order_of(place, person, branch) for branch in place.branches], staff_cookie(place)))

    async def scene():
        wires = [
            (place, branch, Wire(place, board(branch), cookie))
            for place, _, cookie in scenes
            for branch in place.branches
            for _ in range(10)
        ]
        await asyncio.gather(*(wire.open() for _, _, wire in wires))
        plan = [(place, order) for place, orders, _ in scenes for order in orders] * 20
        random.shuffle(plan)
        expected = {}
        for place, order in plan:
            event = await record(place, order)
            expected.setdefault((place.studio.pk, order.event_stream), []).append((event.subject, event.seq))
        wrong = 0
        for place, branch, wire in wires:
            heard = [await wire.next() for _ in range(20)]
            wanted = expected[place.studio.pk, branch.board_stream]
            wrong += [(m["subject"], m["seq"]) for m in heard] != wanted
            await wire.say({"since": wanted[0][1], "epoch": 1})
            answer = await wire.next()
            wrong += [(m["subject"], m["seq"]) for m in answer["events"]] != wanted[1:]
            wrong += not await wire.silent(0.01)
        await asyncio.gather(*(wire.close() for _, _, wire in wires))
        return wrong

    assert run(scene) == 0
