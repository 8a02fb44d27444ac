"""The form of an invitation: who, and one row for each job."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.console.faults import Fault, faults_of
from core.console.staff.forms import EVERY_BRANCH, JobRows, places_for
from core.people.roster import grantable_roles
from core.people.staff import Staff
from tenants.typed import NameField, PhoneLineField


class InvitedForm(forms.Form):
    name = NameField(label=gettext_lazy("Name"), max_length=60)
    phone = PhoneLineField(label=gettext_lazy("Phone"), max_length=20, required=False)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        help_text=gettext_lazy("With a phone or an e-mail address we send the link; you get it to copy in any case."),
    )


class InvitationForms:
    """The invited and the jobs as one thing."""

    def __init__(self, data: Any, staff: Staff) -> None:
        self.form = InvitedForm(data)
        kwargs = {"roles": grantable_roles(staff), "places": places_for(staff, set())}
        self.jobs = JobRows(data, prefix="jobs", form_kwargs=kwargs)

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
