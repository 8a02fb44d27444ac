"""The shooting plan as staff write it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.booking.enums import Style
from core.booking.models import ShootingPlan
from core.booking.services.plans import LONGEST, MOST_LOOKS


class LookForm(forms.Form):
    """One look: what each of the three crafts does. A row without a title is dropped."""

    title = forms.CharField(label=pgettext_lazy("of a shoot", "Look"), max_length=60, required=False)
    style = forms.ChoiceField(label=_("Style"), choices=[("", "—"), *Style.choices], required=False)
    scene = forms.CharField(label=_("Scene"), max_length=LONGEST, required=False)
    gown = forms.CharField(label=_("Gown master"), max_length=LONGEST, required=False)
    makeup = forms.CharField(label=_("Make-up artist"), max_length=LONGEST, required=False)
    photo = forms.CharField(label=_("Photographer"), max_length=LONGEST, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("title") and any(data.get(name) for name in ("scene", "gown", "makeup", "photo")):
            self.add_error("title", _("Please give the look a name."))
        return data


LookSet = forms.formset_factory(LookForm, extra=0, max_num=MOST_LOOKS, absolute_max=MOST_LOOKS)


class PlanForm(forms.Form):
    """What is said to everybody; `version` and `rev` name the plan that was shown."""

    note = forms.CharField(
        label=_("For everybody"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    rev = forms.IntegerField(widget=forms.HiddenInput)


class PlanForms:
    """The form and its rows, filled from the plan at work, from the last version, or from the wishes."""

    def __init__(self, data: Any, plan: ShootingPlan | None, looks: list[dict[str, Any]]) -> None:
        first = {"version": plan.version if plan else 0, "rev": plan.rev if plan else 0}
        self.form = PlanForm(data, initial={**first, "note": plan.note if plan else ""})
        self.looks = LookSet(data, prefix="looks", initial=None if data else looks)  # unchanged rows count too

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), self.looks.is_valid()])

    def values(self) -> dict[str, Any]:
        """Arguments of `write_plan`."""
        said = self.form.cleaned_data
        rows = [row for row in self.looks.cleaned_data if row.get("title")]
        return {"looks": rows, "note": said["note"], "seen": (said["version"], said["rev"])}
