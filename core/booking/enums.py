"""What customers say before the shoot, where a shooting plan stands, and where a booking stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Style(models.TextChoices):
    """The trade's looks (R085). Cards with colours and hints for the three crafts: `core.booking.styles`."""

    FOREST = "forest", _("Misty forest")
    FILM = "film", _("Vintage film")
    CHINESE = "chinese", _("New Chinese")
    MINIMAL = "minimal", _("Minimal studio")
    OIL = "oil", _("Oil painting")
    SEASIDE = "seaside", _("Seaside journey")
    NIGHT = "night", _("City at night")
    PALACE = "palace", _("French palace")
    STREET = "street", _("Street reportage")
    CANDY = "candy", _("Playful colours")
    HOME = "home", _("At home")


class Colour(models.TextChoices):
    WHITE = "white", _("White")
    CHAMPAGNE = "champagne", _("Champagne")
    PINK = "pink", pgettext_lazy("colour", "Pink")
    RED = "red", _("Red")
    GREEN = "green", _("Green")
    BLUE = "blue", _("Blue")
    BLACK = "black", _("Black")
    EARTH = "earth", _("Earth tones")


class Place(models.TextChoices):
    """Where the customer sees themselves; the studio names the scene in the plan."""

    STUDIO = "studio", pgettext_lazy("place", "In the studio")
    GARDEN = "garden", _("Garden or park")
    WOODS = "woods", _("Woods")
    SEA = "sea", _("Sea or lake")
    CITY = "city", _("City")
    OLD_TOWN = "old_town", _("Old town")
    CHURCH = "church", _("Church or hall")
    HOME = "home", _("At home")


class PlanState(models.TextChoices):
    """draft → sent → confirmed; a returned one is answered by the next version, which replaces a confirmed one too."""

    DRAFT = "draft", _("Being written")
    SENT = "sent", _("With the customer")
    RETURNED = "returned", _("Customer asks for a change")
    CONFIRMED = "confirmed", _("Confirmed by the customer")
    REPLACED = "replaced", _("Replaced")


AT_WORK = {PlanState.DRAFT, PlanState.SENT}  # at most one of an order
PLAN_TRANSITIONS: dict[str, set[str]] = {
    PlanState.DRAFT: {PlanState.SENT},
    PlanState.SENT: {PlanState.RETURNED, PlanState.CONFIRMED, PlanState.DRAFT},
    PlanState.RETURNED: {PlanState.REPLACED},
    PlanState.CONFIRMED: {PlanState.REPLACED},
    PlanState.REPLACED: set(),
}
PLAN_TONES = {
    PlanState.DRAFT: "neutral",
    PlanState.SENT: "info",
    PlanState.RETURNED: "warn",
    PlanState.CONFIRMED: "ok",
    PlanState.REPLACED: "neutral",
}


class BookingState(models.TextChoices):
    """From the first tap to a firm date.

    draft: chosen, nothing taken. held: date, order and contract are there, the clock runs. signed: the deposit is
    missing. firm. lapsed: the clock ran out; the date is free for others, the customer may take it again. stranded:
    money came for a date that somebody else has by now; another date or all of it back.
    """

    DRAFT = "draft", _("Being chosen")
    HELD = "held", _("On hold: contract to sign")
    SIGNED = "signed", _("Signed: deposit to pay")
    FIRM = "firm", pgettext_lazy("booking", "Firm")
    LAPSED = "lapsed", _("Hold ran out")
    STRANDED = "stranded", _("Paid, but the date is gone")
    CANCELLED = "cancelled", pgettext_lazy("booking", "Cancelled")


WAITING = {BookingState.HELD, BookingState.SIGNED}  # a clock runs
S = BookingState
BOOKING_TRANSITIONS: dict[str, set[str]] = {
    S.DRAFT: {S.HELD, S.CANCELLED},
    S.HELD: {S.SIGNED, S.FIRM, S.LAPSED, S.STRANDED, S.CANCELLED},
    S.SIGNED: {S.FIRM, S.LAPSED, S.STRANDED, S.CANCELLED},
    S.FIRM: {S.CANCELLED},
    S.LAPSED: {S.HELD, S.SIGNED, S.FIRM, S.STRANDED, S.CANCELLED},
    S.STRANDED: {S.HELD, S.SIGNED, S.FIRM, S.CANCELLED},
    S.CANCELLED: set(),
}
BOOKING_TONES = {
    S.DRAFT: "neutral",
    S.HELD: "warn",
    S.SIGNED: "warn",
    S.FIRM: "ok",
    S.LAPSED: "neutral",
    S.STRANDED: "bad",
    S.CANCELLED: "neutral",
}


class Origin(models.TextChoices):
    ONLINE = "online", _("Booked online")
    DESK = "desk", _("Booked on the phone")


class ProposalState(models.TextChoices):
    """A new date that the studio has asked for; its time is on hold meanwhile."""

    OPEN = "open", _("Waiting for the customer")
    ACCEPTED = "accepted", pgettext_lazy("another date", "Accepted")
    DECLINED = "declined", _("Declined")
    ENDED = "ended", _("Withdrawn or run out")
