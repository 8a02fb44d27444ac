"""A studio whose codes never leave the house is found before it opens."""

from core.messaging.checks import senders_deliver, senders_exist


def test_outbox_alone_fails_the_deploy_check(settings):
    settings.MESSAGE_SENDERS = {
        "sms": "core.messaging.senders.OutboxSender",
        "email": "core.messaging.senders.MailSender",
    }
    assert senders_exist() == []
    assert [error.id for error in senders_deliver()] == ["messaging.E002"]
    assert "sms" in senders_deliver()[0].msg


def test_sender_that_cannot_be_imported_fails_every_check(settings):
    settings.MESSAGE_SENDERS = {"email": "core.messaging.senders.Nothing"}
    assert [error.id for error in senders_exist()] == ["messaging.E001", "messaging.E001"]
    assert senders_deliver() == []


def test_real_senders_pass(settings):
    settings.MESSAGE_SENDERS = dict.fromkeys(["sms", "email"], "core.messaging.senders.MailSender")
    assert senders_exist() == senders_deliver() == []
