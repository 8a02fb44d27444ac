"""The branch form."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from core.studios.models import Branch

NEAR = ["Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Macau", "Asia/Singapore", "Asia/Kuala_Lumpur"]


class BranchForm(forms.ModelForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=4,
        required=False,
        help_text=_("Two to four capital letters; every order number starts with it."),
    )
    timezone = forms.ChoiceField(label=_("Time zone"))

    class Meta:
        model = Branch
        fields = ["name", "code", "city", "address", "phone", "timezone", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = sorted(available_timezones() - set(NEAR))
        self.fields["timezone"].choices = [(zone, zone) for zone in [*NEAR, *others]]  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip().upper()
        if code and not (2 <= len(code) <= 4 and code.isascii() and code.isalpha()):
            raise forms.ValidationError(_("Two to four capital letters."))
        return code or self.instance.code

    def validate_unique(self) -> None:
        """The verb decides."""
