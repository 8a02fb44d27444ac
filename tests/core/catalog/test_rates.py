"""Quotes: lines sum to the total, nothing twice, nothing below zero, and the order of the rows says nothing."""

import datetime as dt
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.rates import Moment, agreed, price
from core.catalog.terms import Terms
from core.kernel.errors import Refusal

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine is shared
PRICES = st.integers(0, 10**8)
SATURDAY = dt.date(2026, 12, 5)
BRANCH = SimpleNamespace(pk=1, city="深圳", timezone="Asia/Shanghai")


@dataclass(frozen=True)
class Rule:
    """A row as the pricing reads it."""

    pk: int
    kind: str = "off_peak"
    name: str = "rule"
    package_id: int | None = None
    shoot_kind: str = ""
    branch_id: int | None = None
    city: str = ""
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    is_yearly: bool = False
    weekdays: list[int] = field(default_factory=list)
    starts_at: dt.time | None = None
    ends_at: dt.time | None = None
    price_minor: int | None = None
    percent: int | None = None
    change_minor: int | None = None
    priority: int = 0
    is_active: bool = True


def terms(price_minor=399900, addons=()):
    return Terms.of({"package": "经典", "kind": "wedding", "price_minor": price_minor, "addons": list(addons)})


def told(rules, *, moment=Moment(SATURDAY, dt.time(15)), of=None, branch=BRANCH, **more):  # noqa: B008 (frozen)
    return price(of or terms(), rules, branch=branch, package_id=7, moment=moment, **more)


@st.composite
def rule(draw, pk):
    kind = draw(st.sampled_from(["place", "season", "peak", "off_peak"]))
    effect = {"price_minor": draw(PRICES), "package_id": 7, "city": "深圳"}
    if kind != "place":
        low, high = {"peak": (0, 300), "off_peak": (-100, 0)}.get(kind, (-100, 300))
        percent = draw(st.none() | st.integers(low, high))
        money = draw(st.integers(-(10**8) if low else 0, 10**8 if high else 0))
        effect = {"percent": percent, "change_minor": money if percent is None else None}
    hours = draw(st.sampled_from([(None, None), (dt.time(14), dt.time(18)), (dt.time(16), None)]))
    days = draw(st.sampled_from([(None, None), (SATURDAY, SATURDAY), (dt.date(2027, 1, 1), dt.date(2027, 1, 9))]))
    return Rule(
        pk=pk, kind=kind, name=f"rule {pk}", starts_at=hours[0], ends_at=hours[1], first_day=days[0], last_day=days[1],
        weekdays=draw(st.sampled_from([[], [5], [0, 1]])), priority=draw(st.integers(-2, 2)),
        is_active=draw(st.booleans()), is_yearly=draw(st.booleans()), **effect,
    )  # fmt: skip


@st.composite
def rulebook(draw):
    return [draw(rule(pk)) for pk in range(1, draw(st.integers(0, 8)) + 1)]


ADDONS = [
    {"code": "e1", "name": "加装", "price_minor": 30000, "unit": "outfit", "most": 3},
    {"code": "e2", "name": "跟妆", "price_minor": 68000, "unit": "once", "most": 1},
]
BOOKED = st.lists(st.sampled_from([("e1", 1), ("e1", 2), ("e2", 1)]), max_size=2, unique_by=lambda row: row[0])


@st.composite
def coupons(draw):
    kind = draw(st.sampled_from(["amount", "percent", "addon", "none"]))
    if kind == "none":
        return None
    amount = draw(st.integers(1, 10**8)) if kind == "amount" else None
    percent = draw(st.integers(1, 100)) if kind == "percent" else None
    code = draw(st.sampled_from(["e1", "e2", "gone"])) if kind == "addon" else ""
    return SimpleNamespace(
        code="X", name="券", kind=kind, amount_minor=amount, percent=percent, addon_code=code, minimum_minor=0
    )


@settings(calm, max_examples=300)
@given(rulebook(), PRICES, BOOKED, coupons(), st.randoms())
def test_lines_sum_never_below_zero_whatever_the_order_of_rows(rules, base, booked, coupon, dice):
    asked = {"of": terms(base, ADDONS), "addons": booked, "coupon": coupon}
    found = told(rules, **asked)
    assert found.total_minor == sum(line.total_minor for line in found.lines) >= 0
    for line in found.lines:
        assert line.total_minor == line.quantity * line.each_minor
        assert type(line.total_minor) is int
    shuffled = list(rules)
    dice.shuffle(shuffled)
    assert told(shuffled, **asked) == found


