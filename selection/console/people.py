"""Who comes into a gallery: roles, guests, PINs, and whether marks are shown unless somebody says otherwise."""

from typing import Any

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.console.access import requires
from core.kernel.errors import Refusal
from core.people.enums import Capability
from core.people.phone import mask
from selection import services
from selection.addresses import pin_link
from selection.console.finding import gallery_or_404
from selection.console.forms import GuestForm
from selection.console.sentences import sentence
from selection.console.verbs import settle
from selection.enums import ChooserRole
from selection.models import Chooser, EntryPin, Gallery
from selection.seats import people_of

PAGE = "selection:people"


def _found(request: HttpRequest, code: str) -> Gallery:
    return gallery_or_404(request, code, Capability.PUBLISH_GALLERY)


def _seat(gallery: Gallery, seat: int) -> Chooser:
    found = next((one for one in people_of(gallery) if one.pk == seat), None)
    if found is None:
        raise Http404
    return found


@requires(Capability.PUBLISH_GALLERY)
@never_cache
@require_safe
def people(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody with their role, their PIN and whether they show their marks."""
    return render(request, "selection/people.html", _facts(_found(request, code), GuestForm()))


def _facts(gallery: Gallery, form: GuestForm) -> dict[str, Any]:
    pins = dict(EntryPin.objects.filter(gallery=gallery).values_list("chooser_id", "digits"))
    return {
        "gallery": gallery,
        "rows": [
            {
                "seat": seat,
                "phone": mask(seat.customer.phone),
                "pin": pins.get(seat.pk, ""),
                "shows": seat.shows_marks(gallery),
                "roles": _roles(seat),
            }
            for seat in people_of(gallery)
        ],
        "link": pin_link(gallery),
        "form": form,
    }


def _roles(seat: Chooser) -> list[tuple[str, Any]]:
    """The roles that the person can be given; who submits is changed by naming another one."""
    if seat.is_main:
        return []
    return [(role.value, role.label) for role in ChooserRole if not (seat.is_guest and role == ChooserRole.MAIN)]


@requires(Capability.PUBLISH_GALLERY)
@require_POST
def person(request: HttpRequest, code: str, seat: int) -> HttpResponse:
    """Another role, or (dismiss) a guest in no more."""
    gallery = _found(request, code)
    chooser = _seat(gallery, seat)
    if "dismiss" in request.POST:
        done = _("%(name)s does not come in any more.") % {"name": chooser.name}
        return settle(request, gallery, lambda: services.dismiss_guest(chooser=chooser, actor=request.user), done, PAGE)
    role = request.POST.get("role", "")
    done = _("The role is changed.")
    return settle(
        request, gallery, lambda: services.set_role(chooser=chooser, role=role, actor=request.user), done, PAGE
    )


@requires(Capability.PUBLISH_GALLERY)
@require_POST
def pin(request: HttpRequest, code: str, seat: int) -> HttpResponse:
    """New digits, or (close) none."""
    gallery = _found(request, code)
    chooser = _seat(gallery, seat)
    if "close" in request.POST:
        done = _("The PIN is closed, and whoever came in by it is logged out.")
        return settle(request, gallery, lambda: services.close_pin(chooser=chooser, actor=request.user), done, PAGE)
    done = _("There is a new PIN. The former one opens nothing any more.")
    return settle(request, gallery, lambda: services.make_pin(chooser=chooser, actor=request.user), done, PAGE)


@requires(Capability.PUBLISH_GALLERY)
@never_cache
@require_safe
def card(request: HttpRequest, code: str, seat: int) -> HttpResponse:
    """Link, code and PIN of one person, to print."""
    gallery = _found(request, code)
    chooser = _seat(gallery, seat)
    found = EntryPin.objects.filter(chooser=chooser).first()
    if found is None:
        raise Http404
    link = pin_link(gallery)
    qr = segno.make(link, micro=False).png_data_uri(scale=6, border=2)
    context = {"gallery": gallery, "seat": chooser, "digits": found.digits, "link": link, "qr": qr}
    return render(request, "selection/pin_card.html", context)


@requires(Capability.PUBLISH_GALLERY)
@require_POST
def guests(request: HttpRequest, code: str) -> HttpResponse:
    """Let somebody in who is not on the order."""
    gallery = _found(request, code)
    form = GuestForm(request.POST)
    if form.is_valid():
        done = _("%(name)s may come in.") % {"name": form.cleaned_data["name"]}
        try:
            services.invite_guest(gallery=gallery, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("phone" if refusal.code.startswith("customer.") else None, sentence(refusal))
        else:
            return settle(request, gallery, lambda: None, done, PAGE)
    return render(request, "selection/people.html", _facts(gallery, form), status=422)


@requires(Capability.PUBLISH_GALLERY)
@require_POST
def default(request: HttpRequest, code: str) -> HttpResponse:
    """Whether marks are shown to the others unless their owner says otherwise."""
    gallery, shares = _found(request, code), request.POST.get("shares") == "1"
    shown, private = _("Whoever comes in now shows their marks."), _("Marks are private unless somebody shows them.")
    return settle(
        request,
        gallery,
        lambda: services.set_sharing_default(gallery=gallery, shares=shares, actor=request.user),
        shown if shares else private,
        PAGE,
    )
