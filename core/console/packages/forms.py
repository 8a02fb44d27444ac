"""The package form with its rows of products and of extras. Rows left empty are ignored."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.catalog.enums import ProductKind
from core.catalog.models import Package
from core.console.money import MoneyField

NUMBERS = ["photos_taken", "retouched_included", "outfits", "scenes", "retouch_rounds", "delivery_days"]
MONEY = {"price_minor": _("Price"), "extra_photo_minor": _("Price per extra photo")}


class PackageForm(forms.ModelForm):
    class Meta:
        model = Package
        fields = ["name", "kind", "description", *NUMBERS, "is_offered"]
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in MONEY.items():
            self.fields[name] = MoneyField(label=label, currency=currency)
            self.initial[name] = getattr(self.instance, name)
        for name in NUMBERS:
            self.fields[name].min_value = 0  # type: ignore[attr-defined]
            self.fields[name].widget.attrs.update({"min": 0, "inputmode": "numeric"})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        negative = [name for name in NUMBERS if isinstance(data.get(name), int) and data[name] < 0]
        for name in negative:
            self.add_error(name, _("This cannot be less than zero."))
        return data

    def validate_unique(self) -> None:
        """The verb decides."""

    def validate_constraints(self) -> None:
        """The verb decides, with a sentence beside the right field."""


class ProductRow(forms.Form):
    kind = forms.ChoiceField(label=_("Product"), choices=ProductKind, required=False)
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=99, initial=1, required=False)


class ExtraRow(forms.Form):
    name = forms.CharField(label=_("Extra"), max_length=60, required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["price_minor"] = MoneyField(label=_("Price"), currency=currency, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("name") and data.get("price_minor") is None and "price_minor" not in self.errors:
            self.add_error("price_minor", _("What does it cost? Customers see it before they sign."))
        return data


ProductRows = forms.formset_factory(ProductRow, extra=2, max_num=20)
ExtraRows = forms.formset_factory(ExtraRow, extra=2, max_num=20)


class PackageForms:
    """The form and its two sets of rows as one thing: `is_valid`, `fields`, `products`, `extras`."""

    def __init__(self, data: Any, package: Package | None, currency: str) -> None:
        self.form = PackageForm(data, instance=package, currency=currency)
        products = [] if package is None else list(package.products.values("kind", "name", "quantity"))
        extras = [] if package is None else list(package.extras.values("name", "price_minor"))
        self.products = ProductRows(data, initial=products, prefix="products")
        self.extras = ExtraRows(data, initial=extras, prefix="extras", form_kwargs={"currency": currency})

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self.products.is_valid(), self.extras.is_valid()])

    def values(self) -> dict[str, Any]:
        """Arguments of core.catalog.services.save_package."""
        products = [row for row in self.products.cleaned_data if row.get("name")]
        extras = [row for row in self.extras.cleaned_data if row.get("name")]
        return {
            "fields": self.form.cleaned_data,
            "products": [(row["kind"], row["name"], row["quantity"] or 1) for row in products],
            "extras": [(row["name"], row["price_minor"]) for row in extras],
        }
