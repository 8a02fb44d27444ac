"""Verbs: put a message into the outbox."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from core.messaging.delivery import send_message
from core.messaging.enums import Route, Template
from core.messaging.models import OutboxMessage
from core.people.models import Customer, Invitation
from tenants.context import current_studio


@transaction.atomic
def queue_message(
    *, route: str, template: str, to: str, language: str, facts: dict[str, Any], dedupe_key: str
) -> OutboxMessage:
    """Write the message in the running transaction and enqueue its sending; nothing leaves before the commit.

    A second call with the same `dedupe_key` (unique in the studio) answers the first row and sends nothing. `facts` are
    primitives: the template's variables, and `studio`, the name that signs the message.
    """
    row, is_new = OutboxMessage.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "route": Route(route),
            "template": Template(template),
            "to": to,
            "language": language,
            "facts": facts,
        },
    )
    if is_new:
        send_message.defer(message=row.pk)
    return row


def tell_customer(*, customer: Customer, template: str, dedupe_key: str, **facts: Any) -> OutboxMessage:
    """An SMS in the customer's language, signed by the studio; `studio` and `name` come by themselves."""
    studio = current_studio()
    return queue_message(
        route=Route.SMS,
        template=template,
        to=customer.phone,
        language=customer.language or studio.language,
        facts={"studio": studio.name, "name": customer.name, **facts},
        dedupe_key=dedupe_key,
    )


def queue_phone_code(*, studio: str, to: str, language: str, code: str, minutes: int, dedupe_key: str) -> OutboxMessage:
    """The code with which a customer logs in (core.people.login says why)."""
    facts = {"studio": studio, "code": code, "minutes": minutes}
    return queue_message(
        route=Route.SMS, template=Template.PHONE_CODE, to=to, language=language, facts=facts, dedupe_key=dedupe_key
    )


def queue_password_code(*, to: str, language: str, code: str, minutes: int, dedupe_key: str) -> OutboxMessage:
    """The code with which a colleague chooses a new password (core.people.recovery says why)."""
    facts = {"studio": current_studio().name, "code": code, "minutes": minutes}
    return queue_message(
        route=_route(to), template=Template.PASSWORD_CODE, to=to, language=language, facts=facts, dedupe_key=dedupe_key
    )


def queue_password_notice(*, to: str, language: str, name: str, dedupe_key: str) -> OutboxMessage:
    """That a forgotten password was replaced, to an address of whose it is."""
    told = {"studio": current_studio().name, "name": name}
    what = Template.PASSWORD_CHANGED
    return queue_message(route=_route(to), template=what, to=to, language=language, facts=told, dedupe_key=dedupe_key)


def _route(to: str) -> Route:
    return Route.EMAIL if "@" in to else Route.SMS


def invitation_link(token: str) -> str:
    """Where the invited joins, at the studio's own host."""
    return current_studio().url + reverse("console:join", args=[token], urlconf=settings.ROOT_URLCONF)


def queue_invitation(*, invitation: Invitation, token: str) -> OutboxMessage | None:
    """The link of an invitation to its e-mail address, else to its phone; None when there is neither."""
    studio = current_studio()
    route, to = (Route.EMAIL, invitation.email) if invitation.email else (Route.SMS, invitation.phone)
    if not to:
        return None
    day = invitation.expires_at.astimezone(ZoneInfo(studio.timezone)).date()
    facts = {
        "studio": studio.name,
        "name": invitation.name,
        "who": invitation.made_by.name,
        "until": day.isoformat(),
        "link": invitation_link(token),
    }
    key = f"invitation.{invitation.token_hash}"
    return queue_message(
        route=route, template=Template.TEAM_INVITATION, to=to, language=studio.language, facts=facts, dedupe_key=key
    )


def queue_act_code(
    *, template: str, number: str, to: str, language: str, code: str, minutes: int, dedupe_key: str
) -> OutboxMessage:
    """The code with which somebody does what a session is not enough for: `template` says what, `number` about which
    paper (a contract's, a bill's).
    """
    facts = {"studio": current_studio().name, "code": code, "minutes": minutes, "number": number}
    return queue_message(
        route=Route.SMS, template=template, to=to, language=language, facts=facts, dedupe_key=dedupe_key
    )
