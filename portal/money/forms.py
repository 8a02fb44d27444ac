"""What a customer can say about money."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.finance.enums import BY_HAND, InvoiceKind, Method
from core.kernel.amounts import MoneyField
from core.kernel.errors import Refusal
from core.studios.models import Branch
from core.templatetags.ui import money
from portal.forms import CodeForm


def form_key() -> str:
    """Makes a double tap one deed."""
    return secrets.token_urlsafe(12)


class PayForm(forms.Form):
    """Which instalment (0: everything that is owed), by which route."""

    instalment = forms.IntegerField(min_value=0, required=False)
    route = forms.ChoiceField()

    def __init__(self, *args: Any, routes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["route"].choices = routes


class ClaimForm(forms.Form):
    """The customer has paid: how much, how, and what helps to find it."""

    amount = MoneyField(label=_("How much?"))
    method = forms.ChoiceField(label=_("How?"), choices=[(m.value, m.label) for m in Method if m in BY_HAND])
    note = forms.CharField(
        label=_("What helps us to find it"), required=False, max_length=300,
        help_text=_("For example: the name on the account, the day, the last four digits."),
    )  # fmt: skip

    def __init__(self, *args: Any, currency: str, owed: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].currency = currency
        self.currency, self.owed = currency, owed

    def clean_amount(self) -> int:
        amount: int = self.cleaned_data["amount"]
        if amount > self.owed:
            most = money(self.owed, self.currency)
            raise forms.ValidationError(_("No more than %(amount)s is open. Please check."), params={"amount": most})
        return amount


class InvoiceForm(forms.Form):
    """The data of an e-invoice (电子发票): title, tax id, where it is sent."""

    kind = forms.ChoiceField(label=_("Kind"), choices=InvoiceKind.choices)
    title = forms.CharField(label=_("Invoice title"), max_length=120)
    tax_id = forms.CharField(label=_("Tax id"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)


class TopUpForm(forms.Form):
    """An offer taken: for which branch's books, by which route, and that the terms were read. `gift` is what was
    shown.
    """

    gift = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    branch: Any = forms.ModelChoiceField(label=_("Your branch"), queryset=None, empty_label=None)
    agreed = forms.BooleanField(error_messages={"required": _("Please tick that you agree to the terms.")})
    route = forms.ChoiceField()

    def __init__(self, *args: Any, routes: list[tuple[str, str]], customer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["route"].choices = routes
        branches = Branch.objects.filter(is_active=True).order_by("pk")
        self.fields["branch"].queryset = branches
        last = customer.accounts.order_by("-pk").values_list("branch", flat=True).first()
        self.fields["branch"].initial = last or next((one.pk for one in branches), None)
        if len(branches) == 1:
            self.fields["branch"].widget = forms.HiddenInput()


class SpendForm(CodeForm):
    """How much of a bill a card pays, and the code that came to its holder's phone."""

    amount = MoneyField(label=_("How much?"))
    once = forms.CharField(widget=forms.HiddenInput, max_length=24, required=False, initial=form_key)
    field_order = ["amount", "code", "once"]

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].currency = currency
        self.fields["code"].widget.attrs.pop("autofocus", None)


SENTENCES: dict[str, Any] = {
    "pay.nothing_owed": _("This has been paid meanwhile. Nothing was taken."),
    "pay.refused": _("This way of paying is not possible right now. Nothing was taken. Please choose another one."),
    "pay.unreachable": _("The payment service does not answer. Nothing was taken. Please try again in a minute."),
    "offer.changed": _("This offer has changed meanwhile. Please look again; nothing was taken."),
    "value.cap": _("Your card may not hold so much. Nothing was taken."),
    "value.too_little": _("There is not so much on your card any more."),
    "top_up.done": _("It is on your card already."),
    "claim.open": _("You have told us already. We are looking for your payment."),
    "amount.missing": _("Please type an amount."),
    "title.missing": _("Please type the title of the invoice."),
    "tax_id.missing": _("A special VAT invoice needs the tax id."),
    "invoice.too_much": _("Everything that you have paid is invoiced already."),
}


def said(refusal: Refusal) -> str:
    """The sentence of a refusal; one that has none is no answer to a customer and goes on."""
    if refusal.code not in SENTENCES:
        raise refusal
    return str(SENTENCES[refusal.code])
