"""What happened to packages, prices and coupons, and what was refused, in words (see `core.console.sentences`)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.kernel.events import Kind

EVENTS: dict[str, str | Promise] = {
    Kind.PACKAGE_PUBLISHED: _("%(package)s: version %(version)s published"),
    Kind.PRICES_CHANGED: _("Price rule changed: %(name)s"),
    Kind.COUPON_SAVED: _("Coupon changed: %(name)s"),
    Kind.COUPON_USED: _("Coupon used: %(name)s (%(code)s)"),
    Kind.COUPON_RELEASED: _("Coupon given back: %(name)s (%(code)s)"),
}
REFUSALS: dict[str, str | Promise] = {
    "package.unchanged": _("Nothing has changed since the last version."),
    "package.draft_changed": _("Somebody has changed the draft meanwhile. Please look at it again before you publish."),
    "package.unplannable": _(
        "No branch can plan this shoot. Please look at its parts, or at the calendar’s resources."
    ),
    "package.partly": _("Not every branch can plan this shoot (%(names)s). Please confirm that you know."),
    "terms.unsound": _("Some of the further terms do not fit together (%(part)s)."),
    "extra.twice": _("“%(name)s” is named twice."),
    "addon.unknown": _("One of the extras is not offered with this package any more. Please choose again."),
    "addon.too_many": _("%(name)s: at most %(most)s."),
    "rule.effect": _("Please say how much the price changes, in the right direction."),
    "rule.place": _("A price at a place needs a package, and a branch or a city."),
    "rule.days": _("Please give the first and the last day."),
    "rule.hours": _("The end comes after the beginning."),
    "coupon.unknown": _("There is no such coupon, or it was stopped."),
    "coupon.early": _("%(name)s is valid from %(day)s on."),
    "coupon.over": _("%(name)s was valid until %(day)s."),
    "coupon.elsewhere": _("%(name)s is not valid in this branch."),
    "coupon.other_package": _("%(name)s is not valid for this package."),
    "coupon.minimum": _("%(name)s is valid from a price of %(minimum)s on."),
    "coupon.used_up": _("%(name)s is used up."),
    "coupon.used_by_customer": _("This customer has used %(name)s already."),
    "coupon.code_taken": _("Another coupon has this code."),
    "coupon.unsound": _("The numbers of this coupon do not fit together."),
    "coupon.limit_below_used": _("It has been used %(used)s times already."),
}
