"""The way in for those who have a studio already."""

from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.names import NameRefused, clean_slug
from tenants.typed import NameField


class WhichStudioForm(forms.Form):
    """A studio's address, alone or with everything around it. Whether such a studio exists is not asked."""

    studio = NameField(
        label=gettext_lazy("Your studio’s address"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "on", "spellcheck": "false"}),
    )

    def clean_studio(self) -> str:
        """The slug."""
        try:
            return clean_slug(_slug_in(self.cleaned_data["studio"]))
        except NameRefused:
            raise ValidationError(
                _("Please type the address that was chosen at sign-up: letters and digits, not the studio’s name.")
            ) from None


def _slug_in(text: str) -> str:
    """`guangying` of `https://guangying.yinglou.cn/console/`, `yinglou.cn/s/guangying/` and `guangying`."""
    try:
        parts = urlsplit(text if "//" in text else f"//{text}")
    except ValueError:
        return text
    host = parts.hostname or ""
    if host == settings.PLATFORM_HOST and parts.path.startswith("/s/"):
        return parts.path.split("/")[2]
    return host.removesuffix(f".{settings.PLATFORM_HOST}")
