"""What staff do about slots: suggest a photograph for one, lower a price. Placing is the customer's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.console.access import requires
from core.kernel.errors import Refusal
from core.people.enums import Capability
from selection import services
from selection.bills import slots_of
from selection.console.finding import gallery_or_404, photo_or_404
from selection.console.forms import PriceForm, SuggestForm
from selection.console.sentences import sentence

UNKNOWN = -1  # what is no use of this order: the verb says so


@requires(Capability.LOWER_PRICES)
@require_POST
def lower(request: HttpRequest, code: str) -> HttpResponse:
    """A lower price or more included, with a reason that stays on the order's history."""
    gallery = gallery_or_404(request, code, Capability.LOWER_PRICES)
    form = PriceForm(request.POST, gallery=gallery, slots=slots_of(gallery), currency=gallery.order.currency)
    if not form.is_valid():
        messages.error(request, next(str(text) for texts in form.errors.values() for text in texts))
        return redirect("selection:gallery", gallery.code)
    try:
        services.lower_price(actor=request.user, gallery=gallery, **form.cleaned_data)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("The lower price counts from now on. The customer sees it at once."))
    return redirect("selection:gallery", gallery.code)


@requires(Capability.PUBLISH_GALLERY)
@require_POST
def suggest(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Recommend the photograph for a use, or take that back (`on` is 0)."""
    photo = photo_or_404(request, code, number, Capability.PUBLISH_GALLERY)
    form = SuggestForm(request.POST, slots=slots_of(photo.gallery))
    verb = services.withdraw_suggestion if request.POST.get("on") == "0" else services.suggest_photo
    slot = form.cleaned_data["slot"] if form.is_valid() else UNKNOWN
    try:
        verb(actor=request.user, photo=photo, slot=slot)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        taken_back = verb is services.withdraw_suggestion
        messages.success(request, _("Suggestion taken back.") if taken_back else _("The customer sees the suggestion."))
    return redirect("selection:gallery", photo.gallery.code)
