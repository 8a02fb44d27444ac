"""What every verb of this room ends with: screens, the order's card, messages to the customers."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from core.kernel import events
from core.kernel.errors import Refusal
from core.kernel.links import portal_link
from core.messaging.enums import Route, Template
from core.messaging.services import queue_message, tell_customer
from core.orders.enums import OrderState, Stage
from core.orders.models import Order
from core.orders.services import move_order, report_progress
from selection.models import Chooser, Gallery, locked
from selection.retouch.models import RetouchJob
from selection.retouch.selectors import job_of
from selection.screens import wake
from tenants.context import current_studio


def at_work(gallery: Gallery, *states: str) -> tuple[Gallery, RetouchJob]:
    """The gallery, locked, and its job. Raises Refusal state.forbidden when it stands elsewhere than in `states`."""
    gallery = locked(gallery.pk)
    job = job_of(gallery)
    if job is None or gallery.state not in states:
        raise Refusal("state.forbidden", source=gallery.state, target=states[0])
    return gallery, job


def tell(kind: events.Kind, gallery: Gallery, actor: Any, job: RetouchJob | None, **facts: Any) -> None:
    """The gallery's open screens, the order's card, and the event on the order's board. Called last."""
    wake(gallery, kind)
    rounds = {"retouch_round": job.round, "retouch_rounds": job.rounds_included} if job else {}
    report_progress(order_id=gallery.order_id, gallery_state=gallery.state, **rounds)
    order = Order.objects.get(pk=gallery.order_id)
    events.record(kind, gallery, actor, stream=order.event_stream, **facts)


def to_stage(actor: Any, gallery: Gallery, source: Stage, target: Stage) -> None:
    """Move the order when it stands at `source`; anywhere else staff decide."""
    order = Order.objects.get(pk=gallery.order_id)
    if order.state == OrderState.OPEN and order.stage == source:
        move_order(actor=actor, order=order, target=target)


def message(chooser: Chooser, gallery: Gallery, template: str, key: str, **facts: Any) -> None:
    """An SMS to one customer with the link to the retouched photographs."""
    tell_customer(
        customer=chooser.customer,
        template=template,
        title=gallery.title,
        link=portal_link("portal:retouch", gallery.code),
        **facts,
        dedupe_key=f"{key}.{chooser.pk}",
    )


def message_retoucher(job: RetouchJob, gallery: Gallery, key: str, **facts: Any) -> None:
    """To the retoucher that a round came back: by e-mail, else by SMS; without either the side menu says it."""
    studio, who = current_studio(), job.retoucher
    if not (who.email or who.phone):
        return
    queue_message(
        route=Route.EMAIL if who.email else Route.SMS,
        template=Template.ROUND_RETURNED,
        to=who.email or who.phone,
        language=studio.language,
        facts={
            "studio": studio.name,
            "name": who.name,
            "title": gallery.title,
            "link": f"{studio.url}{reverse('selection:retouch', args=[gallery.code], urlconf=settings.ROOT_URLCONF)}",
            **facts,
        },
        dedupe_key=key,
    )
