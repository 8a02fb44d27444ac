"""URLs of the platform host: sign-up and the operators' admin."""

from django.contrib import admin
from django.urls import include, path

from tenants import views as tenant_views

urlpatterns = [
    path("operator/", admin.site.urls),
    path("i18n/setlang/", tenant_views.set_language, name="set_language"),
    path("", include("tenants.urls")),
]
