"""How an appointment looks: in the agenda, on the timeline, on its sheet."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel import clock
from core.orders.dates import orders_by_appointment
from core.orders.models import Order
from core.people.enums import Capability
from core.people.phone import mask, pretty
from core.scheduling.enums import AppointmentState, Lending
from core.scheduling.models import Appointment, ResourceClaim

TONES = {"held": "warn", "confirmed": "ok", "done": "neutral", "cancelled": "bad", "expired": "neutral"}
ICONS = {"held": "clock", "confirmed": "check", "done": "circle-check", "cancelled": "circle-x", "expired": "clock"}


@dataclass(frozen=True)
class Step:
    """A block with who serves it."""

    name: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    crew: list[str]


@dataclass(frozen=True)
class Face:
    """An appointment with its words. `phone` is masked unless the viewer may see customers."""

    row: Appointment
    zone: str
    tone: str
    icon: str
    url: str
    crew: list[str]
    steps: list[Step] = field(default_factory=list)
    order: Order | None = None
    phone: str = ""
    lent: list[ResourceClaim] = field(default_factory=list)

    @property
    def state(self) -> str:
        return str(AppointmentState(self.row.state).label)

    @property
    def kind(self) -> str:
        return str(self.row.get_kind_display())

    @property
    def hold_left(self) -> str:
        """How long a hold lasts still."""
        if self.row.state != AppointmentState.HELD or not self.row.hold_expires_at:
            return ""
        minutes = int((self.row.hold_expires_at - clock.now()).total_seconds() // 60)
        if minutes < 0:
            return _("run out")
        return _("%(h)d h %(m)d min left") % {"h": minutes // 60, "m": minutes % 60}


def faces_of(rows: Iterable[Appointment], *, full_phones: bool = False) -> list[Face]:
    """Faces of appointments that were loaded with their parts. One query, for the orders."""
    found = list(rows)
    orders = orders_by_appointment([row.pk for row in found])
    return [_face(row, orders.get(row.pk), full_phones=full_phones) for row in found]


def _face(row: Appointment, order: Order | None, *, full_phones: bool) -> Face:
    claims = list(row.claims.all())
    phone = (pretty if full_phones else mask)(row.customer.phone) if row.customer else ""
    return Face(
        row=row,
        zone=row.branch.timezone,
        tone=TONES[row.state],
        icon=ICONS[row.state],
        url=reverse("console:calendar:appointment", args=[row.code]),
        crew=list(dict.fromkeys(claim.resource.name for claim in claims)),
        steps=[
            Step(
                block.name,
                block.starts_at,
                block.ends_at,
                [claim.resource.name for claim in claims if block.position in claim.positions],
            )
            for block in row.blocks.all()
        ],
        order=order,
        phone=phone,
        lent=[claim for claim in claims if claim.lending != Lending.OWN],
    )


@dataclass(frozen=True)
class Day:
    """A day of the agenda."""

    day: dt.date
    faces: list[Face]
    is_today: bool
    holiday: str = ""


def agenda_of(
    faces: list[Face], first: dt.date, until: dt.date, today: dt.date, holidays: dict[dt.date, str]
) -> list[Day]:
    """The appointments by the day on which they begin; days without any only where few are shown."""
    days: dict[dt.date, list[Face]] = {}
    for face in faces:
        begun = max(face.row.starts_at.astimezone(clock.zone(face.zone)).date(), first)
        days.setdefault(begun, []).append(face)
    span = [first + dt.timedelta(days=i) for i in range((until - first).days)]
    return [
        Day(day, days.get(day, []), day == today, holidays.get(day, ""))
        for day in span
        if days.get(day) or len(span) <= 7
    ]


def kind_filter(faces: list[Face], kind: str) -> list[Face]:
    """Those that use a resource of the kind."""
    if not kind:
        return faces
    return [face for face in faces if any(kind in {c.resource.kind, *c.resource.also} for c in face.row.claims.all())]


def local_iso(instant: dt.datetime, zone: str) -> str:
    """By the branch's clock and without a zone: what the timeline and `datetime-local` fields speak."""
    return instant.astimezone(clock.zone(zone)).strftime("%Y-%m-%dT%H:%M")


def instant_of_local(text: str, zone: str) -> dt.datetime | None:
    """The instant that a branch's clock shows; None for nonsense."""
    try:
        naive = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return naive.replace(tzinfo=clock.zone(zone)).astimezone(dt.UTC) if naive.tzinfo is None else None


def may_of(staff: Any, row: Appointment) -> dict[str, bool]:
    """What the viewer may do with an appointment now."""
    book = staff.may(Capability.BOOK_DATES, row.branch_id)
    is_open = row.state in {AppointmentState.HELD, AppointmentState.CONFIRMED}
    begun = row.starts_at <= clock.now()
    return {
        "confirm": book and row.state == AppointmentState.HELD,
        "release": book and row.state == AppointmentState.HELD,
        "revive": book and row.state == AppointmentState.EXPIRED,
        "move": book and is_open,
        "cancel": book and row.state == AppointmentState.CONFIRMED,
        "finish": book and row.state == AppointmentState.CONFIRMED and begun,
        "reopen": book and row.state == AppointmentState.DONE,
        "note": book and (is_open or row.state == AppointmentState.DONE),
    }
