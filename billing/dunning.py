"""The daily look at each subscription: read again, metered, its owner told what is due. Dates decide, not this job."""

import logging
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from billing.exchange import PayRefused, PayUnreachable
from billing.metering import STAYS, Meter, meters_of
from billing.models import Subscription, UsageDay
from billing.selectors import late_reviews
from billing.standing import letter_due
from billing.subscribing import refresh, row_of
from tenants.context import in_public, in_studio

log = logging.getLogger(__name__)


def review(*, studio: Any, now: Any = None) -> None:
    """Once a day for every studio; harmless when repeated. What Stripe cannot say today is read tomorrow."""
    now = now or timezone.now()
    row = _read(studio)
    meters = meters_of(studio)
    with in_public():
        used = {each.name: each.used for each in meters}
        UsageDay.objects.update_or_create(studio_id=studio.pk, day=now.date(), defaults=used)
    remind(row, studio=studio, now=now)
    for meter in meters:
        _tell_of(studio, meter, f"{now:%Y%m}")
    with in_public():
        Subscription.objects.filter(pk=row.pk).update(reviewed_at=now)


def remind(row: Subscription, *, studio: Any, now: Any = None) -> None:
    """The letter that is due by what the row says, once: by the daily review, and at once when Stripe has told news."""
    letter = letter_due(row, now or timezone.now())
    if letter:
        write(studio, letter.template, letter.key, day=letter.day.date().isoformat(), plan=row.plan.title)


def write(studio: Any, template: str, key: str, **facts: Any) -> None:
    """A letter to the studio's owners, once for each key."""
    with in_studio(studio):
        import_string(settings.OWNER_LETTERS)(template=f"plan_{template}", key=f"plan.{key}", facts=facts)


def alarm() -> int:
    """How many studios the review has missed; said aloud when there are any."""
    late = late_reviews()
    if late:
        log.error("the daily billing review is late for %s studios: is a worker running the queue `bulk`?", late)
    return late


def _read(studio: Any) -> Subscription:
    try:
        return refresh(studio=studio)
    except (PayRefused, PayUnreachable) as trouble:
        log.warning("subscription of %s not read today: %s", studio.schema_name, trouble)
        return row_of(studio)


def _tell_of(studio: Any, meter: Meter, month: str) -> None:
    """At four fifths and when it is used up: once in a month for messages, once in a year for what stays. The one
    branch of a plan for one branch is no news.
    """
    if not meter.is_near or meter.limit == 1:
        return
    when = month[:4] if meter.name in STAYS else month
    level = "full" if meter.is_full else "near"
    facts = {"meter": meter.name, "used": meter.used, "limit": meter.limit}
    write(studio, f"usage_{level}", f"usage.{meter.name}.{level}.{meter.limit}.{when}", **facts)
