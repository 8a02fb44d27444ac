"""Messages of this room."""

from typing import Any

from core.messaging.enums import Route
from core.messaging.services import queue_message
from selection.delivery.addresses import delivery_link
from selection.models import Gallery
from tenants.context import current_studio


def message_all(gallery: Gallery, template: str, key: str, **facts: Any) -> None:
    """An SMS with the link to everybody who chose; once per `key` and person."""
    studio = current_studio()
    for chooser in gallery.choosers.select_related("customer"):
        told = {"studio": studio.name, "name": chooser.customer.name, "title": gallery.title}
        queue_message(
            route=Route.SMS,
            template=template,
            to=chooser.customer.phone,
            language=chooser.customer.language or studio.language,
            facts={**told, "link": delivery_link(gallery), **facts},
            dedupe_key=f"{key}.{chooser.pk}",
        )
