"""What Stripe or a limit says about a subscription, in words."""

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from billing.exchange import PayRefused, PayUnreachable
from billing.metering import Meter
from core.console.merchant.sentences import fault_sentence

METERS: dict[str, str | Promise] = {
    "branches": gettext_lazy("Branches"),
    "seats": gettext_lazy("Seats"),
    "storage_bytes": gettext_lazy("Storage"),
    "messages": gettext_lazy("SMS this month"),
}
REFUSALS: dict[str, str | Promise] = {
    "plan.not_offered": gettext_lazy("This plan is not on offer any more."),
    "plan.has_one": gettext_lazy("A card pays for a subscription already. Change the plan instead."),
    "plan.none": gettext_lazy("There is no running subscription by card."),
    "plan.quote_old": gettext_lazy("The amount has changed since this page was opened. Please look at it again."),
    "plan.same": gettext_lazy("You are on this plan already."),
    "plan.too_small": gettext_lazy("You use more than this plan has room for."),
    "plan.at_renewal": gettext_lazy("A year is paid. Another one can be bought in its last thirty days."),
    "pay.rejected": gettext_lazy("The card was not charged and nothing has changed. Put another card in place first."),
    "pay.amount": gettext_lazy("What was paid is not what was asked for. Our operators are looking at it."),
}


def trouble_sentence(trouble: PayRefused | PayUnreachable) -> str:
    if isinstance(trouble, PayUnreachable):
        return fault_sentence("unreachable")
    if trouble.code == "pay.rejected" and trouble.facts.get("param"):  # our question was wrong, not the card
        return _("The payment page could not be opened. Nothing was charged; please try again, or write to us.")
    known = REFUSALS.get(trouble.code)
    return str(known) if known else fault_sentence(trouble.code)


def amount_of(meter: Meter, value: int) -> str:
    """A figure of a limit as people read it."""
    return filesizeformat(value) if meter.name == "storage_bytes" else f"{value:,}"


def what_must_go(meter: Meter) -> str:
    """What keeps the studio from a smaller plan, and what helps. Nothing is ever deleted for it."""
    if meter.name == "branches":
        text = ngettext("Close %(n)s branch first.", "Close %(n)s branches first.", meter.over)
        return text % {"n": meter.over}
    if meter.name == "seats":
        text = ngettext(
            "Take access from %(n)s colleague first.", "Take access from %(n)s colleagues first.", meter.over
        )
        return text % {"n": meter.over}
    return _("Free %(size)s of storage first: hand finished galleries over and archive them.") % {
        "size": filesizeformat(meter.over)
    }
