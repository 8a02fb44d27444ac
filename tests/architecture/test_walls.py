"""No way around `tenants.context`. Every ban is seen to work on a planted violation."""

import ast
import re
from collections.abc import Callable, Iterator

import pytest

from tests.architecture.tree import ROOT, name, nodes, python_files, tree_of

Finding = tuple[int, str]
SWITCHES = {
    "schema_context", "tenant_context", "set_schema", "set_tenant", "set_schema_to_public", "FakeTenant",
}  # fmt: skip
TRIGGER = re.compile(r"\bCREATE\s+(OR\s+REPLACE\s+)?(CONSTRAINT\s+)?TRIGGER\b", re.IGNORECASE)
STUDIO_NAMES = {"studio", "tenant", "other_studio", "current_studio"}
WALLS = ("tenants/",)
MIGRATIONS_OF_STUDIOS = ("core", "selection", "portal", "tenants/accounts")


def names(node: ast.AST) -> str:
    """The last name of a dotted expression, through calls."""
    while isinstance(node, ast.Call):
        node = node.func
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def with_studio(tree: ast.AST) -> Iterator[Finding]:
    for node in nodes(tree):
        if isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                if isinstance(item.context_expr, ast.Name | ast.Attribute) and names(item.context_expr) in STUDIO_NAMES:
                    yield node.lineno, "`with studio:` keeps its stack in a class attribute that threads share (leak A)"


def switches(tree: ast.AST) -> Iterator[Finding]:
    for node in nodes(tree):
        found = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        imported = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
        for one in {found, *imported} & SWITCHES:
            yield node.lineno, f"{one}: use tenants.context.in_studio (leaks B, E)"


def connection_state(tree: ast.AST) -> Iterator[Finding]:
    for node in nodes(tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in {"tenant", "schema_name"}
            and names(node.value) == "connection"
        ):
            yield node.lineno, f"connection.{node.attr}: use tenants.context.current_studio / current_schema"


def on_commit(tree: ast.AST) -> Iterator[Finding]:
    for node in nodes(tree):
        imported = isinstance(node, ast.ImportFrom) and any(alias.name == "on_commit" for alias in node.names)
        if imported or (isinstance(node, ast.Attribute) and node.attr == "on_commit"):
            yield node.lineno, "on_commit fires in the outer place: use tenants.context.on_commit_in_studio (leak D)"


def async_doors(tree: ast.AST) -> Iterator[Finding]:
    banned = {
        "database_sync_to_async",
        "AuthMiddlewareStack",
        "AuthMiddleware",
        "sync_to_async",
        "SessionMiddlewareStack",
    }
    for node in nodes(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("channels", "asgiref")):
            for alias in node.names:
                if alias.name in banned:
                    yield (
                        node.lineno,
                        f"{alias.name}: the one entry from async code is tenants.context.studio_call (leak E)",
                    )


def threads(tree: ast.AST) -> Iterator[Finding]:
    for node in nodes(tree):
        if isinstance(node, ast.Call) and names(node) in {"Thread", "ThreadPoolExecutor", "Timer"}:
            yield node.lineno, f"{names(node)}: a new thread starts in `public`; enqueue a job instead"


