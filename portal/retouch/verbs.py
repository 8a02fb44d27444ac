"""What a customer does with a round: each a POST to a noun of its own, and back to a page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.kernel.errors import Refusal
from core.people.evidence import evidence
from portal.retouch.forms import OfferForm, SignForm, VerdictForm, sentence
from portal.retouch.pages import context, found, photo_context, proof_or_404, shown, tabs
from selection.retouch import services
from selection.retouch.selectors import Proofing
from tenants.access import declare

customer = declare("customer")


def _settle(request: HttpRequest, proofing: Proofing, work: Callable[[], Any], done: str) -> HttpResponse:
    """Do the work, say how it went, back to the round."""
    try:
        work()
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, done)
    return redirect("portal:retouch", proofing.gallery.code)


@customer
@require_POST
def judge(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Accept or change one photograph, and on to the next that waits."""
    proofing = found(request, code)
    proof = proof_or_404(proofing, number)
    form = VerdictForm(request.POST)
    if form.is_valid():
        try:
            services.judge_final(chooser=proofing.chooser, number=number, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("note" if refusal.code.startswith("note.") else None, sentence(refusal))
        else:
            return _onward(proofing, number, form.cleaned_data["value"])
    return render(request, "portal/retouch/photo.html", photo_context(proofing, proof, form), status=422)


def _onward(proofing: Proofing, number: int, value: str) -> HttpResponse:
    """To the next photograph without a verdict; to the round when there is none."""
    code = proofing.gallery.code
    if not value:
        return redirect("portal:retouch-photo", code, number)
    following = proofing.next_after(number)
    return redirect("portal:retouch-photo", code, following) if following else redirect("portal:retouch", code)


@customer
@require_POST
def accept_rest(request: HttpRequest, code: str) -> HttpResponse:
    """Accept whatever has no verdict."""
    proofing = found(request, code)
    try:
        n = services.accept_rest(chooser=proofing.chooser)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, ngettext("%(n)d photo accepted.", "%(n)d photos accepted.", n) % {"n": n})
    return redirect("portal:retouch", code)


@customer
@require_POST
def give_back(request: HttpRequest, code: str) -> HttpResponse:
    """The round goes back with changes."""
    proofing = found(request, code)
    done = _("Your wishes are with the retoucher. We tell you when the next round is there.")
    return _settle(request, proofing, lambda: services.return_round(chooser=proofing.chooser), done)


@customer
@require_POST
def sign(request: HttpRequest, code: str) -> HttpResponse:
    """Everything is accepted: signed by name."""
    proofing = found(request, code)
    form = SignForm(request.POST)
    if not form.is_valid():
        return _again(request, proofing, sign_form=form)
    done = _("Thank you! You have accepted your photos.")
    given = {"signed_name": form.cleaned_data["signed_name"], "evidence": evidence(request)}
    return _settle(request, proofing, lambda: services.sign_off(chooser=proofing.chooser, **given), done)


@customer
@require_POST
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Yes or no to a priced round."""
    proofing = found(request, code)
    if request.POST.get("answer") == "decline":
        done = _("No further round. You can look at your photos again and accept them.")
        return _settle(request, proofing, lambda: services.decline_round(chooser=proofing.chooser), done)
    form = OfferForm(request.POST)
    if not form.is_valid():
        return _again(request, proofing, offer_form=form)
    given = {
        "price_minor": form.cleaned_data["price_minor"],
        "signed_name": form.cleaned_data["agreed_name"],
        "evidence": evidence(request),
    }
    done = _("Thank you. The retoucher goes on.")
    return _settle(request, proofing, lambda: services.agree_round(chooser=proofing.chooser, **given), done)


def _again(request: HttpRequest, proofing: Proofing, **forms: Any) -> HttpResponse:
    """The round with what was typed and what is wrong with it."""
    told = context(proofing, shown=shown(proofing, "all"), tabs=tabs(proofing, "all"), **forms)
    return render(request, "portal/retouch/overview.html", told, status=422)
