"""The albums of a gallery, the desk of one, one of its spreads, what was approved, and the work list."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.console.access import requires
from core.kernel.htmx import page
from core.people.enums import Capability
from selection.addresses import PROOF, media_base
from selection.album.addresses import spread_url
from selection.album.selectors import albums_for, desk_of, waiting_galleries
from selection.console.album.faces import described
from selection.console.album.finding import album_or_404, spread_or_404
from selection.console.album.forms import RemarkForm
from selection.console.album.pages import gallery_context, live_context, page_context
from selection.console.finding import gallery_or_404, staff_of
from selection.enums import PhotoState
from selection.selectors import standing_submission

ROWS = 30


@requires(Capability.VIEW_GALLERIES)
@require_GET
def albums(request: HttpRequest, code: str) -> HttpResponse:
    """The albums of a gallery, and how to begin one; 404 while nothing stands submitted."""
    gallery = gallery_or_404(request, code)
    if standing_submission(gallery) is None:
        raise Http404
    return render(request, "selection/album/albums.html", gallery_context(request, gallery))


@requires(Capability.VIEW_GALLERIES)
@require_GET
def desk(request: HttpRequest, code: str, album: int) -> HttpResponse:
    """Spreads, drafts and comments of one album."""
    return render(request, "selection/album/desk.html", page_context(request, album_or_404(request, code, album)))


@requires(Capability.VIEW_GALLERIES)
@require_GET
def live(request: HttpRequest, code: str, album: int) -> HttpResponse:
    """After a poke: the parts that may have changed."""
    return render(request, "selection/album/live.html", live_context(request, album_or_404(request, code, album)))


@requires(Capability.VIEW_GALLERIES)
@require_GET
def spread(request: HttpRequest, code: str, album: int, number: int) -> HttpResponse:
    """One picture large with the pins set on it, in the desk's dialog or as a page of its own."""
    context = live_context(request, album_or_404(request, code, album))
    found = spread_or_404(context["album"], number)
    if found.state != PhotoState.READY:
        raise Http404
    found.proof = spread_url(media_base(context["gallery"]), found, PROOF)
    row = next((row for row in context["desk"].rows if row.spread.line == found.line), None)
    context |= {"spread": found, "row": row, "remark_form": RemarkForm(), "here": [
        comment for comment in context["desk"].comments if comment.spread_id == found.pk
    ]}  # fmt: skip
    return page(request, "selection/album/spread.html", context, partial="spread")


@requires(Capability.VIEW_GALLERIES)
@require_GET
def evidence(request: HttpRequest, code: str, album: int) -> HttpResponse:
    """What the customer approved: to be printed."""
    found = album_or_404(request, code, album)
    told = desk_of(found.gallery, found)
    if told.approval is None:
        raise Http404
    context = {
        "album": found,
        "gallery": found.gallery,
        "order": found.gallery.order,
        "zone": found.gallery.order.branch.timezone,
        "approval": told.approval,
        "leaves": [{"position": r.position, "spread": r.spread, "src": r.spread.src} for r in told.rows],
    }
    return render(request, "selection/album/evidence.html", context)


@requires(Capability.VIEW_GALLERIES)
@require_GET
def work(request: HttpRequest) -> HttpResponse:
    """My albums by urgency (managers: everybody's), and what nobody has begun."""
    staff, done = staff_of(request), request.GET.get("show") == "done"
    found = Paginator(albums_for(staff, done=done), ROWS).get_page(request.GET.get("page"))
    for album in found.object_list:
        described(album)
    tabs = [
        {"label": _("Under way"), "url": "?", "current": not done},
        {"label": _("Approved"), "url": "?show=done", "current": done},
    ]
    waiting = [] if done else waiting_galleries(staff)[:ROWS]
    return render(request, "selection/album/list.html", {"page_obj": found, "tabs": tabs, "waiting": waiting})
