"""What a signed annex costs, or gives back, goes to the order's account: once."""

from typing import Any

from core.contracts.models import Contract
from core.finance import services as money
from core.finance.discounts import limit_minor
from core.finance.models import Account
from core.kernel.errors import Refusal
from core.orders.models import Order


def refuse_beyond_limit(actor: Any, order: Order, total_minor: int) -> None:
    """An annex that takes away is a discount: no more than the role of whoever writes it may give, nor than is owed.

    Refusal discount.too_much(price_minor) | discount.over_owed(price_minor).
    """
    account = order.account
    if total_minor >= 0 or account is None:
        return
    if -total_minor > account.charged_minor:
        raise Refusal("discount.over_owed", price_minor=account.charged_minor, currency=account.currency)
    left = limit_minor(actor, account)
    if left is not None and -total_minor > left:
        raise Refusal("discount.too_much", price_minor=left, currency=account.currency)


def post_annex(*, actor: Any, contract: Contract) -> None:
    """Post the price of an annex that everybody has signed, as source `annex.<id>`: called again it changes nothing.

    Events CHARGE_POSTED | DISCOUNT_GIVEN. Refusal contract.closed when it takes away more than is charged by now.
    """
    total = sum(line["total_minor"] for line in contract.data["lines"])
    account: Account | None = contract.order.account
    if contract.parent_id is None or not total or account is None:
        return
    source = f"annex.{contract.pk}"
    if total > 0:
        title = f"{contract.title} {contract.number}"
        money.charge(account=account, source=source, lines=contract.data["lines"], title=title, actor=actor)
        return
    try:
        # the house agrees to it, whose limit was looked at when it was composed
        money.give_discount(actor=None, account=account, amount_minor=-total, reason=contract.title, source=source)
    except Refusal as refusal:
        raise Refusal("contract.closed", state=contract.state) from refusal
