"""Phone numbers: stored as E.164, shown masked or as people read them aloud."""

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from core.kernel.errors import Refusal
from tenants.context import current_schema, current_studio
from tenants.state import PUBLIC
from tenants.typed import plain_phone

CHINA = "CN"
REGIONS = {"CNY": CHINA, "HKD": "HK", "MOP": "MO", "TWD": "TW", "SGD": "SG", "MYR": "MY"}


def home_region() -> str:
    """Where numbers typed without a country code belong: the region of the studio's currency, else China."""
    return CHINA if current_schema() == PUBLIC else REGIONS.get(current_studio().currency, CHINA)


def to_e164(text: str, region: str = "") -> str:
    """What people type → E.164; without a country code the number is of `region`, by default the studio's.

    A customer logs in with a code sent there, so whatever no message reaches is refused:
    customer.phone_letters | customer.phone_invalid (a digit too few or too many, too) | customer.phone_landline.
    """
    try:
        plain = plain_phone(text)
    except ValueError as error:  # phonenumbers would drop them, or read them as digits or an extension
        raise Refusal("customer.phone_letters") from error
    try:
        number = phonenumbers.parse(plain, region or home_region())
    except phonenumbers.NumberParseException as error:
        raise Refusal("customer.phone_invalid") from error
    if not (phonenumbers.is_valid_number(number) or _is_chinese_mobile(number)):
        raise Refusal("customer.phone_invalid")
    if phonenumbers.number_type(number) == PhoneNumberType.FIXED_LINE:
        raise Refusal("customer.phone_landline")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _is_chinese_mobile(number: phonenumbers.PhoneNumber) -> bool:
    """Carriers open new ranges faster than tables are updated: eleven digits from 1 are enough."""
    return number.country_code == 86 and 13 * 10**9 <= (number.national_number or 0) < 20 * 10**9


def mask(e164: str) -> str:
    """Enough to recognise a number, not to call it: +8613812345678 → 138****5678, +85251234567 → +852 51****67."""
    number = _parsed(e164)
    if number is None:
        return "****"
    digits = str(number.national_number)
    if number.country_code == 86:
        return f"{'' if _is_chinese_mobile(number) else '0'}{digits[:3]}****{digits[-4:]}"
    return f"+{number.country_code} {digits[:2]}****{digits[-2:]}"


def pretty(e164: str) -> str:
    """As people read it aloud: 138 1234 5678; abroad with the country code."""
    number = _parsed(e164)
    if number is None:
        return e164
    digits = str(number.national_number)
    if _is_chinese_mobile(number):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def _parsed(e164: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return None
