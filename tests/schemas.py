"""Schemas of throw-away studios, used again: to make one and to drop it costs half a second of processor time.

The studio itself, its row, addresses and jobs, are opened and dropped by the product's verbs each time, under a new
name. Only the empty tables stay: emptied, their sequences at the start, under a name that nothing looks for, and only
when the catalog and the rows that migrations made are as on the first day. A schema that a test changed is dropped.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from unittest.mock import patch

from django.db import connection, transaction
from psycopg import sql

from tenants import snapshot
from tenants.context import in_public

SHAPE = """
SELECT md5(string_agg(x, E'\\n' ORDER BY x)) FROM (
  SELECT concat_ws('|', c.relname, c.relkind, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attidentity,
                   a.atthasdef, a.attnum) x
    FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
   WHERE c.relnamespace = %(schema)s::regnamespace
  UNION ALL
  SELECT concat_ws('|', conname, contype, convalidated, condeferrable, condeferred, conkey::text)
    FROM pg_constraint WHERE connamespace = %(schema)s::regnamespace
  UNION ALL
  SELECT proname FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace
  UNION ALL
  SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
   WHERE c.relnamespace = %(schema)s::regnamespace AND NOT t.tgisinternal
) every
"""
_build = snapshot.build


@contextmanager
def spares() -> Iterator[None]:
    """Inside, a studio that is opened takes a spare schema when there is one."""
    with patch.object(snapshot, "build", _take):
        yield


def keep(schema: str) -> None:
    """Before its studio is dropped: the schema becomes a spare one, unless it is no longer what it was."""
    with in_public(), transaction.atomic(), connection.cursor() as cursor:
        if cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema]).fetchone() is None:
            return  # gone with its studio
        shape, filled, numbers = _first_day()
        if _scalar(cursor, SHAPE, schema=schema) != shape:
            return
        cursor.execute("SET LOCAL session_replication_role = replica")  # no foreign keys: all rows go
        for table in _filled(cursor, schema) - filled.keys():
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(schema, table)))
        for name, number in _numbers(cursor, schema).items():
            if number != numbers.get(name):
                cursor.execute(sql.SQL("ALTER SEQUENCE {} RESTART").format(sql.Identifier(schema, name)))
        if _rows(cursor, schema, filled) == filled and _numbers(cursor, schema) == numbers:
            _rename(cursor, schema, f"spare_{secrets.token_hex(6)}")


def _take(schema: str) -> None:
    """In place of `snapshot.build`."""
    _first_day()
    with in_public(), connection.cursor() as cursor:
        found = cursor.execute(r"SELECT nspname FROM pg_namespace WHERE nspname LIKE 'spare\_%' LIMIT 1").fetchone()
        if found:
            _rename(cursor, found[0], schema)
    if not found:
        _build(schema)


@lru_cache(maxsize=1)
def _first_day() -> tuple[str, dict[str, str], dict[str, int | None]]:
    """(shape, rows by table, numbers by sequence) of a schema that was just made."""
    schema = "spare"
    with in_public(), transaction.atomic(), connection.cursor() as cursor:
        _build(schema)
        made = _scalar(cursor, SHAPE, schema=schema)
        filled = _rows(cursor, schema, _filled(cursor, schema))
        numbers = _numbers(cursor, schema)
        cursor.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
    return made, filled, numbers


def _filled(cursor: Any, schema: str) -> set[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
    asked = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
    names = [row[0] for row in cursor.fetchall()]
    cursor.execute(sql.SQL(" UNION ALL ").join(asked.format(sql.Literal(n), sql.Identifier(schema, n)) for n in names))
    return {row[0] for row in cursor.fetchall()}


def _rows(cursor: Any, schema: str, tables: Any) -> dict[str, str]:
    """A digest of each table's rows; of the history only which migrations there were."""
    found = {}
    for table in tables:
        what = sql.SQL("app || '.' || name" if table == "django_migrations" else "t::text")
        asked = sql.SQL("SELECT md5(string_agg({what}, ',' ORDER BY {what})) FROM {table} t")
        cursor.execute(asked.format(what=what, table=sql.Identifier(schema, table)))
        found[table] = cursor.fetchone()[0]
    return found


def _numbers(cursor: Any, schema: str) -> dict[str, int | None]:
    cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = %s", [schema])
    return dict(cursor.fetchall())


def _rename(cursor: Any, old: str, new: str) -> None:
    cursor.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new)))


def _scalar(cursor: Any, query: str, **values: Any) -> Any:
    cursor.execute(query, values)
    return cursor.fetchone()[0]
