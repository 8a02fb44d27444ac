"""What tests of money share: an order with its account, a provider that answers as told, books that must add up."""

import datetime as dt
from typing import Any

from billing.gateway import PayReport, PayStart, PayState, RefundReport, RefundState
from core.finance.ledger import faults_of
from core.finance.models import Account
from core.kernel import clock
from tests.factories import make_order, make_package

SCHEDULE = [
    {"when": "signing", "percent": 30, "days": 0},
    {"when": "selection", "percent": 40, "days": 0},
    {"when": "delivery", "percent": 30, "days": 3},
]


def assert_books(account: Account) -> None:
    """Sums, totals and allocations of an account agree."""
    assert faults_of(account) == [], account.code


def make_account(price: int = 400000, schedule: Any = SCHEDULE, **fields: Any) -> Account:
    """The account of a new order, whose package has this schedule and these further `terms`."""
    package = make_package(price_minor=price, more={"schedule": schedule, **fields.pop("terms", {})})
    order = make_order(package=package, **fields)
    return Account.objects.select_related("branch", "customer", "order").get(pk=order.account_id)


def fresh(account: Account) -> Account:
    return Account.objects.select_related("branch", "customer", "order").get(pk=account.pk)


class Provider:
    """In the place of billing.gateway: keeps what it was asked, answers what the test says."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []
        self.reports: dict[str, PayReport] = {}
        self.refunds: dict[str, RefundReport] = {}
        self.fails: Exception | None = None

    def _hear(self, what: str, said: Any) -> None:
        self.asked.append((what, said))
        if self.fails is not None:
            raise self.fails

    def routes_of(self, _studio: Any) -> list[str]:
        return ["stripe", "wechat"]

    def start(self, _studio: Any, route: str, request: Any) -> PayStart:
        self._hear("start", request)
        return PayStart(provider_ref=f"cs_{request.reference}", kind="redirect", url=f"https://pay.example/{route}")

    def fetch(self, _studio: Any, _route: str, reference: str, provider_ref: str) -> PayReport:
        self._hear("fetch", reference)
        return self.reports.get(reference, PayReport(reference, provider_ref, PayState.PENDING))

    def cancel(self, _studio: Any, _route: str, reference: str, provider_ref: str) -> PayReport:
        self._hear("cancel", reference)
        return self.reports.get(reference, PayReport(reference, provider_ref, PayState.EXPIRED))

    def refund(self, _studio: Any, _route: str, request: Any) -> RefundReport:
        self._hear("refund", request)
        return self.refunds.get(request.reference, RefundReport(request.reference, RefundState.DONE, "re_1"))

    def fetch_refund(self, _studio: Any, _route: str, request: Any, provider_ref: str = "") -> RefundReport:
        self._hear("fetch_refund", request)
        return self.refunds.get(request.reference, RefundReport(request.reference, RefundState.PENDING, provider_ref))

    def methods_of(self, _studio: Any, _route: str) -> list[str]:
        return []


def paid(attempt: Any, amount: int | None = None, currency: str = "CNY", at: dt.datetime | None = None) -> PayReport:
    """The provider's yes."""
    return PayReport(
        reference=attempt.reference,
        provider_ref=attempt.provider_ref,
        state=PayState.PAID,
        amount_minor=attempt.amount_minor if amount is None else amount,
        currency=currency,
        paid_at=at or clock.now(),
        transaction=f"tx_{attempt.reference}",
    )
