"""The gallery and its review. The scripts talk to selection's API; these pages work for the eye without them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_safe

from core.kernel.address import client_address
from core.kernel.errors import Refusal
from portal.gallery.forms import SubmitForm
from portal.gallery.page import boot, note_tags, words
from portal.gallery.refusals import put_beside
from selection.models import Chooser
from selection.selectors import first_tiles, gallery_for_customer, picked_photos, summary
from selection.services import enter_gallery, submit_selection
from tenants.access import declare

customer = declare("customer")
FIRST_SCREEN = 12


def _chooser(request: HttpRequest, code: str) -> Chooser:
    gallery = gallery_for_customer(request.customer, code)
    if gallery is None:
        raise Http404
    chooser = enter_gallery(customer=request.customer, gallery=gallery)
    chooser.gallery = gallery
    return chooser


@customer
@ensure_csrf_cookie
@never_cache
@require_safe
def gallery(request: HttpRequest, code: str) -> HttpResponse:
    chooser = _chooser(request, code)
    context = {
        "gallery": chooser.gallery,
        "summary": summary(chooser.gallery, chooser),
        "tiles": first_tiles(chooser.gallery, FIRST_SCREEN, chooser),
        "boot": boot(chooser.gallery, chooser),
        "words": words(),
        "note_tags": note_tags(),
    }
    return render(request, "portal/gallery/gallery.html", context)


@customer
@never_cache
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, code: str) -> HttpResponse:
    chooser = _chooser(request, code)
    told = summary(chooser.gallery, chooser)
    form = SubmitForm(request.POST or None, initial={"extra_total_minor": told.counts.extra_total_minor})
    if request.method == "POST" and form.is_valid() and _submitted(request, chooser, form):
        return redirect("portal:review", code)
    context = {
        "gallery": chooser.gallery,
        "summary": told,
        "form": form,
        "picked": picked_photos(chooser.gallery, chooser),
        "boot": boot(chooser.gallery, chooser),
        "words": words(),
    }
    return render(request, "portal/gallery/review.html", context, status=422 if request.method == "POST" else 200)


def _submitted(request: HttpRequest, chooser: Chooser, form: SubmitForm) -> bool:
    evidence = {
        "address": client_address(request),
        "agent": request.headers.get("User-Agent", "")[:200],
    }
    given = {name: form.cleaned_data[name] for name in ("extra_total_minor", "signed_name", "note")}
    try:
        submit_selection(chooser=chooser, evidence=evidence, **given)
    except Refusal as refusal:
        put_beside(form, refusal)
        return False
    return True
