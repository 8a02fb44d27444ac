"""Messages about contracts, and the address under which one is read."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from core.contracts.models import Contract, ContractSigner
from core.kernel import clock
from core.messaging.enums import Route, Template
from core.messaging.services import queue_message
from tenants.context import current_studio


def reading_link(contract: Contract) -> str:
    """The contract on a phone, also inside WeChat."""
    return _link("portal:contract", contract.code)


def proving_link(contract: Contract) -> str:
    """Where anybody can prove the contract's file: printed on its certificate."""
    return _link("portal:proof", contract.code)


def _link(name: str, code: str) -> str:
    path = reverse(name, args=[code], urlconf="config.urls_customer")
    return f"{settings.PLATFORM_URL}/s/{current_studio().slug}{path}"


def tell(signer: ContractSigner, template: Template, key: str, **facts: Any) -> None:
    """Queue a message to somebody who signs; `key` makes a repeated verb send once."""
    contract, studio = signer.contract, current_studio()
    until = (
        contract.expires_at.astimezone(clock.zone(contract.order.branch.timezone)).date()
        if contract.expires_at
        else None
    )
    queue_message(
        route=Route.SMS,
        template=template,
        to=signer.customer.phone,
        language=signer.customer.language or studio.language,
        facts={
            "studio": studio.name,
            "name": signer.name,
            "number": contract.number,
            "title": contract.title,
            "price_minor": contract.data["order"]["price_minor"],
            "currency": contract.data["order"]["currency"],
            "until": until.isoformat() if until else "",
            "link": reading_link(contract),
            **facts,
        },
        dedupe_key=f"{template}.{signer.pk}.{key}",
    )
