"""What is answered when a second step was set up, or was not."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.console.sentences import refusal_sentence
from core.kernel.errors import Refusal
from core.people import security
from tenants.accounts.steps.errors import StepRefused


def done(request: HttpRequest, what: str, codes: list[str]) -> HttpResponse:
    """Written down; recovery codes are shown by this very answer and never again."""
    security.note_step(user=request.user, what=what, is_set=True)
    if not codes:
        messages.success(request, _("Set up. From the next login on it is asked for."))
        return redirect("console:security:overview")
    return render(request, "console/security/codes.html", {"codes": codes, "is_first": what != "codes"})


def refuse(request: HttpRequest, refused: Refusal | StepRefused) -> HttpResponse:
    messages.error(request, refusal_sentence(Refusal(refused.code, **refused.facts)))
    return redirect("console:security:overview")
