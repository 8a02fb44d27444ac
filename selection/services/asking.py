"""What the verbs of reopening end with: the row, the customer's message, screens, the order's card, the event."""

from typing import Any

from core.kernel import clock, events
from core.kernel.links import portal_link
from core.messaging.enums import Template
from core.messaging.services import tell_customer
from core.orders.models import Order
from core.orders.services import report_progress
from selection.amendments import Reopening
from selection.enums import GalleryState
from selection.models import Gallery
from selection.screens import bump, wake

CHANGEABLE = frozenset({GalleryState.RETOUCHING, GalleryState.PROOFING})  # a change has a price here


def answer_customer(gallery: Gallery, found: Reopening, actor: Any, outcome: str, answer: str) -> None:
    """Write the studio's answer and queue it to whoever asked."""
    found.state, found.answer, found.answered_by, found.answered_at = outcome, answer, actor, clock.now()
    found.save()
    tell_customer(
        customer=found.chooser.customer,
        template=Template.REOPENING_ANSWERED,
        title=gallery.title,
        outcome=str(outcome),
        answer=answer,
        price_minor=found.price_minor or 0,
        currency=gallery.order.currency,
        link=portal_link("portal:review", gallery.code),
        dedupe_key=f"reopening-answered.{found.pk}.{found.answered_at.isoformat()}",
    )


def tell(kind: events.Kind, gallery: Gallery, actor: Any, card: str, **facts: Any) -> None:
    """The gallery's screens, what the order's card says of the request ("" nothing), the event on the board."""
    bump(gallery)
    wake(gallery, kind)
    report_progress(order_id=gallery.order_id, reopening=card)
    events.record(kind, gallery, actor, stream=Order.objects.get(pk=gallery.order_id).event_stream, **facts)
