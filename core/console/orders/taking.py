"""A new order from the phone: the number recognises the customer, the package shows its terms, done (R014)."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.catalog import selectors as catalog
from core.catalog.enums import ShootKind
from core.catalog.models import Package
from core.catalog.rates import Wanted
from core.console.orders.forms import StaffField, colleagues, date_input, near_day
from core.console.orders.limits import within_limit
from core.console.sentences import refusal_sentence
from core.kernel import clock, money
from core.kernel.amounts import MoneyField
from core.kernel.errors import Refusal
from core.orders import services
from core.orders.enums import PersonPart
from core.orders.models import Order
from core.people import services as people
from core.people.enums import Capability, Channel
from core.people.models import Customer
from core.people.phone import to_e164
from core.studios.models import Branch
from tenants.typed import NameField, PrintedNameField

PARTS = [(part, label) for part, label in PersonPart.choices if part != PersonPart.MAIN]


class PhoneField(forms.CharField):
    """What people type becomes E.164."""

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if not text:
            return ""
        try:
            return to_e164(text)
        except Refusal as refusal:
            raise forms.ValidationError(refusal_sentence(refusal)) from refusal


class NewOrderForm(forms.Form):
    """One page, one minute. A known phone number stands for its customer; the name is asked only of new ones, and a
    different one is never dropped in silence.
    """

    phone = PhoneField(label=_("Phone"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    name = PrintedNameField(label=_("Name"), max_length=60, required=False)
    second_phone = PhoneField(label=_("Phone"), max_length=20, required=False)
    second_name = PrintedNameField(label=_("Name"), max_length=60, required=False)
    second_part = forms.ChoiceField(label=_("Part"), choices=PARTS, required=False)
    branch = forms.ModelChoiceField(label=_("Branch"), queryset=Branch.objects.none(), empty_label=None)
    package = forms.ModelChoiceField(label=_("Package"), queryset=Package.objects.none())
    shoot_on = forms.DateField(label=_("Shoot date, if agreed"), required=False, widget=date_input())
    shoot_time = forms.TimeField(
        label=_("Shoot begins at"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=_("Some hours cost less or more."),
    )  # fmt: skip
    coupon = forms.CharField(label=_("Coupon"), max_length=24, required=False)
    price = MoneyField(label=_("Agreed price"), required=False, help_text=_("Empty: the price worked out below."))
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    title = NameField(label=_("Title"), max_length=80, required=False, help_text=_("Empty: the names."))
    owner = StaffField(label=_("Responsible for the customer"), queryset=None, required=False)
    promised_on = forms.DateField(label=_("Promised delivery"), required=False, widget=date_input())
    source = forms.ChoiceField(label=_("Source channel"), choices=Channel, required=False)

    def __init__(self, *args: Any, staff: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["price"].currency = currency
        branches = staff.scope(Branch.objects.filter(is_active=True), Capability.TAKE_ORDER, "pk")
        fields["branch"].queryset = branches
        self.initial.setdefault("branch", branches.first())
        sellable = Package.objects.filter(is_offered=True, versions__isnull=False).distinct()
        fields["package"].queryset = sellable
        fields["owner"].queryset = colleagues(None)
        self.initial.setdefault("owner", staff.user.pk)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for prefix in ("", "second_"):
            if data.get(f"{prefix}phone"):
                self._check_person(f"{prefix}name", known_customer(data[f"{prefix}phone"]), data.get(f"{prefix}name"))
        if data.get("second_name") and not data.get("second_phone") and "second_phone" not in self.errors:
            self.add_error("second_phone", _("Please give the phone number too: it is how the person will log in."))
        return data

    def clean_shoot_on(self) -> dt.date | None:
        return near_day(self.cleaned_data["shoot_on"])

    def clean_promised_on(self) -> dt.date | None:
        return near_day(self.cleaned_data["promised_on"])

    def clean_coupon(self) -> str:
        return catalog.code_of(self.cleaned_data["coupon"])

    def wanted(self, branch: Branch) -> Wanted:
        """Add-ons, coupon, and the instant when day and hour are both agreed. For a form that was checked."""
        day, hour = self.cleaned_data.get("shoot_on"), self.cleaned_data.get("shoot_time")
        at = dt.datetime.combine(day, hour, clock.zone(branch.timezone)) if day and hour else None
        return Wanted(at, counts_of(self.data), self.cleaned_data.get("coupon") or "")

    def _check_person(self, field: str, known: Customer | None, name: str | None) -> None:
        if not known and not name and field not in self.errors:
            self.add_error(field, _("This number is new: please give the name."))
        elif known and name and is_other_name(name, known):
            text = gettext(
                "This number belongs to %(known)s. Empty the name to take the order for them, or check the number."
            )
            self.add_error(field, text % {"known": known.name})


def is_other_name(typed: str, customer: Customer) -> bool:
    """Whether the typed name means somebody else: spaces, widths and capitals aside."""

    def plain(name: str) -> str:
        return "".join(unicodedata.normalize("NFKC", name).casefold().split())

    return bool(typed.strip()) and plain(typed) != plain(customer.name)


def known_customer(phone: str) -> Customer | None:
    """The customer of an E.164 number, with `order_count`."""
    return Customer.objects.filter(phone=phone).annotate(order_count=Count("orders")).first()


@transaction.atomic
@within_limit
def take(form: NewOrderForm, actor: Any) -> Order:
    """Known people are found, new ones added, then the order is taken: all of it or nothing. Raises Refusal."""
    data = form.cleaned_data
    customer = _person(actor, data["phone"], data["name"], source=data["source"] or Channel.WALK_IN)
    second = _person(actor, data["second_phone"], data["second_name"]) if data["second_phone"] else None
    title = data["title"] or (f"{customer.name} & {second.name}" if second and second != customer else customer.name)
    return services.take_order(
        actor=actor,
        branch=data["branch"],
        customer=customer,
        package=data["package"],
        title=title[:80],
        people=[(second, data["second_part"] or PersonPart.FAMILY)] if second else [],
        owner=data["owner"],
        shoot_on=data["shoot_on"],
        promised_on=data["promised_on"],
        note=data["note"],
        price_minor=data["price"],
        wanted=form.wanted(data["branch"]),
    )


def _person(actor: Any, phone: str, name: str, **fields: Any) -> Customer:
    return known_customer(phone) or people.add_customer(actor=actor, name=name, phone=phone, **fields)


# -- What it costs -----------------------------------------------------------------------------------------------------
ADDON = "addon-"


def counts_of(data: Mapping[str, Any]) -> list[tuple[str, int]]:
    """How many of which add-on: fields `addon-<code>`. What is no count is none."""
    told = ((name.removeprefix(ADDON), data[name].strip()) for name in data if name.startswith(ADDON))
    return [(code, int(count)) for code, count in told if re.fullmatch("[0-9]{1,3}", count) and int(count)]


def major(minor: int, currency: str) -> str:
    """Minor units as the page's script counts."""
    return f"{Decimal(minor).scaleb(-money.exponent(currency)):f}"


@dataclass(frozen=True)
class Offer:
    """A package as the form shows it: every term and every possible extra before the sale (R099, R100)."""

    pk: int
    name: str
    kind: str
    price: str
    terms: dict[str, Any]
    is_chosen: bool


def offers(currency: str, chosen: str) -> list[Offer]:
    """What can be sold: the latest version of each package. One query."""
    kinds = dict(ShootKind.choices)
    return [
        Offer(
            pk=version.package_id,
            name=version.terms["package"],
            kind=str(kinds.get(version.terms["kind"], "")),
            price=major(version.terms["price_minor"], currency),
            terms=version.terms,
            is_chosen=str(version.package_id) == chosen,
        )
        for version in catalog.offered_versions()
    ]


def words(currency: str) -> dict[str, str]:
    """For the page's script."""
    return {"currency": currency}
