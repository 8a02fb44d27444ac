"""What staff say about a gallery."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PublishForm(forms.Form):
    deadline = forms.DateField(
        label=_("Choose before"),
        required=False,
        help_text=_("The customer sees this day everywhere; nothing locks by itself."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, today: dt.date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if today is not None:  # the browser asks at once; the verb refuses all the same
            self.fields["deadline"].widget.attrs["min"] = today.isoformat()


class UnlockForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is the selection opened again?"),
        max_length=200,
        help_text=_("The customer may choose again; the order goes back to selection. Colleagues read the reason."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
