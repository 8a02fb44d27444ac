"""What a stranger may know of a branch's calendar: which days and hours are free for a package, and what they cost.

Nothing of this is anybody's: no names of customers, no reasons. Days are cached for a minute; hours are asked anew.
"""

import datetime as dt
import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from core.booking.chains import shoot_chain
from core.catalog import selectors as catalog
from core.catalog.enums import LineKind
from core.catalog.models import PackageVersion
from core.catalog.quotes import quote
from core.catalog.rates import Quote
from core.kernel import clock
from core.kernel.almanac import is_day_off
from core.scheduling.chains import Chain
from core.scheduling.enums import DAY_PARTS, ResourceKind
from core.scheduling.models import Resource
from core.scheduling.scene import Candidate
from core.scheduling.selectors import (
    FreeSlots,
    SlotQuery,
    free_slots,
    near_query,
    nearest_slots,
    resources_of,
    rules_of,
)
from core.scheduling.solver import Slot

KEPT = 60  # seconds
SHOWN_DAYS = 42
NEAREST = 3
LOOK_AHEAD, SPOKEN = 90, 8


@dataclass(frozen=True, slots=True)
class Start:
    """A free start: when, for how much, and with whom. `percent`: what the hour adds or takes off, where it does."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    price_minor: int
    percent: int | None = None
    rule: str = ""
    photographer: str = ""
    crew: tuple[Candidate, ...] = ()

    @property
    def is_cheaper(self) -> bool:
        return bool(self.percent and self.percent < 0)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the branch: how many starts are free, from which price on."""

    day: dt.date
    free: int
    low_minor: int | None = None
    is_cheaper: bool = False


def offered_version(package_id: int) -> PackageVersion | None:
    """The package's latest version, if it is on offer."""
    return next((version for version in catalog.offered_versions() if version.package_id == package_id), None)


def photographers(branch: Any) -> list[Resource]:
    """Who takes photographs in the branch, as far as they can be booked."""
    return list(resources_of([branch.pk], kind=ResourceKind.PHOTOGRAPHER))


def last_day(branch: Any) -> dt.date:
    """How far ahead customers may book."""
    return clock.today(branch.timezone) + dt.timedelta(days=rules_of(branch).horizon)


def slots(
    branch: Any,
    version: PackageVersion | None,
    first: dt.date,
    until: dt.date,
    *,
    who: int | None = None,
    customer: Any = None,
    without: int | None = None,
    part: str = "",
    chain: Chain | None = None,
    prefer: tuple[int, ...] = (),
) -> FreeSlots:
    """Free starts for the package's shoot (or for `chain`) in [first, until); `who`: this photographer and nobody else;
    `part` of the day (scheduling DayPart); `prefer`: resources that come first where they are free.
    """
    first = max(first, clock.today(branch.timezone))
    until = min(until, last_day(branch) + dt.timedelta(days=1))
    require = (who,) if who else ()
    chain = chain or shoot_chain(version.terms if version else {})
    if until <= first:
        return FreeSlots()
    told: dict[str, Any] = {"customer": customer, "require": require, "without": without, "window": DAY_PARTS[part]}
    told["prefer"] = prefer
    return free_slots(SlotQuery(branch, chain, first, until, **told))


def starts(
    branch: Any, version: PackageVersion | None, day: dt.date, *, who: int | None = None, **more: Any
) -> list[Start]:
    """The free starts of a day with the price of each."""
    found = slots(branch, version, day, day + dt.timedelta(days=1), who=who, **more).slots
    return priced(branch, version, found)


def priced(
    branch: Any,
    version: PackageVersion | None,
    found: Sequence[Slot],
    addons: Sequence[tuple[str, int]] = (),
    coupon: Any = None,
) -> list[Start]:
    """Slots with the price of each, with add-ons and a coupon's row: the rules are read once. No version (orders of
    former days): no price.
    """
    if version is None:
        return [_start(slot, Quote([], 0, catalog.currency())) for slot in found]
    rules, currency = catalog.price_rules(), catalog.currency()
    told: dict[str, Any] = {"addons": addons, "coupon": coupon, "rules": rules, "currency": currency}
    return [_start(slot, quote(version, branch, slot.starts_at, **told)) for slot in found]


