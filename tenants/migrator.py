"""Migrations of the studios' schemas: which are wanted, which a schema has, and how one schema is brought there.

A studio's schema knows only the migrations of TENANT_APPS (and what they depend on). It is migrated without `public`
on the search path: a migration that reaches for shared tables fails here, not in a customer's browser.
"""

import hashlib
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from psycopg import errors, sql

from tenants.context import in_public
from tenants.state import Place, place

Names = frozenset[tuple[str, str]]
LOCK_TIMEOUT = "2s"
TRIES = 6
PAUSE = 0.5  # seconds after the first lock timeout; doubles
CONTENTION = (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure)


def tenant_labels() -> set[str]:
    """Labels of the apps that every studio has."""
    return {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}


@lru_cache(maxsize=1)
def wanted() -> Names:
    """(app, migration) of everything a current studio's schema holds."""
    graph = MigrationLoader(None, ignore_no_migrations=True).graph
    return frozenset(name for leaf in _targets(graph) for name in graph.forwards_plan(leaf))


def fingerprint(names: Iterable[tuple[str, str]] | None = None) -> str:
    """A hash of a set of migrations; of the wanted ones by default."""
    chosen = wanted() if names is None else names
    return hashlib.sha256("\n".join(sorted(f"{app}.{name}" for app, name in chosen)).encode()).hexdigest()


def current_schemas() -> set[str]:
    """Schemas that hold every wanted migration: one query for the list, one over all of them."""
    with in_public(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname FROM pg_tables WHERE tablename = 'django_migrations' AND schemaname LIKE 's\\_%'"
        )
        schemas = [row[0] for row in cursor.fetchall()]
        if not schemas:
            return set()
        names = sorted(f"{app}.{name}" for app, name in wanted())
        count = sql.SQL(
            "SELECT {name}, count(*) FROM {schema}.django_migrations WHERE app || '.' || name = ANY(%(names)s)"
        )
        union = sql.SQL(" UNION ALL ").join(
            count.format(name=sql.Literal(schema), schema=sql.Identifier(schema)) for schema in schemas
        )
        cursor.execute(union, {"names": names})
        return {schema for schema, found in cursor.fetchall() if found == len(names)}


def applied(schema: str) -> Names:
    """The wanted migrations that the schema holds already."""
    token = place.set(Place(schema, include_public=False))
    try:
        return frozenset(MigrationLoader(connection).applied_migrations) & wanted()
    finally:
        place.reset(token)


def apply(schema: str, on_step: Callable[[str], None] | None = None) -> int:
    """Run the missing migrations in the schema; returns how many. Each is a transaction of its own.

    Waits for a lock at most two seconds, then lets the traffic pass and tries again. Raises what the migration raised.
    """
    for attempt in range(TRIES):
        try:
            return _apply_once(schema, on_step)
        except OperationalError as error:
            if attempt == TRIES - 1 or not isinstance(error.__cause__, CONTENTION):
                raise
            if on_step:
                on_step(f"{schema}: busy, trying again ({attempt + 1})")
            time.sleep(PAUSE * 2**attempt)
    raise AssertionError  # pragma: no cover


def _apply_once(schema: str, on_step: Callable[[str], None] | None) -> int:
    def progress(action: str, migration: Any = None, fake: Any = None) -> None:
        if on_step and action == "apply_start":
            on_step(f"{schema}: {migration}")

    token = place.set(Place(schema, include_public=False))
    try:
        _session(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        executor = MigrationExecutor(connection, progress)
        targets = _targets(executor.loader.graph)
        plan = executor.migration_plan(targets)
        executor.migrate(targets, plan)
        return len(plan)
    finally:
        if connection.is_usable():
            _session("RESET lock_timeout")
        place.reset(token)


def apply_shared() -> None:
    """Run the missing migrations of SHARED_APPS in `public`, then note those of the studios' apps as done there.

    The router lets none of the latter touch `public`; Django would all the same render every model anew at each of
    their steps (18 s of processor time at 80 migrations, for nothing).
    """
    with in_public():
        executor = MigrationExecutor(connection)
        graph = executor.loader.graph
        labels = {config.label for config in apps.get_app_configs() if config.name in settings.SHARED_APPS}
        executor.loader.check_consistent_history(connection)
        executor.migrate([leaf for leaf in graph.leaf_nodes() if leaf[0] in labels])
        executor = MigrationExecutor(connection)
        ours = tenant_labels() - labels
        executor.migrate([leaf for leaf in graph.leaf_nodes() if leaf[0] in ours], fake=True)


def build_as_of(schema: str, names: Names) -> None:
    """Create the schema with exactly these migrations, in the running transaction: a home for an older archive."""
    with in_public(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    token = place.set(Place(schema, include_public=False))
    try:
        executor = MigrationExecutor(connection)
        graph = executor.loader.graph
        targets = [n for n in names if not {child.key for child in graph.node_map[n].children} & names]
        executor.migrate(targets)
    finally:
        place.reset(token)


def _targets(graph: Any) -> list[tuple[str, str]]:
    labels = tenant_labels()
    return [leaf for leaf in graph.leaf_nodes() if leaf[0] in labels]


def _session(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
