"""The card's holder pays their own bill, on the phone."""

from functools import partial
from typing import Any

from core.finance.models import Account, Payment
from core.finance.services.values import pay_from_value
from core.finance.values import balances_of, parts_of
from core.kernel.errors import Refusal
from core.messaging.enums import Template
from core.messaging.services import queue_act_code
from core.people import login
from core.people.enums import CodePurpose


def request_paying_code(*, customer: Any, account: Account, address: str) -> None:
    """Send a code to the phone of the card's holder. Refusal code.too_often(wait)."""
    deliver = partial(queue_act_code, template=Template.PAYING_CODE, number=account.code)
    login.request_code(phone=customer.phone, address=address, deliver=deliver, purpose=CodePurpose.PAYING)


def pay_own_bill(
    *, customer: Any, account: Account, amount_minor: int, code: str, address: str, once: str = ""
) -> Payment:
    """The card's holder pays their own bill with it, on the phone: `code` came to that phone for this.

    What cannot be done costs no code. Never inside a transaction, because a wrong code counts. Records
    PAYMENT_RECEIVED. Refusal value.foreign (somebody else's bill), those of `pay_from_value`, of `login.prove_phone`.
    """
    if account.customer_id != customer.pk:
        raise Refusal("value.foreign")
    known: Payment | None = account.payments.filter(once=once).first() if once else None
    if known is not None:
        return known
    if not 0 < amount_minor <= account.owed_minor:
        raise Refusal("pay.nothing_owed")
    parts_of(balances_of(customer), amount_minor)
    login.prove_phone(phone=customer.phone, code=code, address=address, purpose=CodePurpose.PAYING)
    return pay_from_value(actor=customer, account=account, amount_minor=amount_minor, once=once)
