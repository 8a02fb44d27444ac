"""What the desk's templates need besides the desk itself: tabs, tones, words for the scripts, the customer's link."""

import datetime as dt
from typing import Any

import segno
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.kernel import clock, events
from core.orders.enums import OrderState, Stage
from core.people.enums import Capability
from selection.addresses import gallery_link
from selection.album.selectors import albums_of
from selection.console.album.faces import described
from selection.console.amending import amending_context
from selection.console.finding import staff_of
from selection.console.forms import PriceForm, PublishForm, UnlockForm
from selection.culling.selectors import recommended_count
from selection.desk import SHOWS, Desk, desk_of, noted_count, wall
from selection.enums import GalleryState, PickValue, Refused
from selection.intake import ACCEPT, MAX_BYTES, TYPES
from selection.models import Gallery
from selection.retouch.handover import handover_of

TONES: dict[str, str] = {
    GalleryState.DRAFT: "neutral",
    GalleryState.OPEN: "info",
    GalleryState.SUBMITTED: "ok",
    GalleryState.RETOUCHING: "info",
    GalleryState.PROOFING: "warn",
    GalleryState.SIGNED_OFF: "ok",
    GalleryState.DELIVERED: "ok",
    GalleryState.ARCHIVED: "neutral",
}
STATE_ICONS: dict[str, str] = {
    GalleryState.DRAFT: "edit",
    GalleryState.OPEN: "heart",
    GalleryState.SUBMITTED: "lock",
    GalleryState.RETOUCHING: "palette",
    GalleryState.PROOFING: "eye",
    GalleryState.SIGNED_OFF: "rosette-discount-check",
    GalleryState.DELIVERED: "truck-delivery",
    GalleryState.ARCHIVED: "box",
}
USUAL_DAYS = 14  # thirty to fifty photographs: nine of ten customers are done by then (practice.md §3.3)


def desk_context(request: HttpRequest, gallery: Gallery) -> dict[str, Any]:
    """The whole desk: page and live parts use the same."""
    desk = desk_of(gallery)
    staff, branch = staff_of(request), gallery.order.branch_id
    return {
        "desk": desk,
        "gallery": gallery,
        "order": gallery.order,
        "tone": TONES[gallery.state],
        "state_icon": STATE_ICONS[gallery.state],
        "may": {str(c): staff.may(c, branch) for c in Capability},
        "is_late": is_late(gallery),
        **amending_context(gallery),
        "handed": handover_of(gallery) if desk.submission else None,
        "albums": [described(album) for album in albums_of(gallery)] if desk.submission else [],
        "is_changeable": gallery.state in {GalleryState.DRAFT, GalleryState.OPEN},
    }


def page_context(request: HttpRequest, gallery: Gallery) -> dict[str, Any]:
    """`desk_context`, the wall, and what only the first load needs."""
    link = gallery_link(gallery)
    zone = gallery.order.branch.timezone
    usual = gallery.deadline or clock.today(zone) + dt.timedelta(days=USUAL_DAYS)
    context = desk_context(request, gallery)
    return {
        **context,
        **wall_context(request, gallery, context["desk"]),
        "link": link,
        "qr": segno.make(link, micro=False).png_data_uri(scale=6, border=2),
        "publish_form": PublishForm(initial={"deadline": usual}, today=clock.today(zone)),
        "moves_from": _early_stage(gallery),
        "unlock_form": UnlockForm(),
        "price_form": PriceForm(
            gallery=gallery,
            slots=[filled.slot for filled in context["desk"].filling.slots] if context["desk"].filling else [],
            currency=gallery.order.currency,
        ),
        "socket": f"/ws/gallery/{gallery.code}/",
        "position": {gallery.event_stream: list(events.position(gallery.event_stream))},
        **upload_terms(),
        "words": words(),
        "upload": {
            "sign": reverse("selection-api:uploads-sign", args=[gallery.code]),
            "complete": reverse("selection-api:uploads-complete", args=[gallery.code]),
        },
    }


def upload_terms() -> dict[str, Any]:
    """What the uploader may send."""
    return {"types": ",".join(TYPES), "accept": ACCEPT, "max_bytes": MAX_BYTES}


