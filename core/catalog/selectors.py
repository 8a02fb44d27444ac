"""Questions about what is on offer: packages and their published versions, price rules, coupons."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch

from core.catalog.models import Coupon, CouponUse, Package, PackageExtra, PackageVersion, PriceRule
from core.catalog.rates import Moment, Quote, price
from core.catalog.terms import Terms
from core.kernel import clock
from core.kernel.errors import Refusal
from tenants.context import current_studio


def currency() -> str:
    """The studio's."""
    return str(current_studio().currency)


# -- Versions ---------------------------------------------------------------------------------------------------------
def latest_versions() -> Any:
    """QuerySet of the latest version of each package."""
    return PackageVersion.objects.order_by("package_id", "-number").distinct("package_id")


def latest_version(package: Package) -> PackageVersion | None:
    """What customers and order taking see; None before the first publishing."""
    found: PackageVersion | None = package.versions.order_by("-number").first()
    return found


def with_latest(packages: Any) -> Any:
    """The packages with `latest`: a list of their latest version, or an empty one. One more query."""
    return packages.prefetch_related(Prefetch("versions", latest_versions(), to_attr="latest"))


def versions_of(package: Package) -> list[PackageVersion]:
    """Its versions with `sold` orders each, the latest first."""
    rows = package.versions.annotate(sold=Count("orders")).select_related("published_by")
    return list(rows.order_by("-number"))


def offered_versions() -> list[PackageVersion]:
    """The latest version of every package on offer, with its package, in the studio's order. One query."""
    found = latest_versions().filter(package__is_offered=True).select_related("package")
    return sorted(found, key=lambda version: (version.package.position, version.package_id))


@dataclass(frozen=True, slots=True)
class Offered:
    """A package as it is offered at a branch: its latest version and what it costs there on the day asked for."""

    version: PackageVersion
    terms: Terms
    quote: Quote


def offered(branch: Any, on_date: dt.datetime | dt.date | None = None) -> list[Offered]:
    """Everything on offer at the branch with its price at that instant (or day, or, without one, at no particular
    day), in the studio's order. Two queries, however many packages.
    """
    rules, money, moment = price_rules(), currency(), Moment.of(on_date, branch.timezone)
    found = []
    for version in offered_versions():
        terms = Terms.of(version.terms)
        asked: dict[str, Any] = {"package_id": version.package_id, "moment": moment, "currency": money}
        found.append(Offered(version, terms, price(terms, rules, branch=branch, **asked)))
    return found


# -- Prices and coupons -----------------------------------------------------------------------------------------------
def price_rules() -> list[PriceRule]:
    """The rules in force."""
    return list(PriceRule.objects.filter(is_active=True))


def coupon_for(code: str, *, branch: Any, package_id: int, customer: Any = None, day: dt.date | None = None) -> Coupon:
    """The coupon of that code, if it may be used here today on this package by this customer.

    Refusal coupon.unknown | coupon.early(day) | coupon.over(day) | coupon.elsewhere | coupon.other_package |
    coupon.used_up | coupon.used_by_customer(times).
    """
    found = Coupon.objects.filter(code=code_of(code), is_active=True)
    coupon: Coupon | None = found.prefetch_related("packages", "branches").first()
    if coupon is None:
        raise Refusal("coupon.unknown")
    refuse_unusable(coupon, branch=branch, package_id=package_id, customer=customer, day=day)
    return coupon


def code_of(typed: str) -> str:
    """A coupon's code as it is kept: capitals, no spaces."""
    return "".join(typed.split()).upper()


def refuse_unusable(
    coupon: Coupon, *, branch: Any, package_id: int, customer: Any = None, source: str = "", day: dt.date | None = None
) -> None:
    """See `coupon_for`. A use on `source` itself does not count."""
    day = day or clock.today(branch.timezone)
    if coupon.first_day and day < coupon.first_day:
        raise Refusal("coupon.early", name=coupon.name, day=coupon.first_day.isoformat())
    if coupon.last_day and day > coupon.last_day:
        raise Refusal("coupon.over", name=coupon.name, day=coupon.last_day.isoformat())
    if (here := {row.pk for row in coupon.branches.all()}) and branch.pk not in here:
        raise Refusal("coupon.elsewhere", name=coupon.name)
    if (packages := {row.pk for row in coupon.packages.all()}) and package_id not in packages:
        raise Refusal("coupon.other_package", name=coupon.name)
    if coupon.total_limit is not None and coupon.used >= coupon.total_limit:
        raise Refusal("coupon.used_up", name=coupon.name)
    if customer is not None and coupon.customer_limit is not None:
        uses = CouponUse.objects.filter(coupon=coupon, customer=customer, released_at=None).exclude(source=source)
        if uses.count() >= coupon.customer_limit:
            raise Refusal("coupon.used_by_customer", name=coupon.name, times=coupon.customer_limit)


def coupons() -> list[Coupon]:
    """Every coupon, those in force first, the newest first. Three queries."""
    return list(Coupon.objects.order_by("-is_active", "-pk").prefetch_related("packages", "branches"))


def uses_of(coupon: Coupon, limit: int = 50) -> list[CouponUse]:
    """Its latest uses, released ones too, with the customer."""
    return list(coupon.uses.select_related("customer").order_by("-at", "-pk")[:limit])


def bookable_extras() -> list[tuple[str, str]]:
    """(code, name) of every extra that can be booked with some package, by name: what a voucher may give."""
    rows = PackageExtra.objects.filter(is_bookable=True).values_list("code", "name")
    return sorted(dict(rows.order_by("pk")).items(), key=lambda row: row[1])
