"""When and for what a price rule or a coupon counts, in one line."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.catalog.models import Coupon, PriceRule
from core.console.packages.pricing import WEEKDAYS
from core.console.sentences import listed
from core.kernel.money import format_minor
from tenants.context import current_studio


def rule_words(rule: PriceRule) -> str:
    """Days, hours, places, packages."""
    parts = [_days(rule), listed(label for value, label in WEEKDAYS if int(value) in rule.weekdays)]
    if rule.starts_at:
        parts.append(
            f"{rule.starts_at:%H:%M}–{rule.ends_at:%H:%M}" if rule.ends_at else f"{rule.starts_at:%H:%M}–24:00"
        )
    parts += [
        str(rule.package) if rule.package_id else "",
        str(rule.get_shoot_kind_display()) if rule.shoot_kind else "",
    ]
    parts += [str(rule.branch) if rule.branch_id else "", rule.city]
    if rule.priority:
        parts.append(_("Priority %(n)s") % {"n": rule.priority})
    return " · ".join(part for part in parts if part) or _("Always and everywhere")


def _days(rule: PriceRule) -> str:
    if rule.first_day is None or rule.last_day is None:
        return ""
    shape = "MONTH_DAY_FORMAT" if rule.is_yearly else "SHORT_DATE_FORMAT"
    days = f"{date_format(rule.first_day, shape)}–{date_format(rule.last_day, shape)}"
    return _("every year %(days)s") % {"days": days} if rule.is_yearly else days


def coupon_words(coupon: Coupon, locale: str) -> str:
    """Validity, minimum, packages, branches, limit of one customer."""
    parts: list[Any] = []
    if coupon.first_day:
        parts.append(_("from %(day)s") % {"day": date_format(coupon.first_day, "SHORT_DATE_FORMAT")})
    if coupon.last_day:
        parts.append(_("until %(day)s") % {"day": date_format(coupon.last_day, "SHORT_DATE_FORMAT")})
    if coupon.minimum_minor:
        least = format_minor(coupon.minimum_minor, current_studio().currency, locale)
        parts.append(_("from a price of %(minimum)s on") % {"minimum": least})
    parts += [listed(coupon.packages.all()), listed(coupon.branches.all())]
    if coupon.customer_limit:
        parts.append(_("each customer at most %(n)s times") % {"n": coupon.customer_limit})
    return " · ".join(str(part) for part in parts if part) or _("No limits")
