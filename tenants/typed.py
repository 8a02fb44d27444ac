"""What people type and paste, made fit to keep: characters nobody sees are no text, a phone number is for calling."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}  # controls, zero-width signs, marks of direction, spaces of any width
PICTURES = {"So", "Co", "Cn", "Cs"}  # emoji and dingbats, private and unassigned characters
BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"  # letters by name, empty to the eye
PHONE_SIGNS = " -–—()/.·"
SHORTEST_PHONE, LONGEST_PHONE = 7, 15  # digits; a landline without its area code … E.164


def tidy(text: str) -> str:
    """The text without unseen characters at its ends: "" when nothing can be seen at all. Those in the middle stay:
    emoji and some scripts are joined by them.
    """
    start, end = 0, len(text)
    while start < end and _is_unseen(text[start]):
        start += 1
    while end > start and _is_unseen(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_unseen(sign: str) -> bool:
    return sign in BLANK_LETTERS or unicodedata.category(sign) in UNSEEN


class NameField(forms.CharField):
    """A name on one line, of a person or a thing: something of it can be seen."""

    default_error_messages = {
        "required": _("Please fill this in."),
        "min_length": _("A little longer, please: %(limit_value)s characters at least."),
        "max_length": _("A little shorter, please: %(limit_value)s characters at most."),
        "null_characters_not_allowed": _("This holds a character that cannot be kept. Please type it again."),
    }

    def to_python(self, value: Any) -> Any:
        return super().to_python(tidy(str(value)) if value is not None else value)


class PrintedNameField(NameField):
    """The name of a studio, a branch or somebody who signs: contracts print it, and no font for contracts has little
    pictures.
    """

    def clean(self, value: Any) -> Any:
        name = super().clean(value)
        if picture := first_picture(name or ""):
            raise ValidationError(
                _("Please write the name without “%(sign)s”: it cannot be printed in the contract."),
                code="picture",
                params={"sign": picture},
            )
        return name


def first_picture(text: str) -> str:
    """The first emoji or other sign that is neither letter, digit nor punctuation; "" when there is none."""
    return next((sign for sign in text if unicodedata.category(sign) in PICTURES), "")


def plain_phone(text: str) -> str:
    """A typed or pasted number in plain signs; address books put marks of direction around theirs.

    Raises ValueError where a letter or another sign stands among the digits.
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf").strip()
    if any(not sign.isdecimal() and sign not in PHONE_SIGNS for sign in plain.removeprefix("+")):
        raise ValueError(text)
    return plain


def check_phone(text: str) -> None:
    """A number that somebody could call, however it is written; not checked further (landlines, numbers abroad)."""
    try:
        digits = sum(sign.isdecimal() for sign in plain_phone(text))
    except ValueError:
        raise ValidationError(_("A phone number has digits only."), code="letters") from None
    if not SHORTEST_PHONE <= digits <= LONGEST_PHONE:
        raise ValidationError(_("Please check the number: it has too few or too many digits."), code="digits")


class PhoneLineField(NameField):
    """The phone of a colleague or a branch: kept as it is typed, because people read it."""

    default_validators = [check_phone]
