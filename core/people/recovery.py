"""A colleague who forgot the password: a code to the phone or e-mail that the studio knows, then a new password.

Nothing here tells whether an address is known. The second step stays: whoever reads the messages has only the first.
"""

import datetime as dt
from typing import Any, Protocol

from django.db import transaction
from django.utils import translation

from core.kernel import clock, events
from core.kernel.errors import Refusal
from core.people.enums import CodePurpose
from core.people.login import Deliver, code_hash, new_code, prove_phone, spend_sending
from core.people.models import PhoneCode
from core.people.reached import number_of, people_at
from core.people.security import Colleague
from core.people.services import set_password

MINUTES = 10
TIME_TO_CHOOSE = dt.timedelta(minutes=10)  # after the code


class Tell(Protocol):
    """How a notice reaches an address: a room above knows (core.messaging.services.queue_password_notice)."""

    def __call__(self, *, to: str, language: str, name: str, dedupe_key: str) -> Any: ...


def request_code(*, to: str, address: str, deliver: Deliver) -> None:
    """Make a code for `to` and hand it to `deliver` if somebody is reached there; the same work when nobody is.

    Raises Refusal("code.too_often", wait=seconds) by number and by client address, known or not.
    """
    spend_sending(to, address)
    with transaction.atomic():
        code, until = new_code(), clock.now() + dt.timedelta(minutes=MINUTES)
        row = PhoneCode.objects.create(
            phone=to, purpose=CodePurpose.PASSWORD, code_hash=code_hash(to, code), expires_at=until
        )
        with transaction.atomic():
            language, key = translation.get_language() or "", f"password-code.{row.pk}"
            deliver(to=to, language=language, code=code, minutes=MINUTES, dedupe_key=key)
            if not people_at(to):
                transaction.set_rollback(True)  # the message is taken back: only then do both cases take as long


def prove(*, to: str, code: str, address: str) -> int:
    """Spend a try of the latest code of `to`; the id with which a password may be chosen. Refusals as `log_in`."""
    return prove_phone(phone=to, code=code, address=address, purpose=CodePurpose.PASSWORD).code_id


@transaction.atomic
def reset_password(*, to: str, code_id: int, username: str, password: str, tell: Tell) -> Any:
    """Give the person a new password by a code that was proved; the user. Once a code, within ten minutes.

    Every login of theirs ends, every address of theirs is told, second steps stay. Records login.recovered.
    Refusal recovery.over.
    """
    since = clock.now() - TIME_TO_CHOOSE
    proved = PhoneCode.objects.select_for_update().filter(pk=code_id, phone=to, purpose=CodePurpose.PASSWORD)
    row = proved.filter(used_at__gt=since).first()
    user = next((one for one in people_at(to) if one.username == username), None)
    if row is None or user is None:
        raise Refusal("recovery.over")
    set_password(actor=user, user=user, password=password)
    language = translation.get_language() or ""
    for where in filter(None, (user.email, number_of(user.phone))):
        tell(to=where, language=language, name=user.name, dedupe_key=f"password-reset.{row.pk}.{where}"[:120])
    row.delete()
    events.record(events.Kind.LOGIN_RECOVERED, Colleague(user.pk), user, name=user.name)
    return user
