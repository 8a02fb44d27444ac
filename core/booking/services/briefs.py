"""Verbs on the customer's wishes."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from core.booking.enums import Colour, Place, Style
from core.booking.models import Brief
from core.kernel import clock, events
from core.kernel.errors import Refusal
from core.kernel.events import Kind
from core.kernel.states import lock
from core.orders.enums import OrderState, Stage
from core.orders.models import Order
from core.orders.services import report_progress

MOST_STYLES, MOST_PICTURES = 4, 12
OPEN_STAGES = {Stage.ENQUIRY, Stage.SIGNING, Stage.PREPARATION}


def may_be_sent(order: Order) -> bool:
    """Wishes are for the time before the shoot."""
    return order.state == OrderState.OPEN and order.stage in OPEN_STAGES


@transaction.atomic
def send_brief(
    *,
    customer: Any,
    order: Order,
    styles: Iterable[str],
    pictures: Iterable[str] = (),
    colours: Iterable[str] = (),
    places: Iterable[str] = (),
    wishes: str = "",
    taboos: str = "",
    company: str = "",
    seen: int = 0,
) -> Brief:
    """Save the wishes of an order and tell the studio. `seen`: the `rev` that the form showed (0: there was none).

    Event BRIEF_SENT(styles, pictures, rev). Refusal brief.late (the shoot has come) | brief.no_style |
    brief.too_many(most) | brief.unknown | brief.stale (the other person of the order sent theirs meanwhile).
    """
    order = lock(order)
    if not may_be_sent(order):
        raise Refusal("brief.late")
    said = _sound(styles=styles, pictures=pictures, colours=colours, places=places)
    row = Brief.objects.select_for_update().filter(order=order).first()
    if (row.rev if row else 0) != seen:
        raise Refusal("brief.stale", rev=row.rev if row else 0)
    row = row or Brief(order=order, rev=0)
    words = {"wishes": wishes.strip(), "taboos": taboos.strip(), "company": company.strip()}
    for name, value in {**said, **words}.items():
        setattr(row, name, value)
    row.rev, row.sent_by, row.sent_at = row.rev + 1, customer, clock.now()
    row.save()
    report_progress(order_id=order.pk, brief="sent")
    told: dict[str, Any] = {"styles": row.styles, "pictures": len(row.pictures), "rev": row.rev}
    events.record(Kind.BRIEF_SENT, order, customer, **told)
    return row


def _sound(*, styles: Iterable[str], **others: Iterable[str]) -> dict[str, list[str]]:
    """Each once, in the order given, none unknown."""
    said = {name: list(dict.fromkeys(values)) for name, values in {"styles": styles, **others}.items()}
    if not said["styles"]:
        raise Refusal("brief.no_style")
    for name, most in (("styles", MOST_STYLES), ("pictures", MOST_PICTURES)):
        if len(said[name]) > most:
            raise Refusal("brief.too_many", field=name, most=most)
    known = {"styles": Style.values, "colours": Colour.values, "places": Place.values}
    if any(set(said[name]) - set(values) for name, values in known.items()):
        raise Refusal("brief.unknown")
    return said
