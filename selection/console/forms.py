"""What staff say about a gallery."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.catalog.pricing import ORIGINALS, RETOUCHED
from core.kernel.amounts import MoneyField
from selection.enums import ChooserRole
from selection.models import Gallery, GallerySlot
from selection.services.people import NAME_LENGTH


class PublishForm(forms.Form):
    deadline = forms.DateField(
        label=_("Choose before"),
        required=False,
        help_text=_("The customer sees this day everywhere; nothing locks by itself."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, today: dt.date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if today is not None:  # the browser asks at once; the verb refuses all the same
            self.fields["deadline"].widget.attrs["min"] = today.isoformat()


class UnlockForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is the selection opened again?"),
        max_length=200,
        help_text=_("The customer may choose again; the order goes back to selection. Colleagues read the reason."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _uses(slots: list[GallerySlot]) -> list[tuple[int, Any]]:
    return [(RETOUCHED, _("Retouched photos")), *((slot.number, slot.name) for slot in slots)]


class SuggestForm(forms.Form):
    """For which use a photograph is suggested."""

    def __init__(self, *args: Any, slots: list[GallerySlot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"] = forms.TypedChoiceField(label=_("Suggest for"), choices=_uses(slots), coerce=int)


class PriceForm(forms.Form):
    """A use, more of it included, a lower price, and why. Empty: as it is."""

    included = forms.IntegerField(label=_("Included from now on"), min_value=0, max_value=9999, required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    field_order = ("slot", "included", "price_minor", "reason")

    def __init__(self, *args: Any, gallery: Gallery, slots: list[GallerySlot], currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = _uses(slots)
        if gallery.all_originals_minor is not None:
            choices.append((ORIGINALS, _("All originals")))
        self.fields["slot"] = forms.TypedChoiceField(label=_("What"), choices=choices, coerce=int)
        self.fields["price_minor"] = MoneyField(label=_("Each extra from now on"), currency=currency, required=False)


class GuestForm(forms.Form):
    """Somebody who is not on the order and may see this gallery."""

    name = forms.CharField(label=_("Name as the others read it"), max_length=NAME_LENGTH)
    phone = forms.CharField(label=_("Phone"), max_length=30, widget=forms.TextInput(attrs={"type": "tel"}))
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, role.label) for role in (ChooserRole.VIEWER, ChooserRole.CO)],
        initial=ChooserRole.VIEWER,
        widget=forms.RadioSelect,
    )
