"""The search for a date: what it proposes, whom it assigns, and what it says when nothing fits."""

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from core.kernel import clock
from core.kernel.errors import Refusal
from core.scheduling.bits import Axis, eroded, ones, shifted
from core.scheduling.chains import USUAL, Block, Need, chain_of, length_of, roles_of, runs_of, told_of
from core.scheduling.selectors import SlotQuery, free_slots, slot_at
from core.scheduling.services import add_leave, save_holiday, save_hours, save_week
from tests.core.scheduling.make import CHAIN, NOW, SHANGHAI, at, booked, one, resource
from tests.factories import make_branch


def starts(branch, chain=CHAIN, first=2, days=1, **more):
    query = SlotQuery(branch, chain, dt.date(2027, 3, first), dt.date(2027, 3, first) + dt.timedelta(days=days), **more)
    found = free_slots(query)
    return [slot.starts_at.astimezone(SHANGHAI).strftime("%d %H:%M") for slot in found.slots], found


def reasons(found):
    return [(why.reason, why.kind, [day.day for day in why.days]) for why in found.why]


def test_a_free_day_offers_every_half_hour_the_chain_fits_in(branch, team):
    got, found = starts(branch)
    assert got[0] == "02 09:30"
    assert got[-1] == "02 15:30"  # three hours, closed at 18:30
    assert len(got) == 13
    assert found.why == []


def test_a_slot_books_as_proposed(branch, team):
    _got, found = starts(branch)
    made = booked(branch, found.slots[2].plan())
    assert [(b.name, b.starts_at, b.ends_at) for b in made.blocks.all()] == [
        ("化妆", at(2, 10, 30), at(2, 11, 30)),
        ("拍摄", at(2, 11, 30), at(2, 13, 30)),
    ]
    claims = {claim.resource.name: (claim.during.lower, claim.during.upper) for claim in made.claims.all()}
    assert claims["NS face"] == (at(2, 10, 30), at(2, 11, 30))
    assert claims["NS room"] == (at(2, 11, 30), at(2, 13, 30))


def test_claims_and_buffers_are_gone_round(branch, team):
    team["room"].after = 60
    team["room"].save()
    booked(branch, [one(at(2, 12), 60, team["room"])])  # taken until 14:00
    got, _found = starts(branch)
    assert got == ["02 13:00", "02 13:30", "02 14:00", "02 14:30", "02 15:00", "02 15:30"]


def test_holds_that_ran_out_do_not_count(branch, team):
    from tests.core.scheduling.make import held

    held(branch, [one(at(2, 9, 30), 540, team["photo"])], expires=dt.timedelta(minutes=5))
    assert starts(branch)[0] == []
    with clock.at(NOW + dt.timedelta(minutes=6)):
        assert len(starts(branch)[0]) == 13


def test_hours_holidays_and_breaks(branch, team):
    save_hours(actor=None, branch=branch, hours=[(d, 540, 720) for d in range(6)] + [(1, 780, 1020)])
    save_holiday(actor=None, branch=branch, day=dt.date(2027, 3, 3), name="店庆")
    save_holiday(actor=None, branch=branch, day=dt.date(2027, 3, 7), name="加班", opens=600, closes=780)
    got, found = starts(branch, days=7)
    assert [time for time in got if time.startswith("02")] == ["02 09:00", "02 13:00", "02 13:30", "02 14:00"]
    assert [time for time in got if time.startswith("07")] == ["07 10:00"]  # a Sunday, closed otherwise
    assert reasons(found) == [("closed", "", [3])]


def test_rosters_bind_the_weeks_that_have_one(branch, team):
    monday = dt.date(2027, 3, 1)
    days = {monday + dt.timedelta(days=i): None for i in range(7)}
    save_week(actor=None, resource=team["photo"], monday=monday, shifts={**days, dt.date(2027, 3, 4): (840, 1080)})
    got, found = starts(branch, days=7)
    assert [time for time in got if time[:2] <= "07"] == ["04 13:00", "04 13:30", "04 14:00", "04 14:30", "04 15:00"]
    assert len([time for time in got if time.startswith("08")]) == 13  # the week after has no roster
    assert reasons(found) == [("off", "photographer", [2, 3, 5, 6, 7])]


def test_leave_takes_somebody_out(branch, team):
    add_leave(actor=None, resource=team["face"], starts_at=at(2, 0), ends_at=at(2, 13))
    assert starts(branch)[0][0] == "02 13:00"


def test_why_says_what_lacks(branch, team):
    booked(branch, [one(at(2, 9, 30), 540, team["room"])])
    assert reasons(starts(branch)[1]) == [("taken", "room", [2])]
    assert reasons(starts(branch, (Block("x", 60, (Need("car"),)),))[1]) == [("missing", "car", [2])]
    assert reasons(starts(branch, (Block("x", 60, (Need("room", "大棚"),)),))[1]) == [("missing", "room", [2])]
    assert reasons(starts(branch, (Block("x", 600),))[1]) == [("short", "", [2])]
    assert reasons(starts(branch, first=1, window=(0, 560))[1]) == [("past", "", [1])]


