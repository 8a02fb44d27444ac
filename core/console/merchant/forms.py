"""What a studio types in. Keys go one way: they are never put back into a page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.enums import PayRoute
from billing.keys import KEYS, PARTNER

LABELS = {
    "mchid": _("Merchant number"),
    "sub_mchid": _("Sub-merchant number"),
    "sub_appid": _("App ID of your official account"),
    "appid": _("App ID"),
    "app_id": _("App ID"),
    "cert_serial_no": _("Serial number of the API certificate"),
    "private_key": _("Private key"),
    "apiv3_key": _("APIv3 key"),
    "public_key_id": _("ID of WeChat Pay's public key"),
    "public_key": _("Public key of the provider"),
    "app_secret": _("AppSecret of your official account"),
    "verify_name": _("Name of WeChat's check file"),
    "verify_text": _("What is written in that file"),
}
HELP: dict[tuple[str, str], Any] = {
    (PARTNER, "sub_mchid"): _("WeChat Pay gave it to you when you joined under our service-provider number."),
    (PARTNER, "sub_appid"): _("Only if customers pay inside your own official account."),
    (PayRoute.WECHAT, "private_key"): _("The content of apiclient_key.pem."),
    (PayRoute.WECHAT, "apiv3_key"): _("32 letters and digits, set in the merchant platform."),
    (PayRoute.WECHAT, "public_key"): _("The content of pub_key.pem, from the merchant platform."),
    **{
        (route, name): text
        for route in (PARTNER, PayRoute.WECHAT)
        for name, text in {
            "app_secret": _("Of the official account with the app ID above; only for paying inside WeChat."),
            "verify_name": _("As WeChat names it: MP_verify_….txt"),
            "verify_text": _("One line of letters and digits. We show it to WeChat at your address."),
        }.items()
    },
    (PayRoute.ALIPAY, "private_key"): _("The app's private key, made with Alipay's key tool (RSA2)."),
    (PayRoute.ALIPAY, "public_key"): _("Alipay's public key, not the app's own."),
}
COUNTRIES = [
    ("HK", _("Hong Kong")),
    ("SG", _("Singapore")),
    ("JP", _("Japan")),
    ("MY", _("Malaysia")),
    ("AU", _("Australia")),
    ("NZ", _("New Zealand")),
    ("US", _("United States")),
    ("CA", _("Canada")),
    ("GB", _("United Kingdom")),
]
LONGEST = 8000


class SecretArea(forms.Textarea):
    """Shows nothing of what it was given, also after a mistake."""

    def __init__(self) -> None:
        super().__init__(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"})

    def format_value(self, value: Any) -> str:
        return ""


class SecretLine(forms.PasswordInput):
    """As above, in one line."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "off"}, render_value=False)


class StripeForm(forms.Form):
    country = forms.ChoiceField(label=_("Where the business is registered"), choices=COUNTRIES)
    email = forms.EmailField(label=_("E-mail for Stripe"), required=False)


class KeysForm(forms.Form):
    """The keys of one wallet. `route`: a name of billing.keys.KEYS. `shown`: what is kept, of secrets the end."""

    def __init__(self, data: Any, route: str, shown: dict[str, str]) -> None:
        super().__init__(data)
        for key in KEYS[route]:
            is_kept = key.is_secret and bool(shown.get(key.name))
            needed = not is_kept and not key.is_optional
            field = forms.CharField(label=LABELS[key.name], required=needed, max_length=LONGEST)
            if key.is_secret:
                field.widget = SecretArea() if key.shape in {"private", "public"} else SecretLine()
            field.initial = "" if key.is_secret else shown.get(key.name, "")
            field.help_text = HELP.get((route, key.name), "")
            if is_kept:
                field.help_text = _("Kept: %(end)s. Leave it empty to keep it.") % {"end": shown[key.name]}
            self.fields[key.name] = field
