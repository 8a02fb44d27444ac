"""What happened to wishes, plans and bookings, and what was refused, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.kernel.events import Kind

EVENTS: dict[str, str | Promise] = {
    Kind.BRIEF_SENT: _("Wishes for the shoot received"),
    Kind.PLAN_SENT: _("Shooting plan, version %(version)s, sent to the customer"),
    Kind.PLAN_RETURNED: _("Shooting plan, version %(version)s, came back: %(answer)s"),
    Kind.PLAN_CONFIRMED: _("Shooting plan, version %(version)s, confirmed"),
    Kind.BOOKING_HELD: _("Booking on hold: %(at)s, %(price)s"),
    Kind.BOOKING_FIRM: _("Booking firm: %(at)s"),
    Kind.BOOKING_LAPSED: _("Hold ran out: %(at)s is free again"),
    Kind.BOOKING_STRANDED: _("%(price)s paid, but %(at)s is taken: another date or money back"),
    Kind.BOOKING_CANCELLED: _("Booking cancelled by the customer, %(price)s goes back: %(reason)s"),
    Kind.DATE_PROPOSED: _("Another date proposed: %(at)s instead of %(was)s (%(reason)s)"),
    Kind.DATE_ACCEPTED: _("Customer agreed to %(at)s instead of %(was)s"),
    Kind.DATE_DECLINED: _("Customer declined %(at)s. %(reason)s"),
}

REFUSALS: dict[str, str | Promise] = {
    "plan.empty": _("A plan needs at least one look."),
    "look.unsound": _("Please give every look a name, and keep each line short."),
    "plan.stale": _("Somebody else has changed this plan meanwhile. Here is how it stands now."),
    "booking.price_changed": _("The price is %(price)s now. Please tell the customer, then hold again."),
    "booking.too_many": _("This customer holds %(most)s dates already."),
    "booking.gone": _("This booking is somebody else’s."),
    "proposal.over": _("This proposal is over."),
    "proposal.unsigned": _("No contract is signed yet, so the price cannot change with the date."),
    "proposal.overlaps": _(
        "The new time overlaps the present one, so it cannot be kept for the customer meanwhile. Agree by phone, then "
        "move it with the reason."
    ),
    "wish.missing": _("Please say whose wish it is."),
    "date.in_calendar": _("The shoot is in the calendar. Please move it there: by dragging, or by “Move the date”."),
    "date.needed": _("The signed contract names a day. Please give the new one."),
    "date.by_form": _(
        "A signed contract names this day. Please move it in the calendar, or under “Change the order” with a reason."
    ),
}
