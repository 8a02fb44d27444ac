"""Who stands at the sockets of these tests: made with real commits, once per studio."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection

from core.kernel import clock
from core.people import login
from core.people.enums import Role
from core.people.models import Customer, CustomerSession, Membership
from core.people.selectors import token_hash
from core.studios.models import Branch
from tenants.accounts.models import User
from tenants.context import in_public, in_studio
from tenants.services import drop_studio, open_studio, suspend_studio


@dataclass
class House:
    """A studio with two branches."""

    studio: Any
    branches: list[Branch] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"{self.studio.slug}.{settings.PLATFORM_HOST}:8000"


@contextmanager
def opened_studio(name: str) -> Iterator[Any]:
    """A studio with real commits, dropped afterwards."""
    studio = open_studio(name=name, slug=f"tmp-{secrets.token_hex(4)}")
    try:
        yield studio
    finally:
        with in_public():
            studio.refresh_from_db()
        if studio.is_active:
            suspend_studio(studio)
        drop_studio(studio)
        connection.close()


def furnish(studio: Any) -> House:
    with in_studio(studio):
        branches = [Branch.objects.create(name=f"{studio.name} {code}", code=code) for code in ("NS", "FT")]
    return House(studio, branches)


def staff_cookie(house: House, role: str = Role.OWNER, branch: Branch | None = None) -> dict[str, str]:
    """A logged-in staff member's session cookie."""
    with in_studio(house.studio):
        user = User.objects.create_user(f"u{secrets.token_hex(4)}", "secret-word-1", name="王蕾")
        Membership.objects.create(user=user, role=role, branch=branch)
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
    return {settings.SESSION_COOKIE_NAME: session.session_key}


def customer(house: House, name: str = "陈晓雨") -> tuple[Customer, dict[str, str]]:
    """A customer and the cookie of a session."""
    token = secrets.token_urlsafe(32)
    with in_studio(house.studio):
        person = Customer.objects.create(name=name, phone=f"+86139{secrets.randbelow(10**8):08d}")
        CustomerSession.objects.create(
            customer=person, token_hash=token_hash(token), expires_at=clock.now() + login.SESSION_LIFE
        )
    return person, {login.COOKIE: token}


def order_of(house: House, person: Customer, branch: Branch | None = None) -> Any:
    """A sold order, as plain rows: these tests are about sockets."""
    from core.catalog.models import Package
    from core.orders.models import Order

    with in_studio(house.studio):
        package, _ = Package.objects.get_or_create(
            name="主纱",
            defaults={"price_minor": 1, "photos_taken": 80, "retouched_included": 40, "extra_photo_minor": 6000},
        )
        owner = User.objects.create_user(f"o{secrets.token_hex(4)}", None, name="刘婷")
        return Order.objects.create(
            code=f"NS-2611-{secrets.randbelow(10**6):06d}",
            title=person.name,
            kind="wedding",
            customer=person,
            branch=branch or house.branches[0],
            package=package,
            owner=owner,
            currency="CNY",
            price_minor=1,
            retouched_included=40,
            extra_photo_minor=6000,
            taken_at=clock.now(),
        )
