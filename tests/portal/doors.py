"""A customer's browser at one of the two doors: the studio's own host, or its path on the platform's host."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.test import Client

from core.kernel import clock
from core.people.login import COOKIE, SESSION_LIFE
from core.people.models import Customer, CustomerSession
from core.people.selectors import token_hash
from tenants.context import in_studio

FORMS = ["host", "path"]


@dataclass
class Door:
    studio: Any
    form: str
    client: Client

    @property
    def host(self) -> str:
        return settings.PLATFORM_HOST if self.form == "path" else f"{self.studio.slug}.{settings.PLATFORM_HOST}"

    @property
    def prefix(self) -> str:
        """What every address of the portal starts with."""
        return f"/s/{self.studio.slug}/" if self.form == "path" else "/"

    def get(self, path: str = "", **headers: str) -> Any:
        return self.client.get(self.prefix + path.removeprefix(self.prefix), headers={"host": self.host, **headers})

    def post(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> Any:
        address = self.prefix + path.removeprefix(self.prefix)
        return self.client.post(address, data or {}, headers={"host": self.host, **headers})

    def enter(self, customer: Customer) -> str:
        """Logged in, as after a right code; the token."""
        token = secrets.token_urlsafe(16)
        with in_studio(self.studio):
            CustomerSession.objects.create(
                customer=customer,
                token_hash=token_hash(token),
                device="WeChat · iPhone",
                seen_at=clock.now(),
                expires_at=clock.now() + SESSION_LIFE,
            )
        self.client.cookies[COOKIE] = token
        return token


def knock(studio: Any, form: str, customer: Customer | None = None) -> Door:
    agent = "Mozilla/5.0 (iPhone) MicroMessenger/8.0"
    # limits are counted per address, which of IPv6 is a /64: no run must end on what the runs before it have spent
    address = f"2001:db8:{secrets.randbelow(65536):x}:{secrets.randbelow(65536):x}::1"
    door = Door(studio, form, Client(headers={"user-agent": agent, "x-forwarded-for": address}))
    if customer is not None:
        door.enter(customer)
    return door
