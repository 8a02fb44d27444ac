"""Questions about what a studio may use."""

from dataclasses import dataclass
from typing import Any

from billing.models import GIB, Subscription
from tenants.context import in_public


@dataclass(frozen=True, slots=True)
class Entitlements:
    """Limits of a studio: whole numbers, bytes for storage."""

    branches: int
    seats: int
    storage_bytes: int


TRIAL = Entitlements(branches=5, seats=30, storage_bytes=50 * GIB)


def entitlements_of(studio: Any) -> Entitlements:
    """What the studio may use now: its plan's limits, or the trial's when it has not subscribed."""
    with in_public():
        subscription = Subscription.objects.select_related("plan").filter(studio_id=studio.pk).first()
    if subscription is None:
        return TRIAL
    plan = subscription.plan
    return Entitlements(plan.branches, plan.seats, plan.storage_bytes)
