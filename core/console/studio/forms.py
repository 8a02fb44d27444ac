"""Forms of the studio as a whole."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class ExportForm(forms.Form):
    with_files = forms.BooleanField(
        label=_("With all photographs"),
        required=False,
        help_text=_("Large: as much as your storage. Contracts always come along."),
    )
    sent = forms.CharField(widget=forms.HiddenInput, initial="1")


class AddressForm(forms.Form):
    name = forms.CharField(label=_("Your address"), max_length=253, help_text=_("For example photos.your-studio.com"))


class ClosingForm(forms.Form):
    typed = forms.CharField(label=_("Type the studio's address to confirm"), max_length=60)

    def __init__(self, *args: Any, slug: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slug = slug

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"]).strip().lower()
        if typed != self.slug:
            raise forms.ValidationError(_("This is not the studio's address: %(slug)s"), params={"slug": self.slug})
        return typed
