"""What the delivery desk shows, gathered for its page and its live parts."""

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.kernel import clock, events
from core.people.enums import Capability
from core.people.selectors import colleagues_who
from selection.addresses import media_base
from selection.console.delivery.clips import clip_context, upload_context
from selection.console.delivery.forms import ArchiveForm, DeliverForm, ExtendForm, GrantFilesForm, ReviveForm, StoryForm
from selection.console.finding import staff_of
from selection.console.pages import STATE_ICONS, TONES
from selection.delivery.addresses import delivery_link
from selection.delivery.entitlement import missing
from selection.delivery.enums import FileKind, Originals
from selection.delivery.models import Story
from selection.delivery.selectors import (
    delivery_of,
    downloads_of,
    files_of,
    parts_of,
    prepared,
    scope_of,
    signed_rows,
    story_of,
    taken_keys,
)
from selection.delivery.services.handing import usual_until
from selection.enums import GalleryState
from selection.models import Gallery
from selection.retouch.addresses import final_url
from selection.retouch.selectors import shown_finals

LOG_ROWS = 30
SHOWN = frozenset({GalleryState.SIGNED_OFF, GalleryState.DELIVERED, GalleryState.ARCHIVED})
REVIVAL_DAYS = 30


def live_context(request: HttpRequest, gallery: Gallery) -> dict[str, Any]:
    """Everything that changes while the desk is open."""
    delivery, files, signed = delivery_of(gallery), files_of(gallery), signed_rows(gallery)
    known = prepared(files)
    zone = gallery.order.branch.timezone
    parts = parts_of(files, known, zone) if delivery else []
    taken = taken_keys(gallery, files, parts) if delivery else set()
    staff, branch = staff_of(request), gallery.order.branch_id
    log = Paginator(downloads_of(gallery), LOG_ROWS).get_page(request.GET.get("page"))
    return {
        "gallery": gallery,
        "order": gallery.order,
        "zone": zone,
        "delivery": delivery,
        "shelves": _shelves(files, known, taken),
        "parts": parts,
        "signed_count": len(signed),
        "missing": missing(signed, files),
        "scope": Originals(scope_of(gallery)).label,
        "scope_code": scope_of(gallery),
        "grants": list(delivery.grants.select_related("by").order_by("pk")) if delivery else [],
        "left": (delivery.until - clock.today(zone)).days if delivery else None,
        "page_obj": log,
        "story": story_of(gallery),
        "tone": TONES[gallery.state],
        "state_icon": STATE_ICONS[gallery.state],
        "may": {str(c): staff.may(c, branch) for c in Capability},
    }


def _shelves(files: list[Any], known: dict[str, Any], taken: set[str]) -> list[dict[str, Any]]:
    rows = []
    for kind in FileKind:
        mine = [file for file in files if file.kind == kind]
        if mine:
            rows.append(
                {
                    "label": kind.label,
                    "count": len(mine),
                    "size": sum(file.size for file in mine),
                    "ready": sum(file.key in known for file in mine),
                    "taken": sum(file.key in taken for file in mine),
                }
            )
    return rows


def page_context(request: HttpRequest, gallery: Gallery) -> dict[str, Any]:
    """`live_context` and what only the first load needs."""
    told = live_context(request, gallery)
    today = clock.today(gallery.order.branch.timezone)
    delivery = told["delivery"]
    initial = {"checked_by": request.user.pk, "deliver_until": usual_until(gallery)}
    return {
        **told,
        "deliver_form": DeliverForm(colleagues=colleagues(gallery), initial=initial),
        "extend_form": ExtendForm(initial={"until": delivery.until if delivery else None}),
        "grant_files_form": GrantFilesForm(),
        "archive_form": ArchiveForm(),
        "revive_form": ReviveForm(initial={"revive_until": today + dt.timedelta(days=REVIVAL_DAYS)}),
        "link": delivery_link(gallery),
        "socket": f"/ws/gallery/{gallery.code}/",
        "position": {gallery.event_stream: list(events.position(gallery.event_stream))},
        "words": {"link_copied": _("Link copied")},
    }


def colleagues(gallery: Gallery) -> list[tuple[int, str]]:
    """Who may have checked the files: everybody of the branch who sees galleries."""
    return colleagues_who(Capability.VIEW_GALLERIES, gallery.order.branch_id)


def story_page(gallery: Gallery, form: StoryForm | None = None) -> dict[str, Any]:
    """The story's editor: the text, and every delivered final to be ticked."""
    story: Story | None = story_of(gallery)
    there = {file.number for file in files_of(gallery) if file.kind == FileKind.FINAL}
    base, ticked = media_base(gallery), story.numbers if story else []
    finals = [final for final in shown_finals(gallery) if final.photo.number in there]
    initial = {"published": True, "title": gallery.title}
    if story:
        initial = {"title": story.title, "text": story.text, "published": bool(story.published_at)}
    return {
        "gallery": gallery,
        "order": gallery.order,
        "story": story,
        "form": form or StoryForm(initial=initial),
        "poster": story.poster if story else 0,
        **clip_context(gallery),
        **upload_context(gallery),
        "socket": f"/ws/gallery/{gallery.code}/",
        "position": {gallery.event_stream: list(events.position(gallery.event_stream))},
        "choices": [
            {"number": final.photo.number, "src": final_url(base, final), "ticked": final.photo.number in ticked}
            for final in finals
        ],
    }
