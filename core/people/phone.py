"""Phone numbers: stored as E.164, shown masked."""

import phonenumbers

from core.kernel.errors import Refusal


def to_e164(text: str, region: str = "CN") -> str:
    """What people type → E.164. Raises Refusal("customer.phone_invalid")."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise Refusal("customer.phone_invalid") from error
    if not phonenumbers.is_possible_number(number):
        raise Refusal("customer.phone_invalid")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mask(e164: str) -> str:
    """Enough to recognise a number, not to call it: +8613812345678 → 138****5678."""
    national = e164.removeprefix("+86")
    return f"{national[:3]}****{national[-4:]}" if len(national) > 7 else national
