"""What owners are told about their subscription. Every letter names the day that counts, and the way out."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.messaging.enums import Template

Facts = Mapping[str, Any]
Writer = Callable[[Any], tuple[str, str]]


def _day(facts: Facts) -> dict[str, Any]:
    day = facts.get("day")
    shown = {"day": formats.date_format(dt.date.fromisoformat(day), "DATE_FORMAT")} if day else {}
    return _with(facts, shown)


def _metered(facts: Facts) -> dict[str, Any]:
    name, used, limit = facts.get("meter"), facts.get("used") or 0, facts.get("limit") or 0
    words = {
        "branches": _("Branches"),
        "seats": _("Seats"),
        "storage_bytes": _("Storage"),
        "messages": _("SMS this month"),
    }
    shown = {"used": used, "limit": limit}
    if name == "storage_bytes":
        shown = {key: filesizeformat(value) for key, value in shown.items()}
    return _with(facts, {**shown, "what": words.get(str(name), "")})


def _with(facts: Facts, shown: dict[str, Any]) -> dict[str, Any]:
    """The facts as people read them; still of the kind that shows dots for what is missing."""
    kind: Any = type(facts)
    found: dict[str, Any] = kind({**facts, **shown})
    return found


@dataclass(frozen=True, slots=True)
class _Letter:
    """A subject and a text; `read` makes of the facts what stands in it. Called, it writes in the language of now."""

    subject: str | Promise
    text: str | Promise
    read: Callable[[Facts], dict[str, Any]] = _day

    def __call__(self, facts: Facts) -> tuple[str, str]:
        return str(self.subject), str(self.text) % self.read(facts)


WRITERS: dict[str, Writer] = {
    Template.PLAN_TRIAL_ENDING: _Letter(
        gettext_lazy("Your trial ends soon"),
        gettext_lazy(
            "%(name)s, the trial of %(place)s ends on %(day)s. Choose a plan to go on working; nothing is deleted if "
            "you do not. %(link)s"
        ),
    ),
    Template.PLAN_YEAR_ENDING: _Letter(
        gettext_lazy("Your paid year ends soon"),
        gettext_lazy("%(name)s, what %(place)s has paid for ends on %(day)s. You can pay the next year now. %(link)s"),
    ),
    Template.PLAN_PAYMENT_DUE: _Letter(
        gettext_lazy("Your subscription is not paid"),
        gettext_lazy(
            "%(name)s, the payment for %(place)s did not go through. Please put it right before %(day)s; "
            "from then on staff can only read. %(link)s"
        ),
    ),
    Template.PLAN_READ_ONLY: _Letter(
        gettext_lazy("Your studio is read-only"),
        gettext_lazy(
            "%(name)s, staff of %(place)s can only read now. Your customers still reach everything they paid for. "
            "Your data is kept at least until %(day)s; with a payment everything goes on at once. %(link)s"
        ),
    ),
    Template.PLAN_USAGE_NEAR: _Letter(
        gettext_lazy("Soon at the limit of your plan"),
        gettext_lazy(
            "%(name)s, %(place)s uses %(used)s of %(limit)s: %(what)s. A larger plan counts at once. %(link)s"
        ),
        _metered,
    ),
    Template.PLAN_USAGE_FULL: _Letter(
        gettext_lazy("The limit of your plan is reached"),
        gettext_lazy(
            "%(name)s, %(place)s has used %(used)s of %(limit)s: %(what)s. What is there stays; more needs a larger "
            "plan. %(link)s"
        ),
        _metered,
    ),
}
