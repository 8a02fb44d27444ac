"""The steps. Each form checks only its own fields; the address is also checked against what exists."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.accounts.models import User
from tenants.models import Studio
from tenants.names import LONGEST, NameRefused, clean_slug, suggestions
from tenants.signup.contact import read_contact
from tenants.typed import NameField, PrintedNameField, tidy

# region: (currency, time zone) — asked as one question, because people know where they are
REGIONS = {
    "cn": (gettext_lazy("Mainland China"), "CNY", "Asia/Shanghai"),
    "hk": (gettext_lazy("Hong Kong"), "HKD", "Asia/Hong_Kong"),
    "mo": (gettext_lazy("Macau"), "MOP", "Asia/Macau"),
    "tw": (gettext_lazy("Taiwan"), "TWD", "Asia/Taipei"),
    "sg": (gettext_lazy("Singapore"), "SGD", "Asia/Singapore"),
    "my": (gettext_lazy("Malaysia"), "MYR", "Asia/Kuala_Lumpur"),
}


class StudioForm(forms.Form):
    name = PrintedNameField(label=gettext_lazy("Studio name"), max_length=80, min_length=2)
    branch_name = PrintedNameField(
        label=gettext_lazy("First branch"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("How you call this shop, for example by its street. You can add more branches later."),
    )
    region = forms.ChoiceField(
        label=gettext_lazy("Where are you?"),
        choices=lambda: [(code, label) for code, (label, _currency, _zone) in REGIONS.items()],
        help_text=gettext_lazy("Sets the currency and the time zone."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language for your customers"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )


class OwnerForm(forms.Form):
    owner_name = NameField(label=gettext_lazy("Your name"), max_length=60)
    owner_contact = NameField(
        label=gettext_lazy("Mobile phone or e-mail"),
        max_length=120,
        help_text=gettext_lazy("We send a code there now, and later what concerns your studio. No advertising."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    owner_username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=60,
        help_text=gettext_lazy("You log in with it. Letters, digits and . @ + - _ only."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    owner_password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=128,
        strip=False,
        help_text=gettext_lazy("At least 8 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    surname_again = forms.CharField(  # people cannot see it; what fills in everything is no person
        label=gettext_lazy("Please leave this empty"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, region: str = "cn", kept_password: str = "", **kwargs: Any) -> None:
        """`region`: where a number without country code belongs. `kept_password`: typed on an earlier visit of the
        step. It is never written into the page.
        """
        super().__init__(*args, **kwargs)
        self.region, self.kept_password = region, kept_password
        if kept_password:
            self.fields["owner_password"].required = False
            self.fields["owner_password"].help_text = gettext_lazy("Kept. Type a new one only to change it.")

    def clean_owner_contact(self) -> str:
        return read_contact(self.cleaned_data["owner_contact"], self.region).to

    def clean_owner_username(self) -> str:
        username: str = self.cleaned_data["owner_username"].strip().lower()
        User._meta.get_field("username").run_validators(username)
        return username

    def clean_owner_password(self) -> str:
        password: str = self.cleaned_data["owner_password"] or self.kept_password
        username = (self.data.get("owner_username") or "").strip().lower()
        if username and password.lower() == username:
            raise ValidationError(_("The password must differ from the user name."))
        validate_password(password)
        return password


def is_good_password(text: str) -> bool:
    try:
        validate_password(text)
    except ValidationError:
        return False
    return True


class CodeForm(forms.Form):
    code = NameField(
        label=gettext_lazy("Verification code"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code"}),
    )

    def clean_code(self) -> str:
        """Six digits, however they were pasted."""
        digits = "".join(str(int(sign)) for sign in self.cleaned_data["code"] if sign.isdecimal())
        if len(digits) != 6:
            raise ValidationError(_("Six digits, please."), code="digits")
        return digits


class AddressForm(forms.Form):
    slug = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=LONGEST + 1,
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false", "inputmode": "url"}
        ),
    )

    def clean_slug(self) -> str:
        try:
            slug = clean_slug(as_address(self.cleaned_data["slug"]))
        except NameRefused as refusal:
            raise ValidationError(sentence(refusal.code), code=refusal.code) from refusal
        if Studio.objects.filter(slug=slug).exists():
            raise ValidationError(sentence("taken"), code="taken")
        return slug


def as_address(text: str) -> str:
    """Words with spaces between them are meant with hyphens."""
    return "-".join(tidy(text).split())


def sentence(code: str) -> str:
    """Why an address cannot be had, for people."""
    return {
        "short": _("At least three characters, please."),
        "long": _("At most forty characters, please."),
        "letters": _("Letters a–z, digits and single hyphens between them; not digits alone."),
        "reserved": _("This address is kept for the platform. Please choose another."),
        "taken": _("This address is taken."),
    }[code]


def refused_code(code: str, facts: dict[str, int], *, sending: bool = False) -> str:
    """Why a code is not taken or not sent, for people."""
    if code == "too_often" and sending:
        return _("Too many codes were asked for. Please wait an hour, or use another phone or e-mail.")
    said = {
        "wrong": _("This is not the code. %(left)s tries are left."),
        "expired": _("This code has ended. Please have a new one sent."),
        "too_many_tries": _("Too many tries. Please have a new code sent."),
        "too_often": _("A code was sent a moment ago. Please wait %(wait)s seconds before you ask for another."),
        "not_sent": _("The code could not be sent. Please check the number or address, or try again."),
    }
    return said[code] % facts


def free_near(slug: str) -> list[str]:
    """Free addresses close to a taken one."""
    close = set(Studio.objects.filter(slug__contains=slug).values_list("slug", flat=True))
    return suggestions(slug, close)


def first_guess(draft: dict[str, dict[str, Any]]) -> str:
    """An address to start from: the studio's name when it is in our letters, else the owner's user name."""
    for text in (draft.get("studio", {}).get("name", ""), draft.get("owner", {}).get("owner_username", "")):
        try:
            slug = clean_slug(slugify(text.split("@")[0]))
        except NameRefused:
            continue
        if not Studio.objects.filter(slug=slug).exists():
            return slug
    return ""
