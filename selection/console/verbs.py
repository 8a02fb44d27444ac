"""What staff do with a gallery: each a POST to a noun of its own."""

import csv
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.console.access import requires
from core.console.orders.pages import insist, order_or_404
from core.kernel.address import client_address
from core.kernel.errors import Refusal
from core.people.enums import Capability
from selection import services
from selection.bills import uses_by_photo
from selection.console.finding import gallery_or_404, photo_or_404
from selection.console.forms import PublishForm, UnlockForm
from selection.console.sentences import sentence
from selection.models import Gallery
from selection.selectors import picked_photos


def settle(
    request: HttpRequest,
    gallery: Gallery,
    work: Callable[[], Any],
    done: str | Callable[[Any], str],
    back: str = "selection:gallery",
) -> HttpResponse:
    """Do the work, say how it went (`done`, or what it makes of the result), back to the gallery's page `back`."""
    try:
        result = work()
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, done if isinstance(done, str) else done(result))
    return redirect(back, gallery.code)


@requires(Capability.UPLOAD_PHOTOS)
@require_POST
def create(request: HttpRequest, code: str) -> HttpResponse:
    """An empty gallery for an order, and straight to its desk."""
    order = order_or_404(request, code)
    insist(request, Capability.UPLOAD_PHOTOS, order)
    try:
        gallery = services.create_gallery(actor=request.user, order=order)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
        return redirect("console:orders:detail", order.code)
    return redirect("selection:gallery", gallery.code)


@requires(Capability.PUBLISH_GALLERY)
@require_POST
def publish(request: HttpRequest, code: str) -> HttpResponse:
    """Open to the customers, or change the day before which they choose."""
    gallery = gallery_or_404(request, code, Capability.PUBLISH_GALLERY)
    form = PublishForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This is not a day."))
        return redirect("selection:gallery", gallery.code)
    was_open, day = bool(gallery.published_at and gallery.state == "open"), form.cleaned_data["deadline"]
    done = _("The new day is set.") if was_open else _("The gallery is open. The customer has been told.")
    return settle(
        request,
        gallery,
        lambda: services.publish_gallery(actor=request.user, gallery=gallery, deadline=day),
        done,
    )


@requires(Capability.PUBLISH_GALLERY)
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Close it to the customers; picks are kept."""
    gallery = gallery_or_404(request, code, Capability.PUBLISH_GALLERY)
    done = _("The customer does not see the gallery any more. Their picks are kept.")
    return settle(request, gallery, lambda: services.withdraw_gallery(actor=request.user, gallery=gallery), done)


@requires(Capability.UNLOCK_SELECTION)
@require_POST
def unlock(request: HttpRequest, code: str) -> HttpResponse:
    """Let the customer choose again, with a reason."""
    gallery = gallery_or_404(request, code, Capability.UNLOCK_SELECTION)
    reason = request.POST.get("reason", "")
    if not UnlockForm(request.POST).is_valid():
        messages.error(request, _("Please give a reason."))
        return redirect("selection:gallery", gallery.code)
    done = _("The customer may choose again.")
    return settle(
        request,
        gallery,
        lambda: services.unlock_selection(actor=request.user, gallery=gallery, reason=reason),
        done,
    )


def _photo_verb(
    request: HttpRequest, code: str, number: int, verb: Callable[..., Any], event: str, done: str
) -> HttpResponse:
    """Htmx hears of it by an event with the number (the page offers undo); a plain form goes back to the desk."""
    photo = photo_or_404(request, code, number, Capability.UPLOAD_PHOTOS)
    if not request.htmx:
        return settle(request, photo.gallery, lambda: verb(actor=request.user, photo=photo), done)
    try:
        verb(actor=request.user, photo=photo)
    except Refusal as refusal:
        return HttpResponse(sentence(refusal), status=409, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204, headers={"HX-Trigger": f'{{"{event}": {{"number": {photo.number}}}}}'})


@requires(Capability.UPLOAD_PHOTOS)
@require_POST
def remove(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Into the bin for seven days."""
    return _photo_verb(request, code, number, services.remove_photo, "photo:removed", _("Photo removed."))


@requires(Capability.UPLOAD_PHOTOS)
@require_POST
def restore(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Out of the bin."""
    return _photo_verb(request, code, number, services.restore_photo, "photo:restored", _("Photo restored."))


@requires(Capability.OPEN_ORIGINALS)
@require_POST
def original(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A link to the original that dies in five minutes; the request is written down (R150)."""
    photo = photo_or_404(request, code, number, Capability.OPEN_ORIGINALS)
    try:
        url = services.open_original(actor=request.user, photo=photo, address=client_address(request) or None)
    except Refusal as refusal:
        return HttpResponse(sentence(refusal), status=409, content_type="text/plain; charset=utf-8")
    response = render(request, "selection/original.html", {"url": url, "photo": photo, "gallery": photo.gallery})
    response["Cache-Control"] = "no-store"
    return response


@requires(Capability.VIEW_GALLERIES)
@require_GET
def picked(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """What the customer picked, for retouchers and production: numbers, file names, notes and uses (CSV), or file names
    alone (TXT).
    """
    gallery = gallery_or_404(request, code)
    rows, uses = picked_photos(gallery), uses_by_photo(gallery)
    name = f"{gallery.order.code}-picked.{kind}"
    response = HttpResponse(headers={"Content-Disposition": f'attachment; filename="{name}"'})
    if kind == "txt":
        response["Content-Type"] = "text/plain; charset=utf-8"
        response.write("".join(f"{tile.file_name}\r\n" for tile in rows))
        return response
    response["Content-Type"] = "text/csv; charset=utf-8"
    response.write("\ufeff")  # Excel takes it for UTF-8
    table = csv.writer(response)
    table.writerow([_("Number"), _("File name"), _("Tags"), _("Note"), _("Used for"), _("Pins")])
    for tile in rows:
        pins, used = "; ".join(pin.line for pin in tile.pins), " · ".join(uses.get(tile.number, []))
        words = (tile.file_name, " ".join(tile.wishes), tile.note, used, pins)
        table.writerow([tile.number, *map(_harmless, words)])
    return response


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula is quoted (edges.md §7)."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
