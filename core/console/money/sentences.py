"""What happened to money and why a verb of it said no, in words."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.finance.enums import Method
from core.kernel.events import Kind

Text = str | Promise

MONEY_EVENTS: dict[str, Text] = {
    Kind.CHARGE_POSTED: _("Charged %(price)s: %(title)s"),
    Kind.CHARGE_REVERSED: _("Charge of %(price)s taken back: %(title)s"),
    Kind.DISCOUNT_GIVEN: _("Discount of %(price)s: %(reason)s"),
    Kind.PAYMENT_RECEIVED: _("Payment of %(price)s received (%(method)s), receipt %(receipt)s"),
    Kind.PAYMENT_AUDITED: _("Payment of %(price)s checked, receipt %(receipt)s"),
    Kind.PAYMENT_CORRECTED: _("Entry of %(price)s taken back, receipt %(receipt)s: %(reason)s"),
    Kind.PAYMENT_CLAIMED: _("Customer says that they have paid %(price)s (%(method)s)"),
    Kind.CLAIM_DECLINED: _("Payment of %(price)s not found: %(reason)s"),
    Kind.PAYMENT_ODD: _("Money came that does not fit: %(price)s, %(reference)s"),
    Kind.REFUND_STARTED: _("Refund of %(price)s: %(reason)s"),
    Kind.REFUND_DONE: _("Refunded %(price)s (%(method)s)"),
    Kind.REFUND_FAILED: _("Refund of %(price)s failed (%(code)s)"),
    Kind.INVOICE_ASKED: _("Invoice of %(price)s asked for: %(title)s"),
    Kind.INVOICE_ISSUED: _("Invoice %(number)s of %(price)s issued"),
    Kind.INVOICE_CANCELLED: _("Invoice %(number)s cancelled: %(reason)s"),
    Kind.PROOF_ADDED: _("Photograph of the receipt added: %(receipt)s"),
    Kind.DISPUTE_OPENED: _("The payer's bank questions %(price)s (%(receipt)s): %(reason)s"),
    Kind.DISPUTE_WON: _("Dispute won, %(price)s stays (%(receipt)s)"),
    Kind.DISPUTE_LOST: _("Dispute lost, %(price)s went back (%(receipt)s)"),
    Kind.VALUE_BOUGHT: _("Topped up %(price)s (%(method)s), receipt %(receipt)s"),
    Kind.VALUE_ASKED: _("Customer begins to top up %(price)s"),
    Kind.VALUE_DECLINED: _("Top-up of %(price)s did not go on the card"),
    Kind.VALUE_TAKEN_BACK: _("Top-up of %(price)s given back from the card: %(reason)s"),
    Kind.VALUE_PAID_OUT: _("Stored value of %(price)s paid out (%(method)s): %(reason)s"),
    Kind.VALUE_CORRECTED: _("Top-up of %(price)s taken back: %(reason)s"),
    Kind.POINTS_GIVEN: _("Points %(points)s: %(reason)s"),
    Kind.MONTH_SETTLED: _("Settlement of %(first)s and %(second)s closed: %(price)s"),
    Kind.DAY_CLOSED: _("Day closed: %(day)s"),
    Kind.DEBT_REMINDED: _("Customer asked politely for %(price)s"),
}

MONEY_REFUSALS: dict[str, Text] = {
    "amount.missing": _("Please type an amount of more than zero."),
    "method.unknown": _("Please choose how the money came."),
    "day.closed": _("That day is closed: %(day)s. Nothing can be booked on it any more."),
    "day.odd": _("Money is booked on today or on a day of the last month."),
    "count.missing": _("Please count every way of paying."),
    "count.unexplained": _("What was counted differs from the books. Please say why."),
    "audit.self": _("Somebody else has to check what you recorded."),
    "payment.online": _("The payment service took this money: give it back as a refund."),
    "payment.nothing_left": _("Nothing of this payment is left."),
    "discount.too_much": _("Your job may still take off %(price)s. A manager can give more."),
    "discount.over_owed": _("A discount cannot be more than the bill of %(price)s."),
    "charge.negative": _("A charge is more than zero. Give a discount instead."),
    "charge.too_long": _("These are too many lines for one charge."),
    "refund.too_much": _("At most %(price)s can be given back."),
    "refund.held": _("A dispute holds a part of it. At most %(price)s can be given back."),
    "refund.changed": _("The refund is %(price)s now. Please look again before you confirm."),
    "refund.settled": _("A colleague has settled this refund already."),
    "refund.by_route": _("The payment service sends this refund."),
    "refund.not_done": _("This refund has not been paid out yet."),
    "claim.answered": _("A colleague has answered this already."),
    "claim.open": _("The customer has told this already."),
    "pay.nothing_owed": _("Nothing is owed."),
    "pay.refused": _("The payment service refused. Nothing was taken."),
    "pay.unreachable": _("The payment service does not answer. Nothing was taken."),
    "remind.today": _("The customer was asked today already."),
    "title.missing": _("Please type the title of the invoice."),
    "tax_id.missing": _("A special VAT invoice needs the tax id."),
    "invoice.too_much": _("At most %(price)s can be invoiced: what was paid and is not invoiced yet."),
    "invoice.settled": _("A colleague has settled this invoice already."),
    "rule.for_whom": _("Please choose a job or a person, not both."),
    "rule.how_much": _("Please type a percentage or a fixed amount, not both."),
    "rule.too_early": _("There is a rule for the same that began later. Please choose a later day."),
    "rule.ended": _("This rule has ended already."),
    "share.odd": _("A share is between 0 and 100 percent."),
    "share.fixed": _("The share of that day is fixed. Please choose a later day."),
    "settlement.early": _("The month is not over yet."),
    "settlement.closed": _("This month is closed already."),
    "settlement.empty": _("There is nothing to settle."),
    "settlement.changed": _("It is %(price)s now. Please look again before you close the month."),
    "deal.not_top_up": _("Only a top-up can be taken back."),
    "deal.corrected": _("A colleague has taken this back already."),
    "proof.too_large": _("This picture is too large."),
    "proof.no_picture": _("Please choose a photograph (JPEG, PNG or WebP)."),
    "proof.checked": _("This was checked with its photograph; it stays."),
    "value.too_little": _("There is not enough stored value."),
    "value.cap": _("At most %(price)s more may be put on this card."),
    "cap.unexplained": _("The law allows %(price)s on a card in its holder's name. Say why this one may hold more."),
    "refund.top_up": _("This was a top-up: give it back on its own page, so that the card follows."),
    "top_up.unknown": _("This is not a top-up."),
}


def method_word(method: Any) -> str:
    """How money came, in words; what is no method stays as it is."""
    return str(Method(method).label) if method in Method.values else str(method)
