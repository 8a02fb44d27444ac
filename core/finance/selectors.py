"""Questions about money: one account, a branch's day, who owes, what comes when, what somebody has to look at."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from core.finance.enums import BY_HAND, AttemptState, ClaimState, DealKind, DisputeState, Method, ReturnState, When
from core.finance.ledger import in_paying_order
from core.finance.models import (
    Account,
    Charge,
    DayBook,
    Dispute,
    Instalment,
    Invoice,
    PayAttempt,
    Payment,
    PaymentClaim,
    Refund,
    ValueDeal,
)
from core.finance.refundtable import Moved, RefundQuote, quote
from core.kernel import clock
from core.people.enums import Capability
from core.people.staff import Staff
from tenants.context import current_studio

QUIET = dt.timedelta(minutes=10)  # a refund on its way is asked about after so long


# -- One account -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Statement:
    """All of one account. `next_one`: the first instalment that is not covered. `due_minor`: payable today."""

    account: Account
    charges: list[Charge]
    instalments: list[Instalment]
    payments: list[Payment]
    refunds: list[Refund]
    claims: list[PaymentClaim]
    invoices: list[Invoice]
    today: dt.date

    @property
    def next_one(self) -> Instalment | None:
        return next((one for one in in_paying_order(self.instalments) if one.open_minor), None)

    @property
    def due_minor(self) -> int:
        return sum(one.open_minor for one in self.instalments if one.due_on and one.due_on <= self.today)

    @property
    def overdue_minor(self) -> int:
        return sum(one.open_minor for one in self.instalments if one.due_on and one.due_on < self.today)

    @property
    def to_audit(self) -> int:
        return sum(one.needs_audit for one in self.payments) + sum(one.needs_audit for one in self.refunds)

    @property
    def open_claim(self) -> PaymentClaim | None:
        return next((one for one in self.claims if one.state == ClaimState.OPEN), None)


CREDITED = Coalesce(Sum("allocations__amount_minor", filter=Q(allocations__credit__isnull=False)), Value(0))


def statement_of(account: Account) -> Statement:
    """The account’s rows: six queries, however many rows."""
    return Statement(
        account=account,
        charges=list(account.charges.select_related("posted_by").order_by("pk")),
        instalments=in_paying_order(account.instalments.select_related("charge").annotate(credited=CREDITED)),
        payments=list(account.payments.select_related("recorded_by", "audited_by", "attempt", "book")),
        refunds=list(account.refunds.select_related("payment", "paid_out_by", "audited_by", "asked_by")),
        claims=list(account.claims.order_by("-pk")),
        invoices=list(account.invoices.order_by("pk")),
        today=clock.today(account.branch.timezone),
    )


def due_minor(account: Account) -> int:
    """What is payable today and not covered."""
    due = account.instalments.filter(due_on__lte=clock.today(account.branch.timezone))
    return int(due.aggregate(total=Sum(F("amount_minor") - F("settled_minor")))["total"] or 0)


def quote_of(
    account: Account,
    *,
    who: str,
    on: dt.date | None = None,
    shoot_on: dt.date | None = None,
    moves: Sequence[Moved] = (),
) -> RefundQuote:
    """What the frozen refund table gives back if the order ended `on` (today)."""
    return quote(
        rows=account.terms.get("refunds") or [],
        who=who,
        on=on or clock.today(account.branch.timezone),
        shoot_on=shoot_on,
        charged_minor=account.charged_minor,
        paid_minor=account.paid_minor,
        moves=moves,
    )


def refund_due(account: Account, who: str, on_date: dt.date, shoot_on: dt.date | None) -> RefundQuote:
    """`quote_of` for a day of one's own: what a customer sees before the tap."""
    return quote_of(account, who=who, on=on_date, shoot_on=shoot_on)


def attempt_of(customer_accounts: Any, reference: str) -> PayAttempt | None:
    """A try by its reference, if its account is among `customer_accounts` (a queryset)."""
    rows = PayAttempt.objects.filter(reference=reference, account__in=customer_accounts)
    return rows.select_related("account__branch", "instalment").first()


# -- Work for the worker ---------------------------------------------------------------------------------------------
def overdue_attempts() -> list[PayAttempt]:
    """Open tries whose time is over."""
    rows = PayAttempt.objects.filter(state=AttemptState.OPEN, expires_at__lt=clock.now())
    return list(rows.select_related("account").order_by("pk")[:200])


