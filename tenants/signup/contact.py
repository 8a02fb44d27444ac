"""Where the owner is reached: a mobile phone or an e-mail address, typed into one field."""

from dataclasses import dataclass

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from tenants.typed import plain_phone

CHINESE_MOBILES = range(13 * 10**9, 20 * 10**9)  # carriers open ranges faster than tables are updated


@dataclass(frozen=True, slots=True)
class Contact:
    """`to`: E.164, or an e-mail address in lower case."""

    to: str

    @property
    def is_email(self) -> bool:
        return "@" in self.to

    @property
    def route(self) -> str:
        return "email" if self.is_email else "sms"

    @property
    def masked(self) -> str:
        """Enough to recognise it: +86 138****8000, w****@example.com."""
        if self.is_email:
            name, _at, host = self.to.partition("@")
            return f"{name[:1]}****@{host}"
        number = phonenumbers.parse(self.to)
        digits = str(number.national_number)
        return f"+{number.country_code} {digits[:3]}****{digits[-4:] if len(digits) > 9 else digits[-2:]}"


def read_contact(text: str, region: str) -> Contact:
    """What was typed, for a country (ISO, any case) where it has no country code. Raises ValidationError with words."""
    if "@" in text:
        address = text.strip().lower()
        try:
            validate_email(address)
        except ValidationError:
            raise ValidationError(_("Please check the e-mail address."), code="email") from None
        return Contact(address)
    return Contact(_mobile(text, region))


def _mobile(text: str, region: str) -> str:
    wrong = ValidationError(_("Please check the number, or type an e-mail address."), code="phone")
    try:
        number = phonenumbers.parse(plain_phone(text), region.upper())
    except (ValueError, phonenumbers.NumberParseException):
        raise wrong from None
    is_new = number.country_code == 86 and number.national_number in CHINESE_MOBILES
    if not (phonenumbers.is_valid_number(number) or is_new):
        raise wrong
    if phonenumbers.number_type(number) == PhoneNumberType.FIXED_LINE:
        raise ValidationError(_("No message reaches a landline: a mobile number or an e-mail, please."), code="phone")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
