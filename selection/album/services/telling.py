"""What every verb of this room begins and ends with: the lock, screens, the order's card, messages to the customers."""

from typing import Any

from core.kernel import events
from core.kernel.errors import Refusal
from core.kernel.links import portal_link
from core.messaging.services import tell_customer
from core.orders.models import Order
from core.orders.services import report_progress
from selection.album.enums import ALBUM_STATES
from selection.album.models import AlbumDraft, AlbumProof
from selection.models import Chooser, Gallery, locked
from selection.screens import bump, wake


def at_work(album: AlbumProof, *states: str) -> tuple[Gallery, AlbumProof]:
    """The gallery, locked, and the album as it stands under the lock.

    Raises Refusal album.closed when the album stands elsewhere than in `states`, or the gallery was opened for
    choosing again or archived.
    """
    gallery = locked(album.gallery_id)
    album = AlbumProof.objects.get(pk=album.pk)
    album.gallery = gallery
    if gallery.state not in ALBUM_STATES or album.state not in states:
        raise Refusal("album.closed", state=album.state)
    return gallery, album


def tell(kind: events.Kind, gallery: Gallery, actor: Any, album: AlbumProof, **facts: Any) -> None:
    """The gallery's open screens, the order's card, and the event on the order's board. Called last."""
    bump(gallery)
    wake(gallery, kind)
    card = {"album_state": album.state, "album_round": album.round, "album_rounds": album.rounds}
    report_progress(order_id=gallery.order_id, **card)
    order = Order.objects.get(pk=gallery.order_id)
    events.record(kind, gallery, actor, stream=order.event_stream, album=album.number, name=album.name, **facts)


def message(chooser: Chooser, album: AlbumProof, draft: AlbumDraft, template: str, key: str = "", **facts: Any) -> None:
    """An SMS to one customer with the link to the draft; once per `key` (usually template and draft)."""
    tell_customer(
        customer=chooser.customer,
        template=template,
        title=album.name,
        draft=draft.number,
        link=draft_link(album, draft),
        **facts,
        dedupe_key=f"{key or f'{template}.{draft.pk}'}.{chooser.pk}",
    )


def draft_link(album: AlbumProof, draft: AlbumDraft) -> str:
    """The customer's absolute link to this very draft: it stays readable when another one follows."""
    return portal_link("portal:album-draft", album.gallery.code, album.number, draft.number)
