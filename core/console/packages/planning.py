"""Why branches cannot plan a shoot, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.booking.plannable import Lack, Plannable
from core.scheduling.enums import ResourceKind


@dataclass(frozen=True, slots=True)
class Shown:
    """A branch and what it lacks."""

    branch: str
    reasons: list[str]


def shown_lacks(found: Plannable) -> list[Shown]:
    return [Shown(lack.branch.name, reasons_of(lack)) for lack in found.lacks]


def reasons_of(lack: Lack) -> list[str]:
    """What one branch lacks, a line each."""
    words = []
    for short in lack.short:
        kind = str(ResourceKind(short.kind).label)
        kind = f"{kind} ({short.skill})" if short.skill else kind
        facts = {"kind": kind, "needed": short.needed, "there": short.there}
        words.append(_("%(kind)s: %(needed)s needed, %(there)s there") % facts)
    if lack.clash:
        words.append(_("The same people would be needed twice at once."))
    if lack.minutes:
        text = ngettext(
            "The shoot takes %(n)d minute, longer than the branch is open.",
            "The shoot takes %(n)d minutes, longer than the branch is open.",
            lack.minutes,
        )
        words.append(text % {"n": lack.minutes})
    return words
