"""What the pages of packages show: their states, a price for three sample days, the card that customers see."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from core.catalog import selectors
from core.catalog.models import Package, PackageVersion
from core.catalog.rates import Moment, Quote, price
from core.catalog.terms import Terms, digest
from core.catalog.wording import Section, sections
from core.kernel import clock
from core.studios.models import Branch

SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A package on the list. `state`: draft (never published) · published · changed (the draft differs)."""

    package: Package
    state: str
    latest: PackageVersion | None
    sold: int


def state_of(package: Package, latest: PackageVersion | None) -> str:
    if latest is None:
        return "draft"
    return "published" if latest.digest == digest(package.terms()) else "changed"


def shown_packages() -> list[Shown]:
    """Every package with its state: five queries, however many packages."""
    rows = Package.objects.prefetch_related("products", "extras", "slots").order_by("-is_offered", "position", "pk")
    found = []
    for package in selectors.with_latest(rows).annotate(sold=Count("orders")):
        latest = package.latest[0] if package.latest else None
        found.append(Shown(package, state_of(package, latest), latest, package.sold))
    return found


# -- Three sample days -------------------------------------------------------------------------------------------------
class SampleForm(forms.Form):
    """Where and when the price is tried."""

    branch = forms.ModelChoiceField(label=_("Branch"), queryset=Branch.objects.none(), empty_label=None)

    def __init__(self, data: Any = None) -> None:
        branches = Branch.objects.filter(is_active=True)
        first = branches.first()
        zone = first.timezone if first else "UTC"
        super().__init__(data, prefix="sample", initial={"branch": first})
        fields: dict[str, Any] = self.fields
        fields["branch"].queryset = branches
        for i, moment in enumerate(sample_moments(zone)):
            widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
            fields[f"at_{i}"] = forms.CharField(label=_("Date and time"), required=False, widget=widget)
            self.initial[f"at_{i}"] = f"{moment:%Y-%m-%dT%H:%M}"

    def moments(self) -> list[Moment]:
        """What was typed, on the branch's wall clock; what is no time is not agreed yet."""
        found = []
        for i in range(SAMPLES):
            try:
                at = dt.datetime.fromisoformat(self.cleaned_data.get(f"at_{i}") or "")
            except ValueError:
                found.append(Moment())
                continue
            found.append(Moment(at.date(), at.time().replace(tzinfo=None)))
        return found


def sample_moments(zone: str) -> list[dt.datetime]:
    """Next Saturday afternoon, next Wednesday morning, a Sunday of the high season half a year ahead."""
    today = clock.now().astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)

    def next_day(weekday: int, after: dt.datetime, hour: int) -> dt.datetime:
        return after + dt.timedelta(days=(weekday - after.weekday() - 1) % 7 + 1, hours=hour)

    return [next_day(5, today, 15), next_day(2, today, 10), next_day(6, today + dt.timedelta(days=180), 10)]


@dataclass(frozen=True, slots=True)
class Tried:
    """The price at one moment, on the branch's wall clock (None: no day agreed)."""

    at: dt.datetime | None
    quote: Quote


def tried(terms: dict[str, Any], package_id: int, form: SampleForm) -> list[Tried]:
    """The draft's price at the sample moments. Two queries."""
    branch, rules, money = form.cleaned_data["branch"], selectors.price_rules(), selectors.currency()
    read = Terms.of(terms)
    found = []
    for moment in form.moments():
        asked: dict[str, Any] = {"branch": branch, "package_id": package_id, "moment": moment, "currency": money}
        at = dt.datetime.combine(moment.day, moment.hour or dt.time.min) if moment.day else None
        found.append(Tried(at, price(read, rules, **asked)))
    return found


def card(terms: dict[str, Any]) -> dict[str, Any]:
    """Context of components/offer.html."""
    found: list[Section] = sections(terms, selectors.currency())
    return {"terms": terms, "sections": found}