@settings(calm, max_examples=300)
@given(rulebook(), PRICES)
def test_a_rule_that_lost_its_place_never_counts(rules, base):
    """One line a place; taking away every rule that has no line changes nothing."""
    found = told(rules, of=terms(base))
    kinds = ["hour" if line.kind in {"peak", "off_peak"} else line.kind for line in found.lines]
    assert len(kinds) == len(set(kinds))
    names = {line.name for line in found.lines}
    winners = [r for r in rules if r.name in names or r.kind == "place"]
    assert told(winners, of=terms(base)) == found
    if not any(r.kind == "place" and r.is_active for r in rules):
        assert found.base_minor == base


@calm
@given(st.lists(st.integers(-2, 2), min_size=1, max_size=6))
def test_the_highest_priority_wins_then_the_narrower_then_the_later(priorities):
    rules = [Rule(pk, percent=-pk, priority=given) for pk, given in enumerate(priorities, start=1)]
    winner = max(rules, key=lambda r: (r.priority, r.pk))
    assert told(rules).lines[1].name == winner.name
    assert told(rules).lines[1].percent == winner.percent
    narrow = Rule(99, percent=-50, priority=winner.priority, package_id=7)
    assert told([narrow, *rules, Rule(100, percent=-1, priority=winner.priority)]).lines[1].percent == -50


def test_saturday_afternoon_is_a_fifth_cheaper():
    """R103. 3999.00 − 20 % = 3199.20; at 18:00 the window is over, on Sunday it is not, without an hour it waits."""
    window = Rule(1, name="周末快拍", weekdays=[5], starts_at=dt.time(14), ends_at=dt.time(18), percent=-20)
    inside = [Moment(SATURDAY, dt.time(14)), Moment(SATURDAY, dt.time(17, 59))]
    outside = [Moment(SATURDAY, dt.time(18)), Moment(SATURDAY, dt.time(13, 59)), Moment(SATURDAY), Moment()]
    outside.append(Moment(SATURDAY + dt.timedelta(days=1), dt.time(15)))
    assert {told([window], moment=moment).total_minor for moment in inside} == {319920}
    assert {told([window], moment=moment).total_minor for moment in outside} == {399900}
    [package, off] = told([window]).lines
    assert (package.total_minor, off.total_minor, off.kind, off.percent) == (399900, -79980, "off_peak", -20)


def test_all_places_by_hand():
    """Branch price 5000.00, season +10 %, then −20 % of 5500.00, two outfits, then the coupon on the whole."""
    rules = [
        Rule(1, "place", city="深圳", package_id=7, price_minor=450000),
        Rule(2, "place", branch_id=1, package_id=7, price_minor=500000),
        Rule(3, "season", "旺季", first_day=dt.date(2026, 12, 1), last_day=dt.date(2026, 12, 31), percent=10),
        Rule(4, "off_peak", percent=-20),
        Rule(5, "peak", percent=30, priority=-1),
        Rule(6, "place", branch_id=2, package_id=7, price_minor=1, priority=9),
    ]
    coupon = SimpleNamespace(
        code="NEW", name="新客", kind="amount", amount_minor=30000, percent=None, addon_code="", minimum_minor=450000
    )
    found = told(rules, of=terms(addons=ADDONS), addons=[("e1", 2)], coupon=coupon)
    assert [(line.kind, line.total_minor) for line in found.lines] == [
        ("package", 500000), ("season", 50000), ("off_peak", -110000), ("addon", 60000), ("coupon", -30000),
    ]  # fmt: skip
    assert (found.total_minor, found.coupon_minor, found.base_minor) == (470000, 30000, 500000)
    with pytest.raises(Refusal, match="coupon.minimum"):
        told(rules, of=terms(addons=ADDONS), coupon=coupon)


@pytest.mark.parametrize(("minor", "percent", "change"), [(5, -50, -3), (5, 50, 3), (1, -49, 0), (99, -33, -33)])
def test_half_a_unit_is_rounded_away_from_zero(minor, percent, change):
    kind = "off_peak" if percent < 0 else "peak"
    assert told([Rule(1, kind, percent=percent)], of=terms(minor)).lines[1].total_minor == change


