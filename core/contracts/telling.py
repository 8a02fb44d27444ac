"""Messages about contracts, and the address under which one is read."""

from typing import Any

from core.contracts.models import Contract, ContractSigner
from core.kernel import clock
from core.kernel.links import portal_link
from core.messaging.enums import Template
from core.messaging.services import tell_customer


def reading_link(contract: Contract) -> str:
    """The contract on a phone, also inside WeChat."""
    return portal_link("portal:contract", contract.code)


def proving_link(contract: Contract) -> str:
    """Where anybody can prove the contract's file: printed on its certificate."""
    return portal_link("portal:proof", contract.code)


def tell(signer: ContractSigner, template: Template, key: str, **facts: Any) -> None:
    """Queue a message to somebody who signs; `key` makes a repeated verb send once."""
    contract = signer.contract
    until = (
        contract.expires_at.astimezone(clock.zone(contract.order.branch.timezone)).date()
        if contract.expires_at
        else None
    )
    told = {
        "name": signer.name,
        "number": contract.number,
        "title": contract.title,
        "price_minor": contract.data["order"]["price_minor"],
        "currency": contract.data["order"]["currency"],
        "until": until.isoformat() if until else "",
        "link": reading_link(contract),
    }
    tell_customer(
        customer=signer.customer,
        template=template,
        **{**told, **facts},
        dedupe_key=f"{template}.{signer.pk}.{key}",
    )
