"""The catalogue: ours is the truth, Stripe's products and prices follow it, and what differs is said aloud."""

import datetime as dt
import logging
from dataclasses import dataclass
from typing import Any

from billing import stripe_plans
from billing.enums import Interval
from billing.exchange import PayRefused, PayUnreachable
from billing.models import CatalogCheck, Plan
from billing.selectors import plans_on_offer
from billing.stripe_amounts import to_stripe
from tenants.context import in_public

log = logging.getLogger(__name__)
KEPT = dt.timedelta(days=90)
FIELDS = {Interval.MONTH: "monthly_ref", Interval.YEAR: "yearly_ref"}


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference. `what`: missing · amount · currency · interval · product · name · ref (ours names another)."""

    plan: str
    interval: str
    what: str
    there: str = ""

    def __str__(self) -> str:
        return f"{self.plan} {self.interval}: {self.what} {self.there}".strip()


def drift() -> list[Drift]:
    """Where Stripe's catalogue is not ours; nothing is changed. Raises PayRefused, PayUnreachable."""
    plans = plans_on_offer()
    prices = _prices(plans)
    return [each for plan in plans for interval in Interval for each in _differences(plan, interval, prices)]


def check() -> CatalogCheck:
    """The daily look, written down and said aloud; nothing is changed. Stripe's no or silence is its `fault`."""
    found: list[Drift] = []
    fault = ""
    try:
        found = drift()
    except (PayRefused, PayUnreachable) as trouble:
        fault = f"{type(trouble).__name__}: {trouble}"[:200]
        log.warning("Stripe's catalogue could not be looked at: %s", trouble)
    if found:
        log.error("Stripe's catalogue is not ours: %s", "; ".join(map(str, found)))
    return _written(found, fault)


def _written(found: list[Drift], fault: str = "") -> CatalogCheck:
    with in_public():
        made = CatalogCheck.objects.create(found=[str(each) for each in found], fault=fault)
        CatalogCheck.objects.filter(at__lt=made.at - KEPT).delete()
    return made


def sync() -> list[Drift]:
    """Make Stripe's catalogue ours; answers what had differed. Harmless when repeated. Written down as a look that
    found nothing.

    A price cannot change its amount: a new one takes its place, and whoever subscribed at the old one stays there.
    """
    plans = plans_on_offer()
    prices = _prices(plans)
    found: list[Drift] = []
    for plan in plans:
        stripe_plans.put_product(plan)
        for interval in Interval:
            differs = _differences(plan, interval, prices)
            found += differs
            price = prices.get(stripe_plans.lookup_key(plan, interval), {})
            ref = str(price.get("id", ""))
            if {each.what for each in differs} - {"ref", "name"}:
                ref = stripe_plans.new_price(plan, interval, ref)
            with in_public():
                Plan.objects.filter(pk=plan.pk).update(**{FIELDS[interval]: ref})
    _written([])
    return found


def _prices(plans: list[Plan]) -> dict[str, dict[str, Any]]:
    keys = [stripe_plans.lookup_key(plan, interval) for plan in plans for interval in Interval]
    found: dict[str, dict[str, Any]] = {}
    for first in range(0, len(keys), 10):  # as many as Stripe takes in one question
        found |= stripe_plans.prices_by_key(keys[first : first + 10])
    return found


def _differences(plan: Plan, interval: str, prices: dict[str, dict[str, Any]]) -> list[Drift]:
    price = prices.get(stripe_plans.lookup_key(plan, interval))
    if price is None:
        return [Drift(plan.code, interval, "missing")]
    product = price["product"]
    ours = {
        "amount": to_stripe(plan.price_minor(interval), plan.currency),
        "currency": plan.currency.lower(),
        "interval": str(interval),
        "product": stripe_plans.product_ref(plan),
        "name": plan.name,
        "ref": plan.price_ref(interval),
    }
    theirs = {
        "amount": price["unit_amount"],
        "currency": price["currency"],
        "interval": (price.get("recurring") or {}).get("interval"),
        "product": product["id"],
        "name": product["name"],
        "ref": price["id"],
    }
    return [Drift(plan.code, interval, what, str(theirs[what])) for what in ours if ours[what] != theirs[what]]
