"""Two small studios in trouble: one whose card failed (days of grace), one that never paid after its trial (read-only).

Stripe's time is turned back for the first, so that its month, its failed card and its invoices lie in the past.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

import requests
from django.conf import settings

from billing import dunning, subscribing
from billing.exchange import PayRefused, PayUnreachable
from billing.models import Bill, Plan, Subscription
from core.kernel import clock
from infra.fakes.app import STRIPE_KEY
from infra.seed import cast
from infra.seed.plans import SECONDS
from tenants.accounts.models import User
from tenants.context import in_public, in_studio
from tenants.models import Studio
from tenants.services import open_studio

FAILED = {
    "slug": "shiguang",
    "name": "拾光小筑",
    "owner": "许清如",
    "username": "xuqingru",
    "branch": "老街店",
    "phone": "+8613800002620",
}
UNPAID = {
    "slug": "heye",
    "name": "荷叶儿童摄影",
    "owner": "方圆",
    "username": "fangyuan",
    "branch": "文化路店",
    "phone": "+8613800002621",
}
BACK, MONTH_AND_DAY = 36, 31.5  # days


def tell(say: Callable[[str], None]) -> None:
    """Open both. With real keys in the environment nothing is made up."""
    _never_paid()
    if settings.STRIPE_SECRET_KEY == STRIPE_KEY:
        try:
            _card_failed()
        except (PayRefused, PayUnreachable, requests.RequestException) as error:
            say(f"  {FAILED['name']}: no subscription ({error})")
    say("two studios in trouble: a card that failed, a trial that is over")


def described() -> list[dict[str, str]]:
    """For demo.json."""
    known = {one["slug"]: one for one in (FAILED, UNPAID)}
    with in_public():
        rows = list(Studio.objects.filter(slug__in=known).order_by("pk"))
    return [
        {
            "name": studio.name,
            "url": f"{studio.url}/",
            "standing": "grace" if known[studio.slug] is FAILED else "read-only",
            "username": known[studio.slug]["username"],
            "password": cast.PASSWORD,
        }
        for studio in rows
    ]


def _open(told: dict[str, str]) -> Any:
    return open_studio(
        name=told["name"], slug=told["slug"], branch_name=told["branch"], owner_name=told["owner"],
        owner_username=told["username"], owner_password=cast.PASSWORD, owner_phone=told["phone"],
    )  # fmt: skip


def _never_paid() -> None:
    studio = _open(UNPAID)
    with in_public():
        ended = clock.now() - dt.timedelta(days=4)
        Subscription.objects.filter(studio=studio).update(trial_ends_at=ended)
    dunning.review(studio=studio)


def _card_failed() -> None:
    studio, now = _open(FAILED), clock.now()
    with in_public():
        plan = Plan.objects.get(code="solo")
        Subscription.objects.filter(studio=studio).update(trial_ends_at=now - dt.timedelta(days=BACK))
    with in_studio(studio):
        owner = User.objects.get(username=FAILED["username"])
    _stripe("advance", days=-BACK)
    try:
        urls = (studio.url, studio.url)
        page = subscribing.subscribe(actor=owner, studio=studio, plan=plan, interval="month", urls=urls)
        requests.post(page, data={"act": "pay"}, timeout=SECONDS, allow_redirects=False).raise_for_status()
        customer = subscribing.refresh(studio=studio).customer_ref
        _stripe("card", customer=customer, card="bad")
        _stripe("advance", days=MONTH_AND_DAY)
        _stripe("advance", days=BACK - MONTH_AND_DAY)
    finally:
        _stripe("today")
    subscribing.refresh(studio=studio)
    with in_public():
        bill = Bill.objects.filter(studio=studio).order_by("-issued_at").first()
        Subscription.objects.filter(studio=studio).update(past_due_since=bill.issued_at if bill else now)
    dunning.review(studio=studio)


def _stripe(path: str, **told: Any) -> None:
    requests.post(f"{settings.STRIPE_API_BASE}/_control/{path}", json=told, timeout=SECONDS).raise_for_status()
