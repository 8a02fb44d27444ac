"""Words about a booking: to the customer, and as facts of events."""

from typing import Any

from core.booking.links import portal_link
from core.booking.models import Booking
from core.messaging.enums import Route
from core.messaging.services import queue_message
from tenants.context import current_studio


def dates(row: Booking) -> dict[str, Any]:
    """When, for events: on the branch's wall clock when it is shown."""
    held = row.appointment
    expires = held.hold_expires_at.isoformat() if held is not None and held.hold_expires_at else ""
    return {"at": row.starts_at.isoformat(), "zone": row.branch.timezone, "expires": expires}


def message_customer(template: str, row: Booking, **facts: Any) -> None:
    """An SMS with the link to the booking; once for each template and date."""
    studio, customer = current_studio(), row.customer
    assert customer is not None, "only drafts are nobody's"
    told = dates(row)
    queue_message(
        route=Route.SMS,
        template=template,
        to=customer.phone,
        language=customer.language or studio.language,
        facts={
            "studio": studio.name,
            "name": customer.name,
            "branch": row.branch.name,
            "address": row.branch.address,
            "link": portal_link("portal:booking", row.code),
            **told,
            "until": told["expires"],
            **facts,
        },
        dedupe_key=f"{template}.{row.pk}.{row.appointment_id}.{row.starts_at:%m%d%H%M}",
    )
