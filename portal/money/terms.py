"""What somebody agrees to who tops their card up."""

from django.utils.translation import gettext as _

from core.finance.models import GiftTier
from core.finance.values import cap_minor
from core.templatetags.ui import money


def terms_of(offer: GiftTier) -> list[str]:
    """What somebody agrees to who takes the offer; kept with the top-up in these very words."""
    told = {"amount": money(offer.least_minor), "gift": money(offer.gift_minor), "cap": money(cap_minor())}
    sentences = [
        _("You pay %(amount)s: this is the principal. The studio adds %(gift)s as a gift."),
        _("Unused principal can be paid back at any time, the way it was paid."),
        _("The principal is used first, the gift last. The gift is not paid out; with principal its share goes back."),
        _("Neither the principal nor the gift expires."),
        _("The card is in your name and works in every branch. A bill is paid with it only when you say so."),
        _("A card in its holder's name may hold %(cap)s of principal at most."),
    ]
    return [sentence % told for sentence in sentences]
