"""Any studio's tables as CSV and back, without knowing what they mean: PostgreSQL's COPY, ids and all."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg import sql

# Logins and codes are nobody's records; `django_migrations` is told in the manifest
LEFT_OUT = frozenset({"django_migrations", "accounts_loginsession", "core_phonecode", "core_customersession"})
KEY_TYPES = frozenset({"text", "character varying"})


@dataclass(frozen=True, slots=True)
class Table:
    """A table and its columns (name, SQL type) in their order; computed columns are not among them."""

    name: str
    columns: tuple[tuple[str, str], ...]

    @property
    def names(self) -> sql.Composed:
        return sql.SQL(", ").join(sql.Identifier(name) for name, _type in self.columns)


def tables_of(schema: str) -> list[Table]:
    """The tables whose rows are a studio's records, by name."""
    return [
        Table(name, tuple((row[0], row[1]) for row in columns))
        for name, columns in _columns(schema)
        if name not in LEFT_OUT
    ]


def _columns(schema: str) -> list[tuple[str, list[list[str]]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.table_name, json_agg(json_build_array(c.column_name, c.data_type) ORDER BY c.ordinal_position) "
            "FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) "
            "WHERE c.table_schema = %s AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER' "
            "GROUP BY c.table_name ORDER BY c.table_name",
            [schema],
        )
        return _plain(cursor.fetchall())


def _plain(rows: list[Any]) -> list[tuple[str, list[list[str]]]]:
    import json

    return [(name, json.loads(columns) if isinstance(columns, str) else columns) for name, columns in rows]


def dump(schema: str, table: Table, write: Callable[[bytes], object]) -> int:
    """Write the table as CSV with a first line of names, in the order of its first column; returns how many rows.

    NULL is an empty field, the empty text is `""`.
    """
    query = sql.SQL("COPY (SELECT {} FROM {} ORDER BY 1) TO STDOUT WITH (FORMAT csv, HEADER)").format(
        table.names, sql.Identifier(schema, table.name)
    )
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table.name)))
        rows = int(cursor.fetchone()[0])
        with cursor.copy(query) as copy:
            for chunk in copy:
                write(bytes(chunk))
    return rows


def load(schema: str, table: Table, chunks: Iterable[bytes]) -> int:
    """Fill an empty table from what `dump` wrote; returns how many rows it has then."""
    target = sql.Identifier(schema, table.name)
    query = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv, HEADER MATCH)").format(target, table.names)
    with connection.cursor() as cursor:
        with cursor.copy(query) as copy:
            for chunk in chunks:
                copy.write(chunk)
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(target))
        return int(cursor.fetchone()[0])


def empty(schema: str, tables: Iterable[Table]) -> None:
    """Remove what data migrations put into a new schema: the archive brings its own rows."""
    names = sql.SQL(", ").join(sql.Identifier(schema, table.name) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))


def sequences(schema: str) -> dict[str, int]:
    """Sequence → the last number it gave."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = %s AND last_value IS NOT NULL "
            "ORDER BY sequencename",
            [schema],
        )
        return dict(cursor.fetchall())


def set_sequences(schema: str, last: dict[str, int]) -> None:
    """Go on counting where the archive's studio was: no number is ever given twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = %s", [schema])
        known = {row[0] for row in cursor.fetchall()}
        for name in known & set(last):
            cursor.execute(
                "SELECT setval(%s::regclass, %s)", [sql.Identifier(schema, name).as_string(), int(last[name])]
            )


def move_keys(schema: str, tables: Iterable[Table], source: str, target: str) -> int:
    """Rows that hold storage keys below `source` hold them below `target`; returns how many fields changed."""
    changed = 0
    for table, column, kind in _texts(tables):
        name, field = sql.Identifier(schema, table.name), sql.Identifier(column)
        if kind in KEY_TYPES:
            statement = sql.SQL(
                "UPDATE {name} SET {field} = %(target)s || substr({field}, %(length)s) "
                "WHERE starts_with({field}, %(source)s)"
            )
        else:
            statement = sql.SQL(
                "UPDATE {name} SET {field} = replace({field}::text, %(quoted)s, %(renewed)s)::jsonb "
                "WHERE strpos({field}::text, %(quoted)s) > 0"
            )
        values: dict[str, Any] = {"source": source, "target": target, "length": len(source) + 1}
        values |= {"quoted": f'"{source}', "renewed": f'"{target}'}
        with connection.cursor() as cursor:
            cursor.execute(statement.format(name=name, field=field), values)
            changed += cursor.rowcount
    return changed


def _texts(tables: Iterable[Table]) -> Iterator[tuple[Table, str, str]]:
    for table in tables:
        for column, kind in table.columns:
            if kind in KEY_TYPES or kind == "jsonb":
                yield table, column, kind


def size_of(schema: str) -> int:
    """Bytes of the schema's tables and indexes on disk."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relkind = 'r'",
            [schema],
        )
        return int(cursor.fetchone()[0])


def counts(schema: str) -> dict[str, int]:
    """Rows of every table, also of those that no archive holds."""
    found = {}
    with connection.cursor() as cursor:
        for name, _columns_of_it in _columns(schema):
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, name)))
            found[name] = int(cursor.fetchone()[0])
    return found
