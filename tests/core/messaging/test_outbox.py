"""A message is a row of the business transaction; a job sends it at least once, and a repeated verb not twice."""

import datetime as dt

import pytest
from django.db import transaction

from core.kernel import clock
from core.messaging import delivery
from core.messaging.enums import MessageState, Route, Template
from core.messaging.models import OutboxMessage
from core.messaging.selectors import words_of
from core.messaging.senders import SendError
from core.messaging.services import queue_message, queue_phone_code
from tests.jobs import run_jobs, waiting_jobs

SENT: list = []


class Recorder:
    """A provider; `answers` says what it does with each attempt."""

    delivers = True
    answers: list = []

    def send(self, message):
        SENT.append(message)
        answer = Recorder.answers.pop(0) if Recorder.answers else "id-1"
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture(autouse=True)
def _recorder(settings):
    SENT.clear()
    Recorder.answers = []
    path = f"{__name__}.Recorder"
    settings.MESSAGE_SENDERS = {"sms": path, "email": path}


def code(key="k1", language="en"):
    return queue_phone_code(
        studio="光影映画", to="+8613900000000", language=language, code="123456", minutes=5, dedupe_key=key
    )


def test_message_is_sent_by_the_job_and_its_code_wiped(db):
    row = code()
    assert (row.state, SENT) == (MessageState.QUEUED, [])
    assert run_jobs() == ["messaging.send_message"]
    row.refresh_from_db()
    assert (row.state, row.provider_id, row.attempts) == (MessageState.SENT, "id-1", 1)
    assert "123456" in SENT[0].text
    assert SENT[0].facts["code"] == "123456"
    assert row.facts == {"studio": "光影映画", "minutes": 5}
    assert "123456" not in words_of(row)
    assert "••••••" in words_of(row)


def test_demo_keeps_the_code_readable(db, settings):
    settings.DEMO = True
    row = code()
    run_jobs()
    row.refresh_from_db()
    assert "123456" in words_of(row)


def test_rolled_back_verb_sends_nothing(db):
    with transaction.atomic():
        code()
        transaction.set_rollback(True)
    assert waiting_jobs() == []
    assert not OutboxMessage.objects.exists()


def test_same_key_sends_once(db):
    first, second = code(), code()
    assert first.pk == second.pk
    run_jobs()
    code()
    run_jobs()
    assert len(SENT) == 1


def test_repeated_job_sends_once(db):
    row = code()
    run_jobs()
    delivery.send_message(message=row.pk)
    assert len(SENT) == 1


def test_passing_failure_is_tried_again_with_the_same_key(db):
    Recorder.answers = [SendError("busy"), OSError("reset"), "id-3"]
    row = code()
    run_jobs()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.provider_id) == (MessageState.SENT, 3, "id-3")
    assert {message.key for message in SENT} == {"k1"}


def test_final_failure_is_not_tried_again_and_wiped(db):
    Recorder.answers = [SendError("number does not exist", final=True)]
    row = code()
    run_jobs()
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == (MessageState.FAILED, 1, "number does not exist")
    assert "code" not in row.facts


def test_after_the_last_try_it_has_failed(db):
    Recorder.answers = [SendError("busy")] * 20
    row = code()
    run_jobs()
    row.refresh_from_db()
    assert (row.state, row.attempts) == (MessageState.FAILED, delivery.RETRIES + 1)
    assert "code" not in row.facts


def test_late_code_is_not_sent(db):
    row = code()
    OutboxMessage.objects.filter(pk=row.pk).update(created_at=clock.now() - dt.timedelta(minutes=6))
    run_jobs()
    row.refresh_from_db()
    assert (row.state, row.error, SENT) == (MessageState.FAILED, "expired", [])


def test_claimed_row_is_left_alone_until_its_worker_is_given_up(db):
    row = code()
    OutboxMessage.objects.filter(pk=row.pk).update(state=MessageState.SENDING, claimed_at=clock.now())
    delivery.send_message(message=row.pk)
    assert SENT == []
    OutboxMessage.objects.filter(pk=row.pk).update(claimed_at=clock.now() - dt.timedelta(minutes=3))
    delivery.send_message(message=row.pk)
    assert len(SENT) == 1


def test_mail_goes_through_django(db, settings, mailoutbox):
    settings.MESSAGE_SENDERS = {"email": "core.messaging.senders.MailSender"}
    queue_message(
        route=Route.EMAIL,
        template=Template.GALLERY_READY,
        to="anna@example.org",
        language="en",
        facts={
            "studio": "Light",
            "name": "Anna",
            "title": "Wedding",
            "photos": 612,
            "deadline": "2026-11-28",
            "link": "",
        },
        dedupe_key="g1",
    )
    run_jobs()
    assert [mail.subject for mail in mailoutbox] == ["Your photos are ready"]
    assert mailoutbox[0].body.startswith("[Light] Anna, 612 photos of “Wedding” are ready for you to choose.")
    assert "November 28" in mailoutbox[0].body
