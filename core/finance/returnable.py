"""How much of an account's money can go back now, payment by payment: less what went back already, and less what a
payer's bank questions. Answers only.
"""

from dataclasses import dataclass

from django.db.models import Sum

from core.finance.enums import DisputeState
from core.finance.models import Account, Payment


@dataclass(frozen=True, slots=True)
class Part:
    """One payment. `held_minor`: an open dispute is about so much of what is left; the provider keeps it meanwhile."""

    payment: Payment
    held_minor: int

    @property
    def free_minor(self) -> int:
        return self.payment.left_minor - self.held_minor


@dataclass(frozen=True, slots=True)
class Returnable:
    """The payments of which something is left, the oldest first."""

    parts: list[Part]

    @property
    def free_minor(self) -> int:
        return sum(one.free_minor for one in self.parts)

    @property
    def held_minor(self) -> int:
        return sum(one.held_minor for one in self.parts)

    @property
    def left_minor(self) -> int:
        return self.free_minor + self.held_minor


def returnable(account: Account) -> Returnable:
    """What can go back of the account now. Two queries."""
    rows = account.disputes.filter(state=DisputeState.OPEN).order_by().values_list("payment_id")
    held = dict(rows.annotate(total=Sum("amount_minor")))
    payments = account.payments.order_by("received_at", "pk").select_related("attempt")
    left = [one for one in payments if one.left_minor > 0]
    return Returnable([Part(one, min(int(held.get(one.pk, 0)), one.left_minor)) for one in left])
