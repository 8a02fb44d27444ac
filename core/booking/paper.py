"""The contract of a booking, asked of core.contracts by its names."""

from typing import Any

from django.db import transaction
from django.urls import reverse

from core.contracts import selectors
from core.contracts.enums import OPEN, STANDING, ContractState
from core.contracts.models import Contract
from core.contracts.services import compose_contract, send_contract, withdraw
from core.orders.models import Order


@transaction.atomic
def prepare(*, actor: Any, order: Order) -> Contract:
    """Compose the order's contract and put it before those who sign. Harmless when one stands already, but for one that
    nobody has signed and that names another day: a new one takes its place.

    Refusals as core.contracts.services.compose_contract.
    """
    standing = selectors.contract_of(order)
    if standing is None or standing.state not in STANDING or _is_stale(standing, order):
        standing = compose_contract(actor=actor, order=order)
    if standing.state == ContractState.DRAFT:
        send_contract(actor=actor, contract=standing)
    return standing


def _is_stale(contract: Contract, order: Order) -> bool:
    day = order.shoot_on.isoformat() if order.shoot_on else ""
    return contract.state in OPEN and contract.data["order"]["shoot_on"] != day


def give_up(*, actor: Any, order: Order, reason: str) -> None:
    """Withdraw what nobody has signed yet; what is signed stays as it is."""
    for contract in Contract.objects.filter(order=order, state__in=sorted(OPEN)):
        withdraw(actor=actor, contract=contract, reason=reason)


def is_signed(order: Order) -> bool:
    """Whether everybody has signed who was asked."""
    return selectors.is_signed(order)


def reading_url(order: Order, customer: Any) -> str:
    """Where this customer reads and signs; "" while there is nothing to read."""
    waiting = selectors.waiting_for(customer, order)
    contract = waiting.contract if waiting else selectors.contract_of(order)
    return reverse("portal:contract", args=[contract.code]) if contract and contract.sent_at else ""
