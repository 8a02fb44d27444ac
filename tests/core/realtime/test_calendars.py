"""Sockets of the calendar: those of the branches that the staff member sees."""

from core.kernel import events
from core.people.enums import Role
from core.realtime.codes import LOGIN, UNKNOWN
from core.scheduling.services.keeping import Calendar
from tenants.context import studio_call
from tests.core.realtime.people import customer, staff_cookie
from tests.core.realtime.wire import Wire, run


def calendar(name):
    return f"/ws/calendar/{name}/"


def test_a_change_reaches_the_branchs_calendar_and_not_its_sisters(house):
    here, there = house.branches
    cookie = staff_cookie(house, Role.PHOTOGRAPHER, here)

    async def scene():
        wire, other = Wire(house, calendar(here.pk), cookie), Wire(house, calendar(there.pk), cookie)
        hello = await wire.open()
        code = await other.open()
        told = {"what": "hours", "name": "x"}
        event = await studio_call(house.studio, events.record, events.Kind.CALENDAR_KEPT, Calendar(here.pk), **told)
        poke = await wire.next()
        await wire.close()
        return hello, code, event, poke

    hello, code, event, poke = run(scene)
    assert list(hello["at"]) == [f"calendar.{here.pk}"]
    assert code == {"closed": UNKNOWN}
    assert (poke["stream"], poke["seq"], poke["type"]) == (f"calendar.{here.pk}", event.seq, "calendar.kept")


def test_customers_follow_no_calendar(house):
    _person, cookie = customer(house)

    async def scene():
        return await Wire(house, calendar("all"), cookie).open()

    assert run(scene) == {"closed": LOGIN}
