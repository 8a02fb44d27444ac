"""What branches owe each other: rows written while money moves, in a month that is still open."""

import datetime as dt
from typing import Any

from core.finance.models import BranchClaim, Settlement, ShootShare
from core.kernel import clock
from core.studios.models import Branch


def hold_pair(one: int, other: int) -> None:
    """Keep both branches' months as they are until the transaction ends; always in the same order."""
    list(Branch.objects.select_for_update(no_key=True).filter(pk__in={one, other}).order_by("pk"))


def open_day(one: int, other: int, day: dt.date) -> dt.date:
    """The day itself, or the first one after the last month that the two have closed. The pair is held."""
    low, high = sorted((one, other))
    last = Settlement.objects.filter(low=low, high=high).order_by("-month").values_list("month", flat=True).first()
    return max(day, next_month(last)) if last else day


def next_month(month: dt.date) -> dt.date:
    """The first day of the month after."""
    return (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


def claim(*, creditor: Any, debtor: Any, kind: str, amount_minor: int, on: dt.date | None = None, **of: Any) -> None:
    """`debtor` owes `creditor` so much more (negative: less). `of`: the account or the entry that says why."""
    hold_pair(creditor.pk, debtor.pk)
    day = open_day(creditor.pk, debtor.pk, on or clock.today(creditor.timezone))
    BranchClaim.objects.create(
        creditor=creditor, debtor=debtor, kind=kind, amount_minor=amount_minor, on=day, at=clock.now(), **of
    )


def share_on(day: dt.date) -> int:
    """Percent of a sale that the branch gets which shot it on that day; 0 when nothing is agreed."""
    row = ShootShare.objects.filter(starts_on__lte=day).order_by("-starts_on").first()
    return row.percent if row else 0
