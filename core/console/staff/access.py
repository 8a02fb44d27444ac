"""A colleague's way in, for whoever manages them: second step taken away, every login ended."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.console.access import requires
from core.console.sentences import refusal_sentence
from core.kernel.errors import Refusal
from core.people import security
from core.people.enums import Capability
from core.people.roster import managed_users


@requires(Capability.MANAGE_STAFF)
@require_POST
def step_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """For a colleague who lost phone and codes. One's own goes by the security page."""
    person = get_object_or_404(managed_users(request.staff), pk=pk)
    if person.pk == request.user.pk:
        return redirect("console:security:overview")
    try:
        security.reset_step(actor=request.user, user=person)
    except Refusal as refusal:
        messages.error(request, refusal_sentence(refusal))
    else:
        messages.success(
            request, _("The second step is taken away. The password alone lets in until a new one is set.")
        )
    return redirect("console:staff:edit", pk)


@requires(Capability.MANAGE_STAFF)
@require_POST
def logins_end(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(managed_users(request.staff), pk=pk)
    stays = request.session.session_key if person.pk == request.user.pk else None
    count = security.end_all(actor=request.user, user=person, stays=stays)
    if count:
        messages.success(request, _("Every device of %(name)s has to log in again.") % {"name": person.name})
    else:
        messages.info(request, _("Nobody was logged in."))
    return redirect("console:staff:edit", pk)
