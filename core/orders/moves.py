"""Days that an order's shoot has left, and what giving it up would bring back after that. The contract may say
that the day of the customer's own move decides (core.finance.refundtable); the studio's moves count for nobody.
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
    """Keep that a locked order's shoot has left the day `was`; another time of that day is no move. `counts`: by the
    contract the customer's own do (not while they may object to the studio's). `agreed`: they have, on their pages.
    """
    if was != at:
        counts = counts and wish == Wish.CUSTOMER and objecting_until(order) is None
        told: dict[str, Any] = {"wish": wish, "counts": counts, "agreed": agreed}
        OrderMove.objects.create(order=order, was=was, at=at, moved_on=clock.today(order.branch.timezone), **told)


def counting_moves(order: Order) -> list[Moved]:
    """The moves that count, in their order. One query."""
    rows = OrderMove.objects.filter(order=order, counts=True).order_by("pk").values_list("moved_on", "was")
    return [Moved(on, was) for on, was in rows]


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
    """The percentage that the customer keeps at most if they leave the day `was` today; all while they may object."""
    if objecting_until(order):
        return most_share(order)
    moves = [*counting_moves(order), Moved(clock.today(order.branch.timezone), was)]
    return share_of(order.terms.get("refunds") or [], Who.CUSTOMER, None, moves)[0]


def most_share(order: Order) -> int:
    """The best that the table ever gives a customer: a share below it is worth a word."""
    return percent_of(order.terms.get("refunds") or [], Who.CUSTOMER, None)
