"""What of a sale earns points, and what is left of those it has earned. Answers only."""

from typing import Any

from django.db.models import Q, Sum

from core.finance.enums import Method, Purse
from core.finance.models import Account, ValueEntry


def paid_for_points(account: Account) -> int:
    """What the customer has paid of the bill themselves: without gifts, without what is paid too much."""
    receipts = account.payments.filter(method=Method.STORED).values_list("receipt", flat=True)
    of_gifts = Q(pk=None)
    for receipt in receipts:
        of_gifts |= Q(source=f"paid.{receipt}") | Q(source__startswith=f"back.{receipt}.")
    gifts = ValueEntry.objects.filter(of_gifts, purse=Purse.GIFT).aggregate(total=Sum("amount"))["total"] or 0
    return max(0, min(account.paid_minor, account.charged_minor) + int(gifts))


def unused(account: Account) -> int:
    """What is left of the points of a sale: whatever was used came from the oldest; a reversal from its own sale."""
    own = f"earn.{account.pk}."
    lots: list[list[Any]] = []
    used = 0
    rows = ValueEntry.objects.filter(customer=account.customer, purse=Purse.POINTS).order_by("pk")
    for source, amount in rows.values_list("source", "amount"):
        sale = ".".join(source.split(".")[:2]) if source.startswith("earn.") else source
        lot = next((one for one in lots if one[0] == sale), None)
        if amount > 0 or lot is not None:
            if lot is None:
                lots.append([sale, amount])
            else:
                lot[1] += amount
        else:
            used -= amount
    for lot in lots:
        part = min(max(0, lot[1]), used)
        lot[1] -= part
        used -= part
    return sum(max(0, left) for sale, left in lots if f"{sale}." == own)
