"""What must be true of the database before people are let in (tenancy.md, guard module, point 7)."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from psycopg import Connection, connect, sql

from tenants.context import in_public
from tenants.migrator import tenant_labels
from tenants.models import Studio

ROUNDS = 20
MIXED = (
    "sessions share a search_path: the pooler in front of PostgreSQL mixes studios. "
    "Use session mode, or PgBouncer ≥ 1.26.1 with track_extra_parameters=search_path,IntervalStyle."
)


def problems() -> list[str]:
    """Sentences for engineers; empty when all is well."""
    return [
        *pooler_problems(),
        *extension_problems(),
        *public_table_problems(),
        *schema_problems(),
    ]


def pooler_problems() -> list[str]:
    """Two sessions set their search paths and look again: a pooler that mixes them leaks studios (tenancy.md §1.5)."""
    given = connection.settings_dict
    login: dict[str, Any] = {
        "host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"],
        "dbname": given["NAME"], "autocommit": True, "prepare_threshold": None,
    }  # fmt: skip
    with connect(**login) as one, connect(**login) as other:
        return paths_mixed({"selftest_one": one, "selftest_other": other})


def paths_mixed(sessions: "dict[str, Connection[Any]]") -> list[str]:
    """A problem when a session sees a search path that another one set."""
    for _round in range(ROUNDS):
        for path, session in sessions.items():
            session.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(path)))
        for path, session in sessions.items():
            row = session.execute("SHOW search_path").fetchone()
            if row is None or row[0].strip('"') != path:
                return [MIXED]
    return []


def extension_problems() -> list[str]:
    """Extensions live in `extensions`: inside a studio's schema they would go with that studio (tenancy.md §3.1)."""
    with in_public(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT extname, nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
            "WHERE extname <> 'plpgsql'"
        )
        found = dict(cursor.fetchall())
    missing = [f"extension {name} is missing" for name in ("btree_gist", "pg_trgm") if name not in found]
    stray = [
        f"extension {name} lives in {place}: move it to `extensions`"
        for name, place in found.items()
        if place not in {"extensions", "pg_catalog"}
    ]
    return missing + stray


def studio_tables() -> set[str]:
    """Tables that every studio has."""
    labels = tenant_labels()
    models = (m for m in apps.get_models(include_auto_created=True) if m._meta.app_label in labels and m._meta.managed)
    return {model._meta.db_table for model in models if not model._meta.proxy}


def shared_tables() -> set[str]:
    """Tables of apps that are in both lists: `public` has its own."""
    both = {config.label for config in apps.get_app_configs() if config.name in settings.SHARED_APPS} & tenant_labels()
    return {m._meta.db_table for m in apps.get_models(include_auto_created=True) if m._meta.app_label in both}


def public_table_problems() -> list[str]:
    """A studio's table in `public` would answer silently whenever a studio lacks its own (tenancy.md §1.8)."""
    stray = _tables("public") & (studio_tables() - shared_tables())
    return [f"table public.{name} belongs into studios only" for name in sorted(stray)]


def schema_problems() -> list[str]:
    """Every studio has a schema with every table; every such schema has a studio."""
    with in_public(), connection.cursor() as cursor:
        studios = set(Studio.objects.values_list("schema_name", flat=True))
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 's\\_%'")
        schemas = {row[0] for row in cursor.fetchall()}
    lost = [f"studio {name} has no schema" for name in sorted(studios - schemas)]
    orphans = [f"schema {name} has no studio" for name in sorted(schemas - studios)]
    wanted = studio_tables()
    gaps = [
        f"schema {schema} lacks {', '.join(sorted(missing))}"
        for schema in sorted(studios & schemas)
        if (missing := wanted - _tables(schema))
    ]
    return lost + orphans + gaps


def _tables(schema: str) -> set[str]:
    with in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        return {row[0] for row in cursor.fetchall()}
