"""The console's map: one line per area; inside an area the furniture is urls, views, forms."""

from importlib.util import find_spec

from django.urls import include, path

app_name = "console"
urlpatterns = [
    path("", include("core.console.account.urls")),
    path("", include("core.console.today.urls")),
    path("board/", include("core.console.board.urls")),
    path("orders/", include("core.console.orders.urls")),
]
for area in ("outbox", "customers", "packages", "staff", "branches", "hq"):  # until they have landed
    if find_spec(f"core.console.{area}.urls") if find_spec(f"core.console.{area}") else None:
        urlpatterns.append(path(f"{area}/", include(f"core.console.{area}.urls")))
