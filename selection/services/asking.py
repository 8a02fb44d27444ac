"""What the verbs of reopening end with: the row, the customer's message, screens, the order's card, the event."""

from typing import Any

from django.conf import settings
from django.urls import get_script_prefix, reverse

from core.kernel import clock, events, live
from core.messaging.enums import Route, Template
from core.messaging.services import queue_message
from core.orders.models import Order
from core.orders.services import report_progress
from selection.amendments import Reopening
from selection.enums import GalleryState
from selection.models import Gallery
from tenants.context import current_studio

CHANGEABLE = frozenset({GalleryState.RETOUCHING, GalleryState.PROOFING})  # a change has a price here


def answer_customer(gallery: Gallery, found: Reopening, actor: Any, outcome: str, answer: str) -> None:
    """Write the studio's answer and queue it to whoever asked."""
    found.state, found.answer, found.answered_by, found.answered_at = outcome, answer, actor, clock.now()
    found.save()
    studio = current_studio()
    path = reverse("portal:review", args=[gallery.code], urlconf="config.urls_customer")
    path = path.removeprefix(get_script_prefix().rstrip("/"))
    queue_message(
        route=Route.SMS,
        template=Template.REOPENING_ANSWERED,
        to=found.chooser.customer.phone,
        language=found.chooser.customer.language or studio.language,
        facts={
            "studio": studio.name,
            "name": found.chooser.customer.name,
            "title": gallery.title,
            "outcome": str(outcome),
            "answer": answer,
            "price_minor": found.price_minor or 0,
            "currency": gallery.order.currency,
            "link": f"{settings.PLATFORM_URL}/s/{studio.slug}{path}",
        },
        dedupe_key=f"reopening-answered.{found.pk}.{found.answered_at.isoformat()}",
    )


def tell(kind: events.Kind, gallery: Gallery, actor: Any, card: str, **facts: Any) -> None:
    """The gallery's screens, what the order's card says of the request ("" nothing), the event on the board."""
    gallery.rev += 1
    gallery.save(update_fields=["rev"])
    live.poke(gallery.event_stream, {"type": str(kind), "seq": 0, "rev": gallery.rev, "thread": gallery.event_thread})
    report_progress(order_id=gallery.order_id, reopening=card)
    events.record(kind, gallery, actor, stream=Order.objects.get(pk=gallery.order_id).event_stream, **facts)
