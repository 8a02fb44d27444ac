"""Questions about the outbox."""

from typing import Any

from django.conf import settings

from core.messaging.enums import SECRETS
from core.messaging.models import OutboxMessage
from core.messaging.sentences import compose


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
