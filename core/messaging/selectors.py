"""Questions about the outbox."""

from typing import Any

from django.conf import settings

from billing.metering import meter
from core.kernel import clock
from core.kernel.errors import Refusal
from core.messaging.enums import OWN_LETTERS, SECRETS, Route
from core.messaging.models import OutboxMessage
from core.messaging.sentences import compose
from tenants.context import current_studio


def newest_messages() -> Any:
    """QuerySet of the outbox, newest first."""
    return OutboxMessage.objects.order_by("-id")


def words_of(message: OutboxMessage) -> str:
    """What the message says, in its reader's language. Secrets show as dots, also while it is on its way: with a code
    staff could log in as the customer and sign. On the demo machine this is where the codes are read.
    """
    facts = message.facts if settings.DEMO else open_facts(message)
    return compose(message.template, facts, message.language).text


def open_facts(message: OutboxMessage) -> dict[str, Any]:
    """The facts without those meant for the reader alone."""
    secrets = SECRETS.get(message.template, set())
    return {name: value for name, value in message.facts.items() if name not in secrets}


def sms_this_month() -> int:
    """SMS of the calendar month on the studio's wall clock, without the platform's own letters."""
    zone = current_studio().timezone
    first = clock.today(zone).replace(day=1)
    sent = OutboxMessage.objects.filter(route=Route.SMS, created_at__gte=clock.day_start(first, zone))
    return int(sent.exclude(template__in=OWN_LETTERS).count())


def refuse_without_sms() -> None:
    """For messages that staff send at will. Codes, and what customers are promised, go out whatever was used.

    Refusal plan.messages(limit).
    """
    found = meter(current_studio(), "messages")
    if found.is_full:
        raise Refusal("plan.messages", limit=found.limit)
