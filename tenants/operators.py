"""The operators' site at `/operator/` of the platform host: read mostly, with a limited login."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from tenants.address import client_address
from tenants.signup import limits


class OperatorSite(AdminSite):
    site_header = site_title = _("Yinglou operators")
    index_title = _("Studios and plans")
    site_url = None
    enable_nav_sidebar = False
    index_template = "admin/tenants/index.html"

    def get_urls(self) -> list[Any]:
        """Django's, and the pages of floors above (settings.OPERATOR_PAGES)."""
        return [each for mount in settings.OPERATOR_PAGES for each in import_string(mount)(self)] + super().get_urls()

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """As Django's, but an address may try only so often."""
        if request.method == "POST" and not limits.allows("operator", client_address(request)):
            return render(request, "tenants/too_often.html", status=429)
        return super().login(request, extra_context)


class OperatorConfig(AdminConfig):
    default_site = "tenants.operators.OperatorSite"

    def ready(self) -> None:
        super().ready()
        from django.contrib import admin
        from django.contrib.auth.models import Group

        admin.site.unregister(Group)  # users here have no groups
