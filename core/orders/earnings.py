"""Who earned what with an order, and who shot it: time, people and money meet here.

Signed: who answers for the signing. Extras: who answers for the selection. Delivered: everybody who answered for a
stage. A day is the one on which the stage was entered (signing, delivery) or left (selection, shoot).
"""

from typing import Any

from core.finance.commissions import Earner
from core.finance.enums import Occasion, PointsWhen
from core.finance.services import count_commissions, count_points, count_shoot
from core.kernel import clock
from core.orders.enums import OrderState, Stage
from core.orders.models import Order, OrderAppointment, OrderStage
from core.scheduling.enums import AppointmentKind, AppointmentState

SHOT = (AppointmentState.CONFIRMED, AppointmentState.DONE)


def count_order(order: Order) -> None:
    """Commissions, points and claims between branches of one order, as its stages and its books stand now."""
    if order.account is None:
        return
    stages = {row.stage: row for row in order.stages.all()}
    count_commissions(account=order.account, earners=earners_of(order, stages))
    count_points(account=order.account, occasions=points_due(stages))
    shoot = stages.get(Stage.SHOOT)
    shot = shoot is not None and shoot.left_at is not None and order.state != OrderState.CANCELLED
    branch = shooting_branch(order) if shot else None
    count_shoot(account=order.account, shot_in=branch, on=_day(order, shoot, "left_at") if branch and shoot else None)


def earners_of(order: Order, stages: dict[str, OrderStage]) -> list[Earner]:
    """Every person for every occasion that has come."""
    zone = order.branch.timezone
    found = []
    for stage, occasion, moment in (
        (Stage.SIGNING, Occasion.SIGNED, "entered_at"),
        (Stage.SELECTION, Occasion.EXTRAS, "left_at"),
    ):
        row = stages.get(stage)
        when = getattr(row, moment) if row else None
        if row is not None and when and row.owner_id:
            found.append(Earner(occasion, row.owner_id, when.astimezone(clock.zone(zone)).date()))
    delivered = stages.get(Stage.DELIVERY)
    if delivered is not None and delivered.left_at:
        day = delivered.left_at.astimezone(clock.zone(zone)).date()
        people = {row.owner_id for row in stages.values() if row.owner_id and row.entered_at}
        found += [Earner(Occasion.DELIVERED, person, day) for person in sorted(people)]
    return found


def points_due(stages: dict[str, OrderStage]) -> set[str]:
    """What of the occasions for points has come: photos are signed off when production is left."""
    ends = ((Stage.PRODUCTION, PointsWhen.SIGNED_OFF), (Stage.DELIVERY, PointsWhen.DELIVERED))
    return {str(when) for stage, when in ends if (row := stages.get(stage)) and row.left_at}


def shooting_branch(order: Order) -> Any:
    """The other branch where the order's latest shoot stood in the calendar; None when it was shot at home."""
    dates = OrderAppointment.objects.filter(
        order=order, appointment__kind=AppointmentKind.SHOOT, appointment__state__in=SHOT
    )
    link = dates.select_related("appointment__branch").order_by("-appointment__starts_at").first()
    branch = link.appointment.branch if link else None
    return branch if branch is not None and branch.pk != order.branch_id else None


def _day(order: Order, row: OrderStage, moment: str) -> Any:
    return getattr(row, moment).astimezone(clock.zone(order.branch.timezone)).date()
