"""Forms of the calendar besides those that plan a date."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.console.calendar.planning import CrewForm
from core.console.orders.forms import StaffField, colleagues, date_input, few_lines
from core.console.orders.taking import known_customer
from core.kernel import clock
from core.kernel.errors import Refusal
from core.people.phone import to_e164
from core.scheduling.enums import PEOPLE, AppointmentKind, DayPart, LeaveKind, ResourceKind
from core.scheduling.models import CalendarRules, Resource
from tenants.typed import NameField

WINDOW = re.compile(r"^(\d{1,2})(?::?(\d{2}))?\s*[-–—~至]\s*(\d{1,2})(?::?(\d{2}))?$")
OFF = {"休", "off", "-", "—", "x"}


def window_of(text: str) -> tuple[int, int]:
    """9:30-18:30, 0930–1830 or 9-18 as minutes of the day. Raises ValidationError."""
    found = WINDOW.match(text.strip().replace("：", ":"))
    if found:
        first, last = (int(found[i]) * 60 + int(found[i + 1] or 0) for i in (1, 3))
        if 0 <= first < last <= 1440:
            return first, last
    raise forms.ValidationError(_("Please write hours like 9:30-18:30."))


def window_words(window: tuple[int, int]) -> str:
    lo, hi = window
    return f"{lo // 60}:{lo % 60:02}-{hi // 60}:{hi % 60:02}"


class PhoneOfCustomer(forms.CharField):
    """The phone of a customer who is known; cleaned to the customer, or None."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            found = known_customer(to_e164(text))
        except Refusal:
            found = None
        if found is None:
            raise forms.ValidationError(_("No customer has this number. Add the customer first."))
        return found


class NewDateForm(CrewForm):
    """A date that is new: when and who, for whom."""

    title = NameField(label=gettext_lazy("Title"), max_length=80)
    customer = PhoneOfCustomer(label=gettext_lazy("Customer’s phone"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False, widget=few_lines())


class NoteForm(forms.Form):
    title = NameField(label=gettext_lazy("Title"), max_length=80)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False, widget=few_lines())


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why?"), max_length=200, widget=few_lines())


class WaitingForm(forms.Form):
    """Somebody who would take a date that becomes free."""

    customer = PhoneOfCustomer(label=gettext_lazy("Customer’s phone"))
    title = NameField(label=gettext_lazy("Title"), max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("What for"), choices=AppointmentKind, initial=AppointmentKind.SHOOT)
    first = forms.DateField(label=gettext_lazy("Earliest day"), widget=date_input())
    last = forms.DateField(label=gettext_lazy("Latest day"), widget=date_input())
    part = forms.ChoiceField(label=gettext_lazy("Time of day"), choices=DayPart, required=False)
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only on"), choices=list(WEEKDAYS.items()), coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("None ticked: any day."),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("first") and cleaned.get("last") and cleaned["first"] > cleaned["last"]:
            self.add_error("last", _("The latest day lies before the earliest."))
        return cleaned


class ResourceForm(forms.Form):
    """Somebody or something whose time is booked."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=ResourceKind)
    name = NameField(label=gettext_lazy("What it is called"), max_length=60)
    user = StaffField(
        label=gettext_lazy("Colleague"), queryset=Resource.objects.none(), required=False,
        help_text=gettext_lazy("Whose calendar it is; leave empty for rooms and things."),
    )  # fmt: skip
    also = forms.MultipleChoiceField(
        label=gettext_lazy("Also works as"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(kind.value, kind.label) for kind in ResourceKind if kind in PEOPLE],
    )  # fmt: skip
    skills = forms.CharField(
        label=gettext_lazy("Skills"), required=False, max_length=200,
        help_text=gettext_lazy("Words by comma, as packages name them: outdoors, newborn, studio A…"),
    )  # fmt: skip
    before = forms.IntegerField(
        label=gettext_lazy("Kept free before (minutes)"), min_value=0, max_value=2880, initial=0
    )
    after = forms.IntegerField(label=gettext_lazy("Kept free after (minutes)"), min_value=0, max_value=10080, initial=0)
    lendable = forms.BooleanField(label=gettext_lazy("Other branches may ask for it"), required=False)
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(self, *args: Any, branch: Any, resource: Resource | None = None, **kwargs: Any) -> None:
        if resource:
            names = ["kind", "name", "also", "before", "after", "lendable", "is_active"]
            initial = {name: getattr(resource, name) for name in names}
            kwargs["initial"] = initial | {"user": resource.user_id, "skills": "，".join(resource.skills)}
        super().__init__(*args, **kwargs)
        user: Any = self.fields["user"]
        user.queryset = colleagues(branch.pk)

    def clean_skills(self) -> list[str]:
        words = re.split(r"[,，、;；\s]+", self.cleaned_data["skills"].strip())
        return list(dict.fromkeys(word[:20] for word in words if word))[:12]


class LeaveForm(forms.Form):
    """Whole days by default; hours for part of one."""

    resource = forms.ModelChoiceField(label=gettext_lazy("Who or what"), queryset=Resource.objects.none())
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=LeaveKind)
    first = forms.DateField(label=gettext_lazy("First day"), widget=date_input())
    last = forms.DateField(label=gettext_lazy("Last day"), widget=date_input())
    hours = forms.CharField(
        label=gettext_lazy("Hours"), required=False, max_length=20,
        help_text=gettext_lazy("Only for part of a day, like 13:00-18:00."),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, branch: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.branch = branch
        resource: Any = self.fields["resource"]
        resource.queryset = Resource.objects.filter(branch=branch, is_active=True)

    def clean_hours(self) -> tuple[int, int] | None:
        text = self.cleaned_data["hours"].strip()
        return window_of(text) if text else None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and (first > last or (last - first).days > 400):
            self.add_error("last", _("The last day lies before the first."))
        if cleaned.get("hours") and first != last:
            self.add_error("hours", _("Hours are for a single day."))
        return cleaned

    def bounds(self) -> tuple[dt.datetime, dt.datetime]:
        """From when until when, by the branch's clock."""
        zone, given = self.branch.timezone, self.cleaned_data
        if given["hours"]:
            lo, hi = given["hours"]
            start = clock.day_start(given["first"], zone)
            return start + dt.timedelta(minutes=lo), start + dt.timedelta(minutes=hi)
        return clock.day_start(given["first"], zone), clock.day_start(given["last"] + dt.timedelta(days=1), zone)


