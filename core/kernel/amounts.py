"""Typing money: people type major units, the verbs take minor ones."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.kernel.money import exponent, to_minor, to_money

SIGNS = re.compile(r"^(?:CNY|RMB|[A-Z]{0,3}\$|[¥€£])?\s*|\s*元$", re.IGNORECASE)
AMOUNT = re.compile(r"(?:[0-9]{1,10}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.[0-9]+)?")


class MoneyField(forms.Field):
    """Major units in the form ("3999", "¥3,999.50"), whole minor units in `cleaned_data`; what was typed is kept.

    The currency is the studio's. Refuses what a person would not write as a price: 1e5, -1, more decimals than the
    currency has.
    """

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Please type an amount, for example 3999 or 39.90."),
        "negative": _("This cannot be less than zero."),
    }

    def __init__(self, *, currency: str = "CNY", **kwargs: Any) -> None:
        self.currency = currency
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off", "maxlength": 24})

    def to_python(self, value: Any) -> int | None:
        if value is None or isinstance(value, int):
            return value
        text = SIGNS.sub("", unicodedata.normalize("NFKC", str(value)).strip())
        if not text:
            return None
        if text[0] in "-−" and AMOUNT.fullmatch(text[1:].strip()):
            raise forms.ValidationError(self.error_messages["negative"], code="negative")
        if not AMOUNT.fullmatch(text):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return to_minor(Decimal(text.replace(",", "")), self.currency)
        except ValueError as error:
            raise forms.ValidationError(self._too_fine(), code="decimals") from error

    def _too_fine(self) -> str:
        digits = exponent(self.currency)
        return ngettext("At most %(n)d decimal.", "At most %(n)d decimals.", digits) % {"n": digits}

    def prepare_value(self, value: Any) -> Any:
        """Stored minor units come as int and are shown in major units; what was typed comes as str and is kept."""
        if isinstance(value, int):
            amount = to_money(value, self.currency).amount
            return str(amount.to_integral_value()) if amount == amount.to_integral_value() else str(amount)
        return value
