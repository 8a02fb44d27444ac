"""The customer form (R070): name and phone first, the rest when there is time."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.people.models import Customer


class CustomerForm(forms.ModelForm):
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=200, help_text=_("Separated by commas, for example VIP, pets.")
    )
    phone = forms.CharField(label=_("Phone"), max_length=30, widget=forms.TextInput(attrs={"type": "tel"}))

    class Meta:
        model = Customer
        fields = ["name", "phone", "wechat", "birthday", "city", "source", "tags", "note"]
        widgets = {
            "birthday": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["tags"] = ", ".join(self.instance.tags)

    def clean_tags(self) -> list[str]:
        """At most ten words of at most twenty characters."""
        words = [word.strip() for word in self.cleaned_data["tags"].replace("，", ",").split(",")]
        words = list(dict.fromkeys(word for word in words if word))
        if len(words) > 10 or any(len(word) > 20 for word in words):
            raise forms.ValidationError(_("At most ten tags of at most twenty characters."))
        return words

    def validate_unique(self) -> None:
        """The verb decides, with the customer who has the number already."""
