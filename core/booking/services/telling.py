"""Words about a booking: to the customer, and as facts of events."""

from typing import Any

from core.booking.models import Booking
from core.kernel.links import portal_link
from core.messaging.services import tell_customer


def dates(row: Booking) -> dict[str, Any]:
    """When, for events: on the branch's wall clock when it is shown."""
    held = row.appointment
    expires = held.hold_expires_at.isoformat() if held is not None and held.hold_expires_at else ""
    return {"at": row.starts_at.isoformat(), "zone": row.branch.timezone, "expires": expires}


def message_customer(template: str, row: Booking, **facts: Any) -> None:
    """An SMS with the link to the booking; once for each template and date."""
    assert row.customer is not None, "only drafts are nobody's"
    when = dates(row)
    told = {
        "branch": row.branch.name,
        "address": row.branch.address,
        "link": portal_link("portal:booking", row.code),
        **when,
        "until": when["expires"],
    }
    tell_customer(
        customer=row.customer,
        template=template,
        **{**told, **facts},
        dedupe_key=f"{template}.{row.pk}.{row.appointment_id}.{row.starts_at:%m%d%H%M}",
    )
