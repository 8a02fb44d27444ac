"""What customers say about their shoot."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.booking.enums import Colour, Place, Style
from core.booking.models import Brief
from core.booking.services.briefs import MOST_PICTURES, MOST_STYLES
from core.kernel.errors import Refusal
from core.orders.models import Order
from core.people.phone import to_e164
from core.templatetags.ui import day, money
from tenants.typed import PrintedNameField


def _ticks(label: Any, choices: Any, *, required: bool = False) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=required, widget=forms.CheckboxSelectMultiple
    )


def _lines(label: Any, rows: int, draft: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "data-draft": draft})
    return forms.CharField(label=label, max_length=1000, required=False, widget=widget)


class BriefForm(forms.Form):
    """Wishes for the shoot. `samples`: codes of the pictures that are shown; `seen`: the `rev` that was shown."""

    styles = _ticks(_("Which looks do you like?"), Style.choices, required=True)
    pictures = _ticks(_("Pictures that you like"), [])
    colours = _ticks(_("Colours"), Colour.choices)
    places = _ticks(_("Where do you see yourselves?"), Place.choices)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, order: Order, brief: Brief | None, samples: list[str], **kwargs: Any) -> None:
        names = ("styles", "pictures", "colours", "places", "wishes", "taboos", "company")
        known = {name: getattr(brief, name) for name in names} if brief else {}
        super().__init__(*args, **{"initial": {**known, "seen": brief.rev if brief else 0}, **kwargs})
        fields: dict[str, Any] = self.fields
        kept = brief.pictures if brief else []
        fields["pictures"].choices = [(code, code) for code in dict.fromkeys([*samples, *kept])]
        fields["wishes"] = _lines(_("What is important to you?"), 3, f"brief-wishes-{order.code}")
        fields["taboos"] = _lines(_("What should we avoid?"), 2, f"brief-taboos-{order.code}")
        fields["company"] = forms.CharField(
            label=_("Who comes along?"),
            max_length=200,
            required=False,
            help_text=_("Parents, children, a dog: we prepare for them."),
        )
        fields["styles"].error_messages["required"] = _("Please tick at least one look.")

    @property
    def chosen(self) -> dict[str, list[str]]:
        """What is ticked, as typed or as known."""
        names = ("styles", "pictures", "colours", "places")
        return {name: [str(value) for value in self[name].value() or []] for name in names}

    def clean_styles(self) -> list[str]:
        return self._few("styles", MOST_STYLES)

    def clean_pictures(self) -> list[str]:
        return self._few("pictures", MOST_PICTURES)

    def _few(self, name: str, most: int) -> list[str]:
        values: list[str] = self.cleaned_data[name]
        if len(values) > most:
            raise forms.ValidationError(_("At most %(most)s, please."), params={"most": most})
        return values


class PersonForm(forms.Form):
    """Who books. Whoever is logged in is known; `price` must be what the page showed."""

    name = PrintedNameField(label=_("Your name"), max_length=60)
    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=30,
        help_text=_("We send a code there. Your contract and your photos open with it."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    note = forms.CharField(
        label=_("Anything we should know?"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    price = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, customer: Any, price: int, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"price": price}, **kwargs})
        self.due = price
        if customer:
            del self.fields["name"], self.fields["phone"]

    def clean_phone(self) -> str:
        try:
            return to_e164(self.cleaned_data["phone"])
        except Refusal:
            raise forms.ValidationError(_("Please check the number: 11 digits, or with + and the country.")) from None

    def clean_price(self) -> int:
        if self.cleaned_data["price"] != self.due:
            self.data = {**self.data.dict(), "price": str(self.due)}
            raise forms.ValidationError(_("The price has changed since you looked. Please look at it again."))
        return self.due


class CancelForm(forms.Form):
    """Why the date is given up; `seen` is the refund that stood there."""

    reason = forms.CharField(label=_("Why?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    seen = forms.IntegerField(widget=forms.HiddenInput)


class ReturnForm(forms.Form):
    """What should be different in the plan."""

    answer = forms.CharField(
        label=_("What should be different?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


SENTENCES: dict[str, Any] = {
    "brief.late": _("The shoot has begun: please tell your consultant directly."),
    "brief.stale": _("Somebody of you has sent other wishes meanwhile. Send once more to use yours."),
    "plan.changed": _("The plan has changed since you looked. Please read it again."),
    "order.closed": _("This order is closed."),
    "reason.missing": _("Please say what should be different."),
    "slot.taken": _("Somebody has just taken this time. Nothing you typed is lost: these are the nearest free ones."),
    "booking.price_changed": _("The price has changed since you looked. Please look at it again."),
    "booking.too_many": _("You hold %(most)s dates already. Sign and pay one of them, or give one up first."),
    "booking.gone": _("This booking is somebody else’s."),
    "booking.closed": _("This booking is over."),
    "booking.over": _("The shoot has begun."),
    "booking.late": _("Until %(day)s you could change it here. Please call us now."),
    "booking.dearer": _("This time costs more than what you signed. Please call us, or choose another one."),
    "refund.changed": _("The refund has changed since you looked: it is %(price)s now."),
    "appointment.stale": _("The date has just been changed. Please look at it again."),
    "appointment.closed": _("This date is over."),
    "discount.over_owed": _("The price has changed since you looked. Please look at it again."),
    "proposal.over": _("This proposal is over. Your date stays as it is."),
    "coupon.too_often": _("Too many codes were tried. Please wait an hour, or ask us."),
    "limits.unavailable": _("This does not work right now. Please try again in a minute."),
    "package.not_offered": _("This package is not on offer any more. Please choose another one."),
    "addon.unknown": _("One of the extras is not offered with this package any more. Please choose again."),
    "addon.too_many": _("%(name)s: at most %(most)s."),
    "coupon.unknown": _("There is no such coupon, or it was stopped."),
    "coupon.early": _("%(name)s is valid from %(day)s on."),
    "coupon.over": _("%(name)s was valid until %(day)s."),
    "coupon.elsewhere": _("%(name)s is not valid in this branch."),
    "coupon.other_package": _("%(name)s is not valid for this package."),
    "coupon.minimum": _("%(name)s is valid from a price of %(minimum)s on."),
    "coupon.used_up": _("%(name)s is used up: somebody else has taken the last one."),
    "coupon.used_by_customer": _("You have used %(name)s already."),
    "branch.closed": _("This branch takes no bookings right now."),
}


def sentence(refusal: Refusal) -> str:
    """Why it was refused; an unknown refusal is a fault and is raised again."""
    if refusal.code not in SENTENCES:
        raise refusal
    facts = dict(refusal.facts)
    if "price_minor" in facts:
        facts["price"] = money(facts["price_minor"], facts.get("currency", ""))
    if "minimum_minor" in facts:
        facts["minimum"] = money(facts["minimum_minor"])
    if facts.get("day"):
        facts["day"] = day(dt.date.fromisoformat(facts["day"]))
    return str(SENTENCES[refusal.code]) % facts
