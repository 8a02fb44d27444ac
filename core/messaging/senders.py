"""Ways out: settings.MESSAGE_SENDERS names one class per route. A provider is one small class with `send`."""

from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as a provider needs it: SMS providers want `template` and `facts`, others the finished words.

    `key` is the same in every attempt: pass it on as the provider's idempotency key.
    """

    key: str
    to: str
    template: str
    language: str
    facts: dict[str, Any]
    subject: str
    text: str


class SendError(Exception):
    """The provider did not take it. `final`: no further attempt can help (a wrong number, a refused template)."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class Sender(Protocol):
    """Sends one message with a time-out of its own and returns the provider's id for it. Raises SendError.

    `delivers` False: nothing leaves the house (demo, development); a deploy check refuses such a sender.
    """

    delivers: bool

    def send(self, message: Outgoing) -> str: ...


class OutboxSender:
    """Sends nothing: staff read the message on the outbox page."""

    delivers = False

    def send(self, message: Outgoing) -> str:
        return f"outbox:{message.key}"[:80]


class MailSender:
    """E-mail through Django's mail settings (an SMTP service reachable from mainland China, for example)."""

    delivers = True

    def send(self, message: Outgoing) -> str:
        mail = EmailMessage(message.subject, message.text, to=[message.to], headers={"X-Message-Key": message.key})
        try:
            mail.send()
        except OSError as error:  # smtplib's errors are OSErrors
            raise SendError(type(error).__name__) from error
        return ""


def sender_class(route: str) -> type[Sender]:
    """The class that settings name for a route. Raises ImportError or KeyError (a system check finds it at start)."""
    found: type[Sender] = import_string(settings.MESSAGE_SENDERS[route])
    return found
