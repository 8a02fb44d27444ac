"""Verbs on branches."""

import itertools
from typing import Any

from django.db import IntegrityError, transaction

from billing.selectors import entitlements_of
from core.kernel.errors import Refusal
from core.kernel.states import lock
from core.studios.models import Branch
from core.studios.selectors import branches_open
from tenants.context import current_studio

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
FIELDS = {"name", "code", "city", "address", "phone", "timezone", "is_active"}


def free_code() -> str:
    """The next unused two-letter branch code: "MA", "MB"… for studios that did not choose one."""
    taken = set(Branch.objects.values_list("code", flat=True))
    pairs = itertools.product("M" + LETTERS.replace("M", ""), LETTERS)
    return next(code for pair in pairs if (code := "".join(pair)) not in taken)


@transaction.atomic
def add_branch(*, actor: Any, name: str, code: str = "", **fields: Any) -> Branch:
    """Open a branch. Refusal plan.branches(limit) | branch.taken(field: name or code)."""
    _check(fields)
    _hold_branches()
    if fields.get("is_active", True):
        _refuse_without_room()
    branch = Branch(name=name.strip(), code=code or free_code(), position=Branch.objects.count(), **fields)
    return _saved(branch)


@transaction.atomic
def change_branch(*, actor: Any, branch: Branch, **fields: Any) -> Branch:
    """Change a branch. Closing it takes no new orders; those under way go on.

    Refusal branch.code_in_use (orders carry it) | branch.taken | branch.last_open | plan.branches(limit) on reopening.
    """
    _check(fields)
    _hold_branches()
    row = lock(branch)
    if fields.get("code", row.code) != row.code and row.orders.exists():
        raise Refusal("branch.code_in_use")
    is_open = fields.get("is_active", row.is_active)
    if is_open and not row.is_active:
        _refuse_without_room()
    if not is_open and row.is_active and not Branch.objects.filter(is_active=True).exclude(pk=row.pk).exists():
        raise Refusal("branch.last_open")
    for name, value in fields.items():
        setattr(row, name, value)
    return _saved(row)


def _check(fields: dict[str, Any]) -> None:
    if unknown := set(fields) - FIELDS:
        raise TypeError(f"no such fields: {unknown}")


def _hold_branches() -> None:
    """One change of branches at a time until the transaction ends: those open are counted rows."""
    list(Branch.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def _refuse_without_room() -> None:
    limit = entitlements_of(current_studio()).branches
    if branches_open() >= limit:
        raise Refusal("plan.branches", limit=limit)


def _saved(branch: Branch) -> Branch:
    try:
        with transaction.atomic():
            branch.save()
    except IntegrityError as error:
        others = Branch.objects.exclude(pk=branch.pk)
        raise Refusal("branch.taken", field="name" if others.filter(name=branch.name).exists() else "code") from error
    return branch
