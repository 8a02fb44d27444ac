"""What the order page shows, gathered once for the page, its live parts and the job sheet."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

from core.booking.selectors import crew_of_order
from core.console.board.faces import age_of, day_month, moves_from
from core.console.orders.forms import DutyForm
from core.console.sentences import event_sentence, listed, who
from core.kernel import clock
from core.kernel.events import Event
from core.kernel.money import format_minor
from core.orders import info, selectors
from core.orders.dates import dates_of
from core.orders.enums import OrderState, Stage
from core.orders.models import Order
from core.orders.selectors import StageLine
from core.people.enums import Capability
from core.people.phone import mask, pretty
from tenants.context import current_studio


def order_or_404(request: HttpRequest, code: str) -> Order:
    """The order, if the viewer sees its branch's board; else it does not exist."""
    order = selectors.order_for(request.staff, code)
    if order is None:
        raise Http404
    return order


def insist(request: HttpRequest, capability: Capability, order: Order) -> None:
    """403 when the viewer sees the order but lacks the capability in its branch."""
    if not request.staff.may(capability, order.branch_id):
        raise PermissionDenied


@dataclass(frozen=True)
class May:
    """What the viewer may do with this order now. A closed order is only looked at."""

    change: bool
    move: bool
    cancel: bool
    finish: bool
    raise_issue: bool


def may_of(staff: Any, order: Order) -> May:
    is_open = order.state == OrderState.OPEN
    may = {c: is_open and staff.may(c, order.branch_id) for c in Capability}
    finish = may[Capability.MOVE_ORDER] and order.stage == Stage.AFTER_SALES
    return May(
        change=may[Capability.CHANGE_ORDER],
        move=may[Capability.MOVE_ORDER],
        cancel=may[Capability.CANCEL_ORDER],
        finish=finish,
        raise_issue=order.state != OrderState.CANCELLED,
    )


@dataclass(frozen=True)
class Line:
    """A stage as the journey shows it: its look (done · current · late · todo) and its day in words; `crew`: of the
    date in the calendar, beside the owner who answers for the stage.
    """

    stage: str
    label: str
    look: str
    when: str
    owner: str
    crew: list[str] = field(default_factory=list)


def lines_of(journey: Iterable[StageLine], zone: str, crew: list[str]) -> list[Line]:
    """`crew`: who is planned for the shoot."""
    return [
        Line(line.stage, str(line.label), _look(line), _day(line, zone), line.owner,
             crew if line.stage == Stage.SHOOT else [])
        for line in journey
    ]  # fmt: skip


def _look(line: StageLine) -> str:
    if line.is_overdue:
        return "late"
    return {"done": "done", "now": "current"}.get(line.state, "todo")


def _day(line: StageLine, zone: str) -> str:
    if line.state == "done" and line.left_at:
        return day_month(line.left_at.astimezone(ZoneInfo(zone)).date())
    if line.due_on is None:
        return ""
    if line.state == "now":
        return _("by %(day)s") % {"day": day_month(line.due_on)}
    return day_month(line.due_on)


class Panel:
    """One stage at work: who, until when, and its key information."""

    def __init__(self, order: Order, line: StageLine) -> None:
        self.stage, self.label, self.state, self.row = line.stage, line.label, line.state, line.row
        self.missing = info.missing(line.row)
        duty = {"owner": line.owner_id, "due_on": line.due_on}
        self.duty_form = DutyForm(branch_id=order.branch_id, initial=duty)
        self.info_form = info.InfoForm(stage=line.stage, initial=line.row.info)

    @property
    def missing_text(self) -> str:
        labels = [str(item.label) for item in self.missing]
        return ngettext("Still empty: %(what)s", "Still empty: %(what)s", len(labels)) % {"what": listed(labels)}

    @property
    def facts(self) -> list[dict[str, Any]]:
        """Labels and values to read."""
        return [
            {"label": item.label, "value": _read(item, self.row.info.get(item.name))}
            for item in info.FIELDS[self.stage]
        ]


def _read(item: info.InfoField, value: Any) -> str:
    if info.is_empty(value):
        return ""
    if item.kind == "bool":
        return _("Yes")
    if item.kind == "money":
        return format_minor(value, current_studio().currency, to_locale(get_language() or "zh-hans"))
    if item.kind == "date":
        return day_month(dt.date.fromisoformat(value))
    return str(dict(item.choices).get(value, value))


def people_of(order: Order, *, full_phones: bool) -> list[dict[str, Any]]:
    """Everybody on the order, the main contact first. Who may not see customers sees masked numbers."""
    rows = sorted(order.people.select_related("customer"), key=lambda row: row.customer_id != order.customer_id)
    return [
        {
            "name": row.customer.name,
            "part": row.get_part_display(),
            "phone": row.customer.phone if full_phones else "",
            "shown_phone": pretty(row.customer.phone) if full_phones else mask(row.customer.phone),
            "wechat": row.customer.wechat if full_phones else "",
        }
        for row in rows
    ]


def history_of(events: Iterable[Event]) -> list[dict[str, Any]]:
    """The timeline in words; a row of equal things done by one person at a time becomes one line."""
    lines: list[dict[str, Any]] = []
    for event in events:
        line = {
            "who": who(event),
            "text": event_sentence(event),
            "at": event.at,
            "by_customer": event.actor_kind == "customer",
        }
        if lines and (lines[-1]["who"], lines[-1]["text"]) == (line["who"], line["text"]):
            continue
        lines.append(line)
    return lines


def order_page(request: HttpRequest, order: Order, **changes: Any) -> dict[str, Any]:
    """Context of the page. `changes` replace parts of it (a bound form of the panel)."""
    staff: Any = request.staff
    zone, journey = order.branch.timezone, selectors.journey_of(order)
    stage = request.GET.get("stage") or order.stage
    line = next((line for line in journey if line.stage == stage), None)
    if line is None:
        raise Http404
    issues = list(order.issues.select_related("raised_by", "closed_by"))
    may = may_of(staff, order)
    see_customers = staff.may(Capability.VIEW_CUSTOMERS, order.branch_id)
    return {
        "order": order,
        "zone": zone,
        "journey": lines_of(journey, zone, crew_of_order(order)),
        "panel": Panel(order, line),
        "may": may,
        "moves": moves_from(Stage(order.stage)) if may.move else (),
        "people": people_of(order, full_phones=see_customers),
        "customer_url": _url("console:customers:detail", order.customer_id) if see_customers else "",
        "discount": max(0, int(order.terms.get("quoted_minor", order.terms.get("price_minor", 0))) - order.price_minor),
        "issues": issues,
        "open_issues": sum(issue.closed_at is None for issue in issues),
        "events": history_of(selectors.timeline(order)),
        "dates": list(dates_of(order)),
        "may_book": order.state == OrderState.OPEN and staff.may(Capability.BOOK_DATES, order.branch_id),
        "socket": f"/ws/order/{order.code}/",
        **_age(order, journey),
        **changes,
    }


def _age(order: Order, journey: list[StageLine]) -> dict[str, str]:
    """How long until the current stage is due, in words; nothing for a closed order."""
    due_on = next((line.due_on for line in journey if line.state == "now"), None)
    if order.state != OrderState.OPEN or due_on is None:
        return {"age": "", "age_tone": ""}
    words, flag = age_of((due_on - clock.today(order.branch.timezone)).days)
    return {"age": words, "age_tone": flag or "neutral"}


def _url(name: str, *args: Any) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