def _start(slot: Slot, price: Quote) -> Start:
    hour = next((line for line in price.lines if line.kind in {LineKind.PEAK, LineKind.OFF_PEAK}), None)
    person = next((one.name for one in slot.crew if ResourceKind.PHOTOGRAPHER in one.kinds and one.is_person), "")
    return Start(
        slot.starts_at,
        slot.ends_at,
        price.total_minor,
        hour.percent if hour else None,
        hour.name if hour else "",
        person,
        slot.crew,
    )


def days(
    branch: Any,
    version: PackageVersion | None,
    first: dt.date,
    count: int = SHOWN_DAYS,
    who: int | None = None,
    chain: Chain | None = None,
) -> list[Day]:
    """The days from `first` on with what is free in each. At most a minute old."""
    kind = hashlib.sha256(repr(chain).encode()).hexdigest()[:16] if chain else ""
    key = f"booking.days.{branch.pk}.{version.pk if version else 0}.{first}.{count}.{who or 0}.{kind}"
    rows = cache.get(key)
    if rows is None:
        until = first + dt.timedelta(days=count)
        found = _days(branch, version, first, count, slots(branch, version, first, until, who=who, chain=chain))
        rows = [(d.day.isoformat(), d.free, d.low_minor, d.is_cheaper) for d in found]
        cache.set(key, rows, KEPT)
    return [Day(dt.date.fromisoformat(day), free, low, cheaper) for day, free, low, cheaper in rows]


def _days(branch: Any, version: PackageVersion | None, first: dt.date, count: int, free: FreeSlots) -> list[Day]:
    zone = clock.zone(branch.timezone)
    by_day: dict[dt.date, list[Start]] = {}
    for start in priced(branch, version, free.slots):
        by_day.setdefault(start.starts_at.astimezone(zone).date(), []).append(start)
    found = []
    for day in (first + dt.timedelta(days=n) for n in range(count)):
        some = by_day.get(day, [])
        low = min((start.price_minor for start in some), default=None)
        found.append(Day(day, len(some), low or None, any(start.is_cheaper for start in some)))
    return found


def nearest(
    branch: Any, version: PackageVersion, around: dt.datetime, *, who: int | None = None, **more: Any
) -> list[Start]:
    """The free starts nearest to one that is gone."""
    query = near_query(branch, shoot_chain(version.terms), around, require=(who,) if who else (), **more)
    return priced(branch, version, nearest_slots(query, around, NEAREST))


def price_of(version: PackageVersion, branch: Any, starts_at: dt.datetime) -> int:
    """What the package costs at a start."""
    return quote(version, branch, starts_at).total_minor


def first_starts(
    branch: Any,
    version: PackageVersion,
    first: dt.date,
    *,
    who: int | None = None,
    part: str = "",
    only_off: bool = False,
    addons: Sequence[tuple[str, int]] = (),
    coupon: Any = None,
) -> list[Start]:
    """What to say on the phone: the first free starts from a day on, at most two of a day; `only_off`: of weekends and
    holidays.
    """
    found = slots(branch, version, first, first + dt.timedelta(days=LOOK_AHEAD), who=who, part=part).slots
    found = on_days_off(found, branch) if only_off else found
    return priced(branch, version, two_a_day(found, branch)[:SPOKEN], addons, coupon)


def on_days_off(found: Sequence[Slot], branch: Any) -> list[Slot]:
    """Those on weekends and holidays."""
    zone = clock.zone(branch.timezone)
    return [slot for slot in found if is_day_off(slot.starts_at.astimezone(zone).date(), branch.timezone)]


def two_a_day(found: Sequence[Slot], branch: Any) -> list[Slot]:
    """The first start of each day, and the first that lies three hours later."""
    zone = clock.zone(branch.timezone)
    days_of = itertools.groupby(found, key=lambda slot: slot.starts_at.astimezone(zone).date())
    return [slot for _day, some in days_of for slot in _spread(list(some))]


def _spread(some: list[Slot]) -> list[Slot]:
    later = (slot for slot in some if slot.minute >= some[0].minute + 180)
    return [some[0], *itertools.islice(later, 1)]
