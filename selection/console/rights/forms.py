"""What staff say of photographs for the sample library."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from selection.rights.enums import SampleKind
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