class HoursForm(forms.Form):
    """A branch's week: one line a day, several hours by comma, empty when closed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, name in WEEKDAYS.items():
            self.fields[f"day{day}"] = forms.CharField(label=name, required=False, max_length=60)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for day in range(7):
            text = str(cleaned.get(f"day{day}") or "").strip()
            try:
                windows = [window_of(part) for part in re.split(r"[,，、;；]+", text) if part.strip()]
            except forms.ValidationError as error:
                self.add_error(f"day{day}", error)
            else:
                cleaned[f"day{day}"] = windows
        return cleaned

    def hours(self) -> list[tuple[int, int, int]]:
        return [(day, *window) for day in range(7) for window in self.cleaned_data[f"day{day}"]]


class RulesForm(forms.ModelForm):
    grid = forms.TypedChoiceField(
        label=gettext_lazy("Starts every (minutes)"), choices=[(15, "15"), (30, "30"), (60, "60")], coerce=int
    )

    class Meta:
        model = CalendarRules
        fields = ["grid", "customer_hold", "staff_hold", "offer_hold", "change_days", "horizon", "almanac"]


class HolidayForm(forms.Form):
    """A day out of the ordinary; without hours the branch is closed."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=date_input())
    name = NameField(label=gettext_lazy("What the day is called"), max_length=40)
    hours = forms.CharField(
        label=gettext_lazy("Open at"), required=False, max_length=20, help_text=gettext_lazy("Empty: closed all day.")
    )

    def clean_hours(self) -> tuple[int, int] | None:
        text = self.cleaned_data["hours"].strip()
        return window_of(text) if text else None


class WeekForm(forms.Form):
    """The roster grid: a field for each colleague and day. A row left empty: as the branch is open."""

    def __init__(self, *args: Any, people: list[Resource], days: list[dt.date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people, self.days = people, days
        for person in people:
            for day in days:
                name = f"{person.name}, {WEEKDAYS[day.weekday()]}"
                widget = forms.TextInput(attrs={"list": "shift-hours", "aria-label": name, "autocomplete": "off"})
                self.fields[self.key(person, day)] = forms.CharField(
                    required=False, max_length=20, widget=widget, label=name
                )

    @staticmethod
    def key(person: Resource, day: dt.date) -> str:
        return f"p{person.pk}d{day.weekday()}"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, text in list(cleaned.items()):
            try:
                cleaned[name] = read_shift(str(text or ""))
            except forms.ValidationError as error:
                self.add_error(name, error)
        return cleaned

    def weeks(self) -> list[tuple[Resource, dict[dt.date, tuple[int, int] | None]]]:
        """What changed: for each colleague whose row did, the days that have a shift or are off."""
        found = []
        for person in self.people:
            keys = {day: self.key(person, day) for day in self.days}
            if any(key in self.changed_data for key in keys.values()):
                week = {day: self.cleaned_data[key] for day, key in keys.items()}
                found.append((person, {day: window for day, window in week.items() if window != EMPTY}))
        return found

    def rows(self) -> list[tuple[Resource, list[Any]]]:
        return [(person, [self[self.key(person, day)] for day in self.days]) for person in self.people]


EMPTY = "empty"


def read_shift(text: str) -> Any:
    """Minutes, None for a day off, EMPTY when nothing is said."""
    text = text.strip().lower()
    if not text:
        return EMPTY
    return None if text in OFF or text == str(_("off")).lower() else window_of(text)


def shift_words(starts: int, ends: int) -> str:
    return str(_("off")) if starts == ends else window_words((starts, ends))
