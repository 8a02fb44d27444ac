"""Where a colleague is reached, as they type it and as the studio has it on file."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core.kernel.errors import Refusal
from core.people.enums import SUPPORT
from core.people.phone import to_e164


def read_address(text: str) -> str:
    """What was typed → an e-mail address in lower case, or E.164. Refusal recovery.address."""
    try:
        if "@" not in text:
            return to_e164(text)
        address = text.strip().lower()
        validate_email(address)
    except (Refusal, ValidationError) as error:
        raise Refusal("recovery.address") from error
    return address


def people_at(to: str) -> list[Any]:
    """Those who may log in and are reached at `to`; a shop's phone may be that of several. One query."""
    users = get_user_model().objects.filter(is_active=True).exclude(username=SUPPORT).order_by("username")
    if "@" in to:
        return list(users.filter(email__iexact=to))
    return [user for user in users.filter(phone__endswith=to[-2:]) if number_of(user.phone) == to]


def number_of(text: str) -> str:
    """A colleague's number as E.164; "" when it is none that a message reaches."""
    try:
        return to_e164(text) if text else ""
    except Refusal:
        return ""
