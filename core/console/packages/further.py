"""The part of the package form about further terms: after the shoot, gowns, the shoot's parts, paying, cancelling."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.catalog.enums import Due, Need, Originals, Who
from core.catalog.terms import AFTER_TOO, GOWN_DEFAULTS, MORE_DEFAULTS, MOST_BLOCKS, MOST_ROWS
from core.kernel.amounts import MoneyField
from tenants.typed import NameField

MOST_DAYS = 3650
NUMBERS = ["access_days", "album_rounds", "style_rounds", "promised_days"]
GOWN_MONEY = ["couture_rental_minor", "couture_deposit_minor", "damage_minor"]


def number(label: Any, *, least: int = 0, most: int = MOST_DAYS, **more: Any) -> forms.IntegerField:
    """A whole number that may be left empty."""
    field = forms.IntegerField(label=label, min_value=least, max_value=most, required=False, **more)
    field.widget.attrs["inputmode"] = "numeric"
    return field


class FurtherForm(forms.Form):
    """Every field may stay empty; what then holds stands beside it."""

    originals = forms.ChoiceField(
        label=_("Originals handed over"), choices=Originals, required=False,
        help_text=_("Included in the price, for download with the retouched photos."),
    )  # fmt: skip
    access_days = number(_("Days for downloading"), least=1, help_text=_("Empty: 365. Files are archived afterwards."))
    promised_days = number(
        _("Days from the shoot to the delivery"),
        help_text=_("The promised day of new orders. Empty: none is promised."),
    )
    album_rounds = number(
        _("Album rounds"), least=1, most=20, help_text=_("Drafts of the album without extra cost. Empty: 3.")
    )
    style_rounds = number(_("Changes of style"), most=20, help_text=_("How often the style may be changed. Empty: 1."))
    publishing = forms.CharField(
        label=_("Publishing"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What the contract says about showing the photos. Empty: not agreed, nothing is published."),
    )  # fmt: skip
    couture_pieces = number(_("Couture gowns included"), most=20)
    couture_days = number(_("Rental days of a couture gown"), least=1, most=60, help_text=_("Empty: 1."))
    gown_text = forms.CharField(
        label=_("Gown rules"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In the words that the customer will sign."),
    )  # fmt: skip
    deposit_percent = number(_("Deposit in percent"), most=100, help_text=_("Of the whole price. Empty: no deposit."))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        money: dict[str, Any] = {"currency": currency, "required": False}
        fields: dict[str, Any] = self.fields
        fields["couture_rental_minor"] = MoneyField(
            label=_("Each further couture gown"), help_text=_("Empty: not offered."), **money
        )
        fields["couture_deposit_minor"] = MoneyField(
            label=_("Gown deposit"), help_text=_("Given back when the gown has come back. Empty: none."), **money
        )
        fields["damage_minor"] = MoneyField(
            label=_("Damage to a gown costs at most"), help_text=_("Empty: not named."), **money
        )
        fields["deposit_minor"] = MoneyField(
            label=_("Deposit as an amount"), help_text=_("Instead of percent: then this counts."), **money
        )

    def more(self) -> dict[str, Any]:
        """Further terms without their rows; what is empty gets its default."""
        data = self.cleaned_data
        gowns = {name: data[name] for name in [*GOWN_MONEY, "couture_pieces", "couture_days"]}
        found = {name: data[name] for name in NUMBERS if data[name] is not None}
        amount, percent = data["deposit_minor"], data["deposit_percent"] or 0
        deposit = {"kind": "minor", "value": amount} if amount else {"kind": "percent", "value": percent}
        filled = {name: value for name, value in gowns.items() if value is not None}
        return {
            **{name: MORE_DEFAULTS[name] for name in NUMBERS},
            **found,
            "originals": data["originals"],
            "publishing": data["publishing"].strip(),
            "gown_terms": {**GOWN_DEFAULTS, **filled, "text": data["gown_text"].strip()},
            "deposit": deposit,
        }


def initial_of(more: Mapping[str, Any]) -> dict[str, Any]:
    """What FurtherForm shows of further terms."""
    told = {**MORE_DEFAULTS, **more}
    gowns, deposit = {**GOWN_DEFAULTS, **told["gown_terms"]}, told["deposit"]
    plain = {name: told[name] for name in ["originals", "publishing", *NUMBERS]}
    amounts = {name: gowns[name] for name in [*GOWN_MONEY, "couture_pieces", "couture_days"]}
    name = "deposit_minor" if deposit["kind"] == "minor" else "deposit_percent"
    return {**plain, **amounts, "gown_text": gowns["text"], name: deposit["value"]}


class BlockRow(forms.Form):
    """A part of the shoot. The name makes the row."""

    name = NameField(label=_("Part of the shoot"), max_length=40, required=False)
    minutes = number(_("Minutes"), least=5, most=1440)
    offset = number(_("Begins after (minutes)"), most=1440)
    needs = forms.MultipleChoiceField(
        label=_("Needs"), choices=Need, required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("name") and not data.get("minutes") and "minutes" not in self.errors:
            self.add_error("minutes", _("How long does it take?"))
        return data


class DueRow(forms.Form):
    """An instalment. The percent makes the row."""

    when = forms.ChoiceField(label=_("When"), choices=Due, required=False)
    percent = number(_("Percent"), least=1, most=100)
    days = number(_("Days after (minus: before)"), least=-MOST_DAYS)


WHO: list[tuple[str, Any]] = [
    *Who.choices,
    (f"{Who.STUDIO}.after", _("The studio cancels, after the shoot too")),
]


class RefundRow(forms.Form):
    """A row of the refund table. The percent makes the row, 0 too."""

    who = forms.ChoiceField(label=_("Who cancels"), choices=WHO, required=False)
    until_days = number(_("Days before the shoot, at least"))
    refund_percent = number(_("Percent given back"), most=100)

    @property
    def said(self) -> tuple[str, int]:
        """Who, and `until_days` as the terms keep it."""
        who, _dot, after = self.cleaned_data["who"].partition(".")
        return who, AFTER_TOO if after else self.cleaned_data.get("until_days") or 0


class DueRows(forms.BaseFormSet):
    """Instalments: together the whole price."""

    def clean(self) -> None:
        parts = [form.cleaned_data.get("percent") or 0 for form in self.forms if form.is_valid()]
        if sum(parts) not in (0, 100):
            raise forms.ValidationError(gettext("The instalments make %(sum)s%%, not 100%%.") % {"sum": sum(parts)})


class RefundRows(forms.BaseFormSet):
    """Refunds: each person and number of days once."""

    def clean(self) -> None:
        keys = [
            form.said for form in self.forms if form.is_valid() and form.cleaned_data.get("refund_percent") is not None
        ]
        if len(set(keys)) < len(keys):
            raise forms.ValidationError(gettext("Two rows of the refund table say the same days for the same person."))


Blocks = forms.formset_factory(BlockRow, extra=1, max_num=MOST_BLOCKS, validate_max=True)
Dues = forms.formset_factory(DueRow, DueRows, extra=1, max_num=MOST_ROWS, validate_max=True)
Refunds = forms.formset_factory(RefundRow, RefundRows, extra=1, max_num=MOST_ROWS, validate_max=True)


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the refund table as its form shows it."""
    if row["until_days"] != AFTER_TOO:
        return dict(row)
    return {**row, "who": f"{row['who']}.after", "until_days": None}


