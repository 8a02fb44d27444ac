"""Sockets: the ASGI entry point (Daphne). Pages go through config.wsgi; HTTP here answers tests only."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
http_application = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 (Django must be set up first)

from core.realtime.routing import websocket_urlpatterns  # noqa: E402 (as above)
from tenants.sockets import StudioSocketMiddleware  # noqa: E402 (as above)

application = ProtocolTypeRouter(
    {"http": http_application, "websocket": StudioSocketMiddleware(URLRouter(websocket_urlpatterns))}
)
