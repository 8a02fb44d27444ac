"""What staff say about a retouch job."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel.amounts import MoneyField


class JobForm(forms.Form):
    """Who retouches, until when. The choices are the colleagues of the branch who may."""

    retoucher = forms.TypedChoiceField(label=_("Retoucher"), coerce=int)
    due_on = forms.DateField(
        label=_("Due"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, colleagues: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["retoucher"].choices = colleagues


class StopForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"),
        max_length=200,
        help_text=_("The selection stands submitted again; it can be opened again or begun anew."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class GrantForm(forms.Form):
    """A price of nothing waives the round."""

    price = MoneyField(
        label=_("Price"), required=False, help_text=_("Empty: free of charge. A price waits for the customer’s yes.")
    )
    grant_reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("The customer reads it beside the price; colleagues in the history."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["price"].currency = currency
