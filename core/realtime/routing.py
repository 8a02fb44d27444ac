"""Which socket path leads where."""

from typing import Any

from django.urls import path, re_path

from core.realtime import doors  # noqa: F401 (registers what this floor's sockets follow)
from core.realtime.codes import UNKNOWN
from core.realtime.sockets import Socket


async def serve(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """A live socket: plain ASGI, 4.5 times cheaper per message than a Channels consumer (edges.md §1.8)."""
    kwargs = scope["url_route"]["kwargs"]
    await Socket(scope, receive, send, kind=kwargs["kind"], name=kwargs["name"]).run()


async def nowhere(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """An unknown path is closed like an unknown object; URLRouter alone would raise."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": UNKNOWN})


KINDS = ("board", "calendar", "order", "gallery")
websocket_urlpatterns = [
    *(path(f"ws/{kind}/<str:name>/", serve, {"kind": kind}) for kind in KINDS),  # type: ignore[arg-type]  # stubs
    re_path(r"", nowhere),  # type: ignore[arg-type]  # the stubs know views, not ASGI apps
]
