"""What staff do with a retouch job: each a POST to a noun of its own, and back to the desk."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.console.access import requires
from core.people.enums import Capability
from core.people.selectors import colleagues_who
from selection.console.finding import gallery_or_404
from selection.console.retouch.forms import GrantForm, JobForm
from selection.console.verbs import settle
from selection.retouch import services

_settle = partial(settle, back="selection:retouch")


def _job(request: HttpRequest, code: str, verb: Callable[..., Any], done: str) -> HttpResponse:
    """A verb that names a retoucher and a day."""
    gallery = gallery_or_404(request, code, Capability.RETOUCH)
    form = JobForm(request.POST, colleagues=colleagues_who(Capability.RETOUCH, gallery.order.branch_id))
    if not form.is_valid():
        messages.error(request, _("Please choose a retoucher and a day."))
        return redirect("selection:retouch", gallery.code)
    who = get_user_model().objects.get(pk=form.cleaned_data["retoucher"])
    given = {"actor": request.user, "gallery": gallery, "retoucher": who, "due_on": form.cleaned_data["due_on"]}
    return _settle(request, gallery, lambda: verb(**given), done)


@requires(Capability.RETOUCH)
@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Retouching begins; the customer's list is settled."""
    return _job(request, code, services.start_retouching, _("Retouching has begun."))


@requires(Capability.RETOUCH)
@require_POST
def assign(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody else, or another day."""
    return _job(request, code, services.assign_job, _("Saved."))


@requires(Capability.RETOUCH)
@require_POST
def stop(request: HttpRequest, code: str) -> HttpResponse:
    """Undo a start while nothing was done."""
    gallery = gallery_or_404(request, code, Capability.RETOUCH)
    given: dict[str, Any] = {"actor": request.user, "gallery": gallery, "reason": request.POST.get("reason", "")}
    done = _("Retouching is stopped; the selection stands submitted.")
    return _settle(request, gallery, lambda: services.stop_retouching(**given), done)


@requires(Capability.RETOUCH)
@require_POST
def send(request: HttpRequest, code: str) -> HttpResponse:
    """The newest finals go before the customer."""
    gallery = gallery_or_404(request, code, Capability.RETOUCH)
    done = _("The round is with the customer, who has been told.")
    return _settle(request, gallery, lambda: services.send_round(actor=request.user, gallery=gallery), done)


@requires(Capability.GRANT_ROUNDS)
@require_POST
def grant(request: HttpRequest, code: str) -> HttpResponse:
    """A round beyond the contract: waived or priced."""
    gallery = gallery_or_404(request, code, Capability.GRANT_ROUNDS)
    form = GrantForm(request.POST, currency=gallery.order.currency)
    if not form.is_valid():
        messages.error(request, _("Please give a reason and a price we can read."))
        return redirect("selection:retouch", gallery.code)
    price, reason = form.cleaned_data["price"] or 0, form.cleaned_data["grant_reason"]
    given = {"actor": request.user, "gallery": gallery, "price_minor": price, "reason": reason}
    done = _("The customer has been asked.") if price else _("The round is free of charge.")
    return _settle(request, gallery, lambda: services.grant_round(**given), done)


@requires(Capability.RETOUCH)
@require_POST
def place(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Say which photograph a file is."""
    gallery = gallery_or_404(request, code, Capability.RETOUCH)
    final = get_object_or_404(gallery.finals, number=number)
    photo = request.POST.get("photo", "")
    if not photo.isdecimal() or len(photo) > 6:
        messages.error(request, _("Please choose a photo."))
        return redirect("selection:retouch", gallery.code)
    done = _("%(name)s belongs to photo %(n)s now.") % {"name": final.file_name, "n": photo}
    work: dict[str, Any] = {"actor": request.user, "final": final, "number": int(photo)}
    return _settle(request, gallery, lambda: services.place_final(**work), done)


@requires(Capability.RETOUCH)
@require_POST
def discard(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take a file away that the customer has not seen."""
    gallery = gallery_or_404(request, code, Capability.RETOUCH)
    final = get_object_or_404(gallery.finals, number=number)
    done = _("%(name)s is discarded.") % {"name": final.file_name}
    return _settle(request, gallery, lambda: services.discard_final(actor=request.user, final=final), done)
