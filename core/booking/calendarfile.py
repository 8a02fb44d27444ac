"""A booking as a file for the customer's own calendar."""

from typing import Any

import icalendar
from django.utils.translation import gettext as _

from core.booking.models import Booking
from core.kernel.links import portal_link
from tenants.context import current_schema, current_studio


def calendar_file(row: Booking) -> bytes:
    """One event in UTC, which every calendar shows in its own zone; a later file of the same date replaces it."""
    appointment: Any = row.appointment
    order: Any = row.order
    event = icalendar.Event()
    event.add("uid", f"{appointment.code}@{current_schema()}.yinglou")
    event.add("sequence", appointment.seq)
    event.add("dtstamp", appointment.changed_at)
    event.add("dtstart", appointment.starts_at)
    event.add("dtend", appointment.ends_at)
    event.add("summary", _("%(studio)s: shoot") % {"studio": current_studio().name})
    event.add("location", " ".join(part for part in (row.branch.name, row.branch.address) if part))
    link = portal_link("portal:booking", row.code)
    event.add("description", f"{order.terms.get('package', '')} · {order.code}\n{link}")
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Yinglou//Booking//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
