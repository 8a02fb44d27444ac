"""Colleagues: list, add, change jobs, new password, access."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.selectors import entitlements_of
from core.console.access import requires
from core.console.refusals import apply_refusal
from core.console.sentences import refusal_sentence
from core.console.staff.forms import PasswordForm, StaffForms
from core.console.staff.words import thread_rows
from core.kernel.errors import Refusal
from core.people import services
from core.people.enums import Capability
from core.people.roster import managed_users, may_grant
from core.people.selectors import seats_used
from tenants.accounts.sessions import logins_of
from tenants.accounts.steps.having import steps_of


def _seats(request: HttpRequest) -> dict[str, int]:
    return {"used": seats_used(), "limit": entitlements_of(request.studio).seats}


@requires(Capability.MANAGE_STAFF)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    context = {"users": managed_users(request.staff), "seats": _seats(request)}
    return render(request, "console/staff/list.html", context)


@requires(Capability.MANAGE_STAFF)
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    forms = StaffForms(request.POST or None, None, request.staff)
    if request.method == "POST" and forms.is_valid():
        if not may_grant(request.staff, forms.memberships()):
            raise PermissionDenied
        try:
            services.add_staff(actor=request.user, memberships=forms.memberships(), **forms.form.cleaned_data)
        except Refusal as refusal:
            apply_refusal(forms.form, refusal)
        else:
            messages.success(request, _("The colleague can log in now."))
            return redirect("console:staff:list")
    return _form(request, forms)


@requires(Capability.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(managed_users(request.staff), pk=pk)
    title = person.name
    forms = StaffForms(request.POST or None, person, request.staff)
    if request.method == "POST" and forms.is_valid():
        if not may_grant(request.staff, forms.memberships()):
            raise PermissionDenied
        try:
            services.change_staff(
                actor=request.user, user=person, memberships=forms.memberships(), **forms.form.cleaned_data
            )
        except Refusal as refusal:
            apply_refusal(forms.form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("console:staff:list")
    return _form(request, forms, person, title)


def _form(
    request: HttpRequest, forms: StaffForms, person: Any = None, title: str = "", passwords: PasswordForm | None = None
) -> HttpResponse:
    context = {
        "forms": forms,
        "form": forms.form,
        "person": person,
        "title": title,
        "password_form": passwords or PasswordForm(),
        "seats": _seats(request),
        "steps": steps_of(person) if person else None,
        "logins": logins_of(person) if person else [],
        "history": thread_rows(f"staff.{person.pk}") if person else [],
    }
    return render(request, "console/staff/form.html", context, status=422 if request.method == "POST" else 200)


@requires(Capability.MANAGE_STAFF)
@sensitive_post_parameters("password")
@require_POST
def password(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(managed_users(request.staff), pk=pk)
    if person.pk == request.user.pk:
        return redirect("console:password")  # one's own asks for the old one
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _form(request, StaffForms(None, person, request.staff), person, person.name, form)
    services.set_password(actor=request.user, user=person, password=form.cleaned_data["password"])
    messages.success(request, _("The new password counts from now on."))
    return redirect("console:staff:edit", pk)


@requires(Capability.MANAGE_STAFF)
@require_POST
def access(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(managed_users(request.staff), pk=pk)
    is_active = request.POST.get("active") == "1"
    try:
        services.set_access(actor=request.user, user=person, is_active=is_active)
    except Refusal as refusal:
        messages.error(request, refusal_sentence(refusal))
    else:
        messages.success(request, _("May log in again.") if is_active else _("Can no longer log in."))
    return redirect("console:staff:edit", pk)
