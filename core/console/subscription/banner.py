"""The line above every page: the days of the trial, money that is missing, a console that only reads."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.enums import PlanState
from billing.selectors import standing_of
from billing.standing import READ_ONLY, Standing
from core.kernel import clock
from core.people.enums import Capability

SOON = 3  # days


@dataclass(frozen=True, slots=True)
class Banner:
    tone: str
    text: str
    has_way: bool  # the reader may do something about it


def banner_of(staff: Any, request: HttpRequest) -> Banner | None:
    """Nothing for a studio that pays. Everybody learns why nothing can be saved; the rest is the owner's matter."""
    if not staff:
        return None
    found = standing_of(request.studio)  # type: ignore[attr-defined]  # Django's stubs do not know it
    is_owner = staff.may(Capability.MANAGE_SUBSCRIPTION)
    if found.state == READ_ONLY:
        text = _("The subscription has lapsed: staff can only read. Customers still reach what they paid for.")
        return Banner("bad", text, is_owner)
    if not is_owner or not found.until:
        return None
    return _owners(found)


def _owners(found: Standing) -> Banner | None:
    left = found.days_left(clock.now())
    if found.state == PlanState.TRIALING:
        text = ngettext("%(n)s day of the trial is left.", "%(n)s days of the trial are left.", left) % {"n": left}
        return Banner("warn" if left <= SOON else "info", text, has_way=True)
    if found.state == PlanState.PAST_DUE and found.until:
        day = formats.date_format(found.until, "DATE_FORMAT")
        text = _("The subscription is not paid. From %(day)s on staff can only read.") % {"day": day}
        return Banner("warn", text, has_way=True)
    return None
