"""The first steps of a new studio: each is done when the studio's own data say so, and all go when put away."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from billing.selectors import accounts_of
from core.catalog.models import PackageVersion
from core.orders.furnish import SAMPLE_PACKAGES
from core.orders.models import Order
from core.people.enums import Capability
from core.people.models import CustomerSession, Membership
from core.scheduling.models import OpeningHours, Resource
from core.studios.models import Branch

AT_WORK = 20  # orders: who has so many needs no first steps


@dataclass(frozen=True)
class Step:
    title: str
    text: str
    url: str
    is_done: bool


def first_steps(staff: Any, studio: Any) -> list[Step]:
    """Steps that this staff member may take; none once the owner has put them away or the studio is at work, for
    colleagues once it has an order.

    At most two queries; none in a settled studio.
    """
    if studio.is_settled:
        return []
    facts = _facts()
    if facts["at_work"] or (facts["sold"] and not staff.may(Capability.KEEP_STUDIO)):
        return []
    routes = staff.may(Capability.MANAGE_PAY_ROUTES) and any(row.is_ready for row in accounts_of(studio).values())
    steps = [
        (Capability.MANAGE_BRANCHES, "console:branches:list", facts["placed"], _("Address and opening hours"),
         _("Customers find your branch and book in its hours.")),
        (Capability.KEEP_CALENDAR, "console:calendar:resources", facts["staffed"], _("People, rooms and things"),
         _("Who photographs, and where. Until then no date is free, and nobody can book online.")),
        (Capability.MANAGE_PACKAGES, "console:packages:list", facts["priced"], _("Publish your own package"),
         _("Two samples are there. Change them, or add your own: photos, outfits, products and every possible extra.")),
        (Capability.MANAGE_STAFF, "console:staff:new", facts["team"], _("Add your colleagues"),
         _("Each one logs in alone; their job decides what they see and may do.")),
        (Capability.KEEP_STUDIO, "console:studio:brand", bool(studio.logo or studio.brand_hue is not None),
         _("Show your brand"), _("Logo and colour, on every page, contract and receipt that customers see.")),
        (Capability.MANAGE_PAY_ROUTES, "console:merchant:list", routes, _("Connect a pay route"),
         _("WeChat Pay, Alipay or Stripe, with your own account.")),
        (Capability.KEEP_STUDIO, "selection:practice", facts["tried"], _("Try choosing on your own phone"),
         _("Switch practice data on; its gallery opens on your phone. One tap removes all of it.")),
        (Capability.TAKE_ORDER, "console:orders:new", facts["sold"], _("Take the first order"),
         _("Name, phone and package are enough. It takes less than a minute.")),
    ]  # fmt: skip
    return [Step(title, text, _url(name), done) for may, name, done, title, text in steps if staff.may(may)]


def _facts() -> dict[str, bool]:
    """What the studio's rows say, in one query."""
    boss = Membership.objects.order_by("user").values("user")[:1]
    asked = {
        "has_address": Exists(Branch.objects.exclude(address="")),
        "has_hours": Exists(OpeningHours.objects.all()),
        "staffed": Exists(Resource.objects.all()),
        "team": Exists(Membership.objects.exclude(user=boss)),
        "priced": Exists(PackageVersion.objects.order_by("pk")[len(SAMPLE_PACKAGES) :]),
        "tried": Exists(CustomerSession.objects.all()),
        "sold": Exists(Order.objects.all()),
        "at_work": Exists(Order.objects.order_by("pk")[AT_WORK - 1 :]),
    }
    row = Branch.objects.annotate(**asked).values(*asked).first() or dict.fromkeys(asked, False)
    return {**row, "placed": row["has_address"] and row["has_hours"]}


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