def test_a_season_of_every_year_goes_over_new_year_and_leap_days():
    winter = Rule(
        1, "season", first_day=dt.date(2025, 12, 15), last_day=dt.date(2026, 2, 15), is_yearly=True, percent=-5
    )
    leap = Rule(2, "season", first_day=dt.date(2028, 2, 29), last_day=dt.date(2028, 3, 1), is_yearly=True, percent=9)
    days = {dt.date(2030, 12, 15): 1, dt.date(2031, 2, 15): 1, dt.date(2031, 2, 16): 0, dt.date(2030, 12, 14): 0}
    for day, lines in days.items():
        assert len(told([winter], moment=Moment(day)).lines) == 1 + lines
    assert len(told([leap], moment=Moment(dt.date(2027, 3, 1))).lines) == 2
    assert len(told([leap], moment=Moment(dt.date(2027, 2, 28))).lines) == 1
    once = replace(winter, is_yearly=False)
    assert len(told([once], moment=Moment(dt.date(2030, 12, 20))).lines) == 1


def test_hours_are_the_branch_s_own_in_summer_and_in_winter():
    """New York: 14:00 is 18:00 UTC in July and 19:00 UTC in December; the day is the local one."""
    window = Rule(1, weekdays=[5], starts_at=dt.time(14), ends_at=dt.time(18), percent=-20)

    def total(instant):
        return told([window], moment=Moment.of(instant, "America/New_York")).total_minor

    def utc(month, day, hour, minute=0):
        return dt.datetime(2026, month, day, hour, minute, tzinfo=dt.UTC)

    assert total(utc(7, 4, 18)) == total(utc(7, 4, 21, 59)) == total(utc(12, 5, 19)) == 319920
    assert total(utc(7, 4, 22)) == total(utc(12, 5, 18, 59)) == total(utc(12, 5, 23)) == 399900
    night = Rule(2, weekdays=[6], starts_at=dt.time(1), ends_at=dt.time(2), percent=-50)
    twice = [dt.datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"), fold=fold) for fold in (0, 1)]
    assert twice[0].astimezone(dt.UTC) != twice[1].astimezone(dt.UTC)
    for instant in twice:
        moment = Moment.of(instant.astimezone(dt.UTC), "America/New_York")
        assert told([night], moment=moment).total_minor == 199950
    late = Rule(3, weekdays=[5], starts_at=dt.time(22), percent=-10)  # Saturday night there, Sunday in UTC
    assert told([late], moment=Moment.of(utc(7, 5, 3), "America/New_York")).total_minor == 359910


@pytest.mark.parametrize(
    ("booked", "code"),
    [([("e9", 1)], "addon.unknown"), ([("e1", 4)], "addon.too_many"), ([("e1", 2), ("e1", 2)], "addon.too_many"),
     ([("e1", -1)], "addon.unknown")],
)  # fmt: skip
def test_add_ons_beyond_the_terms_are_refused(booked, code):
    with pytest.raises(Refusal, match=code):
        told([], of=terms(addons=ADDONS), addons=booked)


def test_a_voucher_gives_one_of_the_extra_for_nothing():
    voucher = SimpleNamespace(
        code="V", name="试妆体验券", kind="addon", amount_minor=None, percent=None, addon_code="e2", minimum_minor=0
    )
    of = terms(addons=ADDONS)
    for booked in ([], [("e2", 1)]):
        found = told([], of=of, addons=booked, coupon=voucher)
        assert [line.total_minor for line in found.lines] == [399900, 68000, -68000]
    bare = told([], of=terms(), coupon=voucher)
    assert [(line.kind, line.name, line.total_minor) for line in bare.lines][1:] == [("gift", "试妆体验券", 0)]


def test_an_agreed_price_is_a_line_of_its_own():
    found = told([])
    for given_minor, kind in [(350000, "discount"), (450000, "surcharge")]:
        lines = agreed(found, given_minor)
        assert sum(line["total_minor"] for line in lines) == given_minor
        assert lines[-1]["kind"] == kind
    assert agreed(found, None) == agreed(found, 399900) == found.as_json()
