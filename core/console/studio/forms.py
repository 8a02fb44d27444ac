"""Forms of the studio as a whole."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.console.zones import zone_choices
from tenants.typed import PrintedNameField


class ExportForm(forms.Form):
    with_files = forms.BooleanField(
        label=_("With all photographs"),
        required=False,
        help_text=_("Large: as much as your storage. Contracts always come along."),
    )
    sent = forms.CharField(widget=forms.HiddenInput, initial="1")


class NameForm(forms.Form):
    name = PrintedNameField(
        label=_("Studio name"),
        max_length=80,
        min_length=2,
        help_text=_("On every page, message, new contract and receipt. What is signed keeps the former name."),
    )


class ColourForm(forms.Form):
    """A colour of the owner's; only its hue counts, lightness follows from what can be read."""

    colour = forms.RegexField(
        r"^#[0-9A-Fa-f]{6}$", label=_("Your colour"), widget=forms.TextInput(attrs={"type": "color"})
    )


class LogoForm(forms.Form):
    logo = forms.FileField(
        label=_("Logo"),
        help_text=_("PNG, JPEG or WebP, at most 2 MB. Shown at most 28 pixels high beside your name."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )


class PlaceForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language of messages to customers who chose none"), choices=settings.LANGUAGES
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Of the studio and of new branches; each branch keeps its own."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["timezone"].choices = zone_choices(str(self.initial.get("timezone", "")))


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
