"""Signing a part of the selection: tick, see what it means for the price, sign. It works without scripts."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.kernel.errors import Refusal
from core.kernel.signature import NAME_SENTENCES, SignatureField, signed_by
from core.people.evidence import evidence
from portal.gallery.seat import seat_or_404
from selection.batches import excess_of, open_to_sign, parts_of, signed_numbers
from selection.enums import GalleryState
from selection.models import Chooser
from selection.selectors import tiles_of
from selection.services import sign_part
from selection.services.parts import NOTE_LENGTH
from tenants.access import declare

customer = declare("customer")

SENTENCES: dict[str, tuple[str | None, Any]] = {
    **{code: ("signed_name", text) for code, text in NAME_SENTENCES.items()},
    "part.empty": ("photo", gettext_lazy("Please tick the photos of this part.")),
    "part.changed": (None, gettext_lazy("Your selection has changed since you looked. Please check it again.")),
    "price.changed": (
        None,
        gettext_lazy("Some of these are beyond your package. Please confirm the price."),
    ),
    "selection.limit": (None, gettext_lazy("More photos are selected than the package allows. Please take some back.")),
    "selection.locked": (None, gettext_lazy("This selection is submitted already.")),
    "chooser.not_main": (None, gettext_lazy("Only the main contact of the order can submit.")),
}


class PartForm(forms.Form):
    """`beyond_minor` is what the customer saw that this part costs more at the end."""

    photo = forms.TypedMultipleChoiceField(label=gettext_lazy("Photos"), coerce=int, error_messages={
        "required": gettext_lazy("Please tick the photos of this part."),
        "invalid_choice": gettext_lazy("Your selection has changed since you looked. Please check it again."),
    })  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Your message to the studio"),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    signed_name = SignatureField(label=gettext_lazy("Your signature"))
    beyond_minor = forms.IntegerField(min_value=0, widget=forms.HiddenInput, initial=0)

    def __init__(self, *args: Any, numbers: list[int], signer: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_name"].signer = signer
        self.fields["photo"].choices = [(number, number) for number in numbers]

    @property
    def ticked(self) -> list[int]:
        """The photographs ticked in what was sent."""
        return [int(one) for one in self.data.getlist("photo") if one.isdecimal()] if self.is_bound else []


@customer
@never_cache
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, code: str) -> HttpResponse:
    """Some of the selected photographs, signed now; the gallery stays open."""
    chooser = seat_or_404(request, code)
    if not chooser.is_main or chooser.gallery.state != GalleryState.OPEN:
        return redirect("portal:review", code)
    form = PartForm(request.POST or None, numbers=open_to_sign(chooser), signer=chooser.customer.name)
    context = _facts(chooser, form)
    if request.method == "POST" and form.is_valid() and (n := _signed(request, chooser, form, context)):
        done = ngettext("%(n)d photo is signed.", "%(n)d photos are signed.", n) % {"n": n}
        messages.success(request, f"{done} {_('You can go on choosing.')}")
        return redirect("portal:review", code)
    return render(request, "portal/gallery/part.html", context, status=422 if form.is_bound else 200)


def _facts(chooser: Chooser, form: PartForm) -> dict[str, Any]:
    gallery = chooser.gallery
    before = len(signed_numbers(chooser))
    free = open_to_sign(chooser)
    photos = list(gallery.photos.filter(number__in=free).order_by("number"))
    return {
        "gallery": gallery,
        "currency": gallery.order.currency,
        "tiles": tiles_of(gallery, photos, chooser),
        "before": before,
        "left": max(0, gallery.included - before),
        "excess": excess_of(gallery, before, len(set(form.ticked))),
        "next": excess_of(gallery, before, gallery.included - before + 1).minor if gallery.included >= before else 0,
        "parts": [one for one in parts_of(gallery) if one.reopened_at is None],
        "form": form,
    }


def _signed(request: HttpRequest, chooser: Chooser, form: PartForm, context: dict[str, Any]) -> int:
    """How many were signed; 0: not, and the form says why."""
    said = form.cleaned_data
    given = {"beyond_minor": said["beyond_minor"], "note": said["note"], **signed_by(said["signed_name"])}
    try:
        return sign_part(chooser=chooser, numbers=said["photo"], evidence=evidence(request), **given).picked
    except Refusal as refusal:
        if refusal.code not in SENTENCES:
            raise
        form.add_error(*SENTENCES[refusal.code])
        context["asks_price"] = refusal.code == "price.changed"
        return 0
