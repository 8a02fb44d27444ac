"""What customers are told about money."""

from typing import Any

from core.finance.models import Account, Payment
from core.finance.tries import top_up_of
from core.kernel.links import portal_link
from core.messaging.enums import Template
from core.messaging.services import tell_customer


def bill_link(account: Account) -> str:
    """The customer's bill, or the page of their top-up, as it can be sent."""
    return portal_link("portal:bill" if top_up_of(account) is None else "portal:top-up", account.code)


def thank(account: Account, payment: Payment) -> None:
    """A receipt by message, for money that came without anybody of the studio."""
    facts = {"amount_minor": payment.amount_minor, "receipt": payment.receipt}
    message(account, Template.PAYMENT_RECEIVED, f"payment-received.{payment.receipt}", **facts)


def message(account: Account, template: str, key: str, **facts: Any) -> None:
    """Queue a message to the account's customer, with name, order, currency and the link to the bill."""
    told = {"title": account.title, "currency": account.currency, "link": bill_link(account)}
    tell_customer(customer=account.customer, template=template, dedupe_key=key, **{**told, **facts})
