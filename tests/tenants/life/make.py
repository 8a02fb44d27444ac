"""Studios with rows and files, and what a bystander looks like."""

import hashlib
from typing import Any

from django.db import connection
from psycopg import sql

from core.kernel import bulk, storage
from core.people.enums import Role
from core.people.models import Membership
from tenants.accounts.models import User
from tenants.context import in_public, in_studio
from tests.factories import make_branch, make_customer, make_order, make_package


def furnish(studio: Any, word: str = "甲") -> Any:
    """An owner, an order, three files (a contract among them)."""
    with in_studio(studio):
        owner = User.objects.create_user("boss", "Kamera-2611", name=f"老板{word}", email="boss@example.com")
        Membership.objects.create(user=owner, role=Role.OWNER)
        branch = make_branch(name=f"南山{word}")
        package = make_package()
        for number in range(3):
            make_order(branch=branch, package=package, customer=make_customer(phone=f"+86139000000{number:02}"))
        storage.put(storage.key("contracts", 1, "a.pdf"), b"%PDF-1.7 " + word.encode(), content_type="application/pdf")
        for number in range(2):
            storage.put(storage.key("o", number, "x.jpg"), bytes(300_000) + word.encode(), content_type="image/jpeg")
    return owner


def picture_of(studio: Any) -> dict[str, str]:
    """A checksum per table (sessions and the outbox aside), and the list of the studio's files."""
    found = {}
    with in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [studio.schema_name])
        for (table,) in cursor.fetchall():
            if table not in {"accounts_loginsession", "core_outboxmessage"}:
                cursor.execute(
                    sql.SQL("SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {} t").format(
                        sql.Identifier(studio.schema_name, table)
                    )
                )
                found[table] = cursor.fetchone()[0]
    found["files"] = files_of(studio)
    return found


def files_of(studio: Any) -> str:
    with in_studio(studio):
        root = len(storage.root())
        lines = [(n[root:], s, e) for n, s, e in bulk.listing() if not n[root:].startswith("/exports/")]
    return hashlib.sha256(repr(lines).encode()).hexdigest()


def wipe(studio: Any) -> None:
    """Remove the studio's files."""
    with in_studio(studio):
        storage.delete(*[name for name, _size, _etag in list(bulk.listing())])


ALIASES: dict[str, list[str]] = {}


def resolver(name: str) -> list[str]:
    """What DNS says in tests."""
    return ALIASES.get(name, [])


def wipe_exports(studio: Any) -> None:
    """Remove the archives of a studio that other tests go on using."""
    with in_studio(studio):
        storage.delete(*[name for name, _size, _etag in list(bulk.listing("exports"))])