def test_each_alone_but_never_together(branch, team):
    booked(branch, [one(at(2, 9, 30), 270, team["photo"])])
    booked(branch, [one(at(2, 14), 270, team["room"])])
    assert reasons(starts(branch)[1]) == [("together", "", [2])]


def test_one_person_is_not_two(branch, team):
    """Somebody with two crafts cannot be both at once."""
    solo = resource(branch, "photographer", "全能", also=["assistant"])
    chain = (Block("x", 60, (Need("photographer", "solo"), Need("assistant"))),)
    solo.skills = ["solo"]
    solo.save()
    got, found = starts(branch, chain)
    assert (got, reasons(found)) == ([], [("together", "", [2])])
    helper = resource(branch, "assistant", "小助")
    _got, found = starts(branch, chain)
    assert found.slots[0].names == ["全能", "小助"]
    add_leave(actor=None, resource=helper, starts_at=at(2, 0), ends_at=at(3, 0))
    assert starts(branch, chain)[0] == []


def test_two_of_a_kind(branch, team):
    chain = (Block("x", 60, (Need("photographer", "", 2),)),)
    assert starts(branch, chain)[0] == []
    resource(branch, "photographer", "谢威")
    assert set(starts(branch, chain)[1].slots[0].names) == {"NS photo", "谢威"}


def test_the_same_one_stays_through_the_chain(branch, team):
    other = resource(branch, "photographer", "谢威")
    chain = (Block("外景", 60, (Need("photographer"),)), Block("内景", 60, (Need("photographer"),)))
    booked(branch, [one(at(2, 10, 30), 60, team["photo"])])
    booked(branch, [one(at(2, 9, 30), 60, other)])
    assert starts(branch, chain)[0][0] == "02 10:30"  # at 9:30 each could do one half


def test_fairness_and_owners(branch, team, customer):
    other = resource(branch, "photographer", "谢威")
    booked(branch, [one(at(4, 10), 60, team["photo"])])
    chain = (Block("x", 60, (Need("photographer"),)),)
    assert starts(branch, chain, days=5)[1].slots[0].names == ["谢威"]  # fewer bookings in these days
    booked(branch, [one(at(5, 10), 300, other)])
    assert starts(branch, chain, days=5)[1].slots[0].names == ["NS photo"]
    booked(branch, [one(at(12, 10), 60, other)], customer=customer)
    assert starts(branch, chain, days=5, customer=customer)[1].slots[0].names == ["谢威"]  # knows them
    assert starts(branch, chain, days=5, prefer=(team["photo"].pk,), customer=customer)[1].slots[0].names == [
        "NS photo"
    ]
    booked(branch, [one(at(2, 9, 30), 540, other)])
    assert starts(branch, chain, require=(other.pk,))[0] == []
    assert len(starts(branch, chain)[0]) == 17


def test_other_branches_lend_only_when_asked(branch, team):
    far = make_branch("福田店", code="FT")
    theirs = resource(far, "car", "商务车", lendable=True)
    resource(far, "car", "私车")
    chain = (Block("x", 60, (Need("car"),)),)
    assert starts(branch, chain)[0] == []
    found = starts(branch, chain, lend=True)[1]
    assert found.slots[0].lent == ("商务车",)
    own = resource(branch, "car", "本店车")
    booked(branch, [one(at(2, 15), 60, own)])
    assert starts(branch, chain, lend=True)[1].slots[0].lent == ()  # own first, busy or not
    assert theirs.pk in {one.pk for slot in starts(branch, chain, lend=True)[1].slots for one in slot.crew}


def test_moving_sees_its_own_time_as_free(branch, team):
    mine = booked(branch, [one(at(2, 9, 30), 540, team["photo"], team["room"])])
    assert starts(branch)[0] == []
    assert len(starts(branch, without=mine.pk)[0]) == 13
    assert slot_at(SlotQuery(branch, CHAIN, dt.date(2027, 3, 2), dt.date(2027, 3, 3), without=mine.pk), at(2, 11, 15))
    assert slot_at(SlotQuery(branch, CHAIN, dt.date(2027, 3, 2), dt.date(2027, 3, 3)), at(2, 11)) is None


def test_summer_time_has_no_two_thirty():
    """Berlin, 28 March 2027: the clock jumps from 2 to 3."""
    from core.scheduling.hours import Wall, instant_of

    wall, day = Wall("Europe/Berlin"), dt.date(2027, 3, 28)
    assert instant_of(wall.minute(day, 60)) == dt.datetime(2027, 3, 28, 0, tzinfo=dt.UTC)
    assert instant_of(wall.minute(day, 600)) == dt.datetime(2027, 3, 28, 8, tzinfo=dt.UTC)
    assert wall.minute(day, 1440) - wall.minute(day, 0) == 23 * 60


