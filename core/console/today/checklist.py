"""The first steps of a new studio, shown until its first order is taken."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from core.orders.models import Order
from core.people.enums import Capability
from core.people.models import Membership


@dataclass(frozen=True)
class Step:
    title: str
    text: str
    url: str
    is_done: bool


def first_steps(staff: Any) -> list[Step]:
    """Steps that this staff member may take; none once the studio has an order. At most two queries."""
    if Order.objects.exists():
        return []
    team = Membership.objects.values("user").distinct().count()
    steps = [
        (Capability.MANAGE_PACKAGES, "console:packages:list", False, _("Look over your packages"),
         _("Two samples are there. Change them, or add your own: photos, outfits, products and every possible extra.")),
        (Capability.MANAGE_STAFF, "console:staff:new", team > 1, _("Add your colleagues"),
         _("Each one logs in alone; their job decides what they see and may do.")),
        (Capability.TAKE_ORDER, "console:orders:new", False, _("Take the first order"),
         _("Name, phone and package are enough. It takes less than a minute.")),
    ]  # fmt: skip
    return [Step(title, text, _url(name), is_done) for may, name, is_done, title, text in steps if staff.may(may)]


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