def refunds_under_way() -> list[Refund]:
    """Refunds that a provider should have sent by now."""
    rows = Refund.objects.filter(state=ReturnState.PENDING, by_route=True, asked_at__lt=clock.now() - QUIET)
    return list(rows.select_related("account", "payment__attempt").order_by("pk")[:200])


# -- A branch's day --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class DayFigure:
    """What a method took in and gave back on a day."""

    method: str
    in_minor: int = 0
    out_minor: int = 0
    count: int = 0

    @property
    def total_minor(self) -> int:
        return self.in_minor - self.out_minor


def day_figures(branch: Any, day: dt.date) -> dict[str, DayFigure]:
    """Method → figures of what is booked on the day; every method."""
    taken: defaultdict[str, list[int]] = defaultdict(list)
    given: defaultdict[str, int] = defaultdict(int)
    for method, amount in Payment.objects.filter(book__branch=branch, book__day=day).values_list(
        "method", "amount_minor"
    ):
        taken[method].append(amount)
    refunds = Refund.objects.filter(book__branch=branch, book__day=day, state=ReturnState.DONE)
    for method, amount in refunds.values_list("method", "amount_minor"):
        given[method] += amount
    deals = ValueDeal.objects.filter(book__branch=branch, book__day=day).values_list(
        "kind", "method", "principal_minor"
    )
    for kind, method, amount in deals:
        if kind == DealKind.TOP_UP:
            taken[method].append(amount)
        else:
            given[method] += amount
    return {
        str(method): DayFigure(str(method), sum(taken[method]), given[method], len(taken[method])) for method in Method
    }


def book_of(branch: Any, day: dt.date) -> DayBook | None:
    """The day's book with its counts; None when nothing was booked on it."""
    rows = DayBook.objects.filter(branch=branch, day=day).select_related("closed_by")
    return rows.prefetch_related("counts").first()


def open_days(branch: Any, today: dt.date) -> list[dt.date]:
    """Days with something booked that nobody closed, the oldest first."""
    rows = DayBook.objects.filter(branch=branch, closed_at=None, day__lt=today).order_by("day")
    return list(rows.values_list("day", flat=True)[:31])


# -- Lists of a branch, or of all ------------------------------------------------------------------------------------
def accounts_for(staff: Staff, capability: str = Capability.VIEW_MONEY) -> QuerySet[Account]:
    """The accounts of sales of the branches where the staff member holds the capability. Top-ups have verbs of their
    own, because a card has to follow (core.finance.holdings.top_ups_for).
    """
    sales = Account.objects.filter(top_up=None).select_related("branch", "customer")
    rows: QuerySet[Account] = staff.scope(sales, capability)
    return rows


def account_for(staff: Staff, code: str) -> Account | None:
    """An account by its order's number, if its money may be seen."""
    return accounts_for(staff).filter(code=code.upper()).first()


@dataclass(frozen=True, slots=True)
class Arrear:
    """An account with something due: how much, since when."""

    account: Account
    due_minor: int
    since: dt.date
    days: int


def arrears(staff: Staff, branch_id: int | None = None, *, until: dt.date | None = None) -> list[Arrear]:
    """Accounts with an uncovered instalment due by `until` (today), the oldest first. Two queries."""
    last = until or clock.today(current_studio().timezone)
    rows = Instalment.objects.filter(due_on__lte=last, settled_minor__lt=F("amount_minor"))
    rows = staff.scope(rows, Capability.VIEW_MONEY, "account__branch_id")
    if branch_id is not None:
        rows = rows.filter(account__branch_id=branch_id)
    found: dict[int, list[Instalment]] = defaultdict(list)
    for one in rows.select_related("account__branch", "account__customer").order_by("due_on", "pk"):
        found[one.account_id].append(one)
    today = clock.today(current_studio().timezone)
    return [
        Arrear(ones[0].account, sum(o.open_minor for o in ones), since, (today - since).days)
        for ones in found.values()
        if (since := ones[0].due_on)
    ]


@dataclass(frozen=True, slots=True)
class Week:
    """What should come in a week from `start` on: by branch, and together."""

    start: dt.date
    by_branch: dict[int, int] = field(default_factory=dict)

    @property
    def total_minor(self) -> int:
        return sum(self.by_branch.values())


