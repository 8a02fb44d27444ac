"""The list of galleries, the desk of one, and its live parts."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from core.console.access import requires
from core.console.orders.pages import order_or_404
from core.kernel.htmx import page
from core.people.enums import Capability
from selection.album.selectors import albums_of
from selection.bills import slots_of
from selection.console.finding import gallery_or_404, photo_or_404, staff_of
from selection.console.forms import SuggestForm
from selection.console.pages import (
    STATE_ICONS,
    TONES,
    desk_context,
    is_late,
    page_context,
    upload_terms,
    wall_context,
    words,
)
from selection.culling.selectors import covers_of
from selection.desk import desk_of, near, overview, state_counts
from selection.enums import GalleryState
from selection.evidence import part_of, sheet_context, signed_last
from selection.selectors import (
    first_tiles,
    galleries_for_staff,
    gallery_of_order,
    price_of,
)

ROWS = 30


@requires(Capability.VIEW_GALLERIES)
@require_GET
def galleries(request: HttpRequest) -> HttpResponse:
    """All galleries of the branches seen, by state and words."""
    seen = galleries_for_staff(staff_of(request))
    state, text = request.GET.get("state", ""), request.GET.get("q", "").strip()
    found = Paginator(overview(seen, state=state, text=text), ROWS).get_page(request.GET.get("page"))
    for row in found.object_list:
        row.tone, row.icon, row.late = TONES[row.state], STATE_ICONS[row.state], is_late(row)
        row.extra = max(0, (row.picked or 0) - row.included)
        row.extra_total = price_of(row, row.picked or 0) + (row.also or 0)
    covers = covers_of(found.object_list)
    for row in found.object_list:
        row.cover = covers.get(row.pk)
    tally = state_counts(seen)
    tabs = [{"label": pgettext("galleries", "All"), "url": "?", "current": not state, "count": sum(tally.values())}]
    tabs += [
        {"label": one.label, "url": f"?state={one.value}", "current": state == one.value, "count": tally.get(one, 0)}
        for one in GalleryState
        if tally.get(one) or state == one.value
    ]
    return render(request, "selection/list.html", {"page_obj": found, "tabs": tabs, "q": text, "state": state})


@requires(Capability.VIEW_GALLERIES)
@require_GET
def gallery(request: HttpRequest, code: str) -> HttpResponse:
    """The desk. htmx asks for the wall alone when a tab or page is chosen."""
    found = gallery_or_404(request, code)
    if request.htmx and not request.htmx.boosted:
        context = desk_context(request, found)
        return render(request, "selection/wall.html", {**context, **wall_context(request, found, context["desk"])})
    return render(request, "selection/gallery.html", page_context(request, found))


@requires(Capability.VIEW_GALLERIES)
@require_GET
def live(request: HttpRequest, code: str) -> HttpResponse:
    """After a poke: the parts that may have changed (the wall is fetched by itself, and less often)."""
    return render(request, "selection/live.html", desk_context(request, gallery_or_404(request, code)))


@requires(Capability.VIEW_GALLERIES)
@require_GET
def evidence(request: HttpRequest, code: str, part: int | None = None) -> HttpResponse:
    """What the customer signed, with the signature: to be printed; 404 while nothing is. `part`: one of the parts."""
    found = gallery_or_404(request, code)
    signed = part_of(found, part) if part is not None else signed_last(found)
    if signed is None:
        raise Http404
    return render(request, "selection/evidence.html", sheet_context(found, signed))


@requires(Capability.VIEW_GALLERIES)
@require_GET
def photo(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One photograph large, in the desk's dialog (or as a page of its own)."""
    found = photo_or_404(request, code, number)
    staff, branch = staff_of(request), found.gallery.order.branch_id
    context = {
        "near": near(found.gallery, found),
        "gallery": found.gallery,
        "may": {str(c): staff.may(c, branch) for c in Capability},
        "is_changeable": found.gallery.state in {GalleryState.DRAFT, GalleryState.OPEN},
        "suggest_form": SuggestForm(slots=slots_of(found.gallery)),
        **upload_terms(),
        "words": words(),
    }
    return page(request, "selection/photo.html", context, partial="photo")


@requires(Capability.VIEW_GALLERIES)
@require_GET
def order_panel(request: HttpRequest, code: str) -> HttpResponse:
    """The gallery of an order, as a card on the order's page."""
    order = order_or_404(request, code)
    staff = staff_of(request)
    found = gallery_of_order(order.pk) if staff.may(Capability.VIEW_GALLERIES, order.branch_id) else None
    context = {"order": order, "gallery": found, "may_create": staff.may(Capability.UPLOAD_PHOTOS, order.branch_id)}
    if found is not None:
        tiles = first_tiles(found, 4)
        context |= {"desk": desk_of(found), "tiles": tiles, "tone": TONES[found.state], "is_late": is_late(found)}
        context |= {"state_icon": STATE_ICONS[found.state], "albums": albums_of(found) if found.submitted_at else []}
    return render(request, "selection/order_panel.html", context)