def test_a_branch_in_a_zone_with_summer_time(db):
    branch = make_branch("Berlin", code="BE", timezone="Europe/Berlin")
    resource(branch, "photographer")
    chain = (Block("x", 60, (Need("photographer"),)),)
    found = free_slots(SlotQuery(branch, chain, dt.date(2027, 3, 27), dt.date(2027, 3, 30)))
    hours = {slot.starts_at.astimezone(ZoneInfo("Europe/Berlin")).strftime("%d %H:%M") for slot in found.slots}
    assert {"27 09:30", "28 09:30", "29 09:30", "28 17:30"} <= hours
    assert len(found.slots) == 3 * 17


def test_seven_queries_however_much_there_is(branch, team):
    def counted(days):
        with CaptureQueriesContext(
            connection,
        ) as context:
            starts(branch, days=days)
        return len(context)

    few = counted(3)
    for i in range(6):
        extra = resource(branch, "photographer", f"P{i}")
        booked(branch, [one(at(2 + i, 10), 60, extra)])
    assert counted(90) == few <= 7


# -- Arithmetic --------------------------------------------------------------------------------------------------------
@given(st.integers(0, 2**64 - 1), st.integers(1, 20))
@settings(deadline=None)
def test_erosion_is_a_run_of_set_bits(mask, length):
    wanted = [i for i in range(64) if all(mask >> i + k & 1 for k in range(length))]
    assert ones(eroded(mask, length)) == wanted


@given(st.integers(0, 2**64 - 1), st.integers(-9, 9))
def test_shifting_looks_ahead(mask, by):
    assert ones(shifted(mask, by)) == [i - by for i in ones(mask) if i - by >= 0]


@given(st.integers(0, 500), st.integers(1, 300))
def test_masks_touch_and_inside_does_not(lo, length):
    axis, hi = Axis(0, 1000), lo + length
    bits = ones(axis.mask(lo, hi))
    assert bits == [i for i in range(200) if i * 5 < hi and i * 5 + 5 > lo]
    assert ones(axis.inside(lo, hi)) == [i for i in range(200) if i * 5 >= lo and i * 5 + 5 <= hi]


@given(st.lists(st.integers(1, 10), min_size=1, max_size=5), st.integers(0, 60), st.integers(0, 60))
def test_runs_never_overlap_and_cover_every_block(minutes, before, after):
    spans, end = [], 0
    for i, length in enumerate(minutes):
        spans.append((end + (i % 2) * 70, end + (i % 2) * 70 + length, i))
        end = spans[-1][1]
    runs = runs_of(spans, before, after)
    assert all(one[1] < other[0] for one, other in itertools.pairwise(runs))
    assert sorted(p for run in runs for p in run[2]) == list(range(len(minutes)))


def test_chains_survive_json_and_nonsense_does_not():
    for chain in USUAL.values():
        assert chain_of(told_of(chain)) == chain
        assert length_of(chain) > 0
    assert len(roles_of(USUAL["shoot"])) == 3
    for bad in (
        [],
        [{}],
        [{"minutes": "x"}],
        [{"minutes": 30, "needs": [{"kind": "dragon"}]}],
        [7],
        [{"minutes": 9999}],
    ):
        with pytest.raises(Refusal, match=r"chain\.unsound"):
            chain_of(bad)


def test_a_lender_keeps_its_own_clock(branch):
    """Tokyo opens an hour earlier by Shanghai's clock."""
    tokyo = make_branch("Tokyo", code="TK", timezone="Asia/Tokyo")
    resource(tokyo, "car", "Tokyo car", lendable=True)
    got, _found = starts(branch, (Block("x", 60, (Need("car"),)),), lend=True)
    assert (got[0], got[-1]) == ("02 09:30", "02 16:30")  # until 17:30 here, 18:30 there


def test_a_packages_own_words_are_understood(branch, team):
    """core.catalog.terms writes bare kinds and offsets; its blocks may overlap."""
    told = [
        {"name": "化妆", "minutes": 60, "needs": ["makeup_artist"], "offset": 0},
        {"name": "外景", "minutes": 120, "needs": ["photographer", "makeup_artist"], "offset": 75},
        {"name": "花絮", "minutes": 60, "needs": ["photographer"], "offset": 120},
    ]
    chain = chain_of(told)
    assert [(block.minutes, block.gap) for block in chain] == [(60, 0), (120, 15), (60, -75)]
    assert length_of(chain) == 195
    assert [(role.kind, role.nth, len(role.spans)) for role in roles_of(chain)] == [
        ("makeup_artist", 0, 2),
        ("photographer", 0, 1),
        ("photographer", 1, 1),  # nobody is in two places
    ]
    assert starts(branch, chain)[0] == []
    resource(branch, "photographer", "谢威")
    slot = starts(branch, chain)[1].slots[0]
    made = booked(branch, slot.plan())
    assert (made.starts_at, made.ends_at) == (at(2, 9, 30), at(2, 12, 45))
    assert chain_of(told_of(chain)) == chain


def test_every_standard_package_can_be_planned():
    from core.catalog.enums import ShootKind
    from core.catalog.standard import _parts, chained

    for kind in ShootKind:
        assert length_of(chain_of(chained(_parts(kind)))) >= 100
