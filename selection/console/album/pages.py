"""What the album desk shows, gathered for its page and its live parts."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel import clock, events
from core.people.enums import Capability
from core.people.selectors import colleagues_who
from selection.album.enums import OPEN_STATES
from selection.album.models import AlbumProof
from selection.album.selectors import albums_of, desk_of, may_begin, names_for, standing_grant
from selection.album.services.telling import draft_link
from selection.console.album.faces import ICONS, TONES, described, is_late
from selection.console.album.forms import ReasonForm, StartForm, WorkForm
from selection.console.finding import staff_of
from selection.console.pages import upload_terms, words
from selection.console.retouch.forms import GrantForm
from selection.models import Gallery

USUAL_DAYS = 10


def live_context(request: HttpRequest, album: AlbumProof) -> dict[str, Any]:
    """Everything that changes while the desk is open."""
    gallery, staff = album.gallery, staff_of(request)
    desk, branch = desk_of(gallery, album), gallery.order.branch_id
    is_open = album.state in OPEN_STATES and may_begin(gallery)
    grant = standing_grant(album)
    return {
        "album": album,
        "desk": desk,
        "gallery": gallery,
        "order": gallery.order,
        "zone": gallery.order.branch.timezone,
        "is_open": is_open,
        "grant": grant,
        "needs_grant": is_open and album.is_beyond and (grant is None or grant.is_open),
        "is_late": is_late(album),
        "tone": TONES[album.state],
        "state_icon": ICONS[album.state],
        "link": draft_link(album, desk.standing) if desk.standing else "",
        "may": {str(c): staff.may(c, branch) for c in Capability},
        **upload_terms(),
    }


def page_context(request: HttpRequest, album: AlbumProof) -> dict[str, Any]:
    """`live_context` and what only the first load needs."""
    gallery = album.gallery
    people = colleagues_who(Capability.DESIGN_ALBUMS, gallery.order.branch_id)
    return {
        **live_context(request, album),
        "work_form": WorkForm(
            colleagues=people, initial={"designer": album.designer_id, "due_on": album.due_on}, auto_id="work_%s"
        ),
        "stop_form": ReasonForm(auto_id="stop_%s"),
        "grant_form": GrantForm(currency=gallery.order.currency, auto_id="grant_%s"),
        "socket": f"/ws/gallery/{gallery.code}/",
        "position": {gallery.event_stream: list(events.position(gallery.event_stream))},
        "words": words() | {"replaced": _("The spread has its new picture.")},
        "upload": upload(album),
    }


def upload(album: AlbumProof) -> dict[str, Any]:
    """Where spreads go."""
    told = [album.gallery.code, album.number]
    return {
        "sign": reverse("selection-api:spreads-sign", args=told),
        "complete": reverse("selection-api:spreads-complete", args=told),
        "title": _("Drop the spreads here"),
        "help": _(
            "One file per spread, both pages on it. They are put in the order of their names; a file of a known name "
            "is that spread’s new version."
        ),
    }


def gallery_context(request: HttpRequest, gallery: Gallery) -> dict[str, Any]:
    """The albums of a gallery, and a form for each that can be begun."""
    staff, branch = staff_of(request), gallery.order.branch_id
    people = colleagues_who(Capability.DESIGN_ALBUMS, branch)
    known = [pk for pk, _name in people]
    designer = request.user.pk if request.user.pk in known else next(iter(known), None)
    due = clock.today(gallery.order.branch.timezone) + dt.timedelta(days=USUAL_DAYS)
    albums = albums_of(gallery)
    names = names_for(gallery) or ([] if albums else [(_("Album"), None)])
    forms = []
    for i, (name, slot) in enumerate(names):
        said = {"name": name, "slot": slot.number if slot else None, "designer": designer, "due_on": due}
        forms.append(StartForm(colleagues=people, initial=said, auto_id=f"start{i}_%s"))
    return {
        "gallery": gallery,
        "order": gallery.order,
        "albums": [described(album) for album in albums],
        "forms": forms if may_begin(gallery) else [],
        "may": {str(c): staff.may(c, branch) for c in Capability},
    }
