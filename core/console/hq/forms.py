"""Which period to compare."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.reports.periods import MONTH, QUARTER, WEEK, Period, period_of

PERIODS = [(WEEK, _("This week")), (MONTH, _("This month")), (QUARTER, _("This quarter"))]
FIRST_YEAR, LAST_YEAR, MOST_DAYS = 2000, 2100, 366


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class PeriodForm(forms.Form):
    """`period` names a running span; a typed first and last day go before it."""

    period = forms.ChoiceField(choices=PERIODS, required=False)
    first = forms.DateField(label=_("First day"), required=False, widget=_day())
    last = forms.DateField(label=_("Last day"), required=False, widget=_day())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("first", "last"):
            if data.get(name) and not FIRST_YEAR <= data[name].year <= LAST_YEAR:
                self.add_error(name, _("Please check the year."))
        first, last = data.get("first"), data.get("last")
        if bool(first) != bool(last) and not self.errors:
            self.add_error("last" if first else "first", _("Please give both days."))
        elif first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        elif first and last and (last - first).days >= MOST_DAYS:
            self.add_error("last", _("At most a year at once."))
        return data

    def span(self, today: dt.date) -> Period:
        """The period to show; a faulty form shows this month beside its errors."""
        if not self.is_valid():
            return period_of(MONTH, today)
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        if first and last:
            return Period(first, last + dt.timedelta(days=1))
        return period_of(self.cleaned_data["period"], today)
