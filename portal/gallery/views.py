"""The gallery and its review. The scripts talk to selection's API; these pages work for the eye without them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_safe

from core.kernel.address import client_address
from core.kernel.errors import Refusal
from portal.gallery.forms import SubmitForm
from portal.gallery.page import boot, price_now, review_words, words
from portal.gallery.refusals import put_beside
from selection.enums import PickValue, Wish
from selection.models import Chooser
from selection.selectors import first_tiles, gallery_for_customer, picked_photos, submitted_photos, summary
from selection.services import enter_gallery, submit_selection
from tenants.access import declare

customer = declare("customer")
FIRST_SCREEN = 12


def _chooser(request: HttpRequest, code: str) -> Chooser:
    """The customer's seat, with its gallery; 404 for a gallery they may not open."""
    gallery = gallery_for_customer(request.customer, code)  # type: ignore[attr-defined]
    if gallery is None:
        raise Http404
    chooser = enter_gallery(customer=request.customer, gallery=gallery)  # type: ignore[attr-defined]
    chooser.gallery = gallery
    return chooser


@customer
@ensure_csrf_cookie
@never_cache
@require_safe
def gallery(request: HttpRequest, code: str) -> HttpResponse:
    chooser = _chooser(request, code)
    told, said = summary(chooser.gallery, chooser), words()
    context = {
        "gallery": chooser.gallery,
        "zone": chooser.gallery.order.branch.timezone,
        "summary": told,
        "price_now": price_now(chooser.gallery, told, said),
        "tiles": first_tiles(chooser.gallery, FIRST_SCREEN, chooser),
        "boot": boot(chooser.gallery, chooser),
        "words": said,
        "wishes": Wish.choices,
    }
    return render(request, "portal/gallery/gallery.html", context)


@customer
@never_cache
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, code: str) -> HttpResponse:
    chooser = _chooser(request, code)
    form = SubmitForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _submitted(request, chooser, form):
        return redirect("portal:review", code)
    context = {**_facts(chooser), "form": form}
    if not context["summary"].may_submit and form.is_bound:  # signed on another device meanwhile
        return redirect("portal:review", code)
    return render(request, "portal/gallery/review.html", context, status=422 if form.is_bound else 200)


def _facts(chooser: Chooser) -> dict[str, Any]:
    """What the review says: the standing submission, or what would be submitted now."""
    gallery = chooser.gallery
    chooser.refresh_from_db(fields=["yes", "maybe", "no"])
    told = summary(gallery, chooser)
    signed = told.submission
    picked = submitted_photos(gallery, signed, chooser) if signed else picked_photos(gallery, chooser)
    return {
        "gallery": gallery,
        "zone": gallery.order.branch.timezone,
        "summary": told,
        "figures": signed or told.counts,
        "chosen": signed.picked if signed else told.counts.yes,
        "picked": picked,
        "noted": [tile for tile in picked if tile.note or tile.tags],
        "undecided": [] if signed else picked_photos(gallery, chooser, PickValue.MAYBE),
        "boot": boot(gallery, chooser),
        "words": review_words(),
    }


def _submitted(request: HttpRequest, chooser: Chooser, form: SubmitForm) -> bool:
    evidence = {"address": client_address(request), "agent": request.headers.get("User-Agent", "")[:200]}
    given = {name: form.cleaned_data[name] for name in ("extra_total_minor", "signed_name", "note")}
    try:
        submit_selection(chooser=chooser, evidence=evidence, **given)
    except Refusal as refusal:
        put_beside(form, refusal)
        chooser.gallery.refresh_from_db(fields=["state"])
        return False
    return True
