"""Kinds of resources and appointments, the life of an appointment, and of an entry on the waiting list."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ResourceKind(models.TextChoices):
    PHOTOGRAPHER = "photographer", _("Photographer")
    MAKEUP_ARTIST = "makeup_artist", _("Make-up artist")
    GOWN_MASTER = "gown_master", _("Gown master")
    ASSISTANT = "assistant", _("Assistant")
    SELECTION_ADVISER = "selection_adviser", _("Selection adviser")
    ROOM = "room", _("Room")
    SCENE = "scene", _("Scene")
    CAR = "car", _("Car")
    GOWN = "gown", _("Gown")
    SELECTION_SEAT = "selection_seat", _("Selection seat")


PEOPLE = frozenset(
    {
        ResourceKind.PHOTOGRAPHER,
        ResourceKind.MAKEUP_ARTIST,
        ResourceKind.GOWN_MASTER,
        ResourceKind.ASSISTANT,
        ResourceKind.SELECTION_ADVISER,
    }
)


class AppointmentKind(models.TextChoices):
    """What a customer comes for (R113)."""

    FITTING = "fitting", _("Fitting")
    TRIAL = "trial", _("Make-up trial")
    SHOOT = "shoot", _("Shoot")
    RETAKE = "retake", _("Retake")
    SELECTION = "selection", _("Selection")
    VIEWING = "viewing", _("Design viewing")
    PICKUP = "pickup", _("Pickup")
    OTHER = "other", _("Other")


class AppointmentState(models.TextChoices):
    HELD = "held", _("On hold")
    CONFIRMED = "confirmed", _("Confirmed")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Hold expired")


STANDING = (AppointmentState.HELD, AppointmentState.CONFIRMED, AppointmentState.DONE)  # their claims keep others out

# An expired or cancelled appointment comes back only by claiming its time anew (services.confirm).
TRANSITIONS: dict[str, set[str]] = {
    AppointmentState.HELD: {AppointmentState.CONFIRMED, AppointmentState.CANCELLED, AppointmentState.EXPIRED},
    AppointmentState.CONFIRMED: {AppointmentState.DONE, AppointmentState.CANCELLED},
    AppointmentState.DONE: {AppointmentState.CONFIRMED},
    AppointmentState.EXPIRED: {AppointmentState.CONFIRMED},
    AppointmentState.CANCELLED: set(),
}


class Lending(models.TextChoices):
    """Whether another branch's resource may be used: asked until somebody of that branch agrees."""

    OWN = "", _("Own")
    ASKED = "asked", _("Asked")
    AGREED = "agreed", _("Agreed")


class LeaveKind(models.TextChoices):
    LEAVE = "leave", _("Leave")
    SICK = "sick", _("Sick")
    TRAINING = "training", _("Training")
    REPAIR = "repair", _("Repair")


class DayPart(models.TextChoices):
    """The trade's words for a wish without a time."""

    ANY = "", _("Any time")
    MORNING = "morning", _("Morning")
    AFTERNOON = "afternoon", _("Afternoon")
    EVENING = "evening", _("Evening")


DAY_PARTS: dict[str, tuple[int, int]] = {  # minutes of the day in which a visit may start
    DayPart.ANY: (0, 1440),
    DayPart.MORNING: (0, 720),
    DayPart.AFTERNOON: (720, 1080),
    DayPart.EVENING: (1080, 1440),
}


class WaitingState(models.TextChoices):
    """What becomes of an offer is the offered appointment's state: lapsed, and the entry waits again."""

    WAITING = "waiting", _("Waiting")
    OFFERED = "offered", _("Offered")
    CLOSED = "closed", _("Closed")
