"""Who pays for what: pure arithmetic, so that it can be tested with any numbers. Amounts are whole minor units."""

from collections.abc import Sequence
from dataclasses import dataclass

CREDIT, MONEY = "credit", "money"


@dataclass(frozen=True, slots=True)
class Debt:
    """An instalment: `id`, what it asks for, the charge it is part of. Sequences of debts stand in order of paying."""

    id: int
    amount: int
    charge: int = 0


@dataclass(frozen=True, slots=True)
class Credit:
    """A negative charge, as a positive amount. `reverses`: the charge that it takes back (0: it is general)."""

    id: int
    amount: int
    reverses: int = 0


@dataclass(frozen=True, slots=True)
class Money:
    """A payment without what went back of it. `wanted`: the debt it was paid for (0: none in particular)."""

    id: int
    amount: int
    wanted: int = 0


def allocate(
    debts: Sequence[Debt], credited: Sequence[Credit], money: Sequence[Money]
) -> "dict[tuple[str, int, int], int]":
    """(kind, id of the credit or payment, id of the debt) → amount.

    A reversal first covers the charge it takes back; other credits cover the debts that come last. Money first covers
    what it was paid for, then the debts in order. Nothing is left over while a debt is open.
    """
    work = _Work(debts)
    for credit in sorted(credited, key=lambda one: not one.reverses):
        own = [debt for debt in reversed(debts) if debt.charge == credit.reverses and credit.reverses]
        work.pour(CREDIT, credit.id, credit.amount, [*own, *reversed(debts)])
    wishes = {debt.id: debt for debt in debts}
    for one in money:
        if one.wanted in wishes:
            work.pour(MONEY, one.id, one.amount, [wishes[one.wanted]])
    for one in money:
        work.pour(MONEY, one.id, one.amount - work.spent(MONEY, one.id), debts)
    return work.found


class _Work:
    """What is open while amounts are put against debts."""

    def __init__(self, debts: Sequence[Debt]) -> None:
        self.open = {debt.id: debt.amount for debt in debts}
        self.found: dict[tuple[str, int, int], int] = {}

    def pour(self, kind: str, ident: int, amount: int, debts: Sequence[Debt]) -> None:
        for debt in debts:
            put = min(amount, self.open[debt.id])
            if put <= 0:
                continue
            key = (kind, ident, debt.id)
            self.found[key] = self.found.get(key, 0) + put
            self.open[debt.id] -= put
            amount -= put

    def spent(self, kind: str, ident: int) -> int:
        return sum(put for (what, one, _debt), put in self.found.items() if (what, one) == (kind, ident))
