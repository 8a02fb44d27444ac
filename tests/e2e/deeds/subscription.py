"""Time and letters of a studio's subscription."""

import datetime as dt
from typing import Any

from tests.e2e.deeds.house import inside


def catalogue() -> None:
    """The plans at Stripe."""
    from billing import catalog

    catalog.sync()


def review(studio: str, days: int = 0) -> list[str]:
    """The daily review as it would run so many days from now; the templates of all letters so far."""
    from django.utils import timezone

    from billing import dunning
    from core.messaging.models import OutboxMessage
    from tenants.context import current_studio

    with inside(studio):
        dunning.review(studio=current_studio(), now=timezone.now() + dt.timedelta(days=days))
        found = OutboxMessage.objects.filter(template__startswith="plan_").order_by("pk")
        return list(found.values_list("template", flat=True))


def subscription(studio: str) -> dict[str, Any]:
    from billing.selectors import standing_of, subscription_of
    from tenants.context import current_studio

    with inside(studio):
        row = subscription_of(current_studio())
        assert row is not None
        standing = standing_of(current_studio())
        return {"customer": row.customer_ref, "plan": row.plan.code, "state": row.state, "standing": standing.state}
