"""URLs of a studio's own host: the customer's pages and the staff console."""

from django.urls import include, path

from config.urls_customer import urlpatterns as customer_urls

urlpatterns = [
    path("console/", include("core.console.urls")),
    *customer_urls,
]
