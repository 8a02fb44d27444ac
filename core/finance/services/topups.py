"""A customer tops their card up by a pay route: asked for, put on the card once, given up."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from core.finance.enums import ChargeKind, Purse, TopUpState
from core.finance.ledger import held
from core.finance.models import Account, GiftTier, Payment, TopUp
from core.finance.services.charging import charge, line
from core.finance.tries import top_up_of, withdraw_spent
from core.finance.values import add_entry, held_balances, insist_on_cap
from core.kernel import clock, codes, events
from core.kernel.errors import Refusal
from tenants.context import current_studio

SAME_WISH = dt.timedelta(minutes=30)


@transaction.atomic
def ask_top_up(
    *, customer: Any, branch: Any, least_minor: int, gift_minor: int, title: str, terms: Sequence[str]
) -> TopUp:
    """Begin a top-up of exactly an offer, with books of its own: nothing is owed, `start_payment` asks for it.

    `gift_minor` is what was shown and must still be right; `terms` are the sentences that were agreed to. The same wish
    within half an hour is the same top-up. Records VALUE_ASKED. Refusal offer.changed | value.cap(price_minor).
    """
    balances = held_balances(customer)
    offer = GiftTier.objects.filter(least_minor=least_minor, is_offered=True).first()
    if offer is None or offer.gift_minor != gift_minor:
        raise Refusal("offer.changed")
    insist_on_cap(balances, least_minor)
    now, money = clock.now(), {"principal_minor": least_minor, "gift_minor": gift_minor}
    mine = TopUp.objects.filter(account__customer=customer, account__branch=branch, state=TopUpState.ASKED, **money)
    known: TopUp | None = mine.filter(asked_at__gt=now - SAME_WISH).select_related("account").first()
    if known is not None:
        return known
    currency = current_studio().currency
    account = Account.objects.create(
        code=f"{branch.code}-V-{codes.random_code(8).upper()}"[:20], title=title[:80], customer=customer, branch=branch,
        currency=currency, thread=f"value.{customer.pk}", opened_at=now,
    )  # fmt: skip
    made = TopUp.objects.create(account=account, terms=list(terms), asked_at=now, **money)
    told: dict[str, Any] = {"price_minor": least_minor, "gift_minor": gift_minor, "currency": currency}
    events.record(events.Kind.VALUE_ASKED, account, customer, **told)
    return made


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
    card = {"customer": account.customer, "branch": account.branch, "note": account.code}
    for purse, amount in ((Purse.PRINCIPAL, principal), (Purse.GIFT, gift)):
        if amount:
            add_entry(**card, purse=purse, amount=amount, source=f"topup.{top_up.pk}")
    top_up.done_at = clock.now()
    _set_state(top_up, TopUpState.DONE)
    told = {"method": payment.method, "receipt": payment.receipt, "gift_minor": gift}
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


@transaction.atomic
def give_up_top_up(*, customer: Any, top_up: TopUp) -> TopUp:
    """The customer does not want it any more: providers are asked to take nothing, and what comes all the same goes
    back. Harmless when repeated. Records VALUE_DECLINED. Refusal top_up.done: it is on the card.
    """
    account = held(top_up.account)
    row = TopUp.objects.get(pk=top_up.pk)
    if row.state == TopUpState.DONE:
        raise Refusal("top_up.done")
    if row.state != TopUpState.ASKED:
        return row
    _set_state(row, TopUpState.OVER)
    account.ended_at = clock.now()
    account.save(update_fields=["ended_at"])
    withdraw_spent(account, None)
    money: dict[str, Any] = {"price_minor": row.principal_minor, "currency": account.currency}
    events.record(events.Kind.VALUE_DECLINED, account, customer, code="over", **money)
    return row
