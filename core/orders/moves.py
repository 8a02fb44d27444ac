"""Days that an order's shoot has left, and what giving the order up would bring back after all of that.

The signed contract may say that for refunds the day of the move decides (core.finance.refundtable); then the customer's
own moves count. What the studio moves never counts against anybody.
"""

import datetime as dt
from typing import Any

from core.finance.enums import Who
from core.finance.refundtable import Moved, RefundQuote, percent_of, share_of
from core.finance.selectors import quote_of
from core.kernel import clock
from core.orders.enums import Wish
from core.orders.models import Order, OrderMove

OBJECTION_DAYS = 7  # so long after a move that nobody asked for, giving up is the studio's reason


def note_move(*, order: Order, was: dt.date, at: dt.date, wish: str, counts: bool, agreed: bool = True) -> None:
    """Keep that the shoot of a locked order has left the day `was`; another time of the same day is no move.

    `counts`: the contract says that the customer's own moves do. `agreed`: the customer has, on their pages.
    """
    if was == at:
        return
    today = clock.today(order.branch.timezone)
    told: dict[str, Any] = {"was": was, "at": at, "moved_on": today, "wish": wish, "agreed": agreed}
    OrderMove.objects.create(order=order, counts=counts and wish == Wish.CUSTOMER, **told)


def counting_moves(order: Order) -> list[Moved]:
    """The moves that count, in their order. One query."""
    rows = OrderMove.objects.filter(order=order, counts=True).order_by("pk")
    return [Moved(on, was) for on, was in rows.values_list("moved_on", "was")]


def refund_told(order: Order, who: str = Who.CUSTOMER) -> RefundQuote:
    """What comes back if the order ends today, for `who`'s reason. The order has an account."""
    account: Any = order.account
    return quote_of(account, who=who, shoot_on=order.shoot_on, moves=counting_moves(order))


def customers_refund(order: Order) -> RefundQuote:
    """What comes back if the customer gives the order up today: for the studio's reason while they may object to a move
    that it made, where the table gives more for that. Its `who` is the reason that counts.
    """
    own = refund_told(order)
    if objecting_until(order) is None:
        return own
    return max(own, refund_told(order, Who.STUDIO), key=lambda told: told.amount_minor)


def objecting_until(order: Order) -> dt.date | None:
    """The last day on which giving up counts as the studio's reason; None when that is over or never began."""
    last = OrderMove.objects.filter(order=order).order_by("-pk").first()
    if last is None or last.agreed or last.wish != Wish.STUDIO:
        return None
    until: dt.date = last.moved_on + dt.timedelta(days=OBJECTION_DAYS)
    return until if clock.today(order.branch.timezone) <= until else None


def share_kept(order: Order, was: dt.date) -> int:
    """The percentage that the customer keeps at most if they leave the day `was` today."""
    leaving = Moved(clock.today(order.branch.timezone), was)
    rows = order.terms.get("refunds") or []
    return share_of(rows, Who.CUSTOMER, None, [*counting_moves(order), leaving])[0]


def most_share(order: Order) -> int:
    """The best that the table ever gives a customer: a share below it is worth a word."""
    return percent_of(order.terms.get("refunds") or [], Who.CUSTOMER, None)
