"""Asking politely for what is due (R056)."""

from typing import Any

from django.db import transaction

from core.finance.ledger import held
from core.finance.models import Account
from core.finance.selectors import due_minor
from core.finance.telling import message
from core.kernel import clock, events
from core.kernel.errors import Refusal
from core.messaging.enums import Template
from core.messaging.selectors import refuse_without_sms


@transaction.atomic
def remind(*, actor: Any, account: Account) -> int:
    """Send the customer a polite request with the amount due (or all that is owed) and the link to pay; once a day.

    Answers the amount. Records DEBT_REMINDED. Refusal pay.nothing_owed | remind.today | plan.messages(limit).
    """
    refuse_without_sms()
    account = held(account)
    amount = due_minor(account) or account.owed_minor
    if amount <= 0:
        raise Refusal("pay.nothing_owed")
    today = clock.today(account.branch.timezone)
    said = events.Event.objects.filter(
        thread=account.thread, kind=events.Kind.DEBT_REMINDED, at__gte=clock.day_start(today, account.branch.timezone)
    )
    if said.exists():
        raise Refusal("remind.today")
    message(account, Template.PAYMENT_DUE, f"payment-due.{account.pk}.{today}", amount_minor=amount)
    money: dict[str, Any] = {"price_minor": amount, "currency": account.currency}
    events.record(events.Kind.DEBT_REMINDED, account, actor, **money)
    return amount
