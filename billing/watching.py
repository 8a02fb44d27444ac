"""What must not go unnoticed: no worker, work that waits, reviews that are missing, a catalogue that drifted.

Asked by page workers (`/hooks/status`, the operators' page), so that it tells of a job worker that is gone.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import timezone

from billing.models import CatalogCheck
from billing.selectors import late_reviews
from tenants import queue
from tenants.context import in_public

CHECK_LATE = dt.timedelta(hours=50)  # two daily looks missed: Stripe may be silent for one


def last_check() -> CatalogCheck | None:
    """The newest look at Stripe's catalogue."""
    with in_public():
        return CatalogCheck.objects.order_by("-at", "-pk").first()


def catalogue_trouble(now: dt.datetime | None = None) -> str:
    """Nothing, `drift` (the newest look that succeeded found differences) or `unchecked` (none did for two days)."""
    if not settings.STRIPE_SECRET_KEY:
        return ""
    with in_public():
        seen = CatalogCheck.objects.filter(fault="").order_by("-at", "-pk").first()
    if seen is None or seen.at < (now or timezone.now()) - CHECK_LATE:
        return "unchecked"
    return "drift" if seen.found else ""


def troubles(now: dt.datetime | None = None) -> list[str]:
    """What is wrong, in words without figures (strangers may ask): no-worker · jobs-late · reviews-late ·
    catalogue-drift · catalogue-unchecked. Empty: all is well.
    """
    found: dict[str, Any] = {
        "no-worker": queue.is_silent(now),
        "jobs-late": queue.has_late(now),
        "reviews-late": late_reviews(now),
    }
    catalogue = catalogue_trouble(now)
    return [name for name, is_so in found.items() if is_so] + ([f"catalogue-{catalogue}"] if catalogue else [])
