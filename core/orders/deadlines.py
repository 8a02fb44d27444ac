"""When each stage of an order is due: counted on from the sale, held by the shoot and by what was promised."""

import datetime as dt
from collections.abc import Collection, Mapping

from core.orders.enums import Stage

STAGES = list(Stage)
USUAL_DAYS = 3  # of a stage that the studio has not set
# A fixed day and the stages before it that must be ready so many days ahead (R051, R060)
AHEAD = {Stage.SHOOT: 1, Stage.DELIVERY: 2}

Days = dict[Stage, dt.date]


def plan(
    days: Mapping[str, int], sold_on: dt.date, shoot_on: dt.date | None = None, promised_on: dt.date | None = None
) -> Days:
    """The due day of all eight stages. Those leading to the shoot or to the delivery are due before it."""
    fixed = {Stage.SHOOT: shoot_on, Stage.DELIVERY: promised_on}
    due: Days = {}
    day = sold_on
    for stage in STAGES:
        day = fixed.get(stage) or day + dt.timedelta(days=days.get(stage, USUAL_DAYS))
        due[stage] = day
    for anchor, ahead in AHEAD.items():
        if held := fixed[anchor]:
            limit = max(sold_on, held - dt.timedelta(days=ahead))
            due |= {stage: min(due[stage], limit) for stage in STAGES[: anchor.number] if fixed.get(stage) is None}
    return due


def moved(
    due: Mapping[Stage, dt.date | None], anchor: Stage, day: dt.date, *, fixed: Collection[str] = (), first: dt.date
) -> Days:
    """What changes when the shoot or the delivery moves to `day`: later stages move along by as many days, the stage
    before it is ready ahead of it again, though not before `first`. Stages in `fixed` stay (over, or promised), and so
    does everything behind them; what leads to a promise stays ahead of it.
    """
    former = due.get(anchor)
    by = day - former if former else dt.timedelta(0)
    changes: Days = {anchor: day}
    for stage in STAGES[anchor.number + 1 :]:
        held = due.get(stage)
        if stage in fixed:
            if held and stage in AHEAD:
                limit = held - dt.timedelta(days=AHEAD[stage])
                changes |= {each: min(new, limit) for each, new in changes.items() if each != anchor}
            break
        if held:
            changes[stage] = held + by
    before = STAGES[anchor.number - 1]
    if before not in fixed and (old := due.get(before)):
        changes[before] = max(first, min(old + by, day - dt.timedelta(days=AHEAD[anchor])))
    return {stage: new for stage, new in changes.items() if new != due.get(stage)}
