"""Asking to change what was submitted, and answering the price of a change. It works without scripts."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.kernel.errors import Refusal
from core.kernel.signature import NAME_SENTENCES, SignatureField, signed_by
from core.people.evidence import evidence
from portal.gallery.arranging import arranged
from portal.gallery.seat import seat_or_404
from selection import services
from selection.changes import ASKABLE, addable, change_mark, last_reopening
from selection.enums import AFTER_SUBMISSION
from selection.models import Chooser
from selection.selectors import standing_submission, submitted_photos, tiles_of
from selection.services.reopening import WORDS_LENGTH
from tenants.access import declare

customer = declare("customer")

SENTENCES: dict[str, Any] = {
    "reason.missing": gettext_lazy("Please say what you would like to change."),
    "reopening.open": gettext_lazy("You have asked already. The studio answers soon."),
    "reopening.not_submitted": gettext_lazy("Your selection is open: you can change it yourself."),
    "reopening.too_late": gettext_lazy("The photos are finished. Please talk to the studio."),
    "reopening.no_change": gettext_lazy("Please tick what should come in or leave."),
    "reopening.unsound": gettext_lazy("Your selection has changed since you looked. Please tick again."),
    "reopening.gone": gettext_lazy("This request is not open any more."),
    "reopening.changed": gettext_lazy("The studio has changed the offer. Please look at it again."),
    "price.changed": gettext_lazy("The price has changed since you saw it. Please look at it again."),
    "slot.missing": gettext_lazy("“%(slot)s” still needs photos: %(missing)s. Please fill it before you sign."),
    **NAME_SENTENCES,
    "chooser.not_main": gettext_lazy("Only the main contact of the order can do this."),
}


class AskForm(forms.Form):
    """`add`, `drop`, `uses_only`: only after retouching began."""

    reason = forms.CharField(
        label=gettext_lazy("What would you like to change, and why?"),
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    add = forms.TypedMultipleChoiceField(coerce=int, required=False)
    drop = forms.TypedMultipleChoiceField(coerce=int, required=False)
    uses_only = forms.BooleanField(required=False)

    def __init__(self, *args: Any, add: list[int], drop: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["add"].choices = [(number, number) for number in add]
        self.fields["drop"].choices = [(number, number) for number in drop]

    @property
    def ticked(self) -> set[str]:
        """What was ticked, as "add-3"."""
        if not self.is_bound:
            return set()
        return {f"{name}-{one}" for name in ("add", "drop") for one in self.data.getlist(name)}


class AgreeForm(forms.Form):
    price_minor = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=20, widget=forms.HiddenInput)
    signed_name = SignatureField(label=gettext_lazy("Your signature"))

    def __init__(self, *args: Any, signer: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_name"].signer = signer


@customer
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """The request as it stands, or the form to make one."""
    chooser = seat_or_404(request, code)
    signed = standing_submission(chooser.gallery)
    if signed is None:
        return redirect("portal:review", code)
    context = _facts(chooser, signed)
    ids = [[tile.number for tile in context[name]] for name in ("addable", "inside")]
    form = AskForm(request.POST or None, add=ids[0], drop=ids[1])
    if form.is_bound and form.is_valid():
        try:
            services.ask_reopening(chooser=chooser, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("reason" if refusal.code == "reason.missing" else None, _sentence(refusal))
        else:
            messages.success(request, _("The studio has your request. We tell you as soon as it is answered."))
            return redirect(f"{reverse('portal:change', args=[code])}#uses")
    context["form"] = form
    return render(request, "portal/gallery/change.html", context, status=422 if form.is_bound else 200)


def _facts(chooser: Chooser, signed: Any, agree_form: AgreeForm | None = None) -> dict[str, Any]:
    gallery = chooser.gallery
    found = last_reopening(gallery)
    has_begun = gallery.state in AFTER_SUBMISSION
    names = {"added": found.add if found else [], "dropped": found.drop if found else []}
    tiles = {
        name: tiles_of(gallery, list(gallery.photos.filter(number__in=some).order_by("number")), None) if some else []
        for name, some in names.items()
    }
    told = arranged(gallery, found)
    total = (found.price_minor or 0) + (told.minor if told else 0) if found else 0
    offer = {"price_minor": total, "seen": change_mark(found)} if found else {}
    return {
        "gallery": gallery,
        "order": gallery.order,
        "zone": gallery.order.branch.timezone,
        "chooser": chooser,
        "found": found,
        "may_ask": chooser.is_main and gallery.state in ASKABLE and not (found and found.is_open),
        "has_begun": has_begun,
        "addable": tiles_of(gallery, addable(gallery, signed), None) if has_begun else [],
        "inside": submitted_photos(gallery, signed) if has_begun else [],
        "has_slots": has_begun and gallery.slots.exists(),
        "arranged": told,
        "total_minor": total,
        "agree_form": agree_form or AgreeForm(initial=offer, signer=chooser.customer.name),
        **tiles,
    }


@customer
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """The request is taken back."""
    chooser = seat_or_404(request, code)
    done = _("Your request is taken back. Your selection stands.")
    return _settle(request, code, lambda: services.withdraw_reopening(chooser=chooser), done)


@customer
@require_POST
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Yes or no to the price of a change."""
    chooser = seat_or_404(request, code)
    if request.POST.get("answer") == "decline":
        done = _("Nothing is changed. Your selection stands as it was.")
        return _settle(request, code, lambda: services.refuse_offer(chooser=chooser), done)
    form = AgreeForm(request.POST, signer=chooser.customer.name)
    signed = standing_submission(chooser.gallery)
    if signed is not None and not form.is_valid():
        context = {**_facts(chooser, signed, form), "form": AskForm(add=[], drop=[])}
        return render(request, "portal/gallery/change.html", context, status=422)
    return _agree(request, code, chooser, form)


def _agree(request: HttpRequest, code: str, chooser: Chooser, form: AgreeForm) -> HttpResponse:
    """The yes, as it was signed."""
    if not form.is_valid():
        raise Http404
    said = form.cleaned_data
    work = {"price_minor": said["price_minor"], "seen": said["seen"], **signed_by(said["signed_name"])}
    done = _("Thank you. The change is agreed.")
    return _settle(
        request, code, lambda: services.agree_reopening(chooser=chooser, evidence=evidence(request), **work), done
    )


def _settle(request: HttpRequest, code: str, work: Callable[[], Any], done: str) -> HttpResponse:
    """Do the work, say how it went, back to the request."""
    try:
        work()
    except Refusal as refusal:
        messages.error(request, _sentence(refusal))
    else:
        messages.success(request, done)
    return redirect("portal:change", code)


def _sentence(refusal: Refusal) -> str:
    if refusal.code not in SENTENCES:
        raise refusal
    text = str(SENTENCES[refusal.code])
    return text % refusal.facts if "%(" in text else text
