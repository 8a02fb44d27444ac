"""The operators' site at `/operator/` of the platform host: read mostly, with a limited login."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from tenants.address import client_address
from tenants.signup import limits


class OperatorSite(AdminSite):
    """Django's site behind a second step: whoever has one is asked for it, and settings may demand one of everybody."""

    site_header = site_title = _("Yinglou operators")
    index_title = _("Studios and plans")
    site_url = None
    enable_nav_sidebar = False
    index_template = "admin/tenants/index.html"
    login_template = "admin/tenants/login.html"

    def has_permission(self, request: HttpRequest) -> bool:
        """Operators whose login counts: with the second step where one is demanded."""
        if not super().has_permission(request):
            return False
        from tenants.accounts.sessions import is_stepped

        return not settings.OPERATOR_SECOND_STEP or is_stepped(request.session)

    def get_urls(self) -> list[Any]:
        """Django's, the second step's, and the pages of floors above (settings.OPERATOR_PAGES)."""
        from tenants import stepkeeping, stepping

        above = [each for mount in settings.OPERATOR_PAGES for each in import_string(mount)(self)]
        return [*stepping.urls(), *stepkeeping.urls(), *above, *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Django's, with the newest logins of operators."""
        from tenants.life.words import act_lines
        from tenants.oplog import latest

        return super().index(request, {**(extra_context or {}), "latest": act_lines(latest())})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """As Django's, but an address may try only so often, and the password may not be enough."""
        if request.method == "POST" and not limits.allows("operator", client_address(request)):
            return render(request, "tenants/too_often.html", status=429)
        if super().has_permission(request) and not self.has_permission(request):
            return redirect("admin:security")
        if request.method == "POST":
            from django.contrib.admin.forms import AdminAuthenticationForm

            form = AdminAuthenticationForm(request, request.POST)
            if form.is_valid():
                return redirect(self._entered(request, form.get_user()))
            self._note_failed(request)
        return super().login(request, extra_context)

    @staticmethod
    def _entered(request: HttpRequest, user: Any) -> str:
        """Where the right password leads."""
        from tenants.accounts.steps import entering
        from tenants.oplog import note_operator

        wanted = request.POST.get("next", "")
        inside = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
        wanted = wanted if inside else reverse("admin:index")
        if not entering.enter(request, user, wanted):
            return reverse("admin:second")
        note_operator(request, user.username, "login", step="password")
        return wanted

    @staticmethod
    def _note_failed(request: HttpRequest) -> None:
        from tenants.accounts.models import User
        from tenants.oplog import UNKNOWN, note_operator

        typed = request.POST.get("username", "")[:60]
        known = User.objects.filter(username=typed, is_operator=True).exists()
        note_operator(request, typed if known else UNKNOWN, "login_failed", step="password")


class OperatorConfig(AdminConfig):
    default_site = "tenants.operators.OperatorSite"

    def ready(self) -> None:
        super().ready()
        from django.contrib import admin
        from django.contrib.auth.models import Group
        from procrastinate.contrib.django.models import ProcrastinateJob

        from tenants.jobadmin import JobAdmin

        admin.site.unregister(Group)  # users here have no groups
        admin.site.unregister(ProcrastinateJob)  # the library's page has styles inside, which our CSP refuses
        admin.site.register(ProcrastinateJob, JobAdmin)
