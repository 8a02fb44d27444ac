"""The one place where rows of an account are brought into agreement: under its lock, totals from sums.

Lock order: gallery → order → account → day book → streams.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.utils.module_loading import import_string

from core.finance.allocation import CREDIT, MONEY, Credit, Debt, Money, allocate
from core.finance.enums import ReturnState
from core.finance.models import Account, Allocation, Charge, Instalment, Payment
from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.states import lock

FAR = dt.date.max


def held(account: Account) -> Account:
    """The account locked until the transaction ends."""
    return lock(account)


def settle(account: Account) -> Account:
    """After rows were added to a locked account: put money and credits against instalments, bring totals up to date.

    What changed in the allocation is appended. Totals come from the rows, never from the totals before. Every listener
    (settings.MONEY_LISTENERS, jobs) hears of the account in the same transaction.
    """
    charges = list(account.charges.all())
    instalments = list(account.instalments.all())
    payments = list(account.payments.all())
    returned = _returned(account)
    for payment in payments:
        payment.returned_minor = returned.get(payment.pk, 0)
        if payment.left_minor < 0:
            raise Refusal("refund.too_much", left_minor=payment.amount_minor)
    target = _target(charges, instalments, payments)
    _append(account, _present(account), target)
    _write_totals(instalments, payments, target)
    account.charged_minor = sum(charge.total_minor for charge in charges)
    account.received_minor = sum(payment.amount_minor for payment in payments)
    account.returned_minor = sum(returned.values())
    account.rev += 1
    account.save(update_fields=["charged_minor", "received_minor", "returned_minor", "rev"])
    _tell_listeners(account)
    return account


def _returned(account: Account) -> "dict[int, int]":
    """Payment → what of it has gone or is going back."""
    rows = account.refunds.exclude(state=ReturnState.FAILED).order_by().values_list("payment_id")
    return dict(rows.annotate(total=Sum("amount_minor")))


def in_paying_order(instalments: Iterable[Instalment]) -> list[Instalment]:
    """Those with a day first, by day; the others by number."""
    return sorted(instalments, key=lambda one: (one.due_on or FAR, one.number))


def _target(
    charges: list[Charge], instalments: list[Instalment], payments: list[Payment]
) -> "dict[tuple[str, int, int], int]":
    debts = [Debt(one.pk, one.amount_minor, one.charge_id) for one in in_paying_order(instalments)]
    credited = [
        Credit(charge.pk, -charge.total_minor, charge.reverses_id or 0) for charge in charges if charge.total_minor < 0
    ]
    money = [Money(one.pk, one.left_minor, one.instalment_id or 0) for one in payments]
    return allocate(debts, credited, money)


def _present(account: Account) -> "dict[tuple[str, int, int], int]":
    """What is put where now, as the rows say."""
    rows = account.allocations.order_by().values_list("payment_id", "credit_id", "instalment_id")
    found: dict[tuple[str, int, int], int] = {}
    for payment, credit, instalment, total in rows.annotate(total=Sum("amount_minor")):
        found[(MONEY, payment, instalment) if payment else (CREDIT, credit, instalment)] = int(total)
    return found


def _append(
    account: Account, present: "dict[tuple[str, int, int], int]", target: "dict[tuple[str, int, int], int]"
) -> None:
    now = clock.now()
    rows = []
    for key in sorted(present.keys() | target.keys()):
        change = target.get(key, 0) - present.get(key, 0)
        if change:
            kind, ident, instalment = key
            what: dict[str, Any] = {"payment_id": ident} if kind == MONEY else {"credit_id": ident}
            rows.append(Allocation(account=account, instalment_id=instalment, amount_minor=change, at=now, **what))
    Allocation.objects.bulk_create(rows)


def _write_totals(
    instalments: list[Instalment], payments: list[Payment], target: "dict[tuple[str, int, int], int]"
) -> None:
    """The running totals that the CHECKs look at, in one statement for each table."""
    settled: defaultdict[int, int] = defaultdict(int)
    spent: defaultdict[int, int] = defaultdict(int)
    for (kind, ident, instalment), amount in target.items():
        settled[instalment] += amount
        spent[ident] += amount if kind == MONEY else 0
    for one in instalments:
        one.settled_minor = settled[one.pk]
    for payment in payments:
        payment.allocated_minor = spent[payment.pk]
    Instalment.objects.bulk_update(instalments, ["settled_minor"])
    Payment.objects.bulk_update(payments, ["allocated_minor", "returned_minor"])


def _tell_listeners(account: Account) -> None:
    for path in settings.MONEY_LISTENERS:
        import_string(path).defer(account=account.pk, key=f"account.{account.pk}")


def faults_of(account: Account) -> list[str]:
    """What of an account's books does not add up: empty when they are right. Asks the rows only.

    Tests look after every test, `core.finance.jobs.prove_books` every night.
    """
    account.refresh_from_db()
    charges = _sum(account.charges)
    received, returned = _sum(account.payments, "amount_minor"), sum(_returned(account).values())
    planned = _sum(account.instalments, "amount_minor")
    posted = _sum(account.charges.filter(total_minor__gt=0))
    allocated = _present(account)
    open_minor = planned - sum(allocated.values())
    checks = {
        "charged": account.charged_minor == charges,
        "received": account.received_minor == received,
        "returned": account.returned_minor == returned,
        "schedule covers every charge": planned == posted,
        "allocations are never negative": all(total >= 0 for total in allocated.values()),
        "nothing idle while something is owed": open_minor == account.owed_minor,
        "instalments": all(
            one.settled_minor == sum(v for (_k, _i, at), v in allocated.items() if at == one.pk)
            for one in account.instalments.all()
        ),
        "payments": all(
            one.allocated_minor == sum(v for (kind, i, _at), v in allocated.items() if (kind, i) == (MONEY, one.pk))
            and one.allocated_minor + one.returned_minor <= one.amount_minor
            for one in account.payments.all()
        ),
    }
    return [what for what, is_right in checks.items() if not is_right]


def _sum(rows: Any, field: str = "total_minor") -> int:
    return int(rows.aggregate(total=Sum(field))["total"] or 0)
