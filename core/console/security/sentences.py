"""How colleagues get in, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.kernel.events import Kind
from core.people.enums import Role

Text = str | Promise

WHAT: dict[str, Text] = {
    "app": gettext_lazy("Authenticator app"),
    "passkey": gettext_lazy("Passkey"),
    "codes": gettext_lazy("Recovery codes"),
}
EVENTS: dict[str, Text] = {
    Kind.STEP_SET: gettext_lazy("Second step set up: %(what_word)s"),
    Kind.STEP_DROPPED: gettext_lazy("Second step given up: %(what_word)s"),
    Kind.STEP_RESET: gettext_lazy("Second step of %(name)s taken away"),
    Kind.STEP_RULED: gettext_lazy("Second step demanded of: %(roles_words)s"),
    Kind.LOGIN_RECOVERED: gettext_lazy("%(name)s forgot the password and chose a new one"),
    Kind.LOGINS_ENDED: gettext_lazy("Logins of %(name)s ended: %(count)s"),
    Kind.COLLEAGUE_INVITED: gettext_lazy("%(name)s invited"),
    Kind.INVITATION_RENEWED: gettext_lazy("Invitation of %(name)s renewed"),
    Kind.INVITATION_REVOKED: gettext_lazy("Invitation of %(name)s revoked"),
    Kind.COLLEAGUE_JOINED: gettext_lazy("%(name)s joined"),
}
REFUSALS: dict[str, Text] = {
    "recovery.address": gettext_lazy("Please check the number or the e-mail address."),
    "recovery.over": gettext_lazy("That took too long, or the code was used already. Please begin again."),
    "code.wrong": gettext_lazy("This code is not right. Please check the message."),
    "code.expired": gettext_lazy("This code is too old. Please have a new one sent."),
    "code.too_many_tries": gettext_lazy("That were too many wrong tries. Please have a new code sent."),
    "code.too_often": gettext_lazy("Please wait %(wait)s seconds before the next try."),
    "step.wrong": gettext_lazy("This code is not right. Codes of the app change every half minute."),
    "step.used": gettext_lazy("This code was used already. Please wait for the next one."),
    "step.passkey": gettext_lazy("The passkey was not accepted. Please try again, or use a code."),
    "step.over": gettext_lazy("That took too long. Please begin again."),
    "step.none": gettext_lazy("There is no second step set up."),
    "step.needed": gettext_lazy("Your job needs a second step. Set another one up first, then remove this one."),
    "step.many": gettext_lazy("There is one already. Remove it first."),
    "step.past": gettext_lazy("This day is over. Choose today or later."),
    "invitation.beyond": gettext_lazy("You may not give this job."),
    "invitation.over": gettext_lazy("This invitation is over already."),
    "invitation.void": gettext_lazy("This invitation is not good any more. Ask for a new link."),
    "invitation.no_seat": gettext_lazy(
        "The studio has no free seat at the moment. Tell who invited you: once there is room, this same link works."
    ),
}


def worded(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Codes in these facts become their names."""
    words: dict[str, Any] = {}
    if isinstance(facts.get("what"), str) and facts["what"] in WHAT:
        words["what_word"] = str(WHAT[facts["what"]])
    if isinstance(facts.get("roles"), list):
        between = str(pgettext_lazy("between the items of a list", ", "))
        known = dict(Role.choices)
        words["roles_words"] = between.join(str(known.get(role, role)) for role in facts["roles"]) or "—"
    return words
