"""Finding a time and a crew for a chain: the form's fields, the proposals, and the plan that comes of them."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.booking.dated import Swap, swaps
from core.console.calendar.faces import instant_of_local, local_iso
from core.console.calendar.place import day_of
from core.console.calendar.sentences import why_words
from core.kernel import clock
from core.orders.enums import Wish
from core.scheduling.chains import Chain, Role, length_of, needs_told, roles_of, spans_of
from core.scheduling.enums import ResourceKind
from core.scheduling.models import Resource
from core.scheduling.selectors import SlotQuery, free_slots
from core.scheduling.solver import PlannedBlock, Slot

LOOK_AHEAD, MOST, PER_DAY = 14, 400, 8
LABELS = dict(ResourceKind.choices)


@dataclass(frozen=True)
class DayOffer:
    """Starts of a day with links that fill the form; `more`: how many were left out."""

    day: dt.date
    offers: list[dict[str, Any]]
    more: int


@dataclass
class Planning:
    """`given`: the URL's wishes: start, crew (ids by role, by comma), swap (old:new), from (a day)."""

    branch: Any
    chain: Chain
    given: QueryDict
    customer: Any = None
    crew: tuple[int, ...] = ()  # who serves now
    begins: dt.datetime | None = None
    without: int | None = None
    keep: dict[str, str] | None = None  # parts of the URL that links carry on

    @cached_property
    def parts(self) -> list[Role]:
        return roles_of(self.chain)

    @cached_property
    def resources(self) -> list[Resource]:
        """Those of the branch, and of others as far as they lend."""
        rows = Resource.objects.filter(Q(branch=self.branch) | Q(lendable=True), is_active=True)
        return sorted(
            rows.select_related("branch"), key=lambda one: (one.branch_id != self.branch.pk, one.position, one.pk)
        )

    def fitting(self, role: Role) -> list[Resource]:
        return [
            one
            for one in self.resources
            if role.kind in {one.kind, *one.also} and (not role.skill or role.skill in one.skills)
        ]

    def choices(self, role: Role) -> list[tuple[str, str]]:
        """For a select: own ones, then those to be asked for."""
        rows = [("", _("Nobody yet"))]
        for one in self.fitting(role):
            lent = _("%(name)s (%(branch)s, to be asked)") % {"name": one.name, "branch": one.branch.name}
            rows.append((str(one.pk), one.name if one.branch_id == self.branch.pk else lent))
        return rows

    def label(self, role: Role) -> str:
        """摄影师（外景）: 拍摄."""
        skill = f" ({role.skill})" if role.skill else ""
        blocks = " + ".join(self.chain[span[2]].name for span in role.spans)
        return f"{LABELS.get(role.kind, role.kind)}{skill} · {blocks}"

    @cached_property
    def start(self) -> dt.datetime | None:
        """The start asked for, or the one there is."""
        return instant_of_local(self.given.get("start", ""), self.branch.timezone) or self.begins

    @cached_property
    def wanted(self) -> list[str]:
        """Resource ids by role as the URL wants them, else who serves now, a swap applied."""
        given = self.given.get("crew", "").split(",")
        if any(given):
            return [*given, *[""] * len(self.parts)][: len(self.parts)]
        left, found = [str(pk) for pk in self.crew], []
        old, _colon, new = self.given.get("swap", "").partition(":")
        for role in self.parts:
            mine = next((pk for pk in left if any(str(one.pk) == pk for one in self.fitting(role))), "")
            if mine:
                left.remove(mine)
            found.append(new if mine and mine == old else mine)
        return found

    def initial(self) -> dict[str, Any]:
        start = local_iso(self.start, self.branch.timezone) if self.start else ""
        return {"start": start} | {f"role{i}": pk for i, pk in enumerate(self.wanted)}

    def plan(self, start: dt.datetime, crew: list[int | None]) -> list[PlannedBlock]:
        """The chain from `start`, each role served as chosen."""
        plan = []
        for (lo, hi, position), block in zip(spans_of(self.chain), self.chain, strict=True):
            here = tuple(
                pk
                for role, pk in zip(self.parts, crew, strict=True)
                if pk is not None and any(span[2] == position for span in role.spans)
            )
            times = start + dt.timedelta(minutes=lo), start + dt.timedelta(minutes=hi)
            plan.append(PlannedBlock(block.name, *times, here, needs_told(block.needs)))
        return plan

    @cached_property
    def first(self) -> dt.date:
        """The day from which is looked."""
        today = clock.today(self.branch.timezone)
        wished = day_of(self.given.get("from", "")) or (self.start and self.start.astimezone(self.zone).date())
        return max(today, wished or today)

    @property
    def zone(self) -> Any:
        return clock.zone(self.branch.timezone)

    @cached_property
    def found(self) -> Any:
        """Free slots of the next weeks, the present crew first."""
        ids = tuple(int(pk) for pk in self.wanted if pk.isdecimal()) or self.crew
        until = self.first + dt.timedelta(days=LOOK_AHEAD)
        lend = self.given.get("lend") == "1"
        query = SlotQuery(
            self.branch, self.chain, self.first, until, customer=self.customer, prefer=ids, without=self.without,
            lend=lend, limit=MOST,
        )  # fmt: skip
        return free_slots(query)

    def days(self) -> list[DayOffer]:
        """Proposals by day; of a day with many every second, third… so that morning and evening both show."""
        by_day: dict[dt.date, list[Slot]] = {}
        for slot in self.found.slots:
            by_day.setdefault(slot.starts_at.astimezone(self.zone).date(), []).append(slot)
        offers = []
        for day, slots in by_day.items():
            step = -(-len(slots) // PER_DAY)
            shown = slots[::step]
            offers.append(DayOffer(day, [self._offer(slot) for slot in shown], len(slots) - len(shown)))
        return offers

    @cached_property
    def had(self) -> list[Resource]:
        """Who and what serves now."""
        return [one for one in self.resources if one.pk in self.crew]

    @property
    def swaps(self) -> list[Swap]:
        """What the crew that fills the form takes away from the date as it is."""
        return swaps(self.had, [one for one in self.resources if str(one.pk) in self.wanted])

    def _offer(self, slot: Slot) -> dict[str, Any]:
        start = slot.starts_at.astimezone(self.zone)
        crew = ",".join(str(one.pk) for one in slot.crew)
        return {
            "time": f"{start:%H:%M}",
            "query": self.query(start=f"{start:%Y-%m-%dT%H:%M}", crew=crew),
            "crew": " · ".join(slot.names),
            "lent": " · ".join(slot.lent),
            "swaps": swaps(self.had, slot.crew),
        }

    def query(self, **changes: str) -> str:
        query = QueryDict(mutable=True)
        parts = {"from": self.first.isoformat(), "lend": self.given.get("lend", ""), **(self.keep or {}), **changes}
        for name, value in parts.items():
            if value:
                query[name] = value
        return query.urlencode()

    def reasons(self) -> list[dict[str, Any]]:
        """Why there is nothing, days with the same reason together."""
        return [{"text": why_words(why, LABELS), "days": list(why.days)} for why in self.found.why]

    @property
    def minutes(self) -> int:
        return length_of(self.chain)


class CrewForm(forms.Form):
    """When, and who serves."""

    start = forms.CharField(label=gettext_lazy("Begins"))

    def __init__(self, *args: Any, planning: Planning, **kwargs: Any) -> None:
        kwargs["initial"] = planning.initial() | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.planning = planning
        self.fields["start"].widget = forms.TextInput(attrs={"type": "datetime-local", "step": "300"})
        roles = {}
        for i, role in enumerate(planning.parts):
            roles[f"role{i}"] = forms.ChoiceField(
                label=planning.label(role), choices=planning.choices(role), required=False
            )
        self.fields = {"start": self.fields.pop("start"), **roles, **self.fields}

    def clean_start(self) -> dt.datetime:
        start = instant_of_local(self.cleaned_data["start"], self.planning.branch.timezone)
        if start is None or not 2000 <= start.year <= 2099:
            raise forms.ValidationError(_("Please give day and time."))
        return start.replace(second=0, microsecond=0)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        crew = [pk for pk in self.crew() if pk is not None]
        if len(crew) != len(set(crew)):
            raise forms.ValidationError(_("Nobody can serve twice at the same time."))
        return cleaned

    def crew(self) -> list[int | None]:
        given = [self.cleaned_data.get(f"role{i}") for i in range(len(self.planning.parts))]
        return [int(pk) if pk else None for pk in given]

    def plan(self) -> list[PlannedBlock]:
        return self.planning.plan(self.cleaned_data["start"], self.crew())


class MoveForm(CrewForm):
    """Another time, and why. `seq`: the date as the form showed it. A `promised` date needs a reason and whose wish it
    is when its start changes; everybody who has signed is told then, whatever is ticked.
    """

    seq = forms.IntegerField(widget=forms.HiddenInput)
    wish = forms.ChoiceField(
        label=gettext_lazy("Whose wish is it?"), choices=Wish, widget=forms.RadioSelect, required=False
    )
    reason = forms.CharField(label=gettext_lazy("Why?"), max_length=200, required=False)
    say = forms.BooleanField(label=gettext_lazy("Tell the customer by message"), required=False, initial=True)

    def __init__(self, *args: Any, promised: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if promised:
            self.fields["reason"].help_text = gettext_lazy(
                "Needed when the time changes. The customer reads it, and it stands in the annex."
            )
            del self.fields["say"]
        else:
            del self.fields["wish"]

    def told(self) -> dict[str, Any]:
        """What the verb is told besides plan and lending."""
        return {name: self.cleaned_data.get(name) or "" for name in ("reason", "wish")}
