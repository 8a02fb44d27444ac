"""From a socket to its studio: host or `/s/<slug>/` path, and the page that opens it must be of the same host."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from tenants.context import in_public, studio_call
from tenants.models import Studio
from tenants.state import PUBLIC, Place, place

UNKNOWN_STUDIO = 4404
FOREIGN_ORIGIN = 4403


class StudioSocketMiddleware:
    """Sets `scope["studio"]` and strips the path prefix.

    Closes 4404 for an unknown or inactive studio and 4403 when the Origin's host is not the Host header (siblings are
    same-site, so SameSite cookies would be sent: edges.md §1.9).
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        place.set(
            Place("no_studio", include_public=False)
        )  # a consumer that forgets its studio gets an error, not a leak
        headers = {name.decode("latin1").lower(): value.decode("latin1") for name, value in scope["headers"]}
        host = headers.get("host", "")
        if not same_origin(headers.get("origin", ""), host):
            return await self._refuse(receive, send, FOREIGN_ORIGIN)
        studio, path, slug = await studio_of(host, scope["path"])
        if studio is None:
            return await self._refuse(receive, send, UNKNOWN_STUDIO)
        return await self.app({**scope, "path": path, "studio": studio, "by_path": bool(slug)}, receive, send)

    @staticmethod
    async def _refuse(receive: Any, send: Any, code: int) -> None:
        await receive()  # websocket.connect
        await send({"type": "websocket.accept"})  # browsers see a close code only after an accept
        await send({"type": "websocket.close", "code": code})


async def studio_of(host: str, path: str) -> "tuple[Studio | None, str, str]":
    """(active studio, path inside it, slug): by host, or by `/s/<slug>/` on the platform's host."""
    studio, path, slug = await _open_studio_of(host, path)
    return (studio if studio and studio.is_active else None), path, slug


async def studio_of_request(scope: dict[str, Any]) -> "tuple[Studio | None, str]":
    """(studio open to customers, path inside it) of an HTTP request that is served beside the sockets."""
    place.set(Place("no_studio", include_public=False))
    host = next((value.decode("latin1") for name, value in scope["headers"] if name.lower() == b"host"), "")
    studio, path, _slug = await _open_studio_of(host, scope["path"])
    return studio, path


async def _open_studio_of(host: str, path: str) -> "tuple[Studio | None, str, str]":
    name, slug = host.rsplit(":", 1)[0].lower(), ""
    if name == settings.PLATFORM_HOST and path.startswith("/s/"):
        slug, _slash, rest = path[len("/s/") :].partition("/")
        path = f"/{rest}"
    return await studio_call(PUBLIC, find_studio, name, slug), path, slug


def same_origin(origin: str, host: str) -> bool:
    """Whether the page that opens the socket was served by this very host (and over TLS where the platform is)."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    schemes = {"https"} if settings.PLATFORM_SECURE else {"http", "https"}
    return bool(host) and parts.scheme in schemes and parts.netloc.lower() == host.lower()


def is_active(studio: Studio) -> bool:
    """Whether the studio still answers: open sockets ask again from time to time."""
    with in_public():
        return bool(Studio.objects.active().filter(pk=studio.pk).exists())


def find_studio(host: str, slug: str) -> Studio | None:
    """The studio of a host or of a path's slug, if its customers reach it."""
    wanted = {"slug": slug} if slug else {"domains__domain": host.removeprefix("www."), "domains__is_ready": True}
    found: Studio | None = Studio.objects.filter(**wanted).first()
    return found if found is not None and found.is_open_to_customers else None
