"""What staff say about an album."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel.codes import random_code
from selection.album.services.comments import ANSWER_LENGTH, TEXT_LENGTH
from selection.album.services.work import NAME_LENGTH


class WorkForm(forms.Form):
    """Who lays it out, until when. The choices are the colleagues of the branch who may."""

    designer = forms.TypedChoiceField(label=_("Album designer"), coerce=int)
    due_on = forms.DateField(
        label=_("Due"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, colleagues: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["designer"].choices = colleagues


class StartForm(WorkForm):
    """`slot`: the number of the album's slot in the gallery, when it has one."""

    name = forms.CharField(label=_("Name of the album"), max_length=NAME_LENGTH)
    slot = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ["name", "designer", "due_on"]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class RemarkForm(forms.Form):
    key = forms.RegexField(r"^[A-Za-z0-9_-]{4,32}$", widget=forms.HiddenInput, initial=random_code)
    text = forms.CharField(
        label=_("Ask or tell the customer something"), max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )


class SettleForm(forms.Form):
    outcome = forms.ChoiceField(choices=[("done", ""), ("declined", "")])
    answer = forms.CharField(required=False, max_length=ANSWER_LENGTH)
