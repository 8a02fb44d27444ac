"""The retouch desk of a gallery, one photograph's finals, and the work list."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.console.access import requires
from core.kernel import clock
from core.kernel.htmx import page
from core.people.enums import Capability
from selection.addresses import media_url
from selection.console.finding import gallery_or_404, photo_or_404, staff_of
from selection.console.pages import TONES
from selection.console.retouch.pages import is_late, live_context, page_context
from selection.retouch.selectors import FIGURE_DAYS, figures, files_of, jobs_for, judged, waiting_galleries
from selection.selectors import standing_submission

ROWS = 30


@requires(Capability.VIEW_GALLERIES)
@require_GET
def desk(request: HttpRequest, code: str) -> HttpResponse:
    """Hand-over, finals, rounds of one gallery; 404 while nothing stands submitted."""
    gallery = gallery_or_404(request, code)
    if standing_submission(gallery) is None:
        raise Http404
    return render(request, "selection/retouch/desk.html", page_context(request, gallery))


@requires(Capability.VIEW_GALLERIES)
@require_GET
def live(request: HttpRequest, code: str) -> HttpResponse:
    """After a poke: the parts that may have changed."""
    return render(request, "selection/retouch/live.html", live_context(request, gallery_or_404(request, code)))


@requires(Capability.VIEW_GALLERIES)
@require_GET
def photo(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One photograph before and after, its versions and what was said of each."""
    found = photo_or_404(request, code, number)
    shelf = files_of(found.gallery).by_photo.get(found.pk)
    if shelf is None:
        raise Http404
    context = {
        "photo": found,
        "gallery": found.gallery,
        "zone": found.gallery.order.branch.timezone,
        "shelf": shelf,
        "before": media_url(found.gallery, found, "p"),
        "pinned": list(found.notes.exclude(pins=[]).order_by("-chooser__is_main", "chooser")),
        "may": {str(c): staff_of(request).may(c, found.gallery.order.branch_id) for c in Capability},
    }
    return page(request, "selection/retouch/photo.html", context, partial="photo")


@requires(Capability.RETOUCH)
@require_GET
def work(request: HttpRequest) -> HttpResponse:
    """My jobs by urgency (managers: everybody's), what nobody has begun, and how the work is received."""
    staff, done = staff_of(request), request.GET.get("show") == "done"
    found = Paginator(jobs_for(staff, done=done), ROWS).get_page(request.GET.get("page"))
    said = judged(job.gallery_id for job in found.object_list)
    for job in found.object_list:
        job.tone, job.late = TONES[job.gallery.state], is_late(job, job.gallery)
        job.said = said.get(job.gallery_id, {})
    tabs = [
        {"label": _("Under way"), "url": "?", "current": not done},
        {"label": _("Signed off"), "url": "?show=done", "current": done},
    ]
    context = {
        "page_obj": found,
        "tabs": tabs,
        "waiting": [] if done else waiting_galleries(staff)[:ROWS],
        "figures": figures(staff, clock.today(request.studio.timezone)),
        "days": FIGURE_DAYS,
    }
    return render(request, "selection/retouch/list.html", context)
