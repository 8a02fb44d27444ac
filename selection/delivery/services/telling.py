"""Messages of this room."""

from typing import Any

from core.messaging.services import tell_customer
from selection.delivery.addresses import delivery_link
from selection.models import Gallery


def message_all(gallery: Gallery, template: str, key: str, **facts: Any) -> None:
    """An SMS with the link to everybody who chose; once per `key` and person."""
    told = {"title": gallery.title, "link": delivery_link(gallery), **facts}
    for chooser in gallery.choosers.select_related("customer"):
        tell_customer(customer=chooser.customer, template=template, dedupe_key=f"{key}.{chooser.pk}", **told)
