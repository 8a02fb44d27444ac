"""Which studio answers at an address. Every request asks, so an active studio is remembered for two seconds.

Only active studios are remembered: one that is being opened or resumed answers at once. One that is suspended in
another process goes on answering for `SECONDS` at most; in this process `forget` is called.
"""

import copy
import time

from django.conf import settings

from tenants.models import Studio

SECONDS = 2.0
_known: dict[tuple[str, str], tuple[float, Studio]] = {}


def studio_at(host: str, slug: str = "") -> Studio | None:
    """The studio with this slug or, without one, with this host name; a copy of the caller's own. Ask in public."""
    address = (host, "") if not slug else ("", slug)
    until, studio = _known.get(address, (0.0, None))
    if studio is None or until < time.monotonic():
        studio = _looked_up(*address)
        if studio is None or not studio.is_active:
            return studio
        _known[address] = (time.monotonic() + SECONDS, studio)
    return copy.copy(studio)


def forget(studio: Studio | None = None) -> None:
    """Look every studio up anew: one of them changed. `studio`: the caller's own copy brings nothing along any more."""
    _known.clear()
    if studio is not None:
        studio.brings, studio.limits = False, None


def _looked_up(host: str, slug: str) -> Studio | None:
    studios = Studio.objects.select_related(*settings.STUDIO_BRINGS)
    asked = {"slug": slug} if slug else {"domains__domain": host.removeprefix("www."), "domains__is_ready": True}
    found: Studio | None = studios.filter(**asked).first()
    if found is not None:
        found.brings = True
    return found
