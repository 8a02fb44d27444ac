"""Forgot the password: where to send the code, the code, the new password."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.console.account.forms import CodeForm
from core.console.sentences import refusal_sentence
from core.kernel.errors import Refusal
from core.people.reached import read_address


class AddressForm(forms.Form):
    address = forms.CharField(
        label=gettext_lazy("Mobile phone or e-mail"),
        max_length=254,
        help_text=gettext_lazy("The one that your studio has of you."),
        widget=forms.TextInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_address(self) -> str:
        try:
            return read_address(self.cleaned_data["address"])
        except Refusal as refusal:
            raise ValidationError(refusal_sentence(refusal)) from refusal


class DigitsForm(CodeForm):
    def clean_code(self) -> str:
        """Six digits, however they were pasted."""
        digits = "".join(str(int(sign)) for sign in self.cleaned_data["code"] if sign.isdecimal())
        if len(digits) != 6:
            raise ValidationError(_("Six digits, please."))
        return digits


class NewPasswordForm(forms.Form):
    """Typed once: password managers and the eye button replace typing it twice. `people`: whom the code may be for."""

    username = forms.ChoiceField(label=gettext_lazy("User name"), widget=forms.RadioSelect)
    password = forms.CharField(
        label=gettext_lazy("New password"),
        max_length=200,
        strip=False,
        help_text=gettext_lazy("At least 8 characters, not only digits, nothing that everybody uses."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {user.username: user for user in people}
        field: Any = self.fields["username"]
        field.choices = [(user.username, f"{user.username} · {user.name}") for user in people]
        if len(people) == 1:
            field.required, field.initial = False, people[0].username

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"] or self.fields["username"].initial)

    def clean_password(self) -> str:
        user = self.people.get(self.cleaned_data.get("username", ""))
        if user is not None and self.cleaned_data["password"].lower() == user.username.lower():
            raise ValidationError(_("The password must differ from the user name."))
        password_validation.validate_password(self.cleaned_data["password"], user)
        return str(self.cleaned_data["password"])
