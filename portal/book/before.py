"""What an order's page says about the time before the shoot."""

from dataclasses import dataclass

from core.booking.models import Brief, ShootingPlan
from core.booking.selectors import brief_of, shown_plan
from core.booking.services.briefs import OPEN_STAGES, may_be_sent
from core.orders.enums import Stage
from core.orders.models import Order


@dataclass(frozen=True, slots=True)
class Before:
    """Wishes and plan; `asks`: wishes may still be sent. Nothing of it is shown once the shoot is over."""

    brief: Brief | None = None
    plan: ShootingPlan | None = None
    asks: bool = False

    @property
    def is_shown(self) -> bool:
        return self.asks or self.plan is not None


def before_of(order: Order) -> Before:
    """Two queries until the shoot, none afterwards."""
    if order.stage not in {*OPEN_STAGES, Stage.SHOOT}:
        return Before()
    return Before(brief_of(order), shown_plan(order), may_be_sent(order))
