"""What jobs of every kind (retouching, an album) begin, change hands and stop with: who may do it, until when, why."""

import datetime as dt
from typing import Any

from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.names import signing_name
from core.orders.models import Order
from core.people.enums import Capability
from core.people.staff import staff_of

REASON_LENGTH, NAME_LENGTH = 200, 60


def refuse_unfit(gallery: Any, person: Any, due_on: dt.date | None, *, capability: Capability, code: str) -> Order:
    """The gallery's order. Raises Refusal `code` when the person may not do such work there, due.past."""
    order: Order = Order.objects.select_related("branch").get(pk=gallery.order_id)
    if not person.is_active or not staff_of(person).may(capability, order.branch_id):
        raise Refusal(code)
    if due_on is not None and due_on < clock.today(order.branch.timezone):
        raise Refusal("due.past")
    return order


def reassign(job: Any, who: str, person: Any, due_on: dt.date | None) -> bool:
    """Give a job (its field `who`) to somebody else, or another day; whether anything changed."""
    if (getattr(job, f"{who}_id"), job.due_on) == (person.pk, due_on):
        return False
    setattr(job, who, person)
    job.due_on = due_on
    job.save(update_fields=[who, "due_on"])
    return True


def told(person: Any, due_on: dt.date | None, who: str) -> dict[str, str]:
    """Who and until when, as events keep it."""
    return {who: person.name, "due": due_on.isoformat() if due_on else ""}


def reason_of(text: str) -> str:
    """Why, as it is kept. Raises Refusal reason.missing."""
    kept = text.strip()[:REASON_LENGTH]
    if not kept:
        raise Refusal("reason.missing")
    return kept


def agree(offer: Any, chooser: Any, *, price_minor: int, signed_name: str, evidence: dict[str, Any] | None) -> None:
    """Keep the customer's yes to an offer (`selection.beyond`): to exactly the price they saw.

    Raises Refusal price.changed(price_minor) | name.missing | name.unlikely.
    """
    if price_minor != offer.price_minor:
        raise Refusal("price.changed", price_minor=offer.price_minor)
    signed_name = signing_name(signed_name)
    offer.agreed_at, offer.agreed_by, offer.agreed_name = clock.now(), chooser, signed_name
    offer.evidence = evidence or {}
    offer.save(update_fields=["agreed_at", "agreed_by", "agreed_name", "evidence"])


def decline(offer: Any) -> None:
    """An offer that is not taken, or that another one replaces."""
    offer.declined_at = clock.now()
    offer.save(update_fields=["declined_at"])


def main_only(chooser: Any) -> None:
    """Raises Refusal chooser.not_main."""
    chooser.refresh_from_db(fields=["is_main"])
    if not chooser.is_main:
        raise Refusal("chooser.not_main")
