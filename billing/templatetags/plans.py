"""The plans wherever they are shown: on the landing page and beside the owner's own."""

from typing import Any

from django import template
from django.utils.formats import number_format

from billing.models import GIB
from billing.selectors import plans_on_offer
from billing.standing import TRIAL

register = template.Library()


@register.filter
def size(count: int) -> str:
    """Bytes as plans state them: 200 GB, 1 TB; a fraction only where there is one."""
    whole, unit = (count / GIB / 1024, "TB") if count >= 1024 * GIB else (count / GIB, "GB")
    rounded = round(whole, 1)
    return f"{number_format(int(rounded) if rounded == int(rounded) else rounded, use_l10n=True)} {unit}"


@register.inclusion_tag("billing/plan_table.html")
def plan_table() -> dict[str, Any]:
    """The public price list."""
    return {"plans": plans_on_offer(), "days": TRIAL.days}
