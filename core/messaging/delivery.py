"""One message on its way: claimed, handed to the sender outside every transaction, marked. At least once.

A worker that dies between the provider's yes and our mark sends again, with the same key.
"""

import datetime as dt
import logging

from django.conf import settings
from django.db.models import F, Q

from core.kernel import clock
from core.messaging.enums import MessageState, Template
from core.messaging.models import OutboxMessage
from core.messaging.selectors import open_facts
from core.messaging.senders import Outgoing, SendError, sender_class
from core.messaging.sentences import compose
from tenants.jobs import studio_job

log = logging.getLogger(__name__)
RETRIES = 5
CLAIM_HOLDS = dt.timedelta(minutes=2)  # longer than any sender's time-out
USEFUL_FOR = {Template.PHONE_CODE: dt.timedelta(minutes=5), Template.PASSWORD_CODE: dt.timedelta(minutes=10)}


@studio_job(queue="fast", name="messaging.send_message", retry=RETRIES)
def send_message(*, message: int) -> None:
    """Send one outbox row; harmless when it is sent already or being sent. Raises when it is to be tried again."""
    row = _claim(message)
    if row is None:
        return
    if clock.now() - row.created_at > USEFUL_FOR.get(Template(row.template), dt.timedelta(days=3)):
        _finish(row, MessageState.FAILED, error="expired")
        return
    try:
        provider_id = sender_class(row.route)().send(_outgoing(row))
    except Exception as error:
        _give_back(row, error)
        if row.state != MessageState.FAILED:
            raise
        return
    _finish(row, MessageState.SENT, provider_id=provider_id[:80], sent_at=clock.now())


def _claim(pk: int) -> OutboxMessage | None:
    """Take the row for this attempt by a conditional update: of two workers one gets it."""
    now = clock.now()
    abandoned = Q(state=MessageState.SENDING, claimed_at__lt=now - CLAIM_HOLDS)
    free = OutboxMessage.objects.filter(Q(state=MessageState.QUEUED) | abandoned, pk=pk)
    taken = free.update(state=MessageState.SENDING, claimed_at=now, attempts=F("attempts") + 1)
    return OutboxMessage.objects.get(pk=pk) if taken else None


def _outgoing(row: OutboxMessage) -> Outgoing:
    sentence = compose(row.template, row.facts, row.language)
    return Outgoing(
        row.dedupe_key, row.to, row.template, row.language, dict(row.facts), sentence.subject, sentence.text
    )


def _give_back(row: OutboxMessage, error: Exception) -> None:
    """Back to the queue for the job's next try; failed when no try is left or none can help."""
    final = isinstance(error, SendError) and error.final
    log.warning("message %s not sent (attempt %s): %r", row.pk, row.attempts, error)
    if final or row.attempts > RETRIES:
        _finish(row, MessageState.FAILED, error=str(error)[:200])
        return
    row.state, row.error = MessageState.QUEUED, str(error)[:200]
    row.save(update_fields=["state", "error"])


def _finish(row: OutboxMessage, state: MessageState, **fields: object) -> None:
    """The row's last state. Secrets are wiped, except on the demo machine, where the outbox page is the phone."""
    facts = row.facts if settings.DEMO else open_facts(row)
    for name, value in {"state": state, "facts": facts, **fields}.items():
        setattr(row, name, value)
    row.save(update_fields=["state", "facts", *fields])
