"""What a moved date leaves behind: the day that was left, and whether it counts for a later refund."""

import datetime as dt

from core.contracts.enums import FIRM
from core.contracts.models import Contract
from core.contracts.services.moving import move_counts
from core.kernel import clock
from core.orders.models import Order
from core.orders.moves import note_move


def note_left(
    *, order: Order, was: dt.datetime, at: dt.datetime, wish: str, annex: Contract | None, agreed: bool = True
) -> None:
    """Keep the day that a locked order's shoot has left. It counts only where the customer has agreed to an annex of a
    contract that says so.
    """
    zone = clock.zone(order.branch.timezone)
    counts = agreed and annex is not None and annex.state in FIRM and move_counts(annex.parent)
    days = {"was": was.astimezone(zone).date(), "at": at.astimezone(zone).date()}
    note_move(order=order, wish=wish, counts=counts, agreed=agreed, **days)
