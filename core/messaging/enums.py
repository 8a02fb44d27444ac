"""Ways out of the house and the life of a message."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Route(models.TextChoices):
    SMS = "sms", _("SMS")
    EMAIL = "email", _("E-mail")


class MessageState(models.TextChoices):
    """queued → sending → sent; a passing failure goes back to queued, the last one or a final one to failed."""

    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


class Template(models.TextChoices):
    """What can be said. Providers want a template key and variables, never free text (edges.md §6)."""

    PHONE_CODE = "phone_code", _("Phone code")
    GALLERY_READY = "gallery_ready", _("Photographs ready to choose")
    SELECTION_RECEIVED = "selection_received", _("Selection received")
    PART_RECEIVED = "part_received", _("Part of a selection received")
    REOPENING_ANSWERED = "reopening_answered", _("Answer to a request to reopen")
    CONSENT_GIVEN = "consent_given", _("Consent to publish received")
    CONSENT_REVOKED = "consent_revoked", _("Consent to publish taken back")
    FINALS_READY = "finals_ready", _("Retouched photos ready to look at")
    ROUND_OFFERED = "round_offered", _("Further retouch round offered")
    ROUND_RETURNED = "round_returned", _("Retouch round came back")  # to the retoucher
    FINALS_SIGNED = "finals_signed", _("Retouched photos accepted")
    ALBUM_READY = "album_ready", _("Album draft ready to look at")
    ALBUM_OFFERED = "album_offered", _("Further album round offered")
    ALBUM_WAITING = "album_waiting", _("Album draft waits for an answer")
    ALBUM_APPROVED = "album_approved", _("Album approved")
    PHOTOS_DELIVERED = "photos_delivered", _("Photos delivered")
    PAYMENT_RECEIVED = "payment_received", _("Payment received")
    PAYING_CODE = "paying_code", _("Code to pay with stored value")
    PAYMENT_DUE = "payment_due", _("Polite request to pay")
    DELIVERY_ENDING = "delivery_ending", _("Access to photos ends soon")
    PLAN_READY = "plan_ready", _("Shooting plan ready to confirm")
    BOOKING_HELD = "booking_held", _("Date on hold: sign and pay")
    BOOKING_FIRM = "booking_firm", _("Booking firm")
    BOOKING_LAPSED = "booking_lapsed", _("Hold ran out")
    BOOKING_STRANDED = "booking_stranded", _("Paid, but the date is gone")
    DATE_PROPOSED = "date_proposed", _("Another date proposed")
    DATE_CONFIRMED = "date_confirmed", _("Date confirmed")
    DATE_MOVED = "date_moved", _("Date moved")
    DATE_CANCELLED = "date_cancelled", _("Date cancelled")
    SLOT_OFFERED = "slot_offered", _("Date from the waiting list offered")
    SIGNING_CODE = "signing_code", _("Code to sign a contract")
    CONTRACT_READY = "contract_ready", _("Contract ready to sign")
    CONTRACT_REMINDER = "contract_reminder", _("Contract still waits for a signature")
    CONTRACT_NOTICE = "contract_notice", _("Signed date moved by the studio")
    CONTRACT_DONE = "contract_done", _("Contract signed by everybody")
    PASSWORD_CODE = "password_code", _("Code to choose a new password")
    PASSWORD_CHANGED = "password_changed", _("Password was changed")
    TEAM_INVITATION = "team_invitation", _("Invitation of a colleague")
    # -- the platform's own, to the studio's owner
    PLAN_TRIAL_ENDING = "plan_trial_ending", _("Trial ends soon")
    PLAN_YEAR_ENDING = "plan_year_ending", _("Paid year ends soon")
    PLAN_PAYMENT_DUE = "plan_payment_due", _("Subscription not paid")
    PLAN_READ_ONLY = "plan_read_only", _("Console is read-only")
    PLAN_USAGE_NEAR = "plan_usage_near", _("Four fifths of a limit used")
    PLAN_USAGE_FULL = "plan_usage_full", _("Limit of the plan reached")
    STUDIO_LIFE = "studio_life", _("About the studio itself")


# Facts that nobody at the studio may read: whoever knows a code can sign in the customer's name
SECRETS: dict[str, set[str]] = {
    Template.PHONE_CODE: {"code"},
    Template.SIGNING_CODE: {"code"},
    Template.PAYING_CODE: {"code"},
    Template.PASSWORD_CODE: {"code"},
    Template.TEAM_INVITATION: {"link"},  # whoever has it becomes that colleague
}
OWN_LETTERS = frozenset(each for each in Template if each.value.startswith("plan_") and each != Template.PLAN_READY)
