"""A customer tops their card up by a pay route: asked for, given up."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from core.finance.enums import TopUpState
from core.finance.ledger import held
from core.finance.models import Account, GiftTier, TopUp
from core.finance.tries import withdraw_spent
from core.finance.values import held_balances, insist_on_cap
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
    row.state = TopUpState.OVER
    row.save(update_fields=["state"])
    account.ended_at = clock.now()
    account.save(update_fields=["ended_at"])
    withdraw_spent(account, None)
    money: dict[str, Any] = {"price_minor": row.principal_minor, "currency": account.currency}
    events.record(events.Kind.VALUE_DECLINED, account, customer, code="over", **money)
    return row
