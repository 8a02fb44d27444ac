"""Typing a coupon or voucher."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.catalog import selectors
from core.catalog.enums import CouponKind
from core.catalog.models import Coupon, Package
from core.console.orders.forms import date_input
from core.console.packages.further import number
from core.kernel.amounts import MoneyField
from core.studios.models import Branch
from tenants.typed import NameField

PLAIN = ["code", "name", "kind", "percent", "addon_code", "first_day", "last_day", "total_limit", "customer_limit"]


class CouponForm(forms.Form):
    """One coupon. Which of amount, percent and extra counts is said by its kind; the others may stay empty."""

    code = forms.RegexField(
        r"^\s*[A-Za-z0-9][A-Za-z0-9 -]{2,22}\s*$", label=_("Code"), max_length=24,
        help_text=_("Letters and digits, as people say it aloud; capitals do not matter."),
        error_messages={"invalid": _("Please use three to twenty-three letters, digits and dashes.")},
    )  # fmt: skip
    name = NameField(label=_("Name on the bill"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=CouponKind, widget=forms.RadioSelect, initial=CouponKind.AMOUNT)
    percent = number(_("Percent off"), least=1, most=100)
    addon_code = forms.ChoiceField(
        label=_("Free extra"), required=False,
        help_text=_("One of it for nothing. Other: the voucher’s name stands on the bill, without a price."),
    )  # fmt: skip
    first_day = forms.DateField(label=_("First day"), required=False, widget=date_input())
    last_day = forms.DateField(
        label=_("Last day"), required=False, widget=date_input(), help_text=_("This day is in it.")
    )
    packages = forms.ModelMultipleChoiceField(
        label=_("Packages"), queryset=Package.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all."),
    )  # fmt: skip
    branches = forms.ModelMultipleChoiceField(
        label=_("Branches"), queryset=Branch.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all."),
    )  # fmt: skip
    total_limit = number(_("Uses altogether"), least=1, most=1_000_000, help_text=_("Empty: no limit."))
    customer_limit = number(_("Uses of one customer"), least=1, most=999, help_text=_("Empty: no limit."), initial=1)

    def __init__(self, data: Any, *, currency: str, coupon: Coupon | None = None) -> None:
        super().__init__(data, initial=_initial(coupon) if coupon else None)
        fields: dict[str, Any] = self.fields
        fields["amount"] = MoneyField(label=_("Amount off"), currency=currency, required=False)
        fields["minimum"] = MoneyField(
            label=_("From a price of"), currency=currency, required=False, help_text=_("Empty: any price.")
        )
        fields["packages"].queryset = Package.objects.all()
        fields["branches"].queryset = Branch.objects.all()
        fields["addon_code"].choices = [("", _("Other")), *selectors.bookable_extras()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        needed = {CouponKind.AMOUNT: "amount", CouponKind.PERCENT: "percent"}.get(data.get("kind", ""))
        if needed and not data.get(needed) and needed not in self.errors:
            self.add_error(needed, _("How much does it take off?"))
        if data.get("first_day") and data.get("last_day") and data["last_day"] < data["first_day"]:
            self.add_error("last_day", _("The last day comes after the first."))
        return data

    def values(self) -> dict[str, Any]:
        """Arguments of core.catalog.services.save_coupon."""
        data = self.cleaned_data
        kind = data["kind"]
        fields = {name: data[name] for name in PLAIN}
        fields["amount_minor"] = data["amount"] if kind == CouponKind.AMOUNT else None
        fields["percent"] = data["percent"] if kind == CouponKind.PERCENT else None
        fields["addon_code"] = data["addon_code"] if kind == CouponKind.ADDON else ""
        fields["minimum_minor"] = data["minimum"] or 0
        return {"fields": fields, "packages": data["packages"], "branches": data["branches"]}


def _initial(coupon: Coupon) -> dict[str, Any]:
    related = {name: [row.pk for row in getattr(coupon, name).all()] for name in ("packages", "branches")}
    plain = {name: getattr(coupon, name) for name in PLAIN}
    return {**plain, **related, "amount": coupon.amount_minor, "minimum": coupon.minimum_minor or None}
