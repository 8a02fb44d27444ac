"""Forms of money."""

import datetime as dt
import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.console.amounts import amount_text
from core.console.orders.forms import date_input, few_lines
from core.finance.enums import BY_HAND, InvoiceKind, Method
from core.kernel.amounts import MoneyField

METHODS = [(method.value, method.label) for method in BY_HAND]


def form_key() -> str:
    """A key that makes a double click one deed."""
    return secrets.token_urlsafe(12)


def photo_field(*, required: bool = False) -> forms.FileField:
    """A photograph of the receipt; only those who audit see it."""
    return forms.FileField(
        label=_("Photograph of the receipt"), required=required,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("POS slip or screenshot of the transfer. Only who checks payments sees it."),
    )  # fmt: skip


class _MoneyForm(forms.Form):
    """A form with an amount in the account's currency, done once however often it is sent."""

    once = forms.CharField(widget=forms.HiddenInput, max_length=24, required=False, initial=form_key)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, MoneyField):
                field.currency = currency


class TakeForm(_MoneyForm):
    """Money taken: how much, how, when."""

    amount = MoneyField(label=_("Amount"))
    method = forms.ChoiceField(label=_("Paid by"), choices=METHODS, widget=forms.RadioSelect)
    day = forms.DateField(label=_("Received on"), widget=date_input())
    photo = photo_field()
    note = forms.CharField(
        label=_("Note"), max_length=300, required=False, help_text=_("Number of the POS receipt, name on the account…")
    )


class ChargeForm(_MoneyForm):
    """Something more that is owed, agreed with the customer."""

    name = forms.CharField(label=_("What for?"), max_length=120)
    amount = MoneyField(label=_("Amount"))


class DiscountForm(_MoneyForm):
    amount = MoneyField(label=_("How much less?"))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=few_lines())


class RefundForm(_MoneyForm):
    """Money back, no more than is free of it. By default to where it came from."""

    amount = MoneyField(label=_("Amount"))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=few_lines())
    by_hand = forms.BooleanField(
        label=_("Pay it out by hand"), required=False,
        help_text=_("Otherwise it goes back to where it came from, the oldest payment first."),
    )  # fmt: skip

    def __init__(self, *args: Any, most_minor: int, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, currency=currency, **kwargs)
        self.most_minor, self.most_words = most_minor, amount_text(most_minor, currency)
        self.fields["amount"].help_text = _("At most %(price)s.") % {"price": self.most_words}

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if amount > self.most_minor:
            raise forms.ValidationError(_("At most %(price)s can be given back.") % {"price": self.most_words})
        return amount


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=few_lines())


class ClaimForm(_MoneyForm):
    """A customer says that they have paid: found (as much as really came), or not."""

    found = forms.ChoiceField(
        label=_("Is the money there?"), widget=forms.RadioSelect, choices=[("yes", _("Yes")), ("no", _("No"))]
    )
    amount = MoneyField(label=_("Amount that came"), required=False)
    day = forms.DateField(label=_("Received on"), widget=date_input(), required=False)
    answer = forms.CharField(label=_("What the customer reads"), max_length=300, required=False, widget=few_lines())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        needed = "amount" if data.get("found") == "yes" else "answer"
        if data.get("found") and not data.get(needed) and needed not in self.errors:
            self.add_error(needed, self.fields[needed].error_messages["required"])
        return data


class InvoiceForm(_MoneyForm):
    """The data of an e-invoice."""

    kind = forms.ChoiceField(label=_("Kind"), choices=InvoiceKind.choices)
    title = forms.CharField(label=_("Invoice title"), max_length=120)
    tax_id = forms.CharField(label=_("Tax id"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    amount = MoneyField(label=_("Amount"))


class InvoiceEndForm(forms.Form):
    """Cancel an invoice; with a title it is asked for anew."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=few_lines())
    title = forms.CharField(
        label=_("New title"), max_length=120, required=False, help_text=_("Empty: it is not issued again.")
    )
    tax_id = forms.CharField(label=_("New tax id"), max_length=30, required=False)


class CloseForm(_MoneyForm):
    """What was counted, method by method."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        currency = kwargs["currency"]
        super().__init__(*args, **kwargs)
        for method in BY_HAND:
            label = _("Counted: %(method)s") % {"method": Method(method).label}
            self.fields[f"count_{method}"] = MoneyField(label=label, currency=currency)
            self.fields[f"why_{method}"] = forms.CharField(
                label=_("Why is it different?"), max_length=300, required=False
            )

    @property
    def counted(self) -> dict[str, int]:
        return {str(method): self.cleaned_data[f"count_{method}"] for method in BY_HAND}

    @property
    def reasons(self) -> dict[str, str]:
        return {str(method): self.cleaned_data[f"why_{method}"] for method in BY_HAND}


class DayForm(forms.Form):
    """Which branch's which day."""

    branch = forms.IntegerField(required=False)
    day = forms.DateField(required=False, widget=date_input())

    def chosen(self, today: dt.date) -> dt.date:
        found = self.cleaned_data.get("day") if self.is_valid() else None
        return found if found and found <= today else today
