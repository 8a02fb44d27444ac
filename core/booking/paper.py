"""The contract of a booking, asked of core.contracts by its names."""

from typing import Any

from core.orders.models import Order


def prepare(*, actor: Any, order: Order) -> Any:
    """Compose the order's contract and send it to sign."""
    raise NotImplementedError


def is_signed(order: Order) -> bool:
    """Whether every signature that binds the customer is there."""
    raise NotImplementedError
