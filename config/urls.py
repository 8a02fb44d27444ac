"""URLs of a studio's own host: the customer's pages and the staff console."""

from django.urls import include, path

from config.urls_customer import urlpatterns as customer_urls
from core.console.calendar.feed import calendar_feed
from tenants import views as tenant_views

urlpatterns = [
    path("cal/<slug:token>.ics", calendar_feed, name="calendar-feed"),
    path("enter/<str:ticket>/", tenant_views.enter, name="enter"),
    path("console/galleries/", include("selection.console.urls")),
    path("console/", include("core.console.urls")),
    *customer_urls,
]
