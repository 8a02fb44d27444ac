"""Words to the customer about a date. Nobody travels in vain."""

from typing import Any

from core.messaging.enums import Route
from core.messaging.services import queue_message
from core.scheduling.models import Appointment
from tenants.context import current_studio


def message_customer(template: str, row: Appointment, **facts: Any) -> None:
    """Queue the template for the appointment's customer, if it has one; once for each state of the appointment."""
    if row.customer is None:
        return
    studio = current_studio()
    queue_message(
        route=Route.SMS,
        template=template,
        to=row.customer.phone,
        language=row.customer.language or studio.language,
        facts={
            "studio": studio.name,
            "name": row.customer.name,
            "title": row.title,
            "branch": row.branch.name,
            "address": row.branch.address,
            "at": row.starts_at.isoformat(),
            "zone": row.branch.timezone,
            **facts,
        },
        dedupe_key=f"{template}.{row.pk}.{row.seq}.{row.changed_at.timestamp():.0f}",
    )
