"""Typing money: people type major units, the verbs take minor ones."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel.money import exponent, to_minor, to_money


class MoneyField(forms.DecimalField):
    """Major units in the form, whole minor units in `cleaned_data`. The currency is the studio's."""

    def __init__(self, *, currency: str = "CNY", **kwargs: Any) -> None:
        self.currency = currency
        super().__init__(min_value=0, max_digits=12, **kwargs)
        self.widget.attrs.update({"inputmode": "decimal"})

    def clean(self, value: Any) -> Any:
        amount: Decimal | None = super().clean(value)
        if amount is None:
            return None
        try:
            return to_minor(amount, self.currency)
        except ValueError as error:
            message = _("At most %(digits)s decimals.") % {"digits": exponent(self.currency)}
            raise forms.ValidationError(message) from error

    def prepare_value(self, value: Any) -> Any:
        """Stored minor units come as int and are shown in major units; what was typed comes as str and is kept."""
        if isinstance(value, int):
            amount = to_money(value, self.currency).amount
            return str(amount.to_integral_value()) if amount == amount.to_integral_value() else str(amount)
        return value
