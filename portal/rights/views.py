"""One page: what stands, and the form for a new consent. It works without scripts."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.kernel.errors import Refusal
from core.kernel.signature import signed_by
from core.people.evidence import evidence
from portal.gallery.seat import seat_or_404
from portal.rights.forms import ConsentForm, put_beside
from selection.models import Chooser, Gallery
from selection.rights import services
from selection.rights.enums import WORDING, Scope
from selection.rights.selectors import consented_seat, consents_of, contract_says, offer_mark, offered, today
from selection.selectors import VISIBLE_TO_CUSTOMERS, gallery_for_customer, tiles_of
from tenants.access import declare

customer = declare("customer")


@customer
@never_cache
@require_http_methods(["GET", "POST"])
def rights(request: HttpRequest, code: str) -> HttpResponse:
    """What the studio may show, and signing for it."""
    chooser = _seat(request, code)
    found = offered(chooser.gallery) if is_shown(chooser.gallery) else {**offered(chooser.gallery), Scope.SINGLE: []}
    if request.method == "POST" and not is_shown(chooser.gallery):
        raise Http404  # an archived gallery takes no new consent
    form = ConsentForm(
        request.POST or None, found=found, signer=chooser.customer.name, initial={"seen": offer_mark(found)}
    )
    if request.method == "POST" and form.is_valid() and _signed(request, chooser, form):
        messages.success(request, _("Thank you. You can take this back here at any time."))
        return redirect("portal:rights", code)
    return render(
        request, "portal/rights/rights.html", _facts(chooser, found, form), status=422 if form.is_bound else 200
    )


def _seat(request: HttpRequest, code: str) -> Chooser:
    """As for the gallery's other pages; a consent is read and taken back also when the gallery is shown no more."""
    if gallery_for_customer(request.customer, code) is not None:
        return seat_or_404(request, code)
    seat = consented_seat(request.customer, code)
    if seat is None:
        raise Http404
    return seat


def is_shown(gallery: Gallery) -> bool:
    return gallery.state in VISIBLE_TO_CUSTOMERS


def _signed(request: HttpRequest, chooser: Chooser, form: ConsentForm) -> bool:
    given = {name: form.cleaned_data[name] for name in ("scope", "purposes", "term", "children", "seen")}
    given |= signed_by(form.cleaned_data["signed_name"])
    try:
        services.sign_consent(chooser=chooser, numbers=form.cleaned_data["photo"], evidence=evidence(request), **given)
    except Refusal as refusal:
        put_beside(form, refusal)
        return False
    return True


def _facts(chooser: Chooser, found: dict[str, Any], form: ConsentForm) -> dict[str, Any]:
    gallery, day = chooser.gallery, today()
    consents = consents_of(gallery)
    return {
        "gallery": gallery,
        "order": gallery.order,
        "zone": gallery.order.branch.timezone,
        "chooser": chooser,
        "standing": [consent for consent in consents if consent.stands(day)],
        "former": [consent for consent in consents if not consent.stands(day)],
        "contract": contract_says(gallery),
        "tiles": tiles_of(gallery, found[Scope.SINGLE], None),
        "form": form,
        "wording": WORDING,
    }


@customer
@require_POST
def revoke(request: HttpRequest, code: str, consent: int) -> HttpResponse:
    """Take a consent back: works at once, for everybody of the order."""
    chooser = _seat(request, code)
    found = get_object_or_404(chooser.gallery.consents, pk=consent)
    services.revoke_consent(chooser=chooser, consent=found, evidence=evidence(request))
    messages.success(request, _("Taken back. The photos have left the sample library."))
    return redirect("portal:rights", code)
