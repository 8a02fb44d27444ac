"""An order held by a verb: locked and open, and its revision when the verb is done."""

from core.kernel.errors import Refusal
from core.kernel.states import lock
from core.orders.enums import OrderState
from core.orders.models import Order


def locked(order: Order, rev: int | None = None) -> Order:
    """The order locked and open.

    Refusal order.closed, or order.stale when a verb changed it since `rev` was shown; progress reported meanwhile (a
    customer picks) changes the card but makes no form stale.
    """
    fresh = lock(order)
    if fresh.state != OrderState.OPEN:
        raise Refusal("order.closed", state=fresh.state)
    if rev is not None and rev < fresh.verb_rev:
        raise Refusal("order.stale", rev=fresh.rev)
    return fresh


def bump(order: Order, *fields: str) -> None:
    """Save the fields of a locked order as the doing of a verb."""
    order.rev += 1
    order.verb_rev = order.rev
    order.save(update_fields=["rev", "verb_rev", *fields])
