"""What the demo's studios pay: the first a plan that a card renews, with its invoice and a month's use; the second is
in its trial.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import requests
from django.conf import settings

from billing import catalog, subscribing
from billing.exchange import PayRefused, PayUnreachable
from billing.metering import meters_of
from billing.models import Plan, Subscription, UsageDay
from core.kernel import clock
from infra.fakes.app import STRIPE_KEY
from tenants.context import in_public

SECONDS, DAYS = 20, 340
LEFT = dt.timedelta(days=9)


def subscribe(studio: Any, actor: Any, say: Callable[[str], None]) -> None:
    """The chain's plan, paid today on the fake's Checkout. With real keys in the environment nothing is made up."""
    if settings.STRIPE_SECRET_KEY != STRIPE_KEY:
        return
    _ends(studio, -LEFT)
    try:
        catalog.sync()
        with in_public():
            plan = Plan.objects.get(code="chain")
        url = subscribing.subscribe(
            actor=actor, studio=studio, plan=plan, interval="month", urls=(studio.url, studio.url)
        )
        requests.post(url, data={"act": "pay"}, timeout=SECONDS, allow_redirects=False).raise_for_status()
        subscribing.refresh(studio=studio)
    except (PayRefused, PayUnreachable, requests.RequestException) as error:
        _ends(studio, LEFT)
        say(f"  {studio.name}: no subscription ({error})")
    else:
        say(f"  {studio.name}: subscribed")


def on_trial(studio: Any) -> None:
    """With nine days left."""
    _ends(studio, LEFT)


def use(studio: Any) -> None:
    """The use of a year: growing towards what is used now; messages begin anew every month."""
    now = {meter.name: meter.used for meter in meters_of(studio)}
    today = clock.today(studio.timezone)
    with in_public():
        UsageDay.objects.filter(studio_id=studio.pk).delete()
        UsageDay.objects.bulk_create(
            _used(studio, now, today - dt.timedelta(days=ago), 1 - ago / (DAYS * 1.2)) for ago in range(DAYS, 0, -1)
        )


def _used(studio: Any, now: dict[str, int], day: dt.date, share: float) -> UsageDay:
    """One day, when the studio was `share` of what it is now."""
    return UsageDay(
        studio_id=studio.pk,
        day=day,
        branches=max(1, round(now["branches"] * share)),
        seats=max(1, round(now["seats"] * share)),
        storage_bytes=int(now["storage_bytes"] * share),
        messages=int((40 + now["messages"]) * share * day.day / 28),
    )


def _ends(studio: Any, away: dt.timedelta) -> None:
    subscribing.begin_trial(studio=studio)
    with in_public():
        Subscription.objects.filter(studio=studio).update(trial_ends_at=clock.now() + away)
