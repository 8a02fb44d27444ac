"""The life of a contract and of those who sign it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContractState(models.TextChoices):
    """draft → sent → signed (by everybody asked) → countersigned; or it ends without binding anybody. notified: an
    annex that only tells what the studio has done.
    """

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Waiting for signature")
    SIGNED = "signed", _("Signed by everybody")
    COUNTERSIGNED = "countersigned", _("Countersigned")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Time ran out")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SUPERSEDED = "superseded", _("Replaced")
    NOTIFIED = "notified", _("Told to the customer")


S = ContractState
TRANSITIONS: dict[str, set[str]] = {
    S.DRAFT: {S.SENT, S.WITHDRAWN, S.SUPERSEDED, S.NOTIFIED},
    S.SENT: {S.SIGNED, S.DECLINED, S.EXPIRED, S.WITHDRAWN, S.SUPERSEDED},
    S.SIGNED: {S.COUNTERSIGNED},
    S.COUNTERSIGNED: set(),
    S.DECLINED: set(),
    S.EXPIRED: set(),
    S.WITHDRAWN: set(),
    S.SUPERSEDED: set(),
    S.NOTIFIED: set(),
}
OPEN = frozenset({S.DRAFT, S.SENT})
FIRM = frozenset({S.SIGNED, S.COUNTERSIGNED})
STANDING = OPEN | FIRM
SEALED = FIRM | {S.NOTIFIED}  # what gets a final file
TONES: dict[str, tuple[str, str]] = {
    S.DRAFT: ("neutral", "edit"),
    S.SENT: ("info", "send"),
    S.SIGNED: ("ok", "circle-check"),
    S.COUNTERSIGNED: ("ok", "circle-check"),
    S.DECLINED: ("bad", "circle-x"),
    S.EXPIRED: ("warn", "clock"),
    S.WITHDRAWN: ("neutral", "circle-x"),
    S.SUPERSEDED: ("neutral", "refresh"),
    S.NOTIFIED: ("info", "bell"),
}


class SignerState(models.TextChoices):
    WAITING = "waiting", _("Has not signed yet")
    SIGNED = "signed", _("Has signed")
    DECLINED = "declined", _("Declined")
    INFORMED = "informed", _("Informed; need not sign")


class TraceKind(models.TextChoices):
    """What the chained evidence of a contract tells."""

    COMPOSED = "composed", _("Composed")
    SENT = "sent", _("Sent to sign")
    OPENED = "opened", _("Opened to read")
    SIGNED = "signed", _("Signed")
    DECLINED = "declined", _("Declined")
    COUNTERSIGNED = "countersigned", _("Countersigned by the studio")
    REMINDED = "reminded", _("Reminded")
    EXPIRED = "expired", _("Time ran out")
    WITHDRAWN = "withdrawn", _("Withdrawn by the studio")
    SUPERSEDED = "superseded", _("Replaced by a newer contract")
    SEALED = "sealed", _("Final file sealed")
    NOTIFIED = "notified", _("Told to the customer")


class DepositKind(models.TextChoices):
    """定金 binds both sides by law (forfeited, or returned twofold); 订金 is a prepayment that goes back or counts."""

    EARNEST = "earnest", _("Earnest money (binding)")
    PREPAYMENT = "prepayment", _("Prepayment (refundable)")
