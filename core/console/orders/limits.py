"""How far below the quoted price the desk may sell."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from core.finance.discounts import percent_of
from core.kernel.errors import Refusal
from core.orders.models import Order


def within_limit(take: Callable[[Any, Any], Order]) -> Callable[[Any, Any], Order]:
    """Let `take(form, actor)` sell no lower than the actor's job allows; the sale is rolled back by its transaction.

    Refusal discount.too_much(price_minor: what may be taken off).
    """

    @wraps(take)
    def taken(form: Any, actor: Any) -> Order:
        order = take(form, actor)
        full = int(order.terms.get("quoted_minor", order.terms.get("price_minor", 0)))
        percent = percent_of(actor, order.branch_id)
        if percent is not None and full - order.price_minor > full * percent // 100:
            raise Refusal("discount.too_much", price_minor=full * percent // 100, currency=order.currency)
        return order

    return taken
