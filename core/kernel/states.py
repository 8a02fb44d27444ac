"""One function moves a row's state: lock, check against the table of transitions, save."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from core.kernel.errors import Refusal


def lock[M: models.Model](row: M) -> M:
    """The row re-read FOR UPDATE. Lock order: gallery → order → gallery stream → board stream."""
    manager = type(row)._default_manager
    return manager.select_for_update(of=("self",)).get(pk=row.pk)


def move[M: models.Model](row: M, field: str, to: str, transitions: Mapping[str, set[str]], **changes: Any) -> str:
    """Set a locked row's state and other fields; returns the former state.

    Raises Refusal("state.forbidden", source=…, target=…) when the table does not allow it.
    """
    source: str = getattr(row, field)
    if to not in transitions.get(source, set()):
        raise Refusal("state.forbidden", source=source, target=to)
    for name, value in {field: to, **changes}.items():
        setattr(row, name, value)
    row.save(update_fields=[field, *changes])
    return source
