"""What customers are told about money."""

from typing import Any

from django.conf import settings
from django.urls import get_script_prefix, reverse

from core.finance.models import Account, Payment
from core.finance.tries import top_up_of
from core.messaging.enums import Route, Template
from core.messaging.services import queue_message
from tenants.context import current_studio


def bill_link(account: Account) -> str:
    """The customer's bill, or the page of their top-up, as it can be sent."""
    name = "portal:bill" if top_up_of(account) is None else "portal:top-up"
    path = reverse(name, args=[account.code], urlconf="config.urls_customer")
    path = path.removeprefix(get_script_prefix().rstrip("/"))
    return f"{settings.PLATFORM_URL}/s/{current_studio().slug}{path}"


def thank(account: Account, payment: Payment) -> None:
    """A receipt by message, for money that came without anybody of the studio."""
    facts = {"amount_minor": payment.amount_minor, "receipt": payment.receipt}
    message(account, Template.PAYMENT_RECEIVED, f"payment-received.{payment.receipt}", **facts)


def message(account: Account, template: str, key: str, **facts: Any) -> None:
    """Queue a message to the account's customer, with name, order, currency and the link to the bill."""
    studio, customer = current_studio(), account.customer
    told = {
        "studio": studio.name, "name": customer.name, "title": account.title, "currency": account.currency,
        "link": bill_link(account),
    }  # fmt: skip
    queue_message(
        route=Route.SMS,
        template=template,
        to=customer.phone,
        language=customer.language or studio.language,
        facts={**told, **facts},
        dedupe_key=key,
    )
