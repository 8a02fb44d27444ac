"""Words to the customer about a date. Nobody travels in vain."""

from typing import Any

from core.messaging.services import tell_customer
from core.scheduling.models import Appointment


def message_customer(template: str, row: Appointment, **facts: Any) -> None:
    """Queue the template for the appointment's customer, if it has one; once for each state of the appointment."""
    if row.customer is None:
        return
    told = {
        "title": row.title,
        "branch": row.branch.name,
        "address": row.branch.address,
        "at": row.starts_at.isoformat(),
        "zone": row.branch.timezone,
    }
    tell_customer(
        customer=row.customer,
        template=template,
        **{**told, **facts},
        dedupe_key=f"{template}.{row.pk}.{row.seq}.{row.changed_at.timestamp():.0f}",
    )
