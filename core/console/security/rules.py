"""Which jobs must have a second step, and from when: for whoever decides about the whole studio."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.console.access import requires
from core.console.sentences import refusal_sentence
from core.console.studio.views import tabs_of
from core.kernel import clock
from core.kernel.errors import Refusal
from core.people import security
from core.people.enums import Capability, Role
from core.people.selectors import without_step
from tenants.context import current_studio


class RuleForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("These jobs must have a second step"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    since = forms.DateField(
        label=gettext_lazy("Starting on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy(
            "From that day on, whoever has none is led to set one up after logging in, and to nothing else. "
            "Jobs that are bound already stay so."
        ),
    )


@requires(Capability.KEEP_STUDIO)
@never_cache
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest) -> HttpResponse:
    """The rule, and who would have to act."""
    if request.staff.branches(Capability.KEEP_STUDIO) is not None:
        raise PermissionDenied
    known, today = security.rules(), clock.today(current_studio().timezone)
    coming = [day for day in known.values() if day > today]
    initial: dict[str, Any] = {"roles": list(known), "since": min(coming, default=today)}
    form = RuleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            security.rule_steps(actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("since", refusal_sentence(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("console:security:rule")
    labels = dict(Role.choices)
    bound = [(labels[role], day) for role, day in sorted(known.items(), key=lambda item: (item[1], item[0]))]
    context = {"form": form, "bound": bound, "without": without_step(known), "tabs": tabs_of("console:security:rule")}
    return render(request, "console/security/rule.html", context, status=422 if form.is_bound else 200)
