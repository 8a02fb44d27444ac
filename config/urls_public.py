"""URLs of the platform host: sign-up, the operators' admin, and where pay providers notify us."""

from django.contrib import admin
from django.urls import include, path, re_path

from billing.hooks import wechat_file
from tenants import views as tenant_views

urlpatterns = [
    path("operator/", admin.site.urls),
    path("i18n/setlang/", tenant_views.set_language, name="set_language"),
    re_path(r"^(?P<name>MP_verify_[0-9A-Za-z]{8,64}\.txt)$", wechat_file, name="wechat-file"),
    path("hooks/", include("billing.urls")),
    path("", include("tenants.urls")),
]
