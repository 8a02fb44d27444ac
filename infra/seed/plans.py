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

SECONDS, DAYS = 20, 30
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
    """The use of the last thirty days: growing towards what is used now."""
    now = {meter.name: meter.used for meter in meters_of(studio)}
    today = clock.today(studio.timezone)
    steady = {name: now[name] for name in ("branches", "seats")}
    with in_public():
        for ago in range(DAYS, 0, -1):
            share = 1 - ago / (DAYS * 1.6)
            grown = {name: int(now[name] * share) for name in ("storage_bytes", "messages")}
            UsageDay.objects.update_or_create(
                studio_id=studio.pk, day=today - dt.timedelta(days=ago), defaults=steady | grown
            )


def _ends(studio: Any, away: dt.timedelta) -> None:
    subscribing.begin_trial(studio=studio)
    with in_public():
        Subscription.objects.filter(studio=studio).update(trial_ends_at=clock.now() + away)
