"""Operators in the operation log (R194): who came in and how, who did not, what changed about their ways in.

Lines about the platform itself have no studio: their `slug` is empty.
"""

from typing import Any

from django.http import HttpRequest

from tenants.accounts.sessions import mask
from tenants.address import client_address
from tenants.context import in_public
from tenants.devices import device_name
from tenants.life.models import StudioAct
from tenants.life.tasks import note

PLATFORM = ""
UNKNOWN = "?"  # a name that nobody has is not kept: people type passwords into the wrong field
SHOWN = 12


def note_operator(request: HttpRequest, who: str, verb: str, **facts: Any) -> None:
    """A line about an operator, with device and masked address. `who`: a user name, or UNKNOWN."""
    device = device_name(request.headers.get("User-Agent", ""))
    note(PLATFORM, f"operator.{verb}", who, device=device, address=mask(client_address(request)), **facts)


def latest(limit: int = SHOWN) -> list[StudioAct]:
    """The newest lines about operators."""
    with in_public():
        return list(StudioAct.objects.filter(slug=PLATFORM).order_by("-at", "-pk")[:limit])
