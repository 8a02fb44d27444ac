"""The round as a whole, and one photograph of it before and after. They work without scripts."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from core.kernel.htmx import page
from portal.retouch.forms import VerdictForm
from portal.retouch.pages import FILTERS, context, found, photo_context, proof_or_404, shown, tabs
from tenants.access import declare

customer = declare("customer")


@customer
@never_cache
@require_safe
def overview(request: HttpRequest, code: str) -> HttpResponse:
    """All photographs of the round, how far it is, and how it ends."""
    proofing = found(request, code)
    show = request.GET.get("show", "all")
    show = show if show in FILTERS else "all"
    told = context(proofing, shown=shown(proofing, show), tabs=tabs(proofing, show))
    return page(request, "portal/retouch/overview.html", told, partial="live")


@customer
@ensure_csrf_cookie
@never_cache
@require_safe
def photo(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One photograph before and after, and what to say of it."""
    proofing = found(request, code)
    proof = proof_or_404(proofing, number)
    form = VerdictForm(initial={"version": proof.final.version, "note": proof.verdict.note if proof.verdict else ""})
    told = photo_context(proofing, proof, form)
    following = proofing.next_after(number) or told["after"]
    ahead = next((one for one in proofing.proofs if one.number == following), None)  # fetched while this one is seen
    return page(request, "portal/retouch/photo.html", {**told, "ahead": ahead})
