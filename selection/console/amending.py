"""What staff do with parts and with requests to reopen: each a POST to a noun of its own, and back to the desk."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core.console.access import requires
from core.kernel.amounts import MoneyField
from core.kernel.money import to_money
from core.people.enums import Capability
from selection import services
from selection.batches import parts_of
from selection.changes import contract_price, last_reopening
from selection.console.finding import gallery_or_404, staff_of
from selection.console.retouch.files import SIDECARS, TEXTS
from selection.console.verbs import settle
from selection.enums import AFTER_SUBMISSION
from selection.models import Gallery
from selection.rearranging import places_of, uses_price
from selection.retouch import handover
from selection.selectors import standing_submission

WORDS_LENGTH = 500


class NumbersField(forms.CharField):
    """Photographs by number, as a person types them: "3, 7 12"."""

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "")
        for mark in "，、;；":
            text = text.replace(mark, ",")
        parts = text.replace(",", " ").split()
        if any(not part.isdecimal() or len(part) > 6 for part in parts):
            raise forms.ValidationError(_("Please write photo numbers with commas between."))
        return [int(part) for part in parts]


class OfferForm(forms.Form):
    """The price of a change and exactly what it contains."""

    add = NumbersField(label=gettext_lazy("Photos that come in"), required=False, max_length=2000)
    drop = NumbersField(label=gettext_lazy("Photos that leave"), required=False, max_length=2000)
    price = MoneyField(label=gettext_lazy("Price"), required=False, help_text=gettext_lazy("Empty: free of charge."))
    answer = forms.CharField(
        label=gettext_lazy("What will be done"),
        max_length=WORDS_LENGTH,
        help_text=gettext_lazy("The customer reads it beside the price and signs both."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["price"].currency = currency


def amending_context(gallery: Gallery) -> dict[str, Any]:
    """Parts and the newest request with its uses, for the desk. Five queries at most."""
    found, signed = last_reopening(gallery), standing_submission(gallery)
    form = None
    hint = 0
    if found and found.is_open and signed and gallery.state in AFTER_SUBMISSION:
        hint = contract_price(gallery, signed, found.add, found.drop)
        initial: dict[str, Any] = {name: ", ".join(map(str, getattr(found, name))) for name in ("add", "drop")}
        if found.price_minor:
            initial["price"] = to_money(found.price_minor, gallery.order.currency).amount
        form = OfferForm(currency=gallery.order.currency, initial={**initial, "answer": found.answer})
    places = (
        [place for place in places_of(gallery, found.submission, found) if place.came or place.left]
        if (found and (found.uses or found.drop))
        else []
    )
    return {
        "parts": parts_of(gallery),
        "reopening": found,
        "changed_uses": places,
        "uses_minor": uses_price(places),
        "offer_form": form,
        "contract_minor": hint,
    }


@requires(Capability.VIEW_GALLERIES)
@never_cache
@require_GET
def request_page(request: HttpRequest, code: str) -> HttpResponse:
    """The newest request, and the forms that answer it; nothing is swapped under a person who writes."""
    gallery = gallery_or_404(request, code)
    context = amending_context(gallery)
    if context["reopening"] is None:
        raise Http404
    may = {str(c): staff_of(request).may(c, gallery.order.branch_id) for c in Capability}
    return render(
        request, "selection/reopening.html", {**context, "gallery": gallery, "order": gallery.order, "may": may}
    )


@requires(Capability.UNLOCK_SELECTION)
@require_POST
def approve(request: HttpRequest, code: str) -> HttpResponse:
    """The customer may choose again, as they asked; free of charge."""
    done = _("The customer may choose again, and has been told.")
    answer = request.POST.get("answer", "")
    return _do(request, code, Capability.UNLOCK_SELECTION, services.approve_reopening, done, answer=answer)


@requires(Capability.UNLOCK_SELECTION)
@require_POST
def decline(request: HttpRequest, code: str) -> HttpResponse:
    """The selection stands; the customer reads why."""
    done = _("The customer has been told why.")
    answer = request.POST.get("answer", "")
    return _do(request, code, Capability.UNLOCK_SELECTION, services.decline_reopening, done, answer=answer)


@requires(Capability.GRANT_ROUNDS)
@require_POST
def offer(request: HttpRequest, code: str) -> HttpResponse:
    """A change at a price: the customer signs it or not."""
    gallery = gallery_or_404(request, code, Capability.GRANT_ROUNDS)
    form = OfferForm(request.POST, currency=gallery.order.currency)
    if not form.is_valid():
        messages.error(request, _("Please give photo numbers, a price we can read, and what will be done."))
        return redirect("selection:gallery", gallery.code)
    said = form.cleaned_data
    given = {"price_minor": said["price"] or 0, **{name: said[name] for name in ("answer", "add", "drop")}}
    done = _("The customer has been asked.")
    return _do(request, code, Capability.GRANT_ROUNDS, services.offer_reopening, done, **given)


@requires(Capability.UNLOCK_SELECTION)
@require_POST
def reopen_part(request: HttpRequest, code: str, part: int) -> HttpResponse:
    """The customer may take the photographs of a part back."""
    done = _("Part %(n)s is open again.") % {"n": part}
    reason = request.POST.get("reason", "")
    given: dict[str, Any] = {"number": part, "reason": reason}
    return _do(request, code, Capability.UNLOCK_SELECTION, services.reopen_part, done, **given)


def _do(
    request: HttpRequest, code: str, capability: Capability, verb: Callable[..., Any], done: str, **given: Any
) -> HttpResponse:
    gallery = gallery_or_404(request, code, capability)
    return settle(request, gallery, lambda: verb(actor=request.user, gallery=gallery, **given), done)


@requires(Capability.VIEW_GALLERIES)
@require_GET
def handed_over(request: HttpRequest, code: str, part: str, name: str) -> HttpResponseBase:
    """A part as retouchers get it: table, names, numbers, sidecars. 404 for a part that is not signed."""
    gallery = gallery_or_404(request, code)
    found = gallery.parts.filter(number=part, reopened_at=None).first()
    if found is None:
        raise Http404
    handed = handover.handover_of(gallery, part=found)
    assert handed is not None, "a part has its photographs"
    headers = {"Content-Disposition": f'attachment; filename="{gallery.order.code}-part{part}-{name}"'}
    if name == SIDECARS:
        files = handover.sidecars_zip(handed)
        return StreamingHttpResponse(files, content_type="application/zip", headers=headers)
    make, content_type = TEXTS[name]
    return HttpResponse(make(handed), content_type=content_type, headers=headers)
