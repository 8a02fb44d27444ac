"""The staff form: who, and one row for each job in a branch."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model, password_validation
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.console.faults import Fault, faults_of
from core.people.enums import Capability
from core.people.roster import grantable_roles
from core.people.staff import Staff
from core.studios.models import Branch
from tenants.typed import NameField, PhoneLineField

EVERY_BRANCH = "all"


class PersonForm(forms.ModelForm):
    class Meta:
        model = get_user_model()
        fields = ["name", "phone"]
        field_classes = {"name": NameField, "phone": PhoneLineField}


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

    role = forms.ChoiceField(label=_("Role"), required=False)
    branch = forms.ChoiceField(label=_("Branch"), required=False)

    def __init__(self, *args: Any, roles: list[tuple[str, Any]], places: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["role"].choices = [("", "—"), *roles]
        fields["branch"].choices = places if len(places) == 1 else [("", "—"), *places]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("role") and not data.get("branch") and "branch" not in self.errors:
            self.add_error("branch", _("In which branch?"))
        return data


JobRows = forms.formset_factory(JobRow, extra=1, max_num=20, validate_max=True)


class StaffForms:
    """The person and the jobs as one thing."""

    def __init__(self, data: Any, person: Any, staff: Staff) -> None:
        jobs = list(person.memberships.all()) if person else []
        self.form = PersonForm(data, instance=person) if person else NewPersonForm(data)
        self.jobs = JobRows(
            data,
            initial=[{"role": job.role, "branch": str(job.branch_id or EVERY_BRANCH)} for job in jobs],
            prefix="jobs",
            form_kwargs={"roles": grantable_roles(staff), "places": places_for(staff, {job.branch_id for job in jobs})},
        )

    def is_valid(self) -> bool:
        valid = all([self.form.is_valid(), self.jobs.is_valid()])
        if valid and not self.memberships():
            self.form.add_error(None, _("Give at least one job; without one, nothing can be seen."))
            return False
        return valid

    @property
    def faults(self) -> list[Fault]:
        return faults_of([self.form], [self.jobs])

    def memberships(self) -> list[tuple[str, int | None]]:
        rows = [row for row in self.jobs.cleaned_data if row.get("role")]
        return [(row["role"], None if row["branch"] == EVERY_BRANCH else int(row["branch"])) for row in rows]


def places_for(staff: Staff, held: set[int | None]) -> list[tuple[str, Any]]:
    """Open branches where `staff` manages people, closed ones only where the person still has a job."""
    branches = Branch.objects.filter(Q(is_active=True) | Q(pk__in=held - {None}))
    places: list[tuple[str, Any]] = [
        (str(branch.pk), branch.name if branch.is_active else _("%(name)s (closed)") % {"name": branch.name})
        for branch in staff.scope(branches, Capability.MANAGE_STAFF, "pk")
    ]
    if staff.branches(Capability.MANAGE_STAFF) is None:
        places.append((EVERY_BRANCH, _("All branches")))
    return places
