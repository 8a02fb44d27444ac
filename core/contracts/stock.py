"""The clauses and templates a studio begins with, in three languages: a start to change, not legal advice."""

import json
from pathlib import Path
from typing import Any

from core.contracts.models import Clause, ClauseVersion, ContractTemplate
from core.kernel import clock

STOCK = Path(__file__).with_name("stock.json")


def furnish() -> None:
    """Write clauses and templates into a studio that has none. Idempotent; runs in the caller's transaction."""
    if ContractTemplate.objects.exists():
        return
    now, stock = clock.now(), json.loads(STOCK.read_text())
    clauses = Clause.objects.bulk_create(
        Clause(
            title=row["title"],
            text="\n".join(row["text"]),
            language=language,
            is_required=row["required"],
            position=position * 10,
        )
        for language, told in stock.items()
        for position, row in enumerate(told["clauses"], 1)
    )
    ClauseVersion.objects.bulk_create(
        ClauseVersion(clause=clause, number=1, title=clause.title, text=clause.text, made_at=now) for clause in clauses
    )
    templates = ContractTemplate.objects.bulk_create(
        ContractTemplate(name=told["name"], title=told["title"], language=language) for language, told in stock.items()
    )
    by_language = {template.language: template.pk for template in templates}
    through: Any = ContractTemplate.clauses.through
    through.objects.bulk_create(
        through(contracttemplate_id=by_language[clause.language], clause_id=clause.pk) for clause in clauses
    )


def furnish_studio(**_opening: Any) -> None:
    """A newly opened studio finds clauses and templates (settings.STUDIO_FURNISHERS)."""
    furnish()
