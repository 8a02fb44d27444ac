"""Verbs on what a studio contracts by: settings, clauses, templates."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from core.contracts import stock
from core.contracts.fields import MOVING, faults_of, uses
from core.contracts.models import Clause, ClauseVersion, ContractSetting, ContractTemplate
from core.contracts.selectors import clauses_of
from core.kernel.errors import Refusal
from core.kernel.states import lock

SETTINGS = {"party_name", "party_number", "deposit_kind", "deposit_text", "expiry_days", "needs_countersign"}


def setting() -> ContractSetting:
    """How the studio contracts; the row is made when it is first asked for."""
    row, _made = ContractSetting.objects.get_or_create(pk=1)
    return row


@transaction.atomic
def save_settings(*, actor: Any, **fields: Any) -> ContractSetting:
    """Change how the studio contracts; contracts composed before keep what they say."""
    if unknown := set(fields) - SETTINGS:
        raise TypeError(f"no such settings: {unknown}")
    row = lock(setting())
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=sorted(fields))
    return row


@transaction.atomic
def furnish() -> None:
    """The standard clauses and templates, for a studio that has none."""
    list(ContractSetting.objects.select_for_update().filter(pk=setting().pk))  # one at a time
    stock.furnish()


@transaction.atomic
def save_clause(*, actor: Any, clause: Clause | None = None, **fields: Any) -> Clause:
    """Write a clause or change it; other words make a new version. Refusal clause.fields(faults): the text holds fields
    that do not exist, a block field inside a line, or loose braces.
    """
    row = lock(clause) if clause else Clause(version=0)
    former = (row.title, row.text)
    for name, value in fields.items():
        setattr(row, name, value)
    if faults := [*faults_of(row.title), *faults_of(row.text)]:
        raise Refusal("clause.fields", faults=[[fault.code, fault.field] for fault in faults])
    if (row.title, row.text) != former:
        row.version += 1
    row.save()
    if (row.title, row.text) != former:
        ClauseVersion.objects.create(clause=row, number=row.version, title=row.title, text=row.text, made_by=actor)
    return row


@transaction.atomic
def save_template(
    *, actor: Any, template: ContractTemplate | None = None, clauses: Iterable[Clause] = (), **fields: Any
) -> ContractTemplate:
    """Write a template with its clauses, all of its language. Refusal template.name_taken | template.language."""
    row = lock(template) if template else ContractTemplate()
    for name, value in fields.items():
        setattr(row, name, value)
    chosen = list(clauses)
    if any(clause.language != row.language for clause in chosen):
        raise Refusal("template.language")
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refusal("template.name_taken", name=row.name) from error
    row.clauses.set(chosen)
    return row


@transaction.atomic
def add_moving_terms(*, actor: Any, template: ContractTemplate) -> Clause | None:
    """Put the terms of moving before the refund table of a template's wording, else at the end of its last clause, as a
    new version. None where they stand already. Refusal clause.none: the template has no clause.
    """
    clauses = clauses_of(template)
    if not clauses:
        raise Refusal("clause.none")
    if any(uses(one.text, MOVING) for one in clauses):
        return None
    field = "{{" + MOVING + "}}"
    found = next((one for one in clauses if uses(one.text, "refund_table")), None)
    if found is None:
        return save_clause(actor=actor, clause=clauses[-1], text=f"{clauses[-1].text.rstrip()}\n{field}")
    return save_clause(actor=actor, clause=found, text=f"{field}\n{found.text.lstrip()}")
