"""Typing a price rule: one form whose fields depend on what the rule is about."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.catalog.enums import RuleKind, ShootKind
from core.catalog.models import Package, PriceRule
from core.catalog.services.prices import MOST_PERCENT
from core.console.orders.forms import date_input
from core.console.packages.further import number
from core.kernel.amounts import MoneyField
from core.studios.models import Branch
from tenants.typed import NameField

WEEKDAYS = [
    ("0", _("Mon")), ("1", _("Tue")), ("2", _("Wed")), ("3", _("Thu")), ("4", _("Fri")), ("5", _("Sat")),
    ("6", _("Sun")),
]  # fmt: skip
SIGNS = [("-", _("cheaper")), ("+", _("dearer"))]
SIGN_OF = {RuleKind.PEAK: "+", RuleKind.OFF_PEAK: "-"}
# Which fields a kind of rule has
FIELDS: dict[str, list[str]] = {
    RuleKind.PLACE: ["package", "branch", "city", "price"],
    RuleKind.SEASON: ["name", "first_day", "last_day", "is_yearly", "sign", "percent", "amount"],
    RuleKind.PEAK: [
        "name",
        "weekdays",
        "starts_at",
        "ends_at",
        "percent",
        "amount",
        "first_day",
        "last_day",
        "is_yearly",
    ],
}
FIELDS[RuleKind.OFF_PEAK] = FIELDS[RuleKind.PEAK]
NARROWING = ["package", "shoot_kind", "branch", "city", "priority"]


def time_input() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class RuleForm(forms.Form):
    """A rule of one `kind`. People type how much cheaper or dearer, never a sign."""

    name = NameField(label=_("Name on the bill"), max_length=60)
    first_day = forms.DateField(label=_("First day"), required=False, widget=date_input())
    last_day = forms.DateField(
        label=_("Last day"), required=False, widget=date_input(), help_text=_("This day is in it.")
    )
    is_yearly = forms.BooleanField(label=_("Every year"), required=False)
    weekdays = forms.MultipleChoiceField(
        label=_("Weekdays"), choices=WEEKDAYS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None: every day."),
    )  # fmt: skip
    starts_at = forms.TimeField(label=_("Shoot begins from"), required=False, widget=time_input())
    ends_at = forms.TimeField(
        label=_("and before"),
        required=False,
        widget=time_input(),
        help_text=_("The branch’s own clock. Empty: midnight."),
    )
    sign = forms.ChoiceField(label=_("The season is"), choices=SIGNS, widget=forms.RadioSelect, initial="+")
    percent = number(_("By percent"), least=1, most=MOST_PERCENT)
    package = forms.ModelChoiceField(
        label=_("Package"), queryset=Package.objects.none(), required=False, empty_label=_("All")
    )
    shoot_kind = forms.ChoiceField(
        label=_("Kind of shoot"), choices=[("", _("All")), *ShootKind.choices], required=False
    )
    branch = forms.ModelChoiceField(
        label=_("Branch"), queryset=Branch.objects.none(), required=False, empty_label=_("All")
    )
    city = forms.ChoiceField(label=_("City"), required=False)
    priority = number(
        _("Priority"), most=99, help_text=_("When several rules could count, the highest does; then the narrower one.")
    )

    def __init__(self, data: Any, *, kind: str, currency: str, rule: PriceRule | None = None) -> None:
        super().__init__(data, initial=_initial(rule) if rule else None)
        self.kind = kind
        fields: dict[str, Any] = self.fields
        fields["price"] = MoneyField(label=_("Price there"), currency=currency)
        fields["amount"] = MoneyField(label=_("or by an amount"), currency=currency, required=False)
        fields["package"].queryset = Package.objects.all()
        fields["branch"].queryset = Branch.objects.all()
        cities = sorted({branch.city for branch in Branch.objects.all() if branch.city})
        fields["city"].choices = [("", _("All")), *((city, city) for city in cities)]
        kept = FIELDS[kind] + ([] if kind == RuleKind.PLACE else NARROWING)
        for name in [name for name in fields if name not in kept]:
            del fields[name]
        if kind == RuleKind.PLACE:
            fields["package"].required = True
            fields["package"].empty_label = None
        self.order_fields(kept)

    @property
    def main(self) -> list[forms.BoundField]:
        return [self[name] for name in FIELDS[self.kind] if name != "sign"]

    @property
    def narrowing(self) -> list[forms.BoundField]:
        return [self[name] for name in NARROWING if name in self.fields and name not in FIELDS[self.kind]]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.kind == RuleKind.PLACE:
            self._check_place(data)
        else:
            self._check_change(data)
        first, last = data.get("first_day"), data.get("last_day")
        if {"first_day", "last_day"} <= set(self.fields) and not {"first_day", "last_day"} & set(self.errors):
            self._check_days(first, last)
        if data.get("ends_at") and not (data.get("starts_at") and data["starts_at"] < data["ends_at"]):
            self.add_error("ends_at", _("The end comes after the beginning."))
        return data

    def _check_place(self, data: dict[str, Any]) -> None:
        if not self.errors and bool(data.get("branch")) == bool(data.get("city")):
            self.add_error("branch", _("Please choose either a branch or a city."))

    def _check_change(self, data: dict[str, Any]) -> None:
        given = [data.get(name) for name in ("percent", "amount")]
        if not {"percent", "amount"} & set(self.errors) and sum(value is not None for value in given) != 1:
            self.add_error("percent", _("Please give either percent or an amount."))
        cheaper = SIGN_OF.get(RuleKind(self.kind), data.get("sign")) == "-"
        if cheaper and (data.get("percent") or 0) > 100:
            self.add_error("percent", _("Nothing gets more than 100 percent cheaper."))

    def _check_days(self, first: dt.date | None, last: dt.date | None) -> None:
        if (first is None) != (last is None) or (first is None and self.kind == RuleKind.SEASON):
            self.add_error("last_day" if first else "first_day", _("Please give the first and the last day."))
        elif first and last and last < first:
            self.add_error("last_day", _("The last day comes after the first."))

    def values(self) -> dict[str, Any]:
        """Fields of PriceRule."""
        data = self.cleaned_data
        place = data["branch"] or data["city"]
        sign = -1 if SIGN_OF.get(RuleKind(self.kind), data.get("sign")) == "-" else 1
        percent, amount = data.get("percent"), data.get("amount")
        plain = {
            name: data.get(name) for name in ("first_day", "last_day", "starts_at", "ends_at", "package", "branch")
        }
        return {
            **plain,
            "kind": self.kind,
            "name": data.get("name") or str(place),
            "is_yearly": data.get("is_yearly", False),
            "weekdays": sorted(int(day) for day in data.get("weekdays", [])),
            "shoot_kind": data.get("shoot_kind", ""),
            "city": data["city"],
            "priority": data.get("priority") or 0,
            "price_minor": data.get("price"),
            "percent": None if percent is None else sign * percent,
            "change_minor": None if amount is None else sign * amount,
        }


def _initial(rule: PriceRule) -> dict[str, Any]:
    names = ("name", "first_day", "last_day", "is_yearly", "starts_at", "ends_at", "shoot_kind", "city", "priority")
    change = rule.percent if rule.percent is not None else rule.change_minor or 0
    return {
        **{name: getattr(rule, name) for name in names},
        "package": rule.package_id,
        "branch": rule.branch_id,
        "weekdays": [str(day) for day in rule.weekdays],
        "price": rule.price_minor,
        "percent": None if rule.percent is None else abs(rule.percent),
        "amount": None if rule.change_minor is None else abs(rule.change_minor),
        "sign": "-" if change < 0 else "+",
    }
