"""What to say when a time is taken: the nearest ones that are not."""

from core.kernel.errors import Refusal
from core.scheduling.chains import Chain, chain_of
from core.scheduling.claiming import Plan, resources_in
from core.scheduling.models import Appointment
from core.scheduling.selectors import near_query, nearest_slots


def chain_of_plan(plan: Plan) -> Chain:
    """The chain that a plan carries out."""
    start = plan[0].starts_at
    return chain_of(
        {
            "name": block.name,
            "minutes": int((block.ends_at - block.starts_at).total_seconds() // 60),
            "offset": int((block.starts_at - start).total_seconds() // 60),
            "needs": block.needs,
        }
        for block in plan
    )


def taken(appointment: Appointment, plan: Plan, count: int) -> Refusal:
    """Refusal slot.taken with up to `count` free starts nearest to the plan's, the same resources first."""
    if not count:
        return Refusal("slot.taken", alternatives=[])
    query = near_query(
        appointment.branch,
        chain_of_plan(plan),
        plan[0].starts_at,
        customer=appointment.customer,
        prefer=tuple(sorted(resources_in(plan))),
        without=appointment.pk,
    )
    found = nearest_slots(query, plan[0].starts_at, count)
    zone = appointment.branch.timezone
    return Refusal("slot.taken", alternatives=[slot.starts_at.isoformat() for slot in found], zone=zone)
