"""What a move asks first: forward with empty key information is asked about (R002), backward wants a reason."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.kernel import events
from core.kernel.events import Kind
from core.orders import info
from core.orders.enums import Stage
from core.orders.models import Order


@dataclass(frozen=True)
class Question:
    """Asked before the move happens; `wants_note` when the answer is a sentence."""

    title: str
    text: str
    submit: str
    points: list[str] = field(default_factory=list)
    wants_note: bool = False


def question_before(order: Order, target: str, answer: dict[str, Any]) -> Question | None:
    """None when nothing has to be asked (any more)."""
    if Stage(target).number > Stage(order.stage).number:
        missing = [] if answer.get("confirmed") else missing_labels(order)
        return _about_missing(order, target, missing) if missing else None
    return None if answer.get("note") else _about_going_back(target)


def missing_labels(order: Order) -> list[str]:
    """Labels of the current stage's key information that is still empty."""
    return [str(item.label) for item in info.missing(order.stages.get(stage=order.stage))]


def _about_missing(order: Order, target: str, missing: list[str]) -> Question:
    return Question(
        title=_("Something is still empty"),
        text=_("“%(title)s” leaves %(stage)s, but these points are not filled in:")
        % {"title": order.title, "stage": order.get_stage_display()},
        points=missing,
        submit=_("Move to %(stage)s anyway") % {"stage": Stage(target).label},
    )


def _about_going_back(target: str) -> Question:
    return Question(
        title=_("Back to %(stage)s?") % {"stage": Stage(target).label},
        text=_("Colleagues will read why in the order’s history."),
        submit=_("Move back to %(stage)s") % {"stage": Stage(target).label},
        wants_note=True,
    )


def is_undo(order: Order, user: Any, target: str) -> bool:
    """Whether the move takes back this user's own last move of the order: then nothing is asked."""
    last = next(iter(events.thread(order.event_thread, limit=1)), None)
    if last is None or last.kind != Kind.ORDER_MOVED or last.actor_kind != "staff" or last.actor_id != user.pk:
        return False
    return bool(last.facts.get("source") == target and last.facts.get("target") == order.stage)
