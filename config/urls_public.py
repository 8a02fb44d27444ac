"""URLs of the platform host: sign-up, the operators' admin, and where pay providers notify us."""

from django.contrib import admin
from django.urls import include, path

from tenants import views as tenant_views

urlpatterns = [
    path("operator/", admin.site.urls),
    path("i18n/setlang/", tenant_views.set_language, name="set_language"),
    path("hooks/", include("billing.urls")),
    path("", include("tenants.urls")),
]
