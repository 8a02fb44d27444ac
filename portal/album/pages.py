"""What the pages show: the draft, its spreads, words and addresses for the scripts."""

import json
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _

from core.kernel import events
from portal.album.forms import ApprovalForm, CommentForm, OfferForm
from selection.album.selectors import AlbumView, Leaf, album_view
from selection.models import Chooser, Gallery
from selection.renditions import PROOF_EDGE
from selection.selectors import gallery_for_customer
from selection.services import enter_gallery


def seat(request: HttpRequest, code: str) -> tuple[Gallery, Chooser]:
    """The customer's gallery and seat; 404 for a gallery they may not open."""
    gallery = gallery_for_customer(request.customer, code)
    if gallery is None:
        raise Http404
    chooser = enter_gallery(customer=request.customer, gallery=gallery)
    chooser.gallery = gallery
    return gallery, chooser


def found(request: HttpRequest, code: str, album: int, draft: int | None = None) -> AlbumView:
    """The album, or one of its drafts; 404 before the customer was sent it."""
    gallery, chooser = seat(request, code)
    view = album_view(gallery, album, chooser, draft)
    if view is None:
        raise Http404
    return view


def leaf_or_404(view: AlbumView, position: int) -> Leaf:
    """The spread in this place of the draft."""
    if not 1 <= position <= len(view.leaves):
        raise Http404
    return view.leaves[position - 1]


def context(view: AlbumView, **more: Any) -> dict[str, Any]:
    """For every page of an album."""
    gallery = view.gallery
    return {
        "view": view,
        "album": view.album,
        "gallery": gallery,
        "order": gallery.order,
        "zone": gallery.order.branch.timezone,
        "socket": f"{get_script_prefix()}ws/gallery/{gallery.code}/",
        "position": json.dumps({gallery.event_stream: list(events.position(gallery.event_stream))}),
        "who": f"{gallery.code}.{view.chooser.pk}",
        "offer_form": OfferForm(initial={"price_minor": view.offer.price_minor}) if view.offer else None,
        "sign_form": ApprovalForm(initial={"digest": view.draft.digest}),
        **more,
    }


def spread_context(view: AlbumView, leaf: Leaf, form: CommentForm | None = None) -> dict[str, Any]:
    """For the page of one spread."""
    last = len(view.leaves)
    following = view.next_after(leaf.position) or min(leaf.position + 1, last)
    return context(
        view,
        leaf=leaf,
        before=leaf.position - 1 or None,
        after=leaf.position + 1 if leaf.position < last else None,
        ahead=view.leaves[following - 1] if following != leaf.position else None,
        form=form or CommentForm(initial={"number": leaf.spread.number}),
        slides=slides(view),
    )


def slides(view: AlbumView) -> list[dict[str, Any]]:
    """For the large view: each spread's picture, its size, the address of its page."""
    rows = []
    for leaf in view.leaves:
        shrink = max(leaf.spread.width, leaf.spread.height, 1) / PROOF_EDGE
        told = [view.gallery.code, view.album.number, view.draft.number, leaf.position]
        rows.append(
            {
                "src": leaf.proof,
                "width": round(leaf.spread.width / max(1, shrink)),
                "height": round(leaf.spread.height / max(1, shrink)),
                "alt": _("Spread %(n)s") % {"n": leaf.position},
                "page": reverse("portal:album-spread", args=told),
            }
        )
    return rows
