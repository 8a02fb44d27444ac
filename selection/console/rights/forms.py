"""What staff say of photographs for the sample library."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.studios.models import Branch
from selection.intake import ACCEPT
from selection.rights.enums import Purpose, SampleKind
from selection.rights.tags import parsed


class TagField(forms.CharField):
    """Tags as typed, cleaned to the list that is kept."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("With commas between: 白纱，外景，森系"))
        super().__init__(label=_("Tags"), max_length=300, required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        return parsed(super().clean(value))


class SampleForm(forms.Form):
    kind = forms.ChoiceField(label=_("What it is"), choices=SampleKind.choices, widget=forms.RadioSelect)
    tags = TagField()


class SamplesForm(SampleForm):
    """`photo`: numbers of the gallery's photographs; only what consent covers is offered."""

    photo = forms.TypedMultipleChoiceField(coerce=int, label=_("Photos"))

    def __init__(self, *args: Any, numbers: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo"].choices = [(number, number) for number in numbers]


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files of one input."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=Files(attrs={"accept": ACCEPT}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, (list, tuple)) else [data]
        return [super(FilesField, self).clean(each, initial) for each in given]


class WorksForm(forms.Form):
    """The studio's own works, and what it declares of them."""

    pictures = FilesField(
        label=_("Photos"), help_text=_("Up to ten at once; only pictures with your mark are kept here.")
    )
    whose = forms.CharField(
        label=_("Whose"), max_length=80, help_text=_("The photographer, and everybody who is on the photos.")
    )
    evidence = forms.CharField(
        label=_("Evidence"), max_length=300,
        help_text=_("Where the signed release is kept, for example a contract’s number."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    purposes = forms.MultipleChoiceField(
        label=_("Allowed for"), choices=Purpose.choices, widget=forms.CheckboxSelectMultiple
    )
    until = forms.DateField(
        label=_("Until"), required=False, help_text=_("Empty: no end."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )  # fmt: skip
    branch = forms.ModelChoiceField(label=_("Branch"), queryset=Branch.objects.none(), empty_label=None)
    look = forms.CharField(label=_("Look"), max_length=60, required=False)
    tags = TagField()
    declared = forms.BooleanField(
        label=_("I have seen the release: everybody on these photos agrees to these uses."),
        error_messages={"required": _("Without a release no work comes in.")},
    )

    def __init__(self, *args: Any, branches: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches
