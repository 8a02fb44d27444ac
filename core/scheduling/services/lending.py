"""Resources of one branch for an appointment of another: asked with the hold, agreed to by whoever keeps them."""

from typing import Any

from django.db import transaction

from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.events import Kind
from core.scheduling.claiming import tell
from core.scheduling.enums import AppointmentState, Lending
from core.scheduling.models import Appointment, Resource, ResourceClaim


@transaction.atomic
def agree_lending(*, actor: Any, appointment: Appointment, resource: Resource) -> Appointment:
    """The other branch may have it. Event LENDING_AGREED. Refusal lending.settled when nothing is asked any more."""
    row = _asked(appointment, resource)
    row.claims.filter(active=True, resource=resource, lending=Lending.ASKED).update(lending=Lending.AGREED)
    tell(Kind.LENDING_AGREED, row, actor, resource=resource.name, lender=resource.branch.name)
    return row


@transaction.atomic
def refuse_lending(*, actor: Any, appointment: Appointment, resource: Resource, reason: str) -> Appointment:
    """The other branch may not have it: its time is free again, the hold needs somebody else.

    Event LENDING_REFUSED(reason). Refusal lending.settled | reason.missing.
    """
    if not reason.strip():
        raise Refusal("reason.missing")
    row = _asked(appointment, resource)
    row.claims.filter(active=True, resource=resource).update(active=False, replaced=True)
    row.seq, row.changed_at = row.seq + 1, clock.now()
    row.save(update_fields=["seq", "changed_at"])
    facts = {"resource": resource.name, "lender": resource.branch.name, "reason": reason.strip()}
    tell(Kind.LENDING_REFUSED, row, actor, **facts)
    return row


def _asked(appointment: Appointment, resource: Resource) -> Appointment:
    rows = Appointment.objects.select_related("branch", "customer").select_for_update(of=("self",), no_key=True)
    row = rows.get(pk=appointment.pk)
    asked = ResourceClaim.objects.filter(appointment=row, resource=resource, active=True, lending=Lending.ASKED)
    if row.state != AppointmentState.HELD or not asked.exists():
        raise Refusal("lending.settled")
    return row
