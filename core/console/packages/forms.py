"""The package form with its rows of products and of extras. Rows left empty are ignored."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.catalog.enums import ProductKind
from core.catalog.models import Package
from core.console.faults import Fault, faults_of
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
    name = NameField(label=_("Extra"), max_length=60, required=False)

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


ProductRows = forms.formset_factory(ProductRow, extra=1, max_num=ROWS, validate_max=True)
ExtraRows = forms.formset_factory(ExtraRow, extra=1, max_num=ROWS, validate_max=True)


class PackageForms:
    """The form and its two sets of rows as one thing. An emptied row is dropped."""

    def __init__(self, data: Any, package: Package | None, currency: str) -> None:
        self.form = PackageForm(data, instance=package, currency=currency)
        products = [] if package is None else list(package.products.values("kind", "name", "quantity"))
        extras = [] if package is None else list(package.extras.values("name", "price_minor"))
        self.products = ProductRows(data, initial=products, prefix="products")
        self.extras = ExtraRows(data, initial=extras, prefix="extras", form_kwargs={"currency": currency})

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self.products.is_valid(), self.extras.is_valid()])

    @property
    def faults(self) -> list[Fault]:
        return faults_of([self.form], [self.products, self.extras])

    def values(self) -> dict[str, Any]:
        """Arguments of core.catalog.services.save_package."""
        products = [row for row in self.products.cleaned_data if row.get("name")]
        extras = [row for row in self.extras.cleaned_data if row.get("name")]
        return {
            "fields": self.form.cleaned_data,
            "products": [(row["kind"], row["name"], row["quantity"] or 1) for row in products],
            "extras": [(row["name"], row["price_minor"]) for row in extras],
        }
