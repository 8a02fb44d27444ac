"""Which period to compare."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.reports.periods import MONTH, QUARTER, WEEK, Period, period_of

PERIODS = [(WEEK, _("This week")), (MONTH, _("This month")), (QUARTER, _("This quarter"))]


class PeriodForm(forms.Form):
    """`period` names a running span; a typed first and last day go before it."""

    period = forms.ChoiceField(choices=PERIODS, required=False)
    first = forms.DateField(label=_("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        elif first and last and (last - first).days > 366:
            self.add_error("last", _("At most a year at once."))
        return data

    def span(self, today: dt.date) -> Period:
        """The period to show; a faulty form shows this month beside its errors."""
        if not self.is_valid():
            return period_of(MONTH, today)
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        if first and last:
            return Period(first, last + dt.timedelta(days=1))
        return period_of(self.cleaned_data["period"] or MONTH, today)
