"""Sockets and downloads: the ASGI entry point (Daphne). Pages go through config.wsgi; other HTTP here answers tests."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
http_application = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 (Django must be set up first)

from core.realtime.routing import websocket_urlpatterns  # noqa: E402 (as above)
from selection.media.stream import DownloadDoor  # noqa: E402 (as above)
from tenants.sockets import StudioSocketMiddleware, studio_of_request  # noqa: E402 (as above)

application = ProtocolTypeRouter(
    {
        "http": DownloadDoor(studio_of_request, http_application),
        "websocket": StudioSocketMiddleware(URLRouter(websocket_urlpatterns)),
    }
)
