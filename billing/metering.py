"""How much of its plan a studio uses: asked of the rooms that own the things (settings.USAGE_METERS), by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from billing.models import Plan
from billing.selectors import Entitlements, entitlements_of, limits_of
from tenants.context import in_studio

NEAR = 0.8
STAYS = ("branches", "seats", "storage_bytes")  # what a smaller plan has to have room for; messages begin anew


@dataclass(frozen=True, slots=True)
class Meter:
    """One limit. `name` is that of the limit in Entitlements."""

    name: str
    used: int
    limit: int

    @property
    def share(self) -> float:
        return self.used / self.limit if self.limit else 1.0

    @property
    def is_near(self) -> bool:
        return self.share >= NEAR

    @property
    def is_full(self) -> bool:
        return self.used >= self.limit

    @property
    def over(self) -> int:
        """What has to go before this limit is kept."""
        return max(0, self.used - self.limit)


def meter(studio: Any, name: str) -> Meter:
    """One limit of the studio and its use."""
    return Meter(name, _used(studio, name), getattr(entitlements_of(studio), name))


def meters_of(studio: Any) -> list[Meter]:
    """All limits, in the order they are shown; one small question to each room."""
    limits = entitlements_of(studio)
    return [Meter(name, _used(studio, name), getattr(limits, name)) for name in settings.USAGE_METERS]


def in_the_way(studio: Any, plan: Plan, used: Mapping[str, int] | None = None) -> list[Meter]:
    """What must go before the studio fits into the plan; empty when it does. Nothing is ever deleted for it."""
    limits: Entitlements = limits_of(plan)
    found = [
        Meter(name, used[name] if used else _used(studio, name), getattr(limits, name))
        for name in settings.USAGE_METERS
        if name in STAYS
    ]
    return [each for each in found if each.over]


def _used(studio: Any, name: str) -> int:
    with in_studio(studio):
        return int(import_string(settings.USAGE_METERS[name])())
