"""Template tags of the staff console only."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.metering import Meter, shown_meter
from core.console.packages import words
from core.console.sentences import event_sentence, listed
from core.console.subscription.sentences import METERS, amount_of
from core.console.zones import zone_city
from core.kernel.events import Event
from core.people.phone import mask, pretty
from core.templatetags.ui import NOTHING, _locale, money, signed_percent

register = template.Library()
register.filter(zone_city)


@register.filter
def phone_mask(e164: str) -> str:
    """A phone number that can be recognised but not called."""
    return mask(e164) if e164 else "—"


@register.simple_tag
def event_text(event: Event) -> str:
    """One event as a person would say it."""
    return str(event_sentence(event))


@register.filter
def phone_full(e164: str) -> str:
    """A phone number as people read it aloud."""
    return pretty(e164) if e164 else "—"


@register.filter
def jobs_by_role(jobs: Iterable[Any]) -> list[tuple[str, str]]:
    """Memberships as (role, its branches): "Retoucher: 南山店, 福田店" is one job in people's minds."""
    places: dict[str, list[str]] = {}
    for job in jobs:
        places.setdefault(str(job.get_role_display()), []).append(job.branch.name if job.branch else _("All branches"))
    return [(role, listed(names)) for role, names in places.items()]


@register.filter
def figure(cell: Any) -> str:
    """A cell of the comparison as people read it; money to its last unit, an average too."""
    if cell.value is None:
        return NOTHING
    if cell.column.kind == "share":
        return f"{cell.value * 100:.1f}%"
    if cell.column.kind == "number":
        return f"{cell.value:,}"
    return money(round(cell.value))


@register.filter
def change(cell: Any) -> str:
    """A cell's change: percent, or percentage points for a share; empty when there is nothing to compare."""
    if cell.change is None or cell.direction == "flat":
        return ""
    amount = f"{abs(cell.change) * 100:.{0 if abs(cell.change) >= 1 else 1}f}"
    sign = "+" if cell.direction == "up" else "−"
    if cell.column.kind == "share":
        return _("%(n)s points") % {"n": f"{sign}{amount}"}
    return signed_percent(amount, 1 if cell.direction == "up" else -1)


@register.filter
def unlocalized(value: float) -> str:
    """A number as SVG wants it, whatever the language."""
    return f"{value:.1f}"


@register.filter
def days(stage_days: Any) -> str:
    """The median days in a stage; a dash where nobody left it."""
    return f"{stage_days.median:.1f}" if stage_days else NOTHING


@register.simple_tag
def rule_words(rule: Any) -> str:
    """When and for what a price rule counts."""
    return words.rule_words(rule)


@register.simple_tag
def coupon_words(coupon: Any) -> str:
    """When and for whom a coupon counts."""
    return words.coupon_words(coupon, _locale())


@register.inclusion_tag("console/subscription/near.html")
def plan_notice(name: str, used: int, limit: int) -> dict[str, Any]:
    """Where work starts: that a limit is near or reached, and the way to more. Nothing below four fifths."""
    return _noticed(Meter(name, used, limit))


@register.inclusion_tag("console/subscription/near.html", takes_context=True)
def plan_meter(context: template.Context, name: str) -> dict[str, Any]:
    """As plan_notice, where the page does not count by itself: one small query."""
    return _noticed(shown_meter(context["request"].studio, name))


def _noticed(found: Meter) -> dict[str, Any]:
    amounts = {"used": amount_of(found, found.used), "limit": amount_of(found, found.limit)}
    return {"meter": found, "name": METERS[found.name], **amounts}


@register.filter
def books_url(account: Any) -> str:
    """Where an account's money is shown: with its order, or on the page of its top-up."""
    if account.is_top_up:
        return reverse("console:money:online-top-up", args=[account.code])
    return reverse("console:orders:detail", args=[account.code]) + "#order-money"
