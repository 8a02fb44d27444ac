"""Template tags of the staff console only."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from core.console.sentences import event_sentence
from core.kernel.events import Event
from core.orders.enums import Stage
from core.people.phone import mask

register = template.Library()


@register.filter
def phone_mask(e164: str) -> str:
    """A phone number that can be recognised but not called."""
    return mask(e164) if e164 else "—"


@register.simple_tag
def event_text(event: Event) -> str:
    """One event as a person would say it."""
    return str(event_sentence(event))


@register.filter
def figure(cell: Any) -> str:
    """A cell's number or share as people read it."""
    if cell.value is None:
        return "—"
    return f"{cell.value * 100:.1f}%" if cell.column.kind == "share" else f"{cell.value:,}"


@register.filter
def change(cell: Any) -> str:
    """A cell's change: percent, or percentage points for a share; empty when there is nothing to compare."""
    if cell.change is None or cell.direction == "flat":
        return ""
    sign = "▲" if cell.direction == "up" else "▼"
    unit = _("points") if cell.column.kind == "share" else "%"
    return f"{sign} {abs(cell.change) * 100:.1f}{'' if unit == '%' else ' '}{unit}"


@register.filter
def unlocalized(value: float) -> str:
    """A number as SVG wants it, whatever the language."""
    return f"{value:.1f}"


@register.filter
def stage_label(stage: str) -> str:
    return str(Stage(stage).label)


@register.filter
def median(stages: dict[str, Any], stage: str) -> str:
    """A branch's median days in a stage."""
    return f"{stages[stage].median:.1f}" if stage in stages else "—"
