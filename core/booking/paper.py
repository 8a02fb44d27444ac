"""The contract of a booking, asked of core.contracts by its names."""

from typing import Any

from django.urls import reverse

from core.orders.models import Order


def prepare(*, actor: Any, order: Order) -> Any:
    """Compose the order's contract and put it before those who sign. Harmless when one stands already."""


def is_signed(order: Order) -> bool:
    """Whether everybody has signed who was asked."""
    return bool(order.progress.get("contract_signed"))


def reading_url(order: Order, customer: Any) -> str:
    """Where this customer reads and signs; "" when nothing waits for them."""
    return reverse("portal:order", args=[order.code])
