"""Forms of the order page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.orders.enums import Stage
from core.orders.models import Order
from tenants.accounts.models import User


def colleagues(branch_id: int) -> Any:
    """Who may answer for something in this branch: active staff of it, and those of every branch."""
    here = User.objects.filter(is_active=True, memberships__branch_id=branch_id)
    everywhere = User.objects.filter(is_active=True, memberships__isnull=False, memberships__branch=None)
    return (here | everywhere).distinct().order_by("name", "pk")


class StaffField(forms.ModelChoiceField):
    """A colleague by name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name or obj.username)


def date_input() -> forms.DateInput:
    """The browser's own calendar."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class MoveForm(forms.Form):
    """To which stage, from which revision; `confirmed` answers the question about missing key information."""

    target = forms.ChoiceField(choices=Stage)
    rev = forms.IntegerField(required=False)
    note = forms.CharField(
        label=_("Why is it going back?"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    confirmed = forms.BooleanField(required=False)
    undo = forms.BooleanField(required=False)


class DutyForm(forms.Form):
    """Who answers for a stage, and until when (R003, R004)."""

    owner = StaffField(label=_("Responsible"), queryset=User.objects.none(), required=False)
    due_on = forms.DateField(label=_("Due"), required=False, widget=date_input())

    def __init__(self, *args: Any, branch_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues(branch_id)  # type: ignore[attr-defined]


class IssueForm(forms.Form):
    """A problem or feedback, logged against a stage (R005)."""

    text = forms.CharField(label=_("What happened?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class IssueEndForm(forms.Form):
    resolution = forms.CharField(label=_("What was done?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is the order cancelled?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class OrderForm(forms.ModelForm):
    """What may change after the sale. The package's terms may not: they are frozen."""

    rev = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Order
        fields = ["title", "owner", "shoot_on", "promised_on", "note"]
        field_classes = {"owner": StaffField}
        labels = {"owner": _("Responsible for the customer")}
        widgets = {
            "shoot_on": date_input(),
            "promised_on": date_input(),
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = colleagues(self.instance.branch_id)  # type: ignore[attr-defined]
        self.initial.setdefault("rev", self.instance.rev)
