"""A contract on the phone: read, have a code sent, sign, decline, keep the file. Works without scripts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from core.booking.enums import BookingState
from core.contracts import files, services
from core.contracts.models import ContractSigner
from core.contracts.typed import forget_typed
from core.kernel import storage
from core.kernel.errors import Refusal
from core.kernel.htmx import page
from core.people.evidence import evidence
from portal.book.before import booking_url
from portal.contracts.forms import SENTENCES, DeclineForm, SignForm
from portal.contracts.pages import context, hold_of, keep_post, may_sign, signer_or_404
from portal.forms import refusal_sentence
from tenants.access import declare

customer = declare("customer")
PAGE = "portal/contracts/contract.html"


@customer
@never_cache
@require_safe
def contract(request: HttpRequest, code: str) -> HttpResponse:
    """The contract with everything it costs; that it was opened is part of the evidence."""
    signer = signer_or_404(request, code)
    services.open_contract(signer=signer, evidence=evidence(request))
    return page(request, PAGE, context(signer), partial="live")


@customer
@never_cache
@require_POST
def send_code(request: HttpRequest, code: str) -> HttpResponse:
    """A code to the signer's own phone, and back to the page: its address opens again with all that was typed."""
    signer = signer_or_404(request, code)
    if not may_sign(signer):
        return redirect("portal:contract", code)
    asked = "sent"
    try:
        services.request_signing_code(signer=signer, address=evidence(request)["address"])
    except Refusal as refusal:
        asked = "early" if refusal.code == "code.too_often" else ""
        if not asked:
            messages.error(request, refusal_sentence(refusal))
    keep_post(request, signer, asked)
    return redirect(f"{reverse('portal:contract', args=[code])}#code")


@customer
@never_cache
@sensitive_post_parameters("code")
@require_POST
def sign(request: HttpRequest, code: str) -> HttpResponse:
    """The signature. Refused: the page again, with everything that was typed and drawn."""
    signer = signer_or_404(request, code)
    hold = hold_of(signer.contract)
    if hold is not None and hold.state == BookingState.LAPSED:
        return redirect("portal:contract", code)  # which says that the date is gone, and where it can be had again
    form = SignForm(request.POST, signer=signer)
    if not form.is_valid() or not _signed(request, signer, form):
        if not may_sign(signer) and not form.errors:
            return redirect("portal:contract", code)
        keep_post(request, signer)
        return render(request, PAGE, context(signer, form), status=422)
    forget_typed(signer)
    messages.success(request, _("Signed. Thank you!"))
    return redirect(booking_url(signer.contract.order) or reverse("portal:contract", args=[code]))


def _signed(request: HttpRequest, signer: ContractSigner, form: SignForm) -> bool:
    said, told = form.cleaned_data, evidence(request)
    given = {"signature": said["signature"], "code": said["code"], "seen": said["seen"], "address": told["address"]}
    try:
        services.sign(signer=signer, evidence=told, **given)
    except Refusal as refusal:
        form.put_beside(refusal)
        signer.contract.refresh_from_db()
        return False
    return True


@customer
@never_cache
@require_POST
def decline(request: HttpRequest, code: str) -> HttpResponse:
    """No, and why."""
    signer = signer_or_404(request, code)
    form = DeclineForm(request.POST)
    if form.is_valid():
        try:
            services.decline(signer=signer, reason=form.cleaned_data["reason"], evidence=evidence(request))
        except Refusal as refusal:
            field, sentence = SENTENCES[refusal.code]
            form.add_error(field, sentence)
        else:
            forget_typed(signer)
            messages.success(request, _("You have declined. The studio is told why."))
            return redirect("portal:contract", code)
    return render(request, PAGE, context(signer, decline_form=form), status=422)


@customer
@never_cache
@require_safe
def document(request: HttpRequest, code: str) -> HttpResponse:
    """The exact file that is signed."""
    signer = signer_or_404(request, code)
    return pdf(files.document_bytes(signer.contract), f"{signer.contract.number}.pdf")


@customer
@never_cache
@require_safe
def final(request: HttpRequest, code: str) -> HttpResponse:
    """The sealed file with its certificate; 404 before there is one."""
    signer = signer_or_404(request, code)
    try:
        return pdf(files.final_bytes(signer.contract), f"{signer.contract.number}-signed.pdf")
    except storage.Missing:
        raise Http404 from None


def pdf(body: bytes, name: str) -> HttpResponse:
    """A file to keep."""
    return HttpResponse(
        body,
        content_type=files.PDF,
        headers={"Content-Disposition": storage.disposition(name), "X-Content-Type-Options": "nosniff"},
    )
