"""Typing prices that fall with the number: "6: 40, 11: 30" is 40 each from the sixth extra on, 30 from the eleventh."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.catalog.pricing import refuse_unsound_tiers
from core.kernel.amounts import MoneyField
from core.kernel.errors import Refusal

STEP = re.compile(r"([0-9]{1,4})\s*[:=+]\s*(.+)")
PARTS = re.compile(r"[,;、\n]+")


class TiersField(forms.CharField):
    """Rows as `core.catalog.pricing` wants them; what was typed is kept."""

    default_error_messages = {
        "invalid": _("Please write it as 6: 40, 11: 30 — from which extra photo on, and the price of each."),
    }

    def __init__(self, *, currency: str = "CNY", **kwargs: Any) -> None:
        self.money = MoneyField(currency=currency)
        super().__init__(**{"required": False, "max_length": 120, **kwargs})
        self.widget.attrs["autocomplete"] = "off"

    def clean(self, value: Any) -> list[dict[str, int]]:  # type: ignore[override]  # narrower on purpose
        text = unicodedata.normalize("NFKC", super().clean(value))
        rows = [self._row(part.strip()) for part in PARTS.split(text) if part.strip()]
        try:
            refuse_unsound_tiers(rows)
        except Refusal as refusal:
            raise self._wrong() from refusal
        return rows

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return ", ".join(f"{row['from']}: {self.money.prepare_value(row['price_minor'])}" for row in value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) != data)

    def _row(self, part: str) -> dict[str, int]:
        found = STEP.fullmatch(part)
        price = self.money.to_python(found[2]) if found else None
        if found is None or price is None:
            raise self._wrong()
        return {"from": int(found[1]), "price_minor": price}

    def _wrong(self) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages["invalid"], code="invalid")
