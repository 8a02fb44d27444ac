"""What customers type."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.errors import Refusal
from core.people.phone import to_e164


class PhoneForm(forms.Form):
    """The number to which the code goes."""

    phone = forms.CharField(
        label=gettext_lazy("Mobile number"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )

    def clean_phone(self) -> str:
        """E.164; whether it is somebody's is not said here."""
        try:
            return to_e164(self.cleaned_data["phone"])
        except Refusal:
            raise forms.ValidationError(_("Please check the number: 11 digits, or with + and the country.")) from None


class CodeForm(forms.Form):
    """Six digits, typed or pasted, with whatever a message app puts around them."""

    code = forms.CharField(
        label=gettext_lazy("Code from the message"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )

    def clean_code(self) -> str:
        """The digits alone; full-width ones count too."""
        digits = "".join(str(int(sign)) for sign in self.cleaned_data["code"] if sign.isdecimal())
        if len(digits) != 6:
            raise forms.ValidationError(_("The code has six digits."))
        return digits

    def add_refusal(self, refusal: Refusal) -> None:
        """A verb's no, in words. The code is taken out of the page: Enter pressed once too often is no second try."""
        self.add_error("code", refusal_sentence(refusal))
        self.data = {**self.data.dict(), "code": ""}


class PinForm(CodeForm):
    """The six digits on the card."""

    code = forms.CharField(
        label=gettext_lazy("PIN"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "autofocus": True}),
    )

    def clean_code(self) -> str:
        try:
            return super().clean_code()
        except forms.ValidationError:
            raise forms.ValidationError(_("The PIN has six digits.")) from None


def refusal_sentence(refusal: Refusal) -> str:
    """Why logging in did not work, and what to do. Says nothing about who is known."""
    facts: dict[str, Any] = refusal.facts
    sentences = {
        "code.wrong": _("This code is not right. Please check the message."),
        "code.expired": _("This code is too old. Please have a new one sent."),
        "code.too_many_tries": _("That were too many wrong tries. Please have a new code sent."),
        "pin.wrong": _("This PIN is not right. Please look at the card again."),
        "pin.shut": _("That were too many wrong tries. Please wait %(wait)s, or log in with your phone number.")
        % {"wait": waiting_time(facts.get("wait", 60))},
        "pin.too_often": _("Please wait %(wait)s before the next try.") % {"wait": waiting_time(facts.get("wait", 60))},
        "code.too_often": _("Please wait %(wait)s before the next try.")
        % {"wait": waiting_time(facts.get("wait", 60))},
    }
    return sentences.get(refusal.code, _("Logging in is not possible right now. Please try again in a minute."))


def waiting_time(seconds: int) -> str:
    """For people: 40 seconds, 12 minutes."""
    if seconds <= 90:
        return _("%(n)s seconds") % {"n": seconds}
    return _("%(n)s minutes") % {"n": -(-seconds // 60)}