def other_connections(tree: ast.AST) -> Iterator[Finding]:
    for node in nodes(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "using":
            yield node.lineno, ".using(): one database, one place"
        if isinstance(node, ast.ImportFrom) and (node.module or "") in {"psycopg", "psycopg_pool"}:
            for alias in node.names:
                if alias.name in {"connect", "Connection", "AsyncConnection", "ConnectionPool", "AsyncConnectionPool"}:
                    yield node.lineno, f"psycopg.{alias.name}: a connection of one's own has no studio"


def content_types(tree: ast.AST) -> Iterator[Finding]:
    for node in nodes(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.contrib.contenttypes"):
            yield node.lineno, "contenttypes: ids differ per studio (leak C)"


def caches(tree: ast.AST) -> Iterator[Finding]:
    for node in nodes(tree):
        if isinstance(node, ast.FunctionDef) and any(names(d) in {"lru_cache", "cache"} for d in node.decorator_list):
            source = ast.unparse(node)
            if ".objects" in source or "current_schema" in source or "current_studio" in source or "scoped(" in source:
                yield node.lineno, f"{node.name}: a process-wide cache of something a studio owns"


def extensions(tree: ast.AST) -> Iterator[Finding]:
    for node in nodes(tree):
        if isinstance(node, ast.Call) and names(node).endswith("Extension"):
            yield node.lineno, f"{names(node)}: extensions are made by the first shared migration (tenancy.md §3.1)"


def triggers(tree: ast.AST) -> Iterator[Finding]:
    for node in nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and TRIGGER.search(node.value):
            yield node.lineno, "a trigger: distributed tables have none (tenancy.md §3.4)"


Ban = Callable[[ast.AST], Iterator[Finding]]
# ban: (where it does not hold, code that must be caught)
BANS: dict[Ban, tuple[tuple[str, ...], list[str]]] = {
    with_studio: ((), ["with studio:\n    pass", "with request.studio:\n    pass", "with self.tenant as t:\n    pass"]),
    switches: (
        WALLS,
        [
            "from django_tenants.utils import schema_context",
            "@tenant_context(t)\ndef f(): ...",
            "connection.set_schema('x')",
            "connections['default'].set_tenant(t)",
        ],
    ),
    connection_state: (WALLS, ["connection.tenant", "x = connection.schema_name"]),
    on_commit: (("tenants/context.py",), ["transaction.on_commit(f)", "from django.db.transaction import on_commit"]),
    async_doors: (
        ("tenants/context.py",),
        [
            "from channels.db import database_sync_to_async",
            "from channels.auth import AuthMiddlewareStack",
            "from asgiref.sync import sync_to_async",
        ],
    ),
    threads: (
        ("tenants/management/commands/worker.py", "selection/media/stream.py"),  # the latter's read storage, by key
        ["Thread(target=f)", "ThreadPoolExecutor(4)", "threading.Timer(1, f)"],
    ),
    other_connections: (
        ("tenants/selftest.py", "tenants/management/commands/snapshot_schema.py", "tenants/postgresql/"),
        ["Order.objects.using('replica')", "from psycopg import connect"],
    ),
    content_types: ((), ["from django.contrib.contenttypes.fields import GenericForeignKey"]),
    caches: (
        ("tenants/",),
        ["@lru_cache\ndef f():\n    return Branch.objects.count()", "@cache\ndef f():\n    return scoped('x')"],
    ),
    extensions: ((), ["BtreeGistExtension()", "operations.TrigramExtension()"]),
    triggers: (
        (),
        [
            "migrations.RunSQL('CREATE TRIGGER x AFTER INSERT ON y')",
            "RunSQL('create or replace  trigger x BEFORE UPDATE ON y')",
            "RunSQL('CREATE CONSTRAINT TRIGGER x AFTER INSERT ON y')",
        ],
    ),
}
PLANTED = [(ban, source) for ban, (_where, sources) in BANS.items() for source in sources]


@pytest.mark.parametrize(("ban", "planted"), PLANTED, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_violation_is_caught(ban, planted):
    assert list(ban(ast.parse(planted)))


@pytest.mark.parametrize(
    "fine",
    [
        "with in_studio(studio):\n    on_commit_in_studio(f)",
        "studio.schema_name",
        "request.tenant",
        "user.save(using=self._db)",
        "from asgiref.sync import async_to_sync",
        "@lru_cache\ndef f(x):\n    return x + 1",
        "'we trigger a job'",
    ],
)
def test_the_right_way_is_not_caught(fine):
    assert not [found for ban in BANS for found in ban(ast.parse(fine))]


@pytest.mark.parametrize("ban", BANS, ids=lambda ban: ban.__name__)
def test_product_keeps_to_the_walls(ban):
    allowed = BANS[ban][0]
    paths = [
        *python_files(),
        *(p for folder in MIGRATIONS_OF_STUDIOS for p in (ROOT / folder).rglob("migrations/*.py")),
    ]
    found = {
        f"{name(path)}:{line}": what
        for path in paths
        if not name(path).startswith(allowed or ("\0",))
        for line, what in ban(tree_of(path))
    }
    assert not found


def test_snapshot_holds_no_trigger_and_no_unnamed_check():
    text = (ROOT / "tenants/ddl/studio.sql").read_text()
    assert "CREATE TRIGGER" not in text
    assert not re.search(r"ADD COLUMN[^;]*\bCHECK\b", text)


def test_backend_is_ours():
    from django.conf import settings
    from django.db import connections

    connection = connections["default"]
    assert settings.DATABASES["default"]["ENGINE"] == "tenants.postgresql"
    assert type(connection).__module__ == "tenants.postgresql.base"
    assert connection.SchemaEditorClass.__name__ == "PortableSchemaEditor"
