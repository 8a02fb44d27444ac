"""The customer's seat in a gallery: who looks at these pages, and whether they may."""

from django.http import Http404, HttpRequest

from selection.models import Chooser
from selection.selectors import gallery_for_customer
from selection.services import enter_gallery


def is_limited(request: HttpRequest) -> bool:
    """Whether they came in by PIN: this gallery alone, and nothing that binds or costs."""
    session = request.customer_session if request.customer else None
    return bool(session and session.only)


def seat_or_404(request: HttpRequest, code: str) -> Chooser:
    """The customer's seat, with its gallery; 404 for a gallery they may not open."""
    gallery = gallery_for_customer(request.customer, code)
    if gallery is None:
        raise Http404
    chooser = enter_gallery(customer=request.customer, gallery=gallery)
    chooser.gallery = gallery
    return chooser