def _early_stage(gallery: Gallery) -> str:
    """The label of a stage before the shoot: opening the gallery moves the order on from there; "" when it does not."""
    stage = Stage(gallery.order.stage)
    early = gallery.order.state == OrderState.OPEN and stage.number < Stage.SHOOT.number
    return str(stage.label) if early else ""


def wall_context(request: HttpRequest, gallery: Gallery, desk: Desk) -> dict[str, Any]:
    """The wall of photographs as the address asks for it (`show`, `page`)."""
    show = request.GET.get("show", "all")
    show = show if show in SHOWS else "all"
    found = wall(gallery, show, request.GET.get("page"))
    return {"show": show, "page_obj": found, "shows": _tabs(gallery, desk, show), "wall_query": _query(request)}


def _query(request: HttpRequest) -> str:
    kept = QueryDict(mutable=True)
    for name in ("show", "page"):
        if request.GET.get(name):
            kept[name] = request.GET[name]
    return kept.urlencode()


def _tabs(gallery: Gallery, desk: Desk, show: str) -> list[dict[str, Any]]:
    told = desk.counts
    rows: list[tuple[str, str, int]] = [("all", pgettext("photos", "All"), desk.work.processed)]
    if desk.has_choosing and told is not None:
        rows += [
            (PickValue.YES, _("Selected"), told.yes),
            (PickValue.MAYBE, _("Undecided"), told.maybe),
            (PickValue.NO, _("Dropped"), told.no),
            ("notes", _("With a note"), noted_count(gallery)),
        ]
    rows.append(("rec", pgettext("photos", "Recommended"), recommended_count(gallery)))
    rows.append(("hidden", pgettext("photos", "Hidden"), desk.work.hidden))
    rows.append(("unsent", _("Upload not finished"), desk.work.pending))
    rows.append(("waiting", _("Processing"), desk.work.received))
    rows.append(("refused", _("Refused"), desk.work.refused))
    rows.append(("bin", _("Removed"), desk.work.removed))
    quiet = {"rec", "hidden", "unsent", "waiting", "refused", "bin"}
    return [
        {"label": label, "url": f"?show={name}#wall", "current": name == show, "count": count}
        for name, label, count in rows
        if count or name not in quiet or name == show
    ]


def is_late(gallery: Gallery) -> bool:
    """Open past its day."""
    if gallery.state != GalleryState.OPEN or gallery.deadline is None:
        return False
    return gallery.deadline < clock.today(gallery.order.branch.timezone)


def words() -> dict[str, Any]:
    """For the scripts (js/selection/*.js)."""
    return {
        "up_waiting": _("Waiting"),
        "up_hashing": _("Checking"),
        "up_sending": _("Uploading"),
        "up_checking": _("Confirming"),
        "up_processing": _("Uploaded, being processed"),
        "up_done": _("Ready"),
        "up_there": _("Already there"),
        "up_failed": _("Failed; try again"),
        "up_retrying": _("No connection; trying again"),
        "up_summary": _("{done} of {total} files · {sent} of {size}"),
        "up_speed": _("{speed}/s · about {left} left"),
        "up_more": {"one": _("{n} more file"), "other": _("{n} more files")},
        "up_finished": {"one": _("{n} photo uploaded"), "other": _("{n} photos uploaded")},
        "up_trouble": {"one": _("{n} file needs a look"), "other": _("{n} files need a look")},
        "up_paused": _("Paused"),
        "up_pause": _("Pause"),
        "up_resume": _("Continue"),
        "up_minutes": {"one": _("{n} minute"), "other": _("{n} minutes")},
        "up_seconds": {"one": _("{n} second"), "other": _("{n} seconds")},
        "up_nothing": _("No photos in there."),
        "up_stop": _("Stop uploading? What is uploaded stays."),
        "up_stopped": _("Stopped"),
        "link_copied": _("Link copied"),
        "photo_removed": _("Photo {n} removed"),
        "replaced": _("Photo {n} has its new file; picks and notes stay."),
        "photo_restored": _("Photo {n} is back"),
        **{f"refused_{code}": str(label) for code, label in Refused.choices},
    }
