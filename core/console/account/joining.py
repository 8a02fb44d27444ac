"""The invited joins: sees the studio and the job, chooses a name and a password, and is in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from core.console.account import attempts
from core.console.account.joinform import JoinForm
from core.console.refusals import FIELDS
from core.console.sentences import refusal_sentence
from core.console.staff.words import job_words
from core.kernel.address import client_address
from core.kernel.errors import Refusal
from core.people import invitations
from tenants.access import declare
from tenants.accounts import sessions


@declare("signed")
@never_cache
@sensitive_variables("token")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """A link that is no longer good says so, and whom to ask."""
    invitation = invitations.found_by(token)
    if invitation is None or not invitations.is_good(invitation):
        status = 410 if invitation else 404
        return render(request, "console/account/join_over.html", {"invitation": invitation}, status=status)
    form: Any = JoinForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            attempts.spend("", client_address(request))
            user = invitations.accept(token=token, **form.cleaned_data)
        except Refusal as refusal:
            code = "invitation.no_seat" if refusal.code == "plan.seats" else refusal.code
            form.add_error(FIELDS.get(code), refusal_sentence(Refusal(code, **refusal.facts)))
        else:
            sessions.begin(request, user, stepped=False)
            messages.success(request, _("Welcome. A passkey makes your next login quick and safe: add one here."))
            return redirect("console:security:overview")
    context = {"form": form, "invitation": invitation, "jobs": job_words(invitation.memberships)}
    return render(request, "console/account/join.html", context, status=status)
