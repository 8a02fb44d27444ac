"""The money of a top-up has come: on the card once, or back."""

from typing import Any

from core.finance.enums import ChargeKind, Purse, TopUpState
from core.finance.models import Account, Payment, TopUp
from core.finance.services.charging import charge, line
from core.finance.tries import top_up_of
from core.finance.values import add_entry, held_balances, insist_on_cap
from core.kernel import clock, events
from core.kernel.errors import Refusal


def hold_card(account: Account) -> TopUp | None:
    """The top-up of a locked account, its customer's balances locked before any day's book; None for a sale."""
    top_up = top_up_of(account)
    if top_up is not None:
        held_balances(account.customer)
    return top_up


def put_on_card(account: Account, top_up: TopUp, payment: Payment) -> None:
    """The money of a top-up has come, and the card is held: as much as was asked for goes on it, the gift when all of
    it came. What the card cannot take (it is full, the top-up was given up, it was paid already) is charged to nobody,
    so it goes back by itself. Records VALUE_BOUGHT or VALUE_DECLINED.
    """
    account.ended_at = account.ended_at or clock.now()
    account.save(update_fields=["ended_at"])
    principal = min(payment.amount_minor, top_up.principal_minor)
    gift = top_up.gift_minor if principal == top_up.principal_minor else 0
    refused = _why_not(account, top_up, principal)
    money: dict[str, Any] = {"price_minor": principal, "currency": account.currency}
    if refused:
        if top_up.state == TopUpState.ASKED:
            _set_state(top_up, TopUpState.BACK)
        events.record(events.Kind.VALUE_DECLINED, account, None, code=refused, **money)
        return
    charge(account=account, source="top_up", lines=[line("@top_up", principal)], kind=ChargeKind.TOP_UP, tell=False)
    card: dict[str, Any] = {"customer": account.customer, "branch": account.branch, "note": account.code}
    for purse, amount in ((Purse.PRINCIPAL, principal), (Purse.GIFT, gift)):
        if amount:
            add_entry(**card, purse=purse, amount=amount, source=f"topup.{top_up.pk}")
    top_up.done_at = clock.now()
    _set_state(top_up, TopUpState.DONE)
    told: dict[str, Any] = {"method": payment.method, "receipt": payment.receipt, "gift_minor": gift}
    events.record(events.Kind.VALUE_BOUGHT, account, account.customer, **money, **told)


def _why_not(account: Account, top_up: TopUp, principal: int) -> str:
    """Why the card does not take this money; "" when it does."""
    if top_up.state != TopUpState.ASKED:
        return "over" if top_up.state == TopUpState.OVER else "twice"
    try:
        insist_on_cap(held_balances(account.customer), principal)
    except Refusal:
        return "cap"
    return ""


def _set_state(top_up: TopUp, state: str) -> None:
    top_up.state = state
    top_up.save(update_fields=["state", "done_at"])