class Further:
    """The form of further terms and its three sets of rows as one thing."""

    def __init__(self, data: Any, more: Mapping[str, Any], currency: str) -> None:
        told = {**MORE_DEFAULTS, **more} if data is None else {}  # what was typed is never compared: all of it counts
        self.form = FurtherForm(data, initial=initial_of(more), currency=currency)
        self.blocks = Blocks(data, initial=told.get("blocks"), prefix="blocks")
        self.dues = Dues(data, initial=told.get("schedule"), prefix="schedule")
        self.refunds = Refunds(data, initial=[_shown(row) for row in told.get("refunds", [])], prefix="refunds")

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(rows.is_valid() for rows in self.sets)])

    @property
    def sets(self) -> list[Any]:
        return [self.blocks, self.dues, self.refunds]

    def values(self) -> dict[str, Any]:
        """`more` of core.catalog.services.save_package."""
        dues = [row for row in self.dues.cleaned_data if row.get("percent")]
        refunds = [row for row in self.refunds if row.cleaned_data.get("refund_percent") is not None]
        return {
            **self.form.more(),
            "blocks": self._chain(),
            "schedule": [{"when": row["when"], "percent": row["percent"], "days": row["days"] or 0} for row in dues]
            or MORE_DEFAULTS["schedule"],
            "refunds": [
                {"until_days": row.said[1], "who": row.said[0], "refund_percent": row.cleaned_data["refund_percent"]}
                for row in refunds
            ],
        }

    def _chain(self) -> list[dict[str, Any]]:
        """A part whose beginning is left empty follows the one before it."""
        found: list[dict[str, Any]] = []
        for row in self.blocks.cleaned_data:
            if not row.get("name"):
                continue
            after = found[-1]["offset"] + found[-1]["minutes"] if found else 0
            offset = after if row["offset"] is None else row["offset"]
            found.append({"name": row["name"], "minutes": row["minutes"], "needs": row["needs"], "offset": offset})
        return found
