"""What the retouch desk shows, gathered for its page and its live parts."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel import clock, events
from core.orders.enums import Stage
from core.people.enums import Capability
from core.people.selectors import colleagues_who
from selection.console.finding import staff_of
from selection.console.pages import STATE_ICONS, TONES, words
from selection.console.retouch.forms import GrantForm, JobForm, StopForm
from selection.enums import GalleryState
from selection.intake import ACCEPT, MAX_BYTES, TYPES
from selection.models import Gallery
from selection.retouch.enums import UPLOAD_STATES
from selection.retouch.handover import Handover, handover_of
from selection.retouch.models import RetouchJob, SignOff
from selection.retouch.selectors import Files, Shelf, files_of, job_of, standing_grant

USUAL_DAYS = 7
URGENCY = ["change", "missing", "shown", "waiting", "accept"]  # what asks for work comes first
STATES: dict[str, str] = {"missing": "neutral", "waiting": "info", "shown": "warn", "accept": "ok", "change": "bad"}


def live_context(request: HttpRequest, gallery: Gallery) -> dict[str, Any]:
    """Everything that changes while the desk is open."""
    job, handed, files = job_of(gallery), handover_of(gallery), files_of(gallery)
    staff, branch = staff_of(request), gallery.order.branch_id
    rows = _rows(gallery, handed, files)
    grant = standing_grant(job) if job and job.is_beyond else None
    return {
        "gallery": gallery,
        "order": gallery.order,
        "zone": gallery.order.branch.timezone,
        "job": job,
        "handed": handed,
        "files": files,
        "rows": rows,
        "counts": {state: sum(row["state"] == state for row in rows) for state in STATES},
        "rounds": list(job.rounds.order_by("number")) if job else [],
        "shown_rounds": max(job.round, job.rounds_included) if job else 0,
        "grant": grant,
        "needs_grant": bool(job and job.is_beyond and grant is None and gallery.state == GalleryState.RETOUCHING),
        "signed": SignOff.objects.filter(job=job).first() if job else None,
        "is_late": is_late(job, gallery),
        "is_at_work": gallery.state in UPLOAD_STATES,
        "tone": TONES[gallery.state],
        "state_icon": STATE_ICONS[gallery.state],
        "may": {str(c): staff.may(c, branch) for c in Capability},
    }


def page_context(request: HttpRequest, gallery: Gallery) -> dict[str, Any]:
    """`live_context` and what only the first load needs."""
    told = live_context(request, gallery)
    job: RetouchJob | None = told["job"]
    people = colleagues_who(Capability.RETOUCH, gallery.order.branch_id)
    usual = clock.today(gallery.order.branch.timezone) + dt.timedelta(days=USUAL_DAYS)
    asked = {"retoucher": job.retoucher_id if job else _usual(request, gallery, people), "due_on": usual}
    if job:
        asked["due_on"] = job.due_on
    return {
        **told,
        "job_form": JobForm(colleagues=people, initial=asked),
        "stop_form": StopForm(),
        "grant_form": GrantForm(currency=gallery.order.currency),
        "socket": f"/ws/gallery/{gallery.code}/",
        "position": {gallery.event_stream: list(events.position(gallery.event_stream))},
        "types": ",".join(TYPES),
        "accept": ACCEPT,
        "max_bytes": MAX_BYTES,
        "words": words(),
        "upload": {
            "sign": reverse("selection-api:finals-sign", args=[gallery.code]),
            "complete": reverse("selection-api:finals-complete", args=[gallery.code]),
            "title": _("Drop retouched photos here"),
            "help": _(
                "They find their photo by file name; endings like _精修, -edit, (1) or _v2 do not matter. "
                "What is doubtful waits below for you."
            ),
        },
    }


def _usual(request: HttpRequest, gallery: Gallery, people: list[tuple[int, str]]) -> int | None:
    """A retoucher takes the job on; whoever manages gives it to the one responsible for production."""
    known = [pk for pk, _name in people]
    owner = gallery.order.stages.filter(stage=Stage.PRODUCTION).values_list("owner", flat=True).first()
    manages = staff_of(request).may(Capability.GRANT_ROUNDS, gallery.order.branch_id)
    wanted = [owner, request.user.pk] if manages else [request.user.pk, owner]
    return next((pk for pk in [*wanted, *known] if pk in known), None)


def _rows(gallery: Gallery, handed: Handover | None, files: Files) -> list[dict[str, Any]]:
    """Each chosen photograph with its shelf of finals."""
    if handed is None:
        return []
    numbers = [item.number for item in handed.items]
    ids = dict(gallery.photos.filter(number__in=numbers).values_list("number", "pk"))
    rows = []
    for item in handed.items:
        shelf = files.by_photo.get(ids[item.number], Shelf())
        rows.append({"item": item, "shelf": shelf, "state": shelf.state, "tone": STATES[shelf.state]})
    return sorted(rows, key=lambda row: URGENCY.index(row["state"]))  # numbers stay in order within each


def is_late(job: RetouchJob | None, gallery: Gallery) -> bool:
    """Past its day and not signed."""
    if job is None or job.due_on is None or gallery.state not in UPLOAD_STATES:
        return False
    return job.due_on < clock.today(gallery.order.branch.timezone)
