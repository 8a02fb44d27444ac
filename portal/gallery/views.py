"""The gallery and its review. The scripts talk to selection's API; these pages work for the eye without them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_safe

from core.kernel.errors import Refusal
from core.kernel.signature import signed_by
from core.people.evidence import evidence as proof_of
from portal.gallery.forms import SubmitForm
from portal.gallery.page import boot, price_now, review_words, words
from portal.gallery.refusals import put_beside
from portal.gallery.seat import is_limited, seat_or_404
from portal.gallery.uses import doubled_of, followed, signed_uses, swap_line, swaps, uses_of
from selection.batches import parts_of
from selection.bills import filling_of, gallery_has_suggestions, list_mark
from selection.changes import ASKABLE, last_reopening
from selection.culling.selectors import marked_shown, scenes_of
from selection.enums import PickValue, Wish
from selection.evidence import part_of, sheet_context, signed_last
from selection.models import Chooser, Submission
from selection.seats import people_of, sees_signed
from selection.selectors import (
    Tile,
    choosers_of,
    first_covers,
    picked_photos,
    submitted_photos,
    summary,
)
from selection.services import submit_selection
from tenants.access import declare

customer = declare("customer", within="gallery")
FIRST_SCREEN = 15  # five rows of three: none of a phone's first screen waits for the scripts


@customer
@ensure_csrf_cookie
@never_cache
@require_safe
def gallery(request: HttpRequest, code: str) -> HttpResponse:
    chooser = seat_or_404(request, code)
    told, said = summary(chooser.gallery, chooser), words()
    context = {
        "gallery": chooser.gallery,
        "zone": chooser.gallery.order.branch.timezone,
        "summary": told,
        "submits": "" if chooser.is_main else choosers_of(chooser.gallery)[0].name,
        "seat": chooser,
        "is_limited": is_limited(request),
        **_company(chooser),
        "price_now": price_now(chooser.gallery, chooser, told, said),
        "swap_line": swap_line(chooser.gallery, chooser),
        "tiles": first_covers(chooser.gallery, FIRST_SCREEN, chooser),
        "scenes": scenes_of(chooser.gallery),
        "marked": marked_shown(chooser.gallery),
        "muted": chooser.mutes_suggestions,
        "may_mute": gallery_has_suggestions(chooser.gallery),
        "boot": boot(chooser.gallery, chooser),
        "words": said,
        "wishes": Wish.choices,
    }
    return render(request, "portal/gallery/gallery.html", context)


def _company(chooser: Chooser) -> dict[str, Any]:
    """Who else comes in here, who sees what; told in full at the first visit."""
    others = [seat for seat in people_of(chooser.gallery) if seat.pk != chooser.pk]
    return {
        "others": [seat.name for seat in others],
        "is_first_visit": chooser.opened_at is None and bool(others),
        "shows": chooser.shows_marks(chooser.gallery),
        "sees_signed": sees_signed(chooser),
    }


@customer
@never_cache
@require_safe
def swap(request: HttpRequest, code: str) -> HttpResponse:
    """The line under the price, for the script that keeps it true; plain text."""
    chooser = seat_or_404(request, code)
    return HttpResponse(swap_line(chooser.gallery, chooser), content_type="text/plain; charset=utf-8")


@customer
@never_cache
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, code: str) -> HttpResponse:
    chooser = seat_or_404(request, code)
    form = SubmitForm(request.POST or None, signer=chooser.customer.name)
    if request.method == "POST" and is_limited(request):
        return redirect(f"{reverse('portal:login')}?{urlencode({'next': request.path})}")
    if request.method == "POST" and form.is_valid() and _submitted(request, chooser, form):
        return redirect("portal:review", code)
    context = {**_facts(chooser), "form": form, "is_limited": is_limited(request)}
    if not context["summary"].may_submit and form.is_bound:  # signed on another device meanwhile
        return redirect("portal:review", code)
    return render(request, "portal/gallery/review.html", context, status=422 if form.is_bound else 200)


@customer
@never_cache
@require_safe
def evidence(request: HttpRequest, code: str, part: int | None = None) -> HttpResponse:
    """What was signed, with the signature: to be printed, by those who may see the list. `part`: one of the parts;
    without it the submission, before that the newest part.
    """
    chooser = seat_or_404(request, code)
    signed = part_of(chooser.gallery, part) if part is not None else signed_last(chooser.gallery)
    if signed is None or not sees_signed(chooser):
        raise Http404
    return render(request, "portal/gallery/evidence.html", sheet_context(chooser.gallery, signed))


def _bill_url(chooser: Chooser) -> str:
    """Where who signed pays; "" for the others."""
    order = chooser.gallery.order
    return reverse("portal:bill", args=[order.code]) if chooser.is_main and order.account_id else ""


def _facts(chooser: Chooser) -> dict[str, Any]:
    """What the review says: the standing submission, or what would be submitted now."""
    gallery = chooser.gallery
    chooser.refresh_from_db(fields=["yes", "maybe", "no", "also_minor", "wants_originals", "mutes_suggestions"])
    told = summary(gallery, chooser)
    signed = told.submission if sees_signed(chooser) else None
    picked = submitted_photos(gallery, signed, chooser) if signed else picked_photos(gallery, chooser)
    return {
        "gallery": gallery,
        "zone": gallery.order.branch.timezone,
        "summary": told,
        "signed": signed,
        "bill_url": _bill_url(chooser) if signed else "",
        **_bill(chooser, signed, picked),
        "chosen": signed.picked if signed else told.counts.yes,
        "picked": picked,
        **_amendments(chooser, signed),
        "noted": [tile for tile in picked if tile.is_noted],
        "undecided": [] if signed else picked_photos(gallery, chooser, PickValue.MAYBE),
        "boot": boot(gallery, chooser),
        "words": review_words(),
    }


def _amendments(chooser: Chooser, signed: Submission | None) -> dict[str, Any]:
    """Parts that are signed, and the request to change what was submitted."""
    asked = last_reopening(chooser.gallery) if signed else None
    return {
        "parts": [part for part in parts_of(chooser.gallery) if part.reopened_at is None],
        "reopening": asked,
        "may_change": chooser.is_main and (asked is not None or chooser.gallery.state in ASKABLE),
    }


def _bill(chooser: Chooser, signed: Submission | None, picked: list[Tile]) -> dict[str, Any]:
    """Slots and money: as signed, or as they stand."""
    gallery = chooser.gallery
    filling = filling_of(gallery, chooser)
    return {
        "seat": chooser,
        "seen": list_mark((tile.number for tile in picked), filling),
        "lines": signed.lines if signed else filling.bill.lines,
        "total_minor": signed.extra_total_minor if signed else filling.bill.total_minor,
        "uses": signed_uses(signed, picked) if signed else uses_of(gallery, chooser, filling),
        "followed": followed(gallery, chooser, filling, signed),
        "doubled": [] if signed else doubled_of(filling),
        "hints": [] if signed else filling.bill.hints,
        "swaps": [] if signed else swaps(gallery, chooser, filling),
        "retouched": filling.retouched,
        "has_suggestions": not signed and gallery_has_suggestions(gallery),
    }


def _submitted(request: HttpRequest, chooser: Chooser, form: SubmitForm) -> bool:
    given = {name: form.cleaned_data[name] for name in ("extra_total_minor", "note", "seen")}
    given |= signed_by(form.cleaned_data["signed_name"])
    try:
        submit_selection(chooser=chooser, evidence=proof_of(request), **given)
    except Refusal as refusal:
        put_beside(form, refusal)
        chooser.gallery.refresh_from_db(fields=["state"])
        return False
    return True
