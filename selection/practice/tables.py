"""Tables of a studio as sets of primary keys, and what refers to what: read from the models, so none is forgotten."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from psycopg import sql

Rows = dict[str, set[Any]]
COUNTERS = {"core_counter": ("series", ["value"]), "core_eventstream": ("name", ["seq", "epoch"])}
APART = {"accounts_loginsession", "selection_practice", *COUNTERS}  # logins, our own notebook, and what only counts
REAL = {"core_order", "core_customer", "core_package", "core_branch", "accounts_user"}  # never swept along
OWNERS = {"core_order", "selection_gallery", "core_account"}  # a row that belongs to a real one of these is real too


@dataclass(frozen=True, slots=True)
class Reference:
    table: str
    column: str
    key: str
    target: str


@cache
def tables() -> dict[str, str]:
    """Table → its primary key's column, of every table that a studio has."""
    labels = {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}
    return {
        model._meta.db_table: str(model._meta.pk.column)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in labels and model._meta.db_table not in APART and model._meta.managed
    }


@cache
def references() -> tuple[Reference, ...]:
    """Every foreign key inside a studio."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        table, key = model._meta.db_table, str(model._meta.pk.column)
        for field in model._meta.concrete_fields if table in tables() else ():
            if field.is_relation:
                target: Any = field.related_model
                found.append(Reference(table, str(field.column), key, target._meta.db_table))
    return tuple(found)


def all_rows() -> Rows:
    """Every primary key of the studio; for small studios only."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for table, key in tables().items():
            cursor.execute(sql.SQL("SELECT {} FROM {}").format(sql.Identifier(key), sql.Identifier(table)))
            found[table] = {row[0] for row in cursor.fetchall()}
    return found


def all_counters() -> dict[str, dict[str, list[Any]]]:
    found: dict[str, dict[str, list[Any]]] = {}
    with connection.cursor() as cursor:
        for table, (key, columns) in COUNTERS.items():
            names = sql.SQL(", ").join(map(sql.Identifier, [key, *columns]))
            cursor.execute(sql.SQL("SELECT {} FROM {}").format(names, sql.Identifier(table)))
            found[table] = {row[0]: list(row[1:]) for row in cursor.fetchall()}
    return found


def reach(start: Rows) -> tuple[Rows, Rows]:
    """(what goes, what holds): the rows and everything that hangs on them · real rows that refer to them."""
    going: Rows = defaultdict(set)
    for table, keys in start.items():
        going[table] |= keys
    holding: Rows = defaultdict(set)
    waiting = [(table, set(keys)) for table, keys in start.items()]
    while waiting:
        target, keys = waiting.pop()
        for each in (each for each in references() if each.target == target):
            fresh = _referring(each, keys) - going[each.table] - holding[each.table]
            real = fresh if each.table in REAL else _owned_elsewhere(each.table, fresh, going)
            holding[each.table] |= real
            if fresh - real:
                going[each.table] |= fresh - real
                waiting.append((each.table, fresh - real))
    return {t: k for t, k in going.items() if k}, {t: k for t, k in holding.items() if k}


def targets(rows: Rows, target: str) -> set[Any]:
    """The keys in `target` that these rows refer to."""
    found: set[Any] = set()
    for each in references():
        if each.target == target and rows.get(each.table):
            query = sql.SQL("SELECT {} FROM {} WHERE {} = ANY(%s)").format(
                sql.Identifier(each.column), sql.Identifier(each.table), sql.Identifier(each.key)
            )
            with connection.cursor() as cursor:
                cursor.execute(query, [sorted(rows[each.table])])
                found |= {row[0] for row in cursor.fetchall() if row[0] is not None}
    return found


def erase(rows: Rows) -> None:
    """Delete the rows; foreign keys are checked when the transaction ends."""
    with connection.cursor() as cursor:
        for table, keys in rows.items():
            name, key = sql.Identifier(table), sql.Identifier(tables()[table])
            cursor.execute(sql.SQL("DELETE FROM {} WHERE {} = ANY(%s)").format(name, key), [sorted(keys)])


def wind_back(counters: dict[str, dict[str, list[Any]]]) -> None:
    """Set counters back that nobody has moved since; the others stay where real things brought them."""
    with connection.cursor() as cursor:
        for table, changes in counters.items():
            key, columns = COUNTERS[table]
            for name, (before, after) in changes.items():
                _wind_back(cursor, table, key, columns, name, before, after)


def _wind_back(
    cursor: Any, table: str, key: str, columns: list[str], name: str, before: list[Any] | None, after: list[Any]
) -> None:
    same = sql.SQL(" AND ").join(sql.SQL("{} = %s").format(sql.Identifier(each)) for each in [key, *columns])
    if before is None:
        cursor.execute(sql.SQL("DELETE FROM {} WHERE {}").format(sql.Identifier(table), same), [name, *after])
        return
    told = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(each)) for each in columns)
    query = sql.SQL("UPDATE {} SET {} WHERE {}").format(sql.Identifier(table), told, same)
    cursor.execute(query, [*before, name, *after])


def _referring(each: Reference, keys: Iterable[Any]) -> set[Any]:
    query = sql.SQL("SELECT {} FROM {} WHERE {} = ANY(%s)").format(
        sql.Identifier(each.key), sql.Identifier(each.table), sql.Identifier(each.column)
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [sorted(keys)])
        return {row[0] for row in cursor.fetchall()}


def _owned_elsewhere(table: str, keys: set[Any], going: Rows) -> set[Any]:
    """Those of the rows that belong to an order, a gallery or a book that stays."""
    found: set[Any] = set()
    for each in references():
        if each.table == table and each.target in OWNERS and keys:
            query = sql.SQL("SELECT {0} FROM {1} WHERE {0} = ANY(%s) AND NOT ({2} = ANY(%s))").format(
                sql.Identifier(each.key), sql.Identifier(table), sql.Identifier(each.column)
            )
            with connection.cursor() as cursor:
                cursor.execute(query, [sorted(keys), sorted(going[each.target])])
                found |= {row[0] for row in cursor.fetchall()}
    return found
