"""The package form with its rows of products, of slots, of extras, and further terms. Rows left empty are ignored."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.catalog import terms
from core.catalog.enums import ROW_KINDS, ProductKind, SlotRatio, Unit
from core.catalog.models import Package, PackageExtra, PackageProduct, PackageSlot
from core.catalog.services import MAX_SLOTS
from core.console.faults import Fault, faults_of
from core.console.packages.further import Further
from core.console.packages.tiers import TiersField
from core.kernel.amounts import MoneyField
from tenants.typed import NameField

NUMBERS = ["photos_taken", "retouched_included", "outfits", "scenes", "retouch_rounds", "delivery_days"]
MONEY = {"price_minor": _("Price"), "extra_photo_minor": _("Price per extra photo")}
MOST = 9999
ROWS = 20


class PackageForm(forms.ModelForm):
    description = forms.CharField(
        label=_("Description"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    class Meta:
        model = Package
        fields = ["name", "kind", "description", *NUMBERS, "is_offered"]
        field_classes = {"name": NameField}

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in MONEY.items():
            self.fields[name] = MoneyField(label=label, currency=currency)
            self.initial[name] = getattr(self.instance, name)
        self.fields["all_originals_minor"] = MoneyField(
            label=_("All originals together"),
            currency=currency,
            required=False,
            help_text=_("Empty: not offered. Customers are told when this is cheaper than their extras."),
        )
        self.fields["retouched_tiers"] = TiersField(
            label=_("Extra photos get cheaper"),
            currency=currency,
            help_text=_("For example 6: 40, 11: 30 — from the 6th extra on 40 each, from the 11th on 30."),
        )
        for name in ("all_originals_minor", "retouched_tiers"):
            self.initial[name] = getattr(self.instance, name)
        for name in NUMBERS:
            field = forms.IntegerField(label=self.fields[name].label, min_value=0, max_value=MOST)
            field.widget.attrs["inputmode"] = "numeric"
            self.fields[name] = field
            self.initial.setdefault(name, getattr(self.instance, name))

    def validate_unique(self) -> None:
        """The verb decides."""

    def validate_constraints(self) -> None:
        """The verb decides, with a sentence beside the right field."""


class ProductRow(forms.Form):
    kind = forms.ChoiceField(label=_("Product"), choices=ProductKind, required=False)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=99, initial=1, required=False)
    name = NameField(label=_("Size and make"), max_length=60, required=False)


class ExtraRow(forms.Form):
    """Something that costs extra. `code` is kept from version to version; people never see it."""

    name = NameField(label=_("Extra"), max_length=60, required=False)
    unit = forms.ChoiceField(label=_("Counted"), choices=Unit, required=False)
    most = forms.IntegerField(label=_("At most"), min_value=1, max_value=99, required=False)
    is_bookable = forms.BooleanField(label=_("Can be booked with the order"), required=False, initial=True)
    code = forms.CharField(max_length=24, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["price_minor"] = MoneyField(label=_("Price"), currency=currency, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        name, price = data.get("name"), data.get("price_minor")
        if name and price is None and "price_minor" not in self.errors:
            self.add_error("price_minor", _("What does it cost? Customers see it before they sign."))
        if price is not None and not name and "name" not in self.errors:
            self.add_error("name", _("What costs that much? Please name it, or empty the row."))
        return data

    def extra(self) -> dict[str, Any]:
        """Fields of a PackageExtra."""
        data = self.cleaned_data
        return {
            **{name: data[name] for name in ("name", "price_minor", "most", "code", "is_bookable")},
            "unit": data["unit"] or Unit.ONCE,
        }


class SlotRow(forms.Form):
    """A use of chosen photographs. The name makes the row; its price may be nothing."""

    kind = forms.ChoiceField(label=_("Used for"), choices=[(kind.value, kind.label) for kind in ROW_KINDS])
    name = forms.CharField(label=_("What it is called"), max_length=60, required=False)
    included = forms.IntegerField(label=_("Included"), min_value=0, max_value=MOST, initial=1, required=False)
    minimum = forms.IntegerField(label=_("At least"), min_value=0, max_value=MOST, required=False)
    maximum = forms.IntegerField(label=_("At most"), min_value=1, max_value=MOST, required=False)
    ratio = forms.ChoiceField(label=_("Shape"), choices=SlotRatio, required=False)
    is_required = forms.BooleanField(label=_("Must be filled"), required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].required = False
        self.fields["extra_price_minor"] = MoneyField(label=_("Each extra"), currency=currency, required=False)
        self.fields["tiers"] = TiersField(label=_("Extras get cheaper"), currency=currency)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("name"):
            return data
        most, least = data.get("maximum"), max(data.get("included") or 0, data.get("minimum") or 0)
        if most is not None and most < least:
            self.add_error("maximum", _("This is less than what is included or needed."))
        return data

    def slot(self) -> dict[str, Any]:
        """Fields of a PackageSlot; numbers left empty are 0, an empty limit is none."""
        data = self.cleaned_data
        numbers = {name: data[name] or 0 for name in ("included", "minimum", "extra_price_minor")}
        plain = {name: data[name] for name in ("name", "maximum", "ratio", "tiers", "is_required")}
        return {"kind": data["kind"] or ROW_KINDS[-1], **plain, **numbers}


SlotRows = forms.formset_factory(SlotRow, extra=1, max_num=MAX_SLOTS, validate_max=True)
ProductRows = forms.formset_factory(ProductRow, extra=1, max_num=ROWS, validate_max=True)


class ExtraRowSet(forms.BaseFormSet):
    """Each extra once: its name is what vouchers and bookings go by."""

    def clean(self) -> None:
        names = [name for form in self.forms if form.is_valid() and (name := form.cleaned_data.get("name"))]
        if len(set(names)) < len(names):
            raise forms.ValidationError(_("The same extra is named twice."))


ExtraRows = forms.formset_factory(ExtraRow, ExtraRowSet, extra=1, max_num=ROWS, validate_max=True)
EXTRA = ("name", "price_minor", "unit", "most", "is_bookable", "code")


class PackageForms:
    """The form, its three sets of rows and the further terms as one thing. An emptied row is dropped."""

    def __init__(self, data: Any, package: Package | None, currency: str, more: dict[str, Any] | None = None) -> None:
        self.form = PackageForm(data, instance=package, currency=currency)
        row = package if data is None else None  # what was typed is never compared with rows: all of it counts
        products = list(row.products.values("kind", "name", "quantity")) if row else []
        extras = list(row.extras.values(*EXTRA)) if row else []
        slots = [slot.terms() for slot in row.slots.all()] if row else []
        self.slots = SlotRows(data, initial=slots, prefix="slots", form_kwargs={"currency": currency})
        self.products = ProductRows(data, initial=products, prefix="products")
        self.extras = ExtraRows(data, initial=extras, prefix="extras", form_kwargs={"currency": currency})
        self.further = Further(data, more or (package.more if package else {}), currency)

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(rows.is_valid() for rows in self._rows()), self.further.is_valid()])

    @property
    def faults(self) -> list[Fault]:
        return faults_of([self.form], self._rows()) + faults_of([self.further.form], self.further.sets)

    def _rows(self) -> list[Any]:
        return [self.products, self.slots, self.extras]

    def values(self) -> dict[str, Any]:
        """Arguments of core.catalog.services.save_package."""
        products = [row for row in self.products.cleaned_data if row.get("name")]
        return {
            "fields": self.form.cleaned_data,
            "products": [(row["kind"], row["name"], row["quantity"] or 1) for row in products],
            "extras": [row.extra() for row in self.extras if row.cleaned_data.get("name")],
            "slots": [row.slot() for row in self.slots if row.cleaned_data.get("name")],
            "more": self.further.values(),
        }

    def terms(self) -> dict[str, Any]:
        """What the terms would be if this were saved; nothing is written."""
        told = self.values()
        extras = [PackageExtra(**{**row, "code": row["code"] or f"new{i}"}) for i, row in enumerate(told["extras"])]
        return terms.compose(
            Package(**told["fields"], more=told["more"]),
            products=[PackageProduct(kind=kind, name=name, quantity=n) for kind, name, n in told["products"]],
            extras=extras,
            slots=[PackageSlot(**slot) for slot in told["slots"]],
        )
