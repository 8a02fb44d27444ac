"""The branch form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.console.zones import zone_choices
from core.studios.models import Branch
from tenants.typed import PhoneLineField, PrintedNameField


class BranchForm(forms.ModelForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=4,
        required=False,
        help_text=_("Two to four letters; every order number starts with them. Empty: we choose."),
    )
    timezone = forms.ChoiceField(label=_("Time zone"))

    class Meta:
        model = Branch
        fields = ["name", "code", "city", "address", "phone", "timezone", "is_active"]
        field_classes = {
            "name": PrintedNameField, "city": PrintedNameField, "address": PrintedNameField, "phone": PhoneLineField,
        }  # fmt: skip
        labels = {"is_active": _("Open for business")}
        help_texts = {"is_active": _("A closed branch takes no new orders; those under way go on.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["timezone"].choices = zone_choices(str(self.get_initial_for_field(fields["timezone"], "timezone")))
        if self.instance.pk and self.instance.orders.exists():
            fields["code"].disabled = True
            fields["code"].help_text = _("Orders carry this code already; it cannot change any more.")

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip().upper()
        if code and not (2 <= len(code) <= 4 and code.isascii() and code.isalpha()):
            raise forms.ValidationError(_("Two to four letters from A to Z."))
        return code or self.instance.code

    def validate_unique(self) -> None:
        """The verb decides."""
