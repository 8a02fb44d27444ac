"""SQL of our own and model rows from it, for the few statements of every tap: the ORM takes 1 ms to compose a query.

Everything else goes through the ORM.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from django.db import connection, models

from tenants.context import current_schema


@dataclass(frozen=True, slots=True)
class Part:
    """A write as `name AS (…), …` for the WITH list of somebody else's statement: one trip to the server for both.

    Its text is constant and its names differ from those beside it. All of a statement's parts see what was there
    before it, and the rows that they lock are locked after those of the statement itself.
    """

    sql: str
    values: Sequence[Any]


def run(statement: str, values: Any) -> Any:
    """Execute on a cursor that the server keeps plans for (tenants.postgresql.base); the cursor, for its answer.

    The server learns the types from the values: a value that may be null, or stands in a SELECT list, needs a cast.
    """
    cursor = cast("Any", connection).hot_cursor()
    cursor.execute(f"/* {current_schema()} */ {statement}", values)
    return cursor


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
