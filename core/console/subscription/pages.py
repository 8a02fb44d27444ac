"""What the owner's pages show: how we stand, what is used, what the plans are, what was asked to be paid."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.enums import Collection, Interval, PlanState
from billing.metering import Meter, in_the_way, meters_of
from billing.models import Plan, Subscription
from billing.selectors import bills_of, plans_on_offer, standing_of, usage_days
from billing.standing import KEPT, READ_ONLY, Standing
from billing.subscribing import pays_by_card
from core.console.subscription.sentences import METERS, amount_of, what_must_go
from core.kernel import clock

GRAPH = dt.timedelta(days=30)
TONES = {
    PlanState.TRIALING: "info",
    PlanState.ACTIVE: "ok",
    PlanState.COMPLIMENTARY: "ok",
    PlanState.PAST_DUE: "warn",
    READ_ONLY: "bad",
}
BILL_TONES = {"open": "warn", "paid": "ok", "uncollectible": "bad"}


@dataclass(frozen=True, slots=True)
class Gauge:
    """One limit with its use today and in the last thirty days. `percent` never above 100."""

    label: str
    used: str
    limit: str
    percent: int
    tone: str
    days: list[int]
    note: str


def gauges_of(studio: Any) -> list[Gauge]:
    since = clock.today(studio.timezone) - GRAPH
    days = usage_days(studio, since)
    return [_gauge(meter, [getattr(day, meter.name) for day in days]) for meter in meters_of(studio)]


def _gauge(meter: Meter, days: list[int]) -> Gauge:
    tone, note = "", ""
    is_news = meter.limit > 1  # the one branch of a plan for one branch is none
    if meter.is_full and is_news:
        tone, note = "bad", _("Used up. What is there stays; more needs a larger plan.")
    elif meter.is_near and is_news:
        tone, note = "warn", _("More than four fifths are used.")
    percent = min(100, round(meter.share * 100))
    label = str(METERS[meter.name])
    return Gauge(label, amount_of(meter, meter.used), amount_of(meter, meter.limit), percent, tone, days, note)


@dataclass(frozen=True, slots=True)
class State:
    """How we stand, in words."""

    label: str
    tone: str
    texts: list[str]


def state_of(row: Subscription, found: Standing) -> State:
    label = _("Read-only") if found.state == READ_ONLY else str(PlanState(found.state).label)
    texts = _read_only_texts(row, found) if found.state == READ_ONLY else [_state_text(row, found)]
    return State(label, TONES[found.state], [text for text in texts if text])


def _read_only_texts(row: Subscription, found: Standing) -> list[str]:
    """What ended and when, what still works, what to do, how long there is."""
    over = found.until - KEPT if found.until else row.period_ends_at
    ended = {
        PlanState.TRIALING: _("Your trial ended on %(day)s, and no plan was chosen."),
        PlanState.ENDED: _("Your subscription ended on %(day)s."),
        PlanState.COMPLIMENTARY: _("The time that was given to you free of charge ended on %(day)s."),
    }.get(PlanState(row.state), _("What was due has not been paid; since %(day)s the studio is read-only."))
    is_open = pays_by_card(row)  # a second one beside it would be refused
    return [
        ended % {"day": _date(over)},
        _("Still works: you and your colleagues see everything, and your customers reach what they paid for."),
        _("Does not work: anything new, or any change, by your colleagues and you."),
        _("To work on, pay the open invoice below or put another card in place. Everything opens at once.")
        if is_open
        else _("To work on, choose a plan and pay. Everything opens at once, as you left it."),
        _("Nothing is deleted before %(day)s.") % {"day": _date(found.until)} if found.until else "",
    ]


def _date(moment: dt.datetime | None) -> str:
    return formats.date_format(moment, "DATE_FORMAT") if moment else "—"


def _state_text(row: Subscription, found: Standing) -> str:
    day = _date(found.until) if found.until else ""
    if found.state == PlanState.TRIALING:
        left = found.days_left(clock.now())
        text = ngettext("%(n)s day is left, until %(day)s.", "%(n)s days are left, until %(day)s.", left)
        return text % {"n": left, "day": day} if found.until else ""
    if found.state == PlanState.PAST_DUE:
        return _("The last payment did not go through. From %(day)s on staff can only read.") % {"day": day}
    if row.cancels_at:
        return _("Cancelled: ends on %(day)s.") % {"day": day}
    if not day:
        return ""
    return (_("Renews on %(day)s.") if row.collection == Collection.CARD else _("Paid until %(day)s.")) % {"day": day}


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan on the shelf. `obstacles`: what must go first; then it cannot be chosen."""

    plan: Plan
    is_own: bool
    obstacles: list[str]


def offers_of(studio: Any, row: Subscription | None) -> list[Offer]:
    used = {meter.name: meter.used for meter in meters_of(studio)}
    paid = row.plan_id if row and row.collection else 0
    return [
        Offer(plan, plan.pk == paid, [what_must_go(meter) for meter in in_the_way(studio, plan, used)])
        for plan in plans_on_offer()
    ]


def bill_rows(studio: Any) -> list[tuple[Any, str]]:
    """(invoice, tone of its state)."""
    return [(bill, BILL_TONES.get(bill.state, "neutral")) for bill in bills_of(studio)]


def page_of(studio: Any, row: Subscription) -> dict[str, Any]:
    """Everything of the overview; no vendor is asked."""
    found = standing_of(studio)
    return {
        "row": row,
        "plan": row.plan,
        "state": state_of(row, found),
        "is_card": pays_by_card(row),
        "can_renew": row.collection == Collection.INVOICE,
        "gauges": gauges_of(studio),
        "bills": bill_rows(studio),
        "yearly": Interval.YEAR,
    }
