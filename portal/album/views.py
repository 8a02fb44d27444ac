"""The album as a whole, one of its spreads, and what was approved. They work without scripts."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from core.kernel.htmx import page
from portal.album.pages import context, found, leaf_or_404, seat, spread_context
from selection.album.selectors import shown_albums
from tenants.access import declare

customer = declare("customer")


@customer
@never_cache
@require_safe
def albums(request: HttpRequest, code: str) -> HttpResponse:
    """The albums of a gallery; the only one opens at once."""
    gallery, _chooser = seat(request, code)
    shown = shown_albums(gallery)
    if not shown:
        raise Http404
    if len(shown) == 1:
        return redirect("portal:album", gallery.code, shown[0].number)
    return page(request, "portal/album/list.html", {"gallery": gallery, "albums": shown, "order": gallery.order})


@customer
@ensure_csrf_cookie
@never_cache
@require_safe
def overview(request: HttpRequest, code: str, album: int, draft: int | None = None) -> HttpResponse:
    """All spreads of the newest draft (or of an earlier one, to be read), how far it is, and how it ends."""
    view = found(request, code, album, draft)
    return page(request, "portal/album/overview.html", context(view), partial="live")


@customer
@ensure_csrf_cookie
@never_cache
@require_safe
def spread(request: HttpRequest, code: str, album: int, draft: int, position: int) -> HttpResponse:
    """One spread with its pins, and what to say of it."""
    view = found(request, code, album, draft)
    return page(request, "portal/album/spread.html", spread_context(view, leaf_or_404(view, position)))


@customer
@never_cache
@require_safe
def evidence_page(request: HttpRequest, code: str, album: int) -> HttpResponse:
    """What was approved, by whom, when, and the number of it: to be printed."""
    view = found(request, code, album)
    if view.approval is None:
        raise Http404
    return page(request, "portal/album/evidence.html", context(view, approval=view.approval))
