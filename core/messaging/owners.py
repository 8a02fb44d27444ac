"""Letters of the platform to those who pay for it, or are about to: bosses. They cost the studio no SMS."""

from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.messaging.enums import Route, Template
from core.messaging.senders import Outgoing, sender_class
from core.messaging.services import queue_message
from core.people.enums import Role
from tenants.context import current_studio

PAGES = {  # what is told of the studio → where its owner does something about it
    "export": "console:studio:export",
    "closing": "console:studio:closing",
    "closed": "console:studio:closing",
    "erasing": "console:studio:closing",
    "visit": "console:studio:visits",
}


def write_owners(*, template: str, key: str, facts: dict[str, Any]) -> int:
    """Queue the letter to every boss of the chain who has an e-mail address, else a phone. How many were written to.

    A boss with neither reads the same on the console's banner.
    """
    written = 0
    for boss in _bosses():
        route, to = (Route.EMAIL, boss.email) if boss.email else (Route.SMS, boss.phone)
        if to:
            _write(boss, route, to, template=template, key=f"{key}.{boss.pk}", facts=facts)
            written += 1
    return written


def tell_owners(*, what: str, key: str, **facts: Any) -> int:
    """`write_owners` about the studio itself: `what` names the sentence (sentences._studio_life)."""
    told = {"studio": current_studio().name, "what": what, **facts}
    return write_owners(template=Template.STUDIO_LIFE, key=f"life-{key}", facts=told)


def warn_owners(*, what: str, key: str, **facts: Any) -> int:
    """As `tell_owners`, but to every address that any boss has: whoever took one of them over must not be the only one
    who reads it. How many messages.
    """
    told, written = {"studio": current_studio().name, "what": what, **facts}, 0
    for boss in _bosses():
        for route, to in ((Route.EMAIL, boss.email), (Route.SMS, boss.phone)):
            if to:
                named = f"life-{key}.{boss.pk}.{route}"
                _write(boss, route, to, template=Template.STUDIO_LIFE, key=named, facts=told)
                written += 1
    return written


def _bosses() -> Any:
    return (
        get_user_model()
        .objects.filter(is_active=True, memberships__role=Role.OWNER, memberships__branch=None)
        .distinct()
        .order_by("pk")
    )


def _write(boss: Any, route: str, to: str, *, template: str, key: str, facts: dict[str, Any]) -> None:
    studio = current_studio()
    page = PAGES.get(facts.get("what", ""), "console:subscription:overview")
    link = studio.url + reverse(page, urlconf="config.urls")
    queue_message(
        route=route,
        template=Template(template),
        to=to,
        language=studio.language,
        facts={"name": boss.name, "link": link, "place": studio.name, **facts},
        dedupe_key=key,
    )


def send_signup_code(*, route: str, to: str, code: str, minutes: int, language: str, key: str) -> None:
    """The code of a sign-up, at once: no studio has an outbox yet (settings.SIGNUP_CODE_SENDER). Raises SendError.

    SMS providers know the template as `signup_code`, with `code` and `minutes`.
    """
    facts = {"code": code, "minutes": minutes}
    with translation.override(language):
        text = _("Your code to open a studio is %(code)s. It works for %(minutes)s minutes.") % facts
        subject = _("Your code to open a studio")
    sender_class(route)().send(
        Outgoing(key=key, to=to, template="signup_code", language=language, facts=facts, subject=subject, text=text)
    )
