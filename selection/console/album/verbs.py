"""What staff do with an album: each a POST to a noun of its own, and back to its desk."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.console.access import requires
from core.kernel.errors import Refusal
from core.people.enums import Capability
from core.people.selectors import colleagues_who
from selection.album import services
from selection.album.models import AlbumProof
from selection.console.album.finding import album_or_404, spread_or_404
from selection.console.album.forms import RemarkForm, SettleForm, StartForm, WorkForm
from selection.console.finding import gallery_or_404
from selection.console.retouch.forms import GrantForm
from selection.console.sentences import sentence

DESIGN = Capability.DESIGN_ALBUMS


def _settle(request: HttpRequest, album: AlbumProof, work: Callable[[], Any], done: str) -> HttpResponse:
    """Do the work, say how it went, back to the desk."""
    try:
        work()
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, done)
    return redirect("selection:album", album.gallery.code, album.number)


def _person(pk: int) -> Any:
    return get_user_model().objects.get(pk=pk)


@requires(DESIGN)
@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """An album is begun, and straight to its desk."""
    gallery = gallery_or_404(request, code, DESIGN)
    form = StartForm(request.POST, colleagues=colleagues_who(DESIGN, gallery.order.branch_id))
    if not form.is_valid():
        messages.error(request, _("Please give a name, a designer and a day."))
        return redirect("selection:albums", gallery.code)
    told = form.cleaned_data
    slot = gallery.slots.filter(number=told["slot"]).first() if told["slot"] else None
    given = {"name": told["name"], "due_on": told["due_on"], "designer": _person(told["designer"]), "slot": slot}
    try:
        album = services.start_album(actor=request.user, gallery=gallery, **given)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
        return redirect("selection:albums", gallery.code)
    return redirect("selection:album", gallery.code, album.number)


@requires(DESIGN)
@require_POST
def assign(request: HttpRequest, code: str, album: int) -> HttpResponse:
    """Somebody else, or another day."""
    found = album_or_404(request, code, album, DESIGN)
    form = WorkForm(request.POST, colleagues=colleagues_who(DESIGN, found.gallery.order.branch_id))
    if not form.is_valid():
        messages.error(request, _("Please choose a designer and a day."))
        return redirect("selection:album", code, album)
    told = {"designer": _person(form.cleaned_data["designer"]), "due_on": form.cleaned_data["due_on"]}
    return _settle(request, found, lambda: services.assign_album(actor=request.user, album=found, **told), _("Saved."))


@requires(DESIGN)
@require_POST
def stop(request: HttpRequest, code: str, album: int) -> HttpResponse:
    """Undo a start while the customer has seen nothing."""
    found = album_or_404(request, code, album, DESIGN)
    told: dict[str, Any] = {"actor": request.user, "album": found, "reason": request.POST.get("reason", "")}
    _settle(request, found, lambda: services.stop_album(**told), _("The album is stopped."))
    return redirect("selection:albums", code)


@requires(DESIGN)
@require_POST
def send(request: HttpRequest, code: str, album: int) -> HttpResponse:
    """The draft goes before the customer."""
    found = album_or_404(request, code, album, DESIGN)
    done = _("The draft is with the customer, who has been told.")
    return _settle(request, found, lambda: services.send_draft(actor=request.user, album=found), done)


@requires(Capability.GRANT_ROUNDS)
@require_POST
def grant(request: HttpRequest, code: str, album: int) -> HttpResponse:
    """A round beyond the contract: waived or priced."""
    found = album_or_404(request, code, album, Capability.GRANT_ROUNDS)
    form = GrantForm(request.POST, currency=found.gallery.order.currency)
    if not form.is_valid():
        messages.error(request, _("Please give a reason and a price we can read."))
        return redirect("selection:album", code, album)
    price, reason = form.cleaned_data["price"] or 0, form.cleaned_data["grant_reason"]
    told: dict[str, Any] = {"actor": request.user, "album": found, "price_minor": price, "reason": reason}
    done = _("The customer has been asked.") if price else _("The round is free of charge.")
    return _settle(request, found, lambda: services.grant_album_round(**told), done)


def _spread(request: HttpRequest, code: str, album: int, number: int) -> dict[str, Any]:
    found = album_or_404(request, code, album, DESIGN)
    return {"actor": request.user, "album": found, "spread": spread_or_404(found, number)}


@requires(DESIGN)
@require_POST
def place(request: HttpRequest, code: str, album: int, number: int) -> HttpResponse:
    """Another place in the draft."""
    told, to = _spread(request, code, album, number), request.POST.get("to", "")
    if not to.isdecimal() or len(to) > 4:
        messages.error(request, _("Please choose a place."))
        return redirect("selection:album", code, album)
    done = _("Spread %(name)s moved.") % {"name": told["spread"].file_name}
    return _settle(request, told["album"], lambda: services.move_spread(**told, to=int(to)), done)


def _put(request: HttpRequest, told: dict[str, Any], verb: Callable[..., Any], done: str) -> HttpResponse:
    """Do something with one spread; `done` names its file."""
    return _settle(request, told["album"], lambda: verb(**told), done % {"name": told["spread"].file_name})


@requires(DESIGN)
@require_POST
def remove(request: HttpRequest, code: str, album: int, number: int) -> HttpResponse:
    """Out of the draft; it lies aside."""
    done = _("%(name)s lies aside; you can put it back.")
    return _put(request, _spread(request, code, album, number), services.take_out, done)


@requires(DESIGN)
@require_POST
def restore(request: HttpRequest, code: str, album: int, number: int) -> HttpResponse:
    """Into the draft again."""
    return _put(request, _spread(request, code, album, number), services.put_back, _("%(name)s is in the draft."))


@requires(DESIGN)
@require_POST
def discard(request: HttpRequest, code: str, album: int, number: int) -> HttpResponse:
    """Throw a file away that nobody has seen."""
    return _put(request, _spread(request, code, album, number), services.discard_spread, _("%(name)s is discarded."))


@requires(DESIGN)
@require_POST
def remark(request: HttpRequest, code: str, album: int, number: int) -> HttpResponse:
    """Ask or tell the customer something on a spread."""
    told, form = _spread(request, code, album, number), RemarkForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please write something."))
        return redirect("selection:album", code, album)
    done = _("The customer sees your words on the spread.")
    return _settle(request, told["album"], lambda: services.remark(**told, **form.cleaned_data), done)


@requires(DESIGN)
@require_POST
def settle(request: HttpRequest, code: str, album: int, comment: int) -> HttpResponse:
    """A comment is done, or not possible and why."""
    found, form = album_or_404(request, code, album, DESIGN), SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please write a shorter answer."))
        return redirect("selection:album", code, album)
    told = {"album": found, "comment": comment, "actor": request.user, **form.cleaned_data}
    return _settle(request, found, lambda: services.settle_comment(**told), _("The comment is settled."))
