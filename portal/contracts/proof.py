"""Proving a contract's file, for anybody: by the address on its certificate, or by giving the file. Tells no names."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.contracts.selectors import Recognition, proven, recognise
from core.kernel import limits
from core.kernel.address import client_address
from core.kernel.errors import Refusal
from portal.contracts.forms import ProofForm
from tenants.access import anyone

PER_ADDRESS = "60 per hour"


@anyone
@never_cache
@require_http_methods(["GET", "POST"])
def examine(request: HttpRequest) -> HttpResponse:
    """Whether a file is one of the studio's contracts, as it was signed."""
    return _page(request, "")


@anyone
@never_cache
@require_http_methods(["GET", "POST"])
def contract(request: HttpRequest, code: str) -> HttpResponse:
    """What may be known of a contract by its code: number, state, times, hashes."""
    return _page(request, code)


def _page(request: HttpRequest, code: str) -> HttpResponse:
    named = proven(code) if code else None
    if code and named is None:
        raise Http404
    form = ProofForm(request.POST, request.FILES) if request.method == "POST" else ProofForm()
    told = _recognised(request, form) if form.is_bound and form.is_valid() else None
    found = told.contract if told else named
    context = {
        "form": form,
        "told": told,
        "found": found,
        "other": bool(told and told.contract and named and told.contract.pk != named.pk),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "portal/contracts/proof.html", context, status=status)


def _recognised(request: HttpRequest, form: ProofForm) -> Recognition | None:
    try:
        limits.spend(PER_ADDRESS, "proof.address", client_address(request), code="code.too_often")
    except Refusal as refusal:
        form.put_beside(refusal)
        return None
    return recognise(form.cleaned_data["file"])
