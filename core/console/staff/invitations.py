"""Inviting colleagues by link."""

import segno
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.console.access import requires
from core.console.refusals import apply_refusal
from core.console.sentences import refusal_sentence
from core.console.staff.inviting import InvitationForms
from core.console.staff.words import branch_names, job_words
from core.kernel.errors import Refusal
from core.messaging.services import invitation_link, queue_invitation
from core.people import invitations
from core.people.enums import Capability
from core.people.models import Invitation
from core.people.roster import may_grant


@requires(Capability.MANAGE_STAFF)
@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Open invitations, and what became of the others."""
    names = branch_names()
    rows = [(row, job_words(row.memberships, names)) for row in invitations.invitations_for(request.staff)]
    return render(request, "console/staff/invitations.html", {"rows": rows})


@requires(Capability.MANAGE_STAFF)
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    asked = InvitationForms(request.POST or None, request.staff)
    if request.method == "POST" and asked.is_valid():
        if not may_grant(request.staff, asked.memberships()):
            raise PermissionDenied
        try:
            told = {**asked.form.cleaned_data, "memberships": asked.memberships(), "deliver": queue_invitation}
            invitation, token = invitations.invite(staff=request.staff, **told)
        except Refusal as refusal:
            apply_refusal(asked.form, refusal)
        else:
            return _link(request, invitation, token)
    context = {"forms": asked, "form": asked.form}
    return render(request, "console/staff/invite.html", context, status=422 if request.method == "POST" else 200)


@requires(Capability.MANAGE_STAFF)
@never_cache
@require_POST
def renewal(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link; the former one is worthless."""
    invitation = _invitation(request, pk)
    try:
        token = invitations.renew(staff=request.staff, invitation=invitation, deliver=queue_invitation)
    except Refusal as refusal:
        messages.error(request, refusal_sentence(refusal))
        return redirect("console:staff:invitations")
    invitation.refresh_from_db()
    return _link(request, invitation, token)


@requires(Capability.MANAGE_STAFF)
@require_POST
def revocation(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        invitations.revoke(staff=request.staff, invitation=_invitation(request, pk))
    except Refusal as refusal:
        messages.error(request, refusal_sentence(refusal))
    else:
        messages.success(request, _("The link is worthless now."))
    return redirect("console:staff:invitations")


def _link(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """The link, shown by this very answer and never again."""
    link = invitation_link(token)
    context = {
        "invitation": invitation,
        "link": link,
        "qr": segno.make(link, micro=False).png_data_uri(scale=5, border=2),
        "sent_to": invitation.email or invitation.phone,
    }
    return render(request, "console/staff/invited.html", context)


def _invitation(request: HttpRequest, pk: int) -> Invitation:
    """One to jobs that the staff member may give; others do not exist for them."""
    found: Invitation | None = Invitation.objects.filter(pk=pk).first()
    if found is None or not may_grant(request.staff, found.memberships):  # type: ignore[attr-defined]  # set by StaffMiddleware
        raise Http404
    return found
