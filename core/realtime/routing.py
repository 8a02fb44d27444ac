"""Which socket path leads where."""

websocket_urlpatterns: list = []
