"""Key information of each stage (R002, R013–R022): declared once, shown as a form, kept in `OrderStage.info`."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.kernel.amounts import MoneyField
from core.orders.enums import Stage
from core.orders.models import OrderStage
from tenants.context import current_studio


@dataclass(frozen=True, slots=True)
class InfoField:
    """`kind`: text · longtext · number · money · date · choice · bool. `choices` are (code, label).

    Numbers lie within `low` and `high`. Money is kept in minor units of the studio's currency.
    """

    name: str
    label: Any
    kind: str = "text"
    choices: tuple[tuple[str, Any], ...] = ()
    required: bool = False
    low: int = 0
    high: int = 99_999


QUALITY = (("good", _("Good")), ("fair", _("Fair")), ("poor", _("Poor")))
HANDOVER = (("pickup", _("Pickup at the branch")), ("courier", _("Courier")))
PAYMENT = (("full", _("In full")), ("instalments", _("Instalments")))
CONSENT = (("yes", _("Yes")), ("ask", _("Only after asking")), ("no", pgettext_lazy("consent", "No")))
REMEDY = (("exchange", _("Exchange")), ("repair", _("Repair")), ("none", _("Nothing to do")))

FIELDS: dict[str, list[InfoField]] = {
    Stage.ENQUIRY: [
        InfoField("wish_date", _("Wished date"), "date"),
        InfoField("style", _("Style"), required=True),
        InfoField("budget", _("Budget")),
        InfoField("needs", _("Special needs"), "longtext"),
    ],
    Stage.SIGNING: [
        InfoField("payment", _("Way of payment"), "choice", PAYMENT, required=True),
        InfoField("deposit", _("Deposit"), "money"),
        InfoField("balance_on", _("Balance due on"), "date"),
        InfoField("extras_explained", _("All possible extra charges were explained"), "bool", required=True),
        InfoField("publishing", _("May we publish the photographs?"), "choice", CONSENT),
        InfoField("agreements", _("Agreements"), "longtext"),
    ],
    Stage.PREPARATION: [
        InfoField("outfits", _("Outfits chosen"), "longtext", required=True),
        InfoField("fitting_on", _("Fitting on"), "date"),
        InfoField("makeup", _("Make-up agreed"), required=True),
        InfoField("scenes", _("Scenes and locations"), "longtext", required=True),
        InfoField("crafts", _("Gown master, make-up artist, photographer")),
        InfoField("reminded", _("Customer was reminded how to prepare"), "bool"),
    ],
    Stage.SHOOT: [
        InfoField("photos_taken", _("Photos taken"), "number", required=True),
        InfoField("quality", _("Light, composition, expression"), "choice", QUALITY, required=True),
        InfoField("feedback", _("What the customer said"), "longtext"),
        InfoField("open_items", _("Left to do"), "longtext"),
    ],
    Stage.SELECTION: [
        InfoField("selection_on", _("Appointment to choose"), "date"),
        InfoField("previewed", _("Photographs were previewed"), "bool"),
        InfoField("talk", _("What was agreed while choosing"), "longtext"),
    ],
    Stage.PRODUCTION: [
        InfoField("specification", _("Products and specification"), "longtext", required=True),
        InfoField("demands", _("Demands on quality"), "longtext"),
        InfoField("supplier", _("Lab or supplier")),
        InfoField("expected_on", _("Expected back on"), "date", required=True),
    ],
    Stage.DELIVERY: [
        InfoField("handover", _("Hand-over"), "choice", HANDOVER, required=True),
        InfoField("delivered_on", _("Handed over on"), "date"),
        InfoField("complete", _("Complete and inspected"), "bool", required=True),
        InfoField("address", _("Address or tracking number")),
        InfoField("received_by", _("Signed for by")),
        InfoField("care_explained", _("Use and care were explained"), "bool"),
    ],
    Stage.AFTER_SALES: [
        InfoField("satisfaction", _("Satisfaction (1–10)"), "number", required=True, low=1, high=10),
        InfoField("suggestions", _("Suggestions"), "longtext"),
        InfoField("defects", _("Defects"), "longtext"),
        InfoField("remedy", _("Exchange or repair"), "choice", REMEDY),
        InfoField("escalated", _("Brought before the store manager"), "bool"),
    ],
}


MAKERS: dict[str, Callable[..., forms.Field]] = {
    "text": lambda _item, **kw: forms.CharField(max_length=200, **kw),
    "longtext": lambda _item, **kw: forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, **kw),
    "number": lambda item, **kw: forms.IntegerField(min_value=item.low, max_value=item.high, **kw),
    "money": lambda _item, **kw: MoneyField(currency=current_studio().currency, **kw),
    "date": lambda _item, **kw: forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kw
    ),
    "choice": lambda item, **kw: forms.ChoiceField(choices=[("", "—"), *item.choices], **kw),
    "bool": lambda _item, **kw: forms.BooleanField(**kw),
}


def _form_field(item: InfoField) -> forms.Field:
    return MAKERS[item.kind](item, label=item.label, required=False, show_hidden_initial=True)


class InfoForm(forms.Form):
    """The key-information form of one stage. Nothing is required to save a draft; `missing` says what is left out.

    It carries what it showed (`shown`), so that saving touches only what this person changed: gown master, make-up
    artist and photographer fill the same stage at the same time (R075).
    """

    def __init__(self, *args: Any, stage: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stage = stage
        self.fields.update({item.name: _form_field(item) for item in FIELDS[stage]})

    @property
    def shown(self) -> SafeString:
        """Hidden inputs with the values that the form showed."""
        return format_html_join("", "{}", ((bound.as_hidden(only_initial=True),) for bound in self))

    def info(self) -> dict[str, Any]:
        """The cleaned values that were changed, as JSON primitives."""
        data = self.cleaned_data
        changed = {name: data[name] for name in self.changed_data}
        return {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in changed.items()}


def missing(row: OrderStage) -> list[InfoField]:
    """Required key information of a stage that is still empty (R002: nothing may be left out)."""
    return [item for item in FIELDS[row.stage] if item.required and is_empty(row.info.get(item.name))]


def is_empty(value: Any) -> bool:
    """Nothing typed, nothing chosen, not ticked; zero is an answer."""
    return value is None or value == "" or value is False
