"""What every verb of this room begins and ends with: the lock, screens, the order's card, messages to the customers."""

from typing import Any

from django.conf import settings
from django.urls import get_script_prefix, reverse

from core.kernel import events, live
from core.kernel.errors import Refusal
from core.messaging.enums import Route
from core.messaging.services import queue_message
from core.orders.models import Order
from core.orders.services import report_progress
from selection.album.enums import ALBUM_STATES
from selection.album.models import AlbumDraft, AlbumProof
from selection.models import Chooser, Gallery, locked
from tenants.context import current_studio


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


def bump(gallery: Gallery) -> None:
    """Screens notice."""
    gallery.rev += 1
    gallery.save(update_fields=["rev"])


def tell(kind: events.Kind, gallery: Gallery, actor: Any, album: AlbumProof, **facts: Any) -> None:
    """The gallery's open screens, the order's card, and the event on the order's board. Called last."""
    bump(gallery)
    live.poke(gallery.event_stream, {"type": str(kind), "seq": 0, "rev": gallery.rev, "thread": gallery.event_thread})
    card = {"album_state": album.state, "album_round": album.round, "album_rounds": album.rounds}
    report_progress(order_id=gallery.order_id, **card)
    order = Order.objects.get(pk=gallery.order_id)
    events.record(kind, gallery, actor, stream=order.event_stream, album=album.number, name=album.name, **facts)


def message(chooser: Chooser, album: AlbumProof, draft: AlbumDraft, template: str, key: str = "", **facts: Any) -> None:
    """An SMS to one customer with the link to the draft; once per `key` (usually template and draft)."""
    studio = current_studio()
    queue_message(
        route=Route.SMS,
        template=template,
        to=chooser.customer.phone,
        language=chooser.customer.language or studio.language,
        facts={
            "studio": studio.name,
            "name": chooser.customer.name,
            "title": album.name,
            "draft": draft.number,
            "link": draft_link(album, draft),
            **facts,
        },
        dedupe_key=f"{key or f'{template}.{draft.pk}'}.{chooser.pk}",
    )


def draft_link(album: AlbumProof, draft: AlbumDraft) -> str:
    """The customer's absolute link to this very draft: it stays readable when another one follows."""
    told = [album.gallery.code, album.number, draft.number]
    path = reverse("portal:album-draft", args=told, urlconf="config.urls_customer")
    path = path.removeprefix(get_script_prefix().rstrip("/"))
    return f"{settings.PLATFORM_URL}/s/{current_studio().slug}{path}"
