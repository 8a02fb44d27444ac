"""What staff say about a delivery."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from selection.delivery.enums import Originals

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class DeliverForm(forms.Form):
    """Who looked at every file, and until when the customer may fetch them."""

    checked = forms.BooleanField(
        label=_("Every file was looked at in full size"),
        error_messages={"required": _("Please have every file looked at first.")},
    )
    checked_by = forms.TypedChoiceField(label=_("Checked by"), coerce=int)
    check_note = forms.CharField(label=_("Note"), max_length=200, required=False)
    deliver_until = forms.DateField(label=_("Access until"), widget=DAY)

    def __init__(self, *args: Any, colleagues: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checked_by"].choices = colleagues


class ExtendForm(forms.Form):
    until = forms.DateField(label=_("Access until"), widget=DAY)


class GrantFilesForm(forms.Form):
    originals = forms.ChoiceField(label=_("What else"), choices=[c for c in Originals.choices if c[0]])
    grant_reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Colleagues read it in the history."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class ArchiveForm(forms.Form):
    archive_reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class ReviveForm(forms.Form):
    revive_until = forms.DateField(label=_("Access until"), widget=DAY)
    revive_reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    price = forms.CharField(
        label=_("Agreed price"), max_length=60, required=False, help_text=_("Words only; nothing is charged here.")
    )


class StoryForm(forms.Form):
    """`numbers` are the photographs, as ticked."""

    title = forms.CharField(label=_("Title"), max_length=80)
    text = forms.CharField(
        label=_("Text"), max_length=8000, required=False, help_text=_("An empty line begins a new paragraph."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip
    published = forms.BooleanField(label=_("The customer sees it"), required=False)
