"""The console's map: one line per area; inside an area the furniture is urls, views, forms."""

from django.urls import include, path

app_name = "console"
urlpatterns = [
    path("", include("core.console.account.urls")),
    path("", include("core.console.today.urls")),
    path("board/", include("core.console.board.urls")),
    path("orders/", include("core.console.orders.urls")),
    path("money/", include("core.console.money.urls")),
    path("customers/", include("core.console.customers.urls")),
    path("calendar/", include("core.console.calendar.urls")),
    path("packages/", include("core.console.packages.urls")),
    path("staff/", include("core.console.staff.urls")),
    path("security/", include("core.console.security.urls")),
    path("branches/", include("core.console.branches.urls")),
    path("pay-routes/", include("core.console.merchant.urls")),
    path("subscription/", include("core.console.subscription.urls")),
    path("outbox/", include("core.console.outbox.urls")),
    path("hq/", include("core.console.hq.urls")),
    path("booking/", include("core.console.booking.urls")),
    path("studio/", include("core.console.studio.urls")),
    path("contracts/", include("core.console.contracts.urls")),
]