@dataclass(frozen=True, slots=True)
class Forecast:
    """Cash to come: what is overdue, the weeks, later, and what waits for an event (selection, delivery)."""

    overdue: Week
    weeks: list[Week]
    later: Week
    waiting: dict[str, Week]


def forecast(staff: Staff, branch_id: int | None = None, *, weeks: int = 8) -> Forecast:
    """Uncovered instalments by the week in which they are due. One query."""
    today = clock.today(current_studio().timezone)
    monday = today - dt.timedelta(days=today.weekday())
    rows = Instalment.objects.filter(settled_minor__lt=F("amount_minor"))
    rows = staff.scope(rows, Capability.VIEW_MONEY, "account__branch_id")
    if branch_id is not None:
        rows = rows.filter(account__branch_id=branch_id)
    found = Forecast(
        Week(today),
        [Week(monday + dt.timedelta(weeks=i)) for i in range(weeks)],
        Week(monday + dt.timedelta(weeks=weeks)),
        {str(when): Week(today) for when in When if when != When.NOW},
    )
    for when, due_on, branch, amount in (
        rows.order_by()
        .values_list("trigger", "due_on", "account__branch_id")
        .annotate(total=Sum(F("amount_minor") - F("settled_minor")))
    ):
        week = _week(found, when, due_on, today, monday)
        week.by_branch[branch] = week.by_branch.get(branch, 0) + int(amount)
    return found


def _week(found: Forecast, when: str, due_on: dt.date | None, today: dt.date, monday: dt.date) -> Week:
    if due_on is None:
        return found.waiting[when]
    if due_on < today:
        return found.overdue
    number = (due_on - monday).days // 7
    return found.weeks[number] if number < len(found.weeks) else found.later


@dataclass(frozen=True, slots=True)
class AuditQueue:
    """What a second person has to look at."""

    payments: list[Payment]
    refunds: list[Refund]
    claims: list[PaymentClaim]
    odd: list[PayAttempt]
    to_pay_out: list[Refund]
    failed: list[Refund]
    invoices: list[Invoice]
    deals: list[ValueDeal]
    disputes: list[Dispute]

    @property
    def count(self) -> int:
        return sum(len(getattr(self, name)) for name in self.__dataclass_fields__)


def audit_queue(staff: Staff, branch_id: int | None = None, limit: int = 100) -> AuditQueue:
    """Unaudited payments and refunds, customers' claims, odd money, refunds to pay out or failed, invoices to issue."""

    def mine(rows: Any) -> Any:
        rows = staff.scope(rows, Capability.VIEW_MONEY, "account__branch_id")
        return rows if branch_id is None else rows.filter(account__branch_id=branch_id)

    deals = staff.scope(ValueDeal.objects.filter(audited_at=None), Capability.VIEW_MONEY)
    if branch_id is not None:
        deals = deals.filter(branch_id=branch_id)
    flagged = Q(method__in=BY_HAND) | ~Q(flags=[])
    payments = mine(Payment.objects.filter(flagged, audited_at=None)).select_related("account__branch", "recorded_by")
    refunds = mine(Refund.objects.all()).select_related("account__branch", "payment", "paid_out_by")
    done = refunds.filter(state=ReturnState.DONE, by_route=False, audited_at=None)
    # a failed refund wants somebody only while its money is still surplus
    failed = refunds.filter(state=ReturnState.FAILED).filter(
        account__received_minor__gt=F("account__charged_minor") + F("account__returned_minor")
    )
    return AuditQueue(
        payments=list(payments.order_by("received_at")[:limit]),
        refunds=list(done.exclude(method=Method.STORED).order_by("done_at")[:limit]),
        claims=list(
            mine(PaymentClaim.objects.filter(state=ClaimState.OPEN)).select_related("account__branch", "customer")[
                :limit
            ]
        ),
        odd=list(mine(PayAttempt.objects.filter(state=AttemptState.ODD)).select_related("account__branch")[:limit]),
        to_pay_out=list(refunds.filter(state=ReturnState.PENDING, by_route=False)[:limit]),
        failed=list(failed.order_by("-pk")[:limit]),
        invoices=list(mine(Invoice.objects.filter(state="asked")).select_related("account__branch")[:limit]),
        deals=list(deals.select_related("branch", "customer", "recorded_by").order_by("pk")[:limit]),
        disputes=list(
            mine(Dispute.objects.filter(state=DisputeState.OPEN)).select_related("account__branch", "payment")[:limit]
        ),
    )
