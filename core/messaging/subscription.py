"""What owners are told about their subscription. Every letter names the day that counts, and the way out."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils import formats
from django.utils.translation import gettext as _

from core.messaging.enums import Template

Writer = Callable[[Any], tuple[str, str]]


def _day(facts: Mapping[str, Any]) -> dict[str, Any]:
    day = facts.get("day")
    shown = {"day": formats.date_format(dt.date.fromisoformat(day), "DATE_FORMAT")} if day else {}
    return _with(facts, shown)


def _trial_ending(facts: Mapping[str, Any]) -> tuple[str, str]:
    text = _(
        "%(name)s, the trial of %(place)s ends on %(day)s. Choose a plan to go on working; nothing is deleted if you "
        "do not. %(link)s"
    )
    return _("Your trial ends soon"), text % _day(facts)


def _year_ending(facts: Mapping[str, Any]) -> tuple[str, str]:
    text = _("%(name)s, what %(place)s has paid for ends on %(day)s. You can pay the next year now. %(link)s")
    return _("Your paid year ends soon"), text % _day(facts)


def _payment_due(facts: Mapping[str, Any]) -> tuple[str, str]:
    text = _(
        "%(name)s, the payment for %(place)s did not go through. Please put it right before %(day)s; "
        "from then on staff can only read. %(link)s"
    )
    return _("Your subscription is not paid"), text % _day(facts)


def _read_only(facts: Mapping[str, Any]) -> tuple[str, str]:
    text = _(
        "%(name)s, staff of %(place)s can only read now. Your customers still reach everything they paid for. "
        "Your data is kept at least until %(day)s; with a payment everything goes on at once. %(link)s"
    )
    return _("Your studio is read-only"), text % _day(facts)


def _usage_near(facts: Mapping[str, Any]) -> tuple[str, str]:
    text = _("%(name)s, %(place)s uses %(used)s of %(limit)s: %(what)s. A larger plan counts at once. %(link)s")
    return _("Soon at the limit of your plan"), text % _metered(facts)


def _usage_full(facts: Mapping[str, Any]) -> tuple[str, str]:
    text = _(
        "%(name)s, %(place)s has used %(used)s of %(limit)s: %(what)s. What is there stays; more needs a larger plan. "
        "%(link)s"
    )
    return _("The limit of your plan is reached"), text % _metered(facts)


def _metered(facts: Mapping[str, Any]) -> dict[str, Any]:
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


def _with(facts: Mapping[str, Any], shown: dict[str, Any]) -> dict[str, Any]:
    """The facts as people read them; still of the kind that shows dots for what is missing."""
    kind: Any = type(facts)
    found: dict[str, Any] = kind({**facts, **shown})
    return found


WRITERS: dict[str, Writer] = {
    Template.PLAN_TRIAL_ENDING: _trial_ending,
    Template.PLAN_YEAR_ENDING: _year_ending,
    Template.PLAN_PAYMENT_DUE: _payment_due,
    Template.PLAN_READ_ONLY: _read_only,
    Template.PLAN_USAGE_NEAR: _usage_near,
    Template.PLAN_USAGE_FULL: _usage_full,
}
