"""The customer form (R070): name and phone first, the rest when there is time."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.people.models import Customer
from core.people.phone import pretty
from core.people.selectors import fingerprint
from tenants.typed import PrintedNameField

SEPARATORS = re.compile(r"[,，、;；]")


class CustomerForm(forms.ModelForm):
    phone = forms.CharField(label=_("Phone"), max_length=30, widget=forms.TextInput(attrs={"type": "tel"}))
    tags = forms.CharField(
        label=_("Tags"), required=False, max_length=200, help_text=_("Separated by commas, for example VIP, pets.")
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = Customer
        fields = ["name", "phone", "wechat", "birthday", "city", "source", "tags", "note"]
        field_classes = {"name": PrintedNameField}
        widgets = {"birthday": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["tags"] = ", ".join(self.instance.tags)
            self.initial["phone"] = pretty(self.instance.phone)
            self.initial["seen"] = fingerprint(self.instance)

    def values(self) -> dict[str, Any]:
        """Arguments of core.people.services.add_customer."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def look_again(self) -> None:
        """What the record is like now has been seen: the next attempt to save counts."""
        data: Any = self.data.copy()
        data["seen"] = fingerprint(Customer.objects.get(pk=self.instance.pk))
        self.data = data

    def clean_birthday(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["birthday"]
        if day and not 1900 <= day.year <= clock.now().year + 1:
            raise forms.ValidationError(_("Please check the year."))
        return day

    def clean_tags(self) -> list[str]:
        """At most ten words of at most twenty characters."""
        words = [word.strip() for word in SEPARATORS.split(self.cleaned_data["tags"])]
        words = list(dict.fromkeys(word for word in words if word))
        if len(words) > 10 or any(len(word) > 20 for word in words):
            raise forms.ValidationError(_("At most ten tags of at most twenty characters."))
        return words

    def validate_unique(self) -> None:
        """The verb decides, with the customer who has the number already."""
