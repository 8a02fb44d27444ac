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
    """What the message says, in its reader's language; a code shows as dots (but on the demo machine)."""
    hidden = set() if settings.DEMO else SECRETS.get(message.template, set())
    facts = {name: value for name, value in message.facts.items() if name not in hidden}
    return compose(message.template, facts, message.language).text
