"""How an order's price is made up, itemised, from loaded rows alone. Whole minor units.

Order of application, at most one rule each, so nothing is ever taken off or added twice:

1. the package's price, or its price at the branch (before: in the branch's city);
2. the season of the shoot's day;
3. the peak supplement or the off-peak window of the shoot's day and hour — one of them, never both;
4. add-ons, at the prices of the package's version, untouched by 2 and 3;
5. one coupon, on everything before it.

Percents are of the sum so far of 1–3 (a coupon's: of the whole). Among several rules that could stand in one place the
highest priority wins, then the narrower one (package before kind of shoot before all; branch before city before all),
then the later one. Each change is rounded to the minor unit, half a unit away from zero; nothing takes off more than is
there. Without a day no rule of 2 and 3 applies, with a day and no hour none that names hours. Days and hours are the
branch's wall clock. A peak or off-peak hour is the hour at which the shoot begins.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from core.catalog.enums import CouponKind, LineKind, RuleKind
from core.catalog.terms import Terms, rounded
from core.kernel.errors import Refusal

MOST_OF_ONE = 99


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One line of a price; `kind` LineKind, `total_minor` = quantity × each, less than zero for what is taken off."""

    kind: str
    name: str
    quantity: int
    each_minor: int
    total_minor: int
    code: str = ""  # of an add-on, a coupon
    percent: int | None = None  # where the rule was one of percent

    def as_json(self) -> dict[str, Any]:
        """As an order's terms keep it."""
        names = ("kind", "name", "quantity", "each_minor", "total_minor", "code", "percent")
        told = {name: getattr(self, name) for name in names}
        return {name: value for name, value in told.items() if name == "name" or value not in ("", None)}


@dataclass(frozen=True, slots=True)
class Quote:
    """An itemised price; the lines sum to the total, which is never below zero."""

    lines: list[QuoteLine]
    total_minor: int
    currency: str
    coupon: Any = None

    @property
    def coupon_minor(self) -> int:
        """What the coupon takes off."""
        return -sum(line.total_minor for line in self.lines if line.kind == LineKind.COUPON)

    @property
    def base_minor(self) -> int:
        """The price at this place, before season, hour, add-ons and coupon."""
        return self.lines[0].total_minor

    def as_json(self) -> list[dict[str, Any]]:
        return [line.as_json() for line in self.lines]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a customer wants besides the package: when the shoot begins (None: not agreed yet), add-ons [(code, how
    many)], the code of a coupon.
    """

    shoot_at: dt.datetime | None = None
    addons: Sequence[tuple[str, int]] = ()
    coupon: str = ""


NOTHING_ELSE = Wanted()


@dataclass(frozen=True, slots=True)
class Moment:
    """When the shoot begins on the branch's wall clock; an hour only with a day."""

    day: dt.date | None = None
    hour: dt.time | None = None

    @classmethod
    def of(cls, shoot_at: dt.datetime | dt.date | None, zone: str) -> "Moment":
        """An instant, a day, or nothing yet."""
        if isinstance(shoot_at, dt.datetime):
            local = shoot_at.astimezone(ZoneInfo(zone))
            return cls(local.date(), local.time().replace(tzinfo=None))
        return cls(shoot_at, None)


def price(
    terms: Terms,
    rules: Iterable[Any],
    *,
    branch: Any,
    package_id: int,
    moment: Moment,
    addons: Sequence[tuple[str, int]] = (),
    coupon: Any = None,
    currency: str = "CNY",
) -> Quote:
    """The quote from loaded rows alone. Refusal addon.unknown(extra) | addon.too_many(name, most) | coupon.…"""
    fitting = [rule for rule in rules if _concerns(rule, terms, branch, package_id) and _is_then(rule, moment)]
    place = _first(fitting, RuleKind.PLACE)
    base = terms.price_minor if place is None else place.price_minor
    lines = [QuoteLine(LineKind.PACKAGE, terms.package, 1, base, base)]
    for kinds in ([RuleKind.SEASON], [RuleKind.PEAK, RuleKind.OFF_PEAK]):
        rule = _first(fitting, *kinds)
        if rule is not None:
            lines.append(_changed(rule, sum(line.total_minor for line in lines)))
    lines += _booked(terms, addons)
    if coupon is not None:
        lines += redeemed(coupon, terms, lines)
    return Quote(lines, sum(line.total_minor for line in lines), currency, coupon)


def _concerns(rule: Any, terms: Terms, branch: Any, package_id: int) -> bool:
    """Whether the rule is about this package at this place."""
    return bool(
        rule.is_active
        and rule.package_id in (None, package_id)
        and rule.shoot_kind in ("", terms.kind)
        and rule.branch_id in (None, branch.pk)
        and rule.city in ("", branch.city)
    )


