"""The staff form: who, and one row for each job in a branch."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model, password_validation
from django.utils.translation import gettext_lazy as _

from core.people.enums import Capability
from core.people.roster import grantable_roles
from core.people.staff import Staff
from core.studios.models import Branch

EVERY_BRANCH = "all"


class PersonForm(forms.ModelForm):
    class Meta:
        model = get_user_model()
        fields = ["name", "phone"]


class NewPersonForm(PersonForm):
    password = forms.CharField(
        label=_("First password"),
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
        help_text=_("At least eight characters. The colleague changes it after the first login."),
    )

    class Meta(PersonForm.Meta):
        fields = ["name", "username", "phone"]

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()

    def clean_password(self) -> str:
        password_validation.validate_password(self.cleaned_data["password"])
        return str(self.cleaned_data["password"])

    def validate_unique(self) -> None:
        """The verb decides."""


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("New password"), max_length=128, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_password(self) -> str:
        password_validation.validate_password(self.cleaned_data["password"])
        return str(self.cleaned_data["password"])


class JobRow(forms.Form):
    """A role in a branch; an empty role is no job."""

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branches = staff.branches(Capability.MANAGE_STAFF)
        rows = Branch.objects.filter(is_active=True)
        places = [(str(b.pk), b.name) for b in (rows if branches is None else rows.filter(pk__in=branches))]
        if branches is None:
            places.insert(0, (EVERY_BRANCH, _("All branches")))
        self.fields["role"] = forms.ChoiceField(
            label=_("Role"), choices=[("", "—"), *grantable_roles(staff)], required=False
        )
        self.fields["branch"] = forms.ChoiceField(label=_("Branch"), choices=places, required=False)


JobRows = forms.formset_factory(JobRow, extra=1, max_num=12)


class StaffForms:
    """The person and the jobs as one thing."""

    def __init__(self, data: Any, person: Any, staff: Staff) -> None:
        self.form = PersonForm(data, instance=person) if person else NewPersonForm(data)
        jobs = (
            [{"role": m.role, "branch": str(m.branch_id or EVERY_BRANCH)} for m in person.memberships.all()]
            if person
            else []
        )
        self.jobs = JobRows(data, initial=jobs, prefix="jobs", form_kwargs={"staff": staff})

    def is_valid(self) -> bool:
        valid = all([self.form.is_valid(), self.jobs.is_valid()])
        if valid and not self.memberships():
            self.form.add_error(None, _("Give at least one job; without one, nothing can be seen."))
            return False
        return valid

    def memberships(self) -> list[tuple[str, int | None]]:
        rows = [row for row in self.jobs.cleaned_data if row.get("role")]
        return [(row["role"], None if row["branch"] == EVERY_BRANCH else int(row["branch"])) for row in rows]
