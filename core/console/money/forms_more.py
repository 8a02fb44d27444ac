"""Forms of commissions and of what branches owe each other."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.console.money.forms import _MoneyForm
from core.console.orders.forms import StaffField, colleagues, date_input
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
    starts_on = forms.DateField(label=_("Starting on"), widget=date_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = colleagues(None)

    def told(self) -> dict[str, Any]:
        """As `make_rule` takes it."""
        data = self.cleaned_data
        names = ("role", "user", "branch", "occasion", "base", "starts_on")
        rate = {"rate_bp": int((data["percent"] or 0) * 100), "fixed_minor": data["fixed"] or 0}
        return {name: data[name] for name in names} | rate


class ShareForm(forms.Form):
    """The shooting branch's share, from a day on."""

    percent = forms.IntegerField(label=_("Share of the shooting branch, percent"), min_value=0, max_value=100)
    starts_on = forms.DateField(label=_("Starting on"), widget=date_input())


class CloseMonthForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
