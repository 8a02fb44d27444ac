"""Forms of commissions, stored value and what branches owe each other."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.console.money.forms import METHODS, _MoneyForm, photo_field
from core.console.orders.forms import StaffField, colleagues, date_input, few_lines
from core.finance.enums import CommissionBase, Occasion
from core.kernel.amounts import MoneyField
from core.people.enums import Role
from core.studios.models import Branch


class RuleForm(_MoneyForm):
    """Who gets what for what, from when."""

    role = forms.ChoiceField(label=_("Job"), choices=[("", "—"), *Role.choices], required=False)
    user = StaffField(label=_("or one person"), queryset=None, required=False, empty_label="—")
    branch = forms.ModelChoiceField(
        label=_("Branch"), queryset=Branch.objects.filter(is_active=True), required=False, empty_label=_("All branches")
    )
    occasion = forms.ChoiceField(label=_("For"), choices=Occasion.choices)
    percent = forms.DecimalField(
        label=_("Percent"), min_value=Decimal("0.01"), max_value=100, max_digits=5, decimal_places=2, required=False
    )
    fixed = MoneyField(label=_("or a fixed amount"), required=False)
    base = forms.ChoiceField(label=_("Counted from"), choices=CommissionBase.choices)
    starts_on = forms.DateField(label=_("From"), widget=date_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = colleagues(None)

    def told(self) -> dict[str, Any]:
        """As `make_rule` takes it."""
        data = self.cleaned_data
        names = ("role", "user", "branch", "occasion", "base", "starts_on")
        rate = {"rate_bp": int((data["percent"] or 0) * 100), "fixed_minor": data["fixed"] or 0}
        return {name: data[name] for name in names} | rate


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


class ShareForm(forms.Form):
    """The shooting branch's share, from a day on."""

    percent = forms.IntegerField(label=_("Share of the shooting branch, percent"), min_value=0, max_value=100)
    starts_on = forms.DateField(label=_("From"), widget=date_input())


class CloseMonthForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
