"""What a customer signs a selection with."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import Refusal
from core.kernel.signature import SignatureField
from selection.enums import ChooserRole
from selection.services.people import NAME_LENGTH as PERSON_LENGTH
from selection.services.submissions import NOTE_LENGTH


class SubmitForm(forms.Form):
    """`extra_total_minor` is the price the customer saw; extra photos need their own yes."""

    signed_name = SignatureField(label=_("Your signature"))
    note = forms.CharField(
        label=_("Your message to the studio"),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    extra_total_minor = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)  # which list they saw
    accept_extra = forms.BooleanField(label=_("Extra photos"), required=False)

    def __init__(self, *args: Any, signer: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_name"].signer = signer

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("extra_total_minor") and not data.get("accept_extra"):
            self.add_error("accept_extra", _("Please confirm the price of the extra photos."))
        return data


class GuestForm(forms.Form):
    """Somebody of the family whom the main chooser lets into the gallery."""

    name = forms.CharField(label=_("What you call them"), max_length=PERSON_LENGTH)
    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("They may"),
        choices=[(ChooserRole.VIEWER, _("only look")), (ChooserRole.CO, _("mark photos too"))],
        widget=forms.RadioSelect,
    )

    def put_beside(self, refusal: Refusal, sentence: str) -> None:
        """The refusal's sentence at its field."""
        field = {"name": "name", "customer": "phone"}.get(refusal.code.partition(".")[0])
        self.add_error(field, sentence)
