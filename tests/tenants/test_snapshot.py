"""The committed SQL of a studio's tables equals what the migrations make: same catalog, same rows."""

import re

from django.db import connection
from psycopg import sql

from tenants import migrator, snapshot
from tenants.context import in_public

CATALOG = """
SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull::text, a.attidentity::text,
       coalesce(pg_get_expr(d.adbin, d.adrelid), ''), a.attgenerated::text,
       row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum)::text  -- a dropped column leaves a gap in attnum
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (c.oid, a.attnum)
 WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
   AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '', '', '', ''
  FROM pg_constraint WHERE connamespace = %(schema)s::regnamespace
UNION ALL
SELECT 'index', tablename, indexname, indexdef, '', '', '', '', '' FROM pg_indexes WHERE schemaname = %(schema)s
UNION ALL
SELECT 'object', relname, relkind::text, '', '', '', '', '', ''
  FROM pg_class WHERE relnamespace = %(schema)s::regnamespace
UNION ALL
SELECT 'sequence', sequencename, data_type::text, start_value::text, increment_by::text, max_value::text, '', '', ''
  FROM pg_sequences WHERE schemaname = %(schema)s
UNION ALL
SELECT 'function', proname, prosrc, '', '', '', '', '', '' FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace
UNION ALL
SELECT 'trigger', c.relname, t.tgname, '', '', '', '', '', ''
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
 WHERE c.relnamespace = %(schema)s::regnamespace AND NOT t.tgisinternal
"""


def catalog(schema):
    with in_public(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = pg_catalog")
        cursor.execute(CATALOG, {"schema": schema})
        found = {tuple(plain(value.replace(f"{schema}.", "")) for value in row) for row in cursor.fetchall()}
        cursor.execute("SET LOCAL search_path = public")
    return found


def plain(text):
    """Without casts and brackets: PostgreSQL writes them differently after it has read its own output once."""
    return re.sub(r"::(character varying|text)(\[\])?|[()]", "", text)


def rows(schema):
    """Every row but the times of the history."""
    with in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
        tables = [row[0] for row in cursor.fetchall()]
        found = {}
        for table in tables:
            what = sql.SQL("app, name") if table == "django_migrations" else sql.SQL("*")
            cursor.execute(sql.SQL("SELECT {} FROM {}.{}").format(what, sql.Identifier(schema), sql.Identifier(table)))
            found[table] = sorted(cursor.fetchall())
    return found


def test_snapshot_is_current_and_both_roads_count_as_current(db):
    """The road of migrations is walked in two parts, as an older archive walks it: all of them take 20 s."""
    older = migrator.wanted() - {max(name for name in migrator.wanted() if name[0] == "core")}
    migrator.build_as_of("s_by_migrations", older)
    assert migrator.applied("s_by_migrations") == older
    assert "s_by_migrations" not in migrator.current_schemas()
    assert migrator.apply("s_by_migrations") == 1
    snapshot.build("s_by_snapshot")
    migrated, built = catalog("s_by_migrations"), catalog("s_by_snapshot")
    assert sorted(built) == sorted(migrated), "run `manage.py snapshot_schema`"
    assert rows("s_by_migrations") == rows("s_by_snapshot")
    assert {"s_by_migrations", "s_by_snapshot"} <= migrator.current_schemas()


def test_catalog_comparison_notices_a_missing_index(db):
    snapshot.build("s_by_snapshot")
    before = catalog("s_by_snapshot")
    with in_public(), connection.cursor() as cursor:
        cursor.execute("DROP INDEX s_by_snapshot.customer_newest")
    assert catalog("s_by_snapshot") != before
