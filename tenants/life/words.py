"""The operation log in words."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _


def act_lines(acts: Iterable[Any]) -> list[dict[str, Any]]:
    """What to show of these lines; verbs without a word of their own show as they are."""
    words = _verbs()
    return [
        {
            "at": act.at,
            "actor": act.actor,
            "words": words.get(act.verb, act.verb),
            "note": note_of(act.facts),
            "is_bad": act.verb.endswith("_failed"),
        }
        for act in acts
    ]


def word_of(verb: str) -> str:
    """One verb in words."""
    return _verbs().get(verb, verb)


def note_of(facts: dict[str, Any]) -> str:
    """What of a line's facts tells a person something."""
    ways = {
        "password": _("Password"),
        "code": _("Verification code"),
        "app": _("Authenticator app"),
        "passkey": _("Passkey"),
        "recovery": _("Recovery codes"),
    }
    step = facts.get("step")
    parts = [
        facts.get("name"),
        ways.get(step, "") if isinstance(step, str) else "",
        facts.get("reason") or facts.get("domain") or facts.get("error"),
        facts.get("device"),
        facts.get("address"),
    ]
    return " · ".join(str(part) for part in parts if part)


def operator_sentence(refused: Exception) -> str:
    """Why a verb of a studio's life was not done, for operators; a code without a sentence of its own is shown."""
    code, facts = getattr(refused, "code", ""), getattr(refused, "facts", {})
    said = _refusals().get(code)
    return said % facts if said else _("Not done: %(code)s") % {"code": str(refused)}


def _refusals() -> dict[str, str]:
    return {
        "rescue.reason": _("Please give a reason of at least %(letters)s letters."),
        "rescue.typed": _("What you typed is not this studio's address."),
        "rescue.closed": _("The studio's tables are being made or exchanged. Please try again afterwards."),
        "rescue.none": _("This owner has no second step."),
        "rescue.untold": _(
            "No owner has a phone or an e-mail that could be told. Only the server's shell may do it unheard: "
            "manage.py studio reset-step … --untold"
        ),
        "archive.damaged": _("The archive is damaged. Nothing was changed."),
        "archive.foreign": _("The archive was sealed by another platform, or its sealed part was changed."),
        "archive.format": _("This archive has a format that we do not know."),
        "archive.newer": _("This archive is of a newer version of the program."),
        "archive.shape": _("The archive's tables are not those of its version."),
        "closing.asked": _("This studio has a closing date already."),
        "closing.days": _("Closing takes 7 to 365 days."),
        "closing.none": _("This studio has no closing date."),
        "erase.not_suspended": _("Suspend the studio first. Only then can it be erased."),
        "erase.typed": _("What you typed is not this studio's address."),
        "export.gone": _("That export is no longer kept."),
        "restore.none": _("No restore waits for your word."),
        "slug.taken": _("The address %(slug)s is taken. Please choose another."),
        "studio.gone": _("The archive's studio is no longer here. Please give a new address."),
        "studio.unconfirmed": _("An earlier restore waits for your word. Confirm it or take it back first."),
        "suspend.reason": _("Please give a reason. The public reads it."),
        "task.failed": _("The task failed. Its error stands beside it."),
        "task.not_failed": _("This task has not failed."),
        "task.open": _("Another task of this studio is still running. Please wait for it."),
        "visit.closed": _("Only an open studio can be visited."),
        "visit.minutes": _("This number of minutes is not allowed."),
        "visit.open": _("A support visit is open already."),
        "visit.over": _("This support visit is over."),
        "visit.reason": _("Please give a longer reason. The owner reads it."),
    }


def _verbs() -> dict[str, str]:
    return {
        "brand.logo": _("Logo changed"),
        "brand.logo_dropped": _("Logo removed"),
        "brand.hue": _("Colour changed"),
        "brand.place": _("Language or time zone changed"),
        "export.asked": _("Export asked for"),
        "export.done": _("Export finished"),
        "export.failed": _("Export failed"),
        "export.again": _("Export went on"),
        "export.fetched": _("Export downloaded"),
        "erase.asked": _("Erasing asked for"),
        "erase.done": _("Studio erased"),
        "erase.failed": _("Erasing failed"),
        "erase.again": _("Erasing went on"),
        "restore.again": _("Restore went on"),
        "restore.asked": _("Restore asked for"),
        "restore.done": _("Restore finished"),
        "restore.failed": _("Restore failed"),
        "restore.confirmed": _("Restore confirmed"),
        "restore.taken_back": _("Restore taken back"),
        "studio.suspended": _("Studio suspended"),
        "studio.resumed": _("Studio opened again"),
        "studio.closed": _("Studio closed by its date"),
        "closing.asked": _("Closing asked for"),
        "closing.cancelled": _("Closing taken back"),
        "closing.warned": _("Warned that the studio closes"),
        "erasing.warned": _("Warned that all is erased"),
        "support.asked": _("Support visit asked for"),
        "support.entered": _("Support entered"),
        "support.ended": _("Support visit ended"),
        "support.may_write": _("Support was allowed to change things"),
        "support.may_read": _("Support may only look again"),
        "domain.added": _("Own address noted"),
        "domain.ready": _("Own address answers"),
        "domain.lost": _("Own address leads elsewhere"),
        "domain.dropped": _("Own address removed"),
        "studio.rescued": _("Second step of an owner taken away by the platform"),
        "job.again": _("A job was run again"),
        "operator.login": _("Logged in"),
        "operator.login_failed": _("Login refused"),
        "operator.proof_failed": _("Wrong password when confirming"),
        "operator.step_set": _("Second step set up"),
        "operator.step_dropped": _("Second step given up"),
        "operator.step_reset": _("Second step taken away by a command"),
        "operator.codes_renewed": _("New recovery codes"),
        "operator.logins_ended": _("Logins ended"),
    }
