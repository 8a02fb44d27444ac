"""Verbs on branches."""

from typing import Any

from django.db import IntegrityError, transaction

from billing.selectors import entitlements_of
from core.kernel.errors import Refusal
from core.kernel.states import lock
from core.studios.models import Branch
from tenants.context import current_studio

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def free_code() -> str:
    """The next unused two-letter branch code: "MA", "MB"… for studios that did not choose one."""
    taken = set(Branch.objects.values_list("code", flat=True))
    return next(f"M{letter}" for letter in LETTERS if f"M{letter}" not in taken)


@transaction.atomic
def add_branch(*, actor: Any, name: str, code: str = "", **fields: Any) -> Branch:
    """Open a branch. Refusal plan.branches(limit) | branch.taken (name or code exists)."""
    limit = entitlements_of(current_studio()).branches
    if Branch.objects.select_for_update().filter(is_active=True).count() >= limit:
        raise Refusal("plan.branches", limit=limit)
    try:
        with transaction.atomic():
            return Branch.objects.create(
                name=name.strip(), code=code or free_code(), position=Branch.objects.count(), **fields
            )
    except IntegrityError as error:
        raise Refusal("branch.taken", name=name) from error


@transaction.atomic
def change_branch(*, actor: Any, branch: Branch, **fields: Any) -> Branch:
    """Change a branch. The code is fixed once orders carry it: Refusal branch.code_in_use; else branch.taken."""
    row = lock(branch)
    if fields.get("code", row.code) != row.code and row.orders.exists():
        raise Refusal("branch.code_in_use", code=row.code)
    for name, value in fields.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save(update_fields=list(fields))
    except IntegrityError as error:
        raise Refusal("branch.taken", name=row.name) from error
    return row
