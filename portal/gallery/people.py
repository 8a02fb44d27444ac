"""Who is in this gallery: everybody's part, who sees whose marks, and guests. Plain forms; nothing needs a script."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.kernel.errors import Refusal
from portal.gallery.forms import GuestForm
from portal.gallery.refusals import sentence
from portal.gallery.seat import is_limited, seat_or_404
from selection.addresses import gallery_link
from selection.enums import ChooserRole
from selection.models import Chooser
from selection.seats import people_of
from selection.services import dismiss_guest, invite_guest, set_role, set_sharing
from tenants.access import declare

customer = declare("customer")
here_too = declare("customer", within="gallery")


@here_too
@never_cache
@require_safe
def people(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody who comes in here, and what one may change about it."""
    return render(request, "portal/gallery/people.html", _facts(request, seat_or_404(request, code)))


def _facts(request: HttpRequest, chooser: Chooser, form: GuestForm | None = None) -> dict[str, Any]:
    gallery = chooser.gallery
    seats = [{"seat": seat, "shows": seat.shows_marks(gallery)} for seat in people_of(gallery)]
    return {
        "gallery": gallery,
        "seat": chooser,
        "seats": seats,
        "shows": chooser.shows_marks(gallery),
        "manages": chooser.is_main and not is_limited(request),
        "roles": [(role.value, role.label) for role in (ChooserRole.CO, ChooserRole.VIEWER)],
        "link": gallery_link(gallery),
        "form": form or GuestForm(initial={"role": ChooserRole.VIEWER}),
    }


@here_too
@require_POST
def sharing(request: HttpRequest, code: str) -> HttpResponse:
    """Let the others see one's marks, or not: from now on."""
    shares = request.POST.get("shares") == "1"
    set_sharing(chooser=seat_or_404(request, code), shares=shares)
    messages.success(request, _("The others see what you mark.") if shares else _("Nobody else sees what you mark."))
    return redirect("portal:people", code)


@customer
@require_POST
def guests(request: HttpRequest, code: str) -> HttpResponse:
    """The main chooser lets somebody in, to this gallery alone."""
    chooser = seat_or_404(request, code)
    form = GuestForm(request.POST)
    if form.is_valid():
        try:
            invite_guest(gallery=chooser.gallery, by=chooser, **form.cleaned_data)
        except Refusal as refusal:
            form.put_beside(refusal, sentence(refusal))
        else:
            messages.success(request, _("Invited. Send them the link; they log in with their phone number."))
            return redirect("portal:people", code)
    return render(request, "portal/gallery/people.html", _facts(request, chooser, form), status=422)


@customer
@require_POST
def person(request: HttpRequest, code: str, seat: int) -> HttpResponse:
    """The main chooser gives another person a role, or lets a guest in no more."""
    chooser = seat_or_404(request, code)
    other = next((one for one in people_of(chooser.gallery) if one.pk == seat), None)
    if other is None:
        raise Http404
    if "dismiss" in request.POST:
        done = _("%(name)s does not come in any more.") % {"name": other.name}
        return _settle(request, code, lambda: dismiss_guest(chooser=other, by=chooser), done)
    role = request.POST.get("role", "")
    return _settle(request, code, lambda: set_role(chooser=other, role=role, by=chooser), _("Changed."))


def _settle(request: HttpRequest, code: str, work: Callable[[], Any], done: str) -> HttpResponse:
    try:
        work()
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, done)
    return redirect("portal:people", code)
