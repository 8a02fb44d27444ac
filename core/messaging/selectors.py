"""Questions about the outbox."""

from typing import Any

from core.messaging.models import OutboxMessage
from core.messaging.sentences import compose


def newest_messages() -> Any:
    """QuerySet of the outbox, newest first."""
    return OutboxMessage.objects.order_by("-id")


def words_of(message: OutboxMessage) -> str:
    """What the message says, in its reader's language; a wiped code shows as dots."""
    return compose(message.template, message.facts, message.language).text