def _is_then(rule: Any, moment: Moment) -> bool:
    """Whether the rule is about this day and hour. A rule that names a day or hour waits until one is known."""
    if rule.first_day is not None and not (moment.day and _in_season(rule, moment.day)):
        return False
    if rule.weekdays and (moment.day is None or moment.day.weekday() not in rule.weekdays):
        return False
    if rule.starts_at is not None and (moment.hour is None or moment.hour < rule.starts_at):
        return False
    return rule.ends_at is None or (moment.hour is not None and moment.hour < rule.ends_at)


def _in_season(rule: Any, day: dt.date) -> bool:
    """Both ends are in. Yearly ones may go over New Year; a year or longer is every day."""
    if not rule.is_yearly:
        return bool(rule.first_day <= day <= rule.last_day)
    if (rule.last_day - rule.first_day).days >= 365:
        return True
    first, last, now = ((d.month, d.day) for d in (rule.first_day, rule.last_day, day))
    return first <= now <= last if first <= last else now >= first or now <= last


def _first(rules: Iterable[Any], *kinds: str) -> Any:
    """The one rule that stands in a place, whatever the order of the rows."""
    return max((rule for rule in rules if rule.kind in kinds), key=_rank, default=None)


def _rank(rule: Any) -> tuple[int, int, int]:
    narrow = 2 * (rule.branch_id is not None) + (rule.city != "")
    about = 2 * (rule.package_id is not None) + (rule.shoot_kind != "")
    return rule.priority, 4 * about + narrow, rule.pk


def _changed(rule: Any, so_far: int) -> QuoteLine:
    change = rounded(so_far * rule.percent, 100) if rule.percent is not None else rule.change_minor
    change = max(change, -so_far)
    return QuoteLine(str(rule.kind), rule.name, 1, change, change, percent=rule.percent)


def _booked(terms: Terms, addons: Sequence[tuple[str, int]]) -> list[QuoteLine]:
    wanted: dict[str, int] = {}
    for code, count in addons:
        if terms.addon(code) is None or count < 0:
            raise Refusal("addon.unknown", extra=code)
        wanted[code] = wanted.get(code, 0) + count
    lines = []
    for code, count in wanted.items():
        addon: Any = terms.addon(code)
        if count > (addon.most or MOST_OF_ONE):
            raise Refusal("addon.too_many", name=addon.name, most=addon.most or MOST_OF_ONE)
        if count:
            each = addon.price_minor
            lines.append(QuoteLine(LineKind.ADDON, addon.name, count, each, count * each, code))
    order = [addon.code for addon in terms.addons]
    return sorted(lines, key=lambda line: order.index(line.code))


def redeemed(coupon: Any, terms: Terms, lines: Sequence[QuoteLine]) -> list[QuoteLine]:
    """The lines that a coupon adds. Refusal coupon.minimum(minimum_minor) where the price is too low for it."""
    total = sum(line.total_minor for line in lines)
    if total < coupon.minimum_minor:
        raise Refusal("coupon.minimum", name=coupon.name, minimum_minor=coupon.minimum_minor)
    if coupon.kind == CouponKind.ADDON:
        return _gift(coupon, terms, lines)
    off = coupon.amount_minor if coupon.kind == CouponKind.AMOUNT else rounded(total * coupon.percent, 100)
    off = min(off, total)
    percent = -coupon.percent if coupon.kind == CouponKind.PERCENT else None
    return [QuoteLine(LineKind.COUPON, coupon.name, 1, -off, -off, coupon.code, percent)]


def _gift(coupon: Any, terms: Terms, lines: Sequence[QuoteLine]) -> list[QuoteLine]:
    """One of the extra for nothing: off the booked ones, else added. What the package does not list is just named."""
    addon = terms.addon(coupon.addon_code)
    if addon is None:
        return [QuoteLine(LineKind.GIFT, coupon.name, 1, 0, 0, coupon.code)]
    off = QuoteLine(LineKind.COUPON, coupon.name, 1, -addon.price_minor, -addon.price_minor, coupon.code)
    if any(line.code == addon.code and line.kind == LineKind.ADDON for line in lines):
        return [off]
    return [QuoteLine(LineKind.ADDON, addon.name, 1, addon.price_minor, addon.price_minor, addon.code), off]


def agreed(found: Quote, price_minor: int | None) -> list[dict[str, Any]]:
    """The lines of a quote and, where another price was agreed, the difference as a line of its own (without a name:
    its kind says it), so that lines always sum to the price.
    """
    lines = found.as_json()
    change = 0 if price_minor is None else price_minor - found.total_minor
    if change:
        kind = LineKind.DISCOUNT if change < 0 else LineKind.SURCHARGE
        lines.append(QuoteLine(kind, "", 1, change, change).as_json())
    return lines
