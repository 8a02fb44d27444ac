"""The sample library, one photograph of it, and a gallery's consents."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from core.console.access import requires
from core.people.enums import Capability
from selection.console.finding import gallery_or_404, staff_of
from selection.console.rights.pages import (
    filters_of,
    gallery_context,
    sample_context,
    sample_found,
    shown,
    unread,
    wanted_of,
)
from selection.rights.selectors import search

PAGE = 48


@requires(Capability.VIEW_LIBRARY)
@never_cache
@require_GET
def samples(request: HttpRequest) -> HttpResponse:
    """What may be shown, by tag, look, branch, season, purpose and words. Nine queries, whatever is in it."""
    wanted = wanted_of(request)
    found = Paginator(search(wanted), PAGE).get_page(request.GET.get("page"))
    may_add = staff_of(request).may(Capability.KEEP_LIBRARY)
    context = {"page_obj": found, "shown": shown(found.object_list), "unread": unread(request), "may_add": may_add}
    return render(request, "selection/rights/library.html", {**context, **filters_of(request, wanted)})


@requires(Capability.VIEW_LIBRARY)
@never_cache
@require_GET
def sample(request: HttpRequest, sample: str) -> HttpResponse:
    """One photograph with what was allowed: by whom, for what, until when. 404 once it may not be shown."""
    found = get_object_or_404(sample_found(sample))
    return render(request, "selection/rights/sample.html", sample_context(request, found))


@requires(Capability.VIEW_GALLERIES)
@never_cache
@require_GET
def rights(request: HttpRequest, code: str) -> HttpResponse:
    """A gallery's consents and revocations with their evidence, printable."""
    gallery = gallery_or_404(request, code)
    return render(request, "selection/rights/gallery.html", gallery_context(request, gallery))
