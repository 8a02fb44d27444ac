"""Questions about what a studio may use, and about its pay routes. Answers are lists and rows, never querysets."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.db.models.functions import TruncMonth
from django.utils import timezone

from billing.enums import NoticeKind, NoticeState, PayRoute
from billing.exchange import PayRefused
from billing.models import GIB, Bill, MerchantAccount, Notice, Plan, Subscription, UsageDay
from billing.standing import OPEN, Standing, standing_of_row
from tenants.context import in_public
from tenants.models import Studio

REVIEW_LATE = dt.timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Entitlements:
    """Limits of a studio: whole numbers, bytes for storage, SMS of a calendar month."""

    branches: int
    seats: int
    storage_bytes: int
    messages: int = 0


TRIAL = Entitlements(branches=5, seats=30, storage_bytes=50 * GIB, messages=200)


def subscription_of(studio: Any) -> Subscription | None:
    """The studio's row with its plan. A request's studio brings it along (tenants.directory), at most two seconds old:
    no query then.
    """
    if studio.brings:
        return getattr(studio, "subscription", None)
    return _row(studio)


def _row(studio: Any) -> Subscription | None:
    with in_public():
        return Subscription.objects.select_related("plan").filter(studio_id=studio.pk).first()


def entitlements_of(studio: Any) -> Entitlements:
    """What the studio may use now: its plan's limits, or the trial's when it has not subscribed. Asked once in a
    request, and then remembered on its own copy of the studio; elsewhere (jobs, sockets) asked each time.
    """
    known: Entitlements | None = studio.limits
    if known is not None:
        return known
    found = _row(studio)
    limits = limits_of(found.plan) if found else TRIAL
    if studio.brings:
        studio.limits = limits
    return limits


def limits_of(plan: Plan) -> Entitlements:
    return Entitlements(plan.branches, plan.seats, plan.storage_bytes, plan.messages)


def standing_of(studio: Any, now: dt.datetime | None = None) -> Standing:
    """How the studio stands with us now. Nobody is asked but the local row."""
    found = subscription_of(studio)
    return standing_of_row(found, now or timezone.now()) if found else OPEN


def plans_on_offer() -> list[Plan]:
    """The public catalogue, in its order."""
    with in_public():
        return list(Plan.objects.filter(is_offered=True).order_by("position", "pk"))


def bills_of(studio: Any, limit: int = 24) -> list[Bill]:
    """What we asked the studio to pay, newest first."""
    with in_public():
        return list(Bill.objects.filter(studio_id=studio.pk).order_by("-issued_at", "-pk")[:limit])


def usage_days(studio: Any, since: dt.date) -> list[UsageDay]:
    with in_public():
        return list(UsageDay.objects.filter(studio_id=studio.pk, day__gte=since).order_by("day"))


def usage_months(studio: Any, since: dt.date) -> dict[dt.date, dict[str, int]]:
    """First day of the month → the most that was used on a day of it, by limit. One query."""
    limits = ("branches", "seats", "storage_bytes", "messages")
    with in_public():
        rows: Any = (
            UsageDay.objects.filter(studio_id=studio.pk, day__gte=since)
            .annotate(month=TruncMonth("day"))
            .values("month")
            .annotate(**{f"most_{name}": Max(name) for name in limits})
        )
        return {row["month"]: {name: row[f"most_{name}"] for name in limits} for row in rows}


def late_reviews(now: dt.datetime | None = None) -> int:
    """Active studios that the daily review has not seen for more than a day: it must be 0 (hooks.billing_status)."""
    before = (now or timezone.now()) - REVIEW_LATE
    with in_public():
        seen = Subscription.objects.filter(reviewed_at__gte=before).values("studio_id")
        return int(Studio.objects.active().filter(created_at__lt=before).exclude(pk__in=seen).count())


def wechat_provides() -> bool:
    """Whether this platform is a service provider (服务商) of WeChat Pay, so that studios need no keys of their own."""
    return all(settings.WECHAT_SP.values())


def wechat_has_app() -> bool:
    """Whether customers of studios under the platform can pay inside WeChat by the platform's own official account."""
    return wechat_provides() and bool(settings.WECHAT_SP_APP_SECRET)


def accounts_of(studio: Any) -> dict[str, MerchantAccount]:
    """The studio's merchant accounts by route, set up or half set up."""
    with in_public():
        found = MerchantAccount.objects.select_related("studio").filter(studio_id=studio.pk)
        return {account.route: account for account in found}


def open_accounts(studio: Any) -> list[MerchantAccount]:
    """Accounts that may be offered to customers now, in the order of PayRoute."""
    found = accounts_of(studio)
    return [found[route] for route in PayRoute if route in found and found[route].is_on and found[route].is_ready]


def account_of(studio: Any, route: str) -> MerchantAccount:
    """The account, offered or not: refunds and questions outlive the offer. Raises PayRefused("pay.route_closed")."""
    account = accounts_of(studio).get(PayRoute(route))
    if account is None:
        raise PayRefused("pay.route_closed", route=str(route))
    return account


def open_account(studio: Any, route: str) -> MerchantAccount:
    """The account, when customers may pay by it. Raises PayRefused("pay.route_closed")."""
    account = account_of(studio, route)
    if not (account.is_on and account.is_ready):
        raise PayRefused("pay.route_closed", route=str(route))
    return account


def verify_text(studio: Any, name: str) -> str:
    """What WeChat wants to read in the file `name` at the root of a host; "" when nobody entered such a file. Without
    a studio: on the platform's host, where all of them may be.
    """
    ours, _space, text = settings.WECHAT_SP_VERIFY.partition(" ")
    if studio is None and name == ours:
        return text.strip()
    with in_public():
        found = MerchantAccount.objects.filter(route=PayRoute.WECHAT, shown__verify_name=name)
        mine = found if studio is None else found.filter(studio_id=studio.pk)
        row = mine.order_by("pk").values_list("shown", flat=True).first()
    return str(row.get("verify_text", "")) if row else ""


def told_ref(studio: Any, route: str, reference: str) -> str:
    """The provider's name of the request as its notices gave it; "" when none has come."""
    with in_public():
        told = Notice.objects.filter(
            studio_id=studio.pk, route=PayRoute(route), reference=reference, kind=NoticeKind.PAYMENT
        ).exclude(provider_ref="")
        return told.order_by("-pk").values_list("provider_ref", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class Health:
    """How a route does: its newest notice, and those that could not be applied."""

    newest: Notice | None
    failed: int
    waiting: int


def health_of(studio: Any, route: str) -> Health:
    """From the inbox; three small queries."""
    with in_public():
        told = Notice.objects.filter(studio_id=studio.pk, route=PayRoute(route))
        newest = told.order_by("-received_at").first()
        failed = told.filter(state=NoticeState.FAILED).count()
        return Health(newest, failed, told.filter(state=NoticeState.NEW).count())


def recent_notices(studio: Any, limit: int = 20) -> list[Notice]:
    """The studio's newest notices of every route."""
    with in_public():
        return list(Notice.objects.filter(studio_id=studio.pk).defer("payload").order_by("-received_at")[:limit])
