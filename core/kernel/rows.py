"""Model rows from SQL of our own, for the few questions that every tap asks: the ORM takes 1 ms to compose a query.

Everything else goes through the ORM.
"""

from functools import lru_cache
from typing import Any

from django.db import connection, models


@lru_cache(maxsize=64)
def columns(model: type[models.Model], alias: str) -> str:
    """The model's columns for a SELECT list, in the order that `loaded` expects."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


@lru_cache(maxsize=64)
def width(model: type[models.Model]) -> int:
    """How many columns `columns` names."""
    return len(model._meta.concrete_fields)


def loaded[M: models.Model](model: type[M], values: Any) -> M:
    """The row as a model object, as if the ORM had read it."""
    row = [
        field.from_db_value(value, None, connection) if hasattr(field, "from_db_value") else value
        for field, value in zip(model._meta.concrete_fields, values, strict=True)
    ]
    return model.from_db("default", _names(model), row)


@lru_cache(maxsize=64)
def _names(model: type[models.Model]) -> list[str]:
    return [str(field.attname) for field in model._meta.concrete_fields]
