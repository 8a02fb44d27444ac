"""What a customer reaches: the same pages at `<studio>.<platform>/` and at `<platform>/s/<studio>/` (WeChat)."""

from django.urls import include, path, re_path

from billing.hooks import wechat_file
from core.console.studio.logo import logo
from tenants import views as tenant_views

urlpatterns = [
    re_path(r"^(?P<name>MP_verify_[0-9A-Za-z]{8,64}\.txt)$", wechat_file, name="wechat-file"),
    path("brand.css", tenant_views.brand_css, name="brand-css"),
    path("brand/<slug:tag>.css", tenant_views.brand_file, name="brand-file"),
    path("brand/logo/<slug:digest>.png", logo, name="brand-logo"),
    path("i18n/setlang/", tenant_views.set_language, name="set_language"),
    path("m/", include("selection.media.urls")),
    path("d/", include("selection.media.handing_urls")),
    path("api/galleries/", include("selection.api.urls")),
    path("api/", include("core.api.urls")),
    path("", include("portal.urls")),
]
