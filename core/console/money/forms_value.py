"""Forms of stored value and of receipts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.console.money.forms import METHODS, _MoneyForm, photo_field
from core.console.orders.forms import few_lines
from core.finance.enums import PointsWhen
from core.kernel.amounts import MoneyField
from core.studios.models import Branch


class _BranchForm(_MoneyForm):
    """Something about a card, in one of the viewer's branches."""

    branch: Any = forms.ModelChoiceField(label=_("Branch"), queryset=None, empty_label=None)

    def __init__(self, *args: Any, branches: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = Branch.objects.filter(pk__in=[branch.pk for branch in branches])
        if len(branches) == 1:
            self.fields["branch"].widget = forms.HiddenInput()
            self.fields["branch"].initial = branches[0].pk


class TopUpForm(_BranchForm):
    """Money for stored value."""

    amount = MoneyField(label=_("Amount"))
    method = forms.ChoiceField(label=_("Paid by"), choices=METHODS, widget=forms.RadioSelect)
    photo = photo_field()
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class PayOutForm(_BranchForm):
    """Principal that goes back."""

    amount = MoneyField(label=_("Amount"))
    method = forms.ChoiceField(label=_("Paid out by"), choices=METHODS, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=few_lines())


class PointsForm(_BranchForm):
    """Points given, or used."""

    points = forms.IntegerField(
        label=_("Points"), min_value=-1_000_000, max_value=1_000_000, help_text=_("With a minus: used.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=few_lines())


class SpendForm(_MoneyForm):
    """A part of a bill, paid with stored value."""

    amount = MoneyField(label=_("Amount"))


class PhotoForm(forms.Form):
    photo = photo_field(required=True)


class GiftForm(_MoneyForm):
    """A tier of gifts."""

    least = MoneyField(label=_("Who pays at least"))
    gift = MoneyField(label=_("is given"), help_text=_("0 ends this tier."))
    is_offered = forms.BooleanField(
        label=_("Customers can top up so much online"), required=False,
        help_text=_("It stands on their phones with its terms, and is paid by your pay routes."),
    )  # fmt: skip


class CapForm(_MoneyForm):
    """What a card may hold, and why more than the law's."""

    cap = MoneyField(
        label=_("Most principal on one card"),
        help_text=_("Single-purpose prepaid card rules: 5,000 yuan on a card in its holder's name, without expiry."),
    )
    reason = forms.CharField(label=_("Why more than the rules say"), max_length=300, required=False)


class PointRuleForm(_MoneyForm):
    """How points are earned."""

    points = forms.IntegerField(label=_("Points"), min_value=1, max_value=100_000)
    per = MoneyField(label=_("for every"))
    when = forms.ChoiceField(label=_("As soon as"), choices=PointsWhen)
    valid_days = forms.IntegerField(
        label=_("Valid for how many days?"), min_value=0, max_value=3650, help_text=_("0: they do not expire.")
    )
    is_active = forms.BooleanField(label=_("Customers earn points"), required=False)
