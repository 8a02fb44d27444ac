"""URLs of the platform host: sign-up and the operators' admin."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("operator/", admin.site.urls),
    path("", include("tenants.urls")),
]
