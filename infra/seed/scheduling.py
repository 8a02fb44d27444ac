"""The demo's calendars: people, rooms, rosters, and the dates of these weeks, told by the verbs of the product."""

import datetime as dt
import random
from collections.abc import Callable, Iterable
from typing import Any

from core.kernel import clock
from core.kernel.errors import Refusal
from core.orders.dates import take_date
from core.orders.enums import OrderState, Stage
from core.orders.models import Order
from core.people.models import Membership
from core.scheduling import services as calendar
from core.scheduling.chains import USUAL, Block, Chain, Need
from core.scheduling.enums import AppointmentKind, ResourceKind
from core.scheduling.models import Appointment, Resource
from core.scheduling.selectors import SlotQuery, free_slots
from core.scheduling.solver import Slot

K = ResourceKind
CRAFTS = {  # role → kind
    "photographer": K.PHOTOGRAPHER,
    "makeup_artist": K.MAKEUP_ARTIST,
    "gown_master": K.GOWN_MASTER,
    "assistant": K.ASSISTANT,
    "selection_adviser": K.SELECTION_ADVISER,
}
THINGS = [  # kind, name, skills, before, after, lendable
    (K.ROOM, "化妆间", ["化妆间"], 0, 10, False),
    (K.ROOM, "影棚 A", ["影棚"], 0, 15, False),
    (K.ROOM, "影棚 B", ["影棚"], 0, 15, False),
    (K.SCENE, "海边外景", ["外景"], 30, 30, True),
    (K.CAR, "商务车", [], 15, 15, True),
    (K.SELECTION_SEAT, "选片室 1", [], 0, 10, False),
    (K.SELECTION_SEAT, "选片室 2", [], 0, 10, False),
]
HOURS = [(day, 570, 1110 if day < 5 else 1230) for day in range(7)]
WEEKS_BACK, WEEKS_AHEAD, BACK, AHEAD = 2, 5, 21, 40
FIRM = {Stage.SIGNING, Stage.PREPARATION, Stage.SHOOT, Stage.SELECTION, Stage.PRODUCTION, Stage.DELIVERY}
OUTDOORS: Chain = (
    Block("化妆", 90, (Need(K.MAKEUP_ARTIST), Need(K.ROOM, "化妆间"))),
    Block("外景", 150, (Need(K.PHOTOGRAPHER), Need(K.SCENE), Need(K.CAR)), 15),
    Block("内景", 60, (Need(K.PHOTOGRAPHER), Need(K.ROOM, "影棚"))),
)
INDOORS: Chain = (
    Block("化妆", 60, (Need(K.MAKEUP_ARTIST), Need(K.ROOM, "化妆间"))),
    Block("内景", 90, (Need(K.PHOTOGRAPHER), Need(K.ROOM, "影棚"))),
)
SISTERS: Chain = (
    Block("化妆", 120, (Need(K.MAKEUP_ARTIST, "", 3),)),
    Block("外景", 240, (Need(K.PHOTOGRAPHER, "", 2),)),
)
Desk = Callable[[str], Any]


def tell_calendar(branches: Iterable[Any], desk: Desk, dice: random.Random, now: dt.datetime) -> None:
    """Resources and rosters of every branch, its orders' dates, holds, a waiting list, a leave that hits a booking."""
    for branch in branches:
        actor = desk(branch.code)
        _furnish(branch, actor)
        _rosters(branch, actor, now)
        _shoots(branch, actor, now)
        _visits(branch, actor, dice, now)
        _holds(branch, actor, dice, now)
        _leave(branch, actor, now)


def _furnish(branch: Any, actor: Any) -> None:
    calendar.save_hours(actor=actor, branch=branch, hours=HOURS)
    year = clock.today(branch.timezone).year + 1
    calendar.save_holiday(actor=actor, branch=branch, day=dt.date(year, 1, 1), name="元旦", opens=720, closes=1110)
    jobs: dict[Any, list[str]] = {}
    rows = Membership.objects.filter(branch=branch, role__in=CRAFTS).order_by("pk").select_related("user")
    for row in rows:
        jobs.setdefault(row.user, []).append(CRAFTS[row.role])
    for user, kinds in jobs.items():
        if not Resource.objects.filter(user=user).exists():
            buffer = 15 if kinds[0] == K.PHOTOGRAPHER else 0
            calendar.save_resource(
                actor=actor, branch=branch, kind=kinds[0], also=kinds[1:], name=user.name, user=user, after=buffer,
                lendable=kinds[0] == K.PHOTOGRAPHER,
            )  # fmt: skip
    for kind, name in (
        (K.PHOTOGRAPHER, f"{branch.city}兼职摄影"),
        (K.MAKEUP_ARTIST, "驻店化妆"),
        (K.ASSISTANT, "灯光助理"),
    ):
        calendar.save_resource(actor=actor, branch=branch, kind=kind, name=name, after=15)
    for i, (kind, name, skills, before, after, lendable) in enumerate(THINGS):
        told: dict[str, Any] = {"skills": skills, "before": before, "after": after, "lendable": lendable, "position": i}
        calendar.save_resource(actor=actor, branch=branch, kind=kind, name=name, **told)


def _rosters(branch: Any, actor: Any, now: dt.datetime) -> None:
    """Five or six days a week each, the day off going round; weekends all hands."""
    today = clock.today(branch.timezone)
    first = today - dt.timedelta(days=today.weekday() + 7 * WEEKS_BACK)
    people = [one for one in Resource.objects.filter(branch=branch).order_by("pk") if one.is_person]
    for week in range(WEEKS_BACK + WEEKS_AHEAD):
        monday = first + dt.timedelta(days=7 * week)
        for i, person in enumerate(people):
            off = (i + week) % 4
            shifts = {
                monday + dt.timedelta(days=day): (570, 1110) if day < 5 else (570, 1230)
                for day in range(7)
                if day != off
            }
            calendar.save_week(actor=actor, resource=person, monday=monday, shifts=dict(shifts))


def _chain(order: Order) -> Chain:
    return OUTDOORS if order.kind == "wedding" else INDOORS


def _slot(branch: Any, chain: Chain, day: dt.date, *, last: bool = False) -> Slot | None:
    found = free_slots(SlotQuery(branch, chain, day, day + dt.timedelta(days=1), past=True)).slots
    return (found[-1] if last else found[0]) if found else None


def _shoots(branch: Any, actor: Any, now: dt.datetime) -> None:
    """Orders with a day have it in the calendar; those who only ask have not."""
    today = clock.today(branch.timezone)
    window = (today - dt.timedelta(days=BACK), today + dt.timedelta(days=AHEAD))
    rows = Order.objects.filter(branch=branch, state=OrderState.OPEN, stage__in=FIRM, shoot_on__range=window)
    for order in rows.select_related("branch", "customer").order_by("shoot_on", "pk"):
        _take(actor, order, AppointmentKind.SHOOT, _slot(branch, _chain(order), order.shoot_on), now)


def _take(actor: Any, order: Order, kind: str, slot: Slot | None, now: dt.datetime) -> Appointment | None:
    """Booked a day after the sale; over when it is over."""
    if slot is None:
        return None
    with clock.at(min(order.taken_at + dt.timedelta(days=1), now)):
        try:
            made = take_date(actor=actor, order=order, kind=kind, plan=slot.plan(), firm=True)
        except Refusal:
            return None
    if made.ends_at < now:
        with clock.at(made.ends_at):
            calendar.finish(actor=actor, appointment=made)
    return made


def _visits(branch: Any, actor: Any, dice: random.Random, now: dt.datetime) -> None:
    """Fittings before the shoot, choosing and pickups after it."""
    today = clock.today(branch.timezone)
    visits = [
        (Stage.PREPARATION, AppointmentKind.FITTING, range(6)),
        (Stage.SELECTION, AppointmentKind.SELECTION, range(8)),
        (Stage.PRODUCTION, AppointmentKind.VIEWING, range(-4, 9)),
        (Stage.DELIVERY, AppointmentKind.PICKUP, range(-2, 6)),
    ]
    for stage, kind, days in visits:
        rows = Order.objects.filter(branch=branch, state=OrderState.OPEN, stage=stage).select_related(
            "branch", "customer"
        )
        for order in rows.order_by("pk")[:5]:
            day = today + dt.timedelta(days=dice.choice(list(days)))
            _take(actor, order, kind, _slot(branch, USUAL[kind], day, last=dice.random() < 0.4), now)


def _holds(branch: Any, actor: Any, dice: random.Random, now: dt.datetime) -> None:
    """The next Saturday: one couple thinks it over, and somebody waits for it."""
    today = clock.today(branch.timezone)
    saturday = today + dt.timedelta(days=(5 - today.weekday()) % 7 + 7)
    asking = Order.objects.filter(branch=branch, state=OrderState.OPEN, stage__in=[Stage.ENQUIRY, Stage.SIGNING])
    rows = list(asking.select_related("branch", "customer").order_by("stage", "pk"))
    for order in rows[:1]:
        if slot := _slot(branch, _chain(order), saturday):
            take_date(actor=actor, order=order, kind=AppointmentKind.SHOOT, plan=slot.plan())
    for order in rows[1:3]:
        calendar.add_waiting(
            actor=actor, branch=branch, customer=order.customer, title=order.title, chain=SISTERS,
            thread=order.event_thread, first=saturday, last=saturday, part="morning", note="姐妹团，只要这个周六上午",
        )  # fmt: skip


def _leave(branch: Any, actor: Any, now: dt.datetime) -> None:
    """A photographer falls ill on a day with a booking: it stays, and is listed."""
    ahead = Appointment.objects.filter(branch=branch, state="confirmed", starts_at__gt=now + dt.timedelta(days=2))
    for row in ahead.order_by("starts_at"):
        claim = row.claims.filter(active=True, resource__kind=K.PHOTOGRAPHER).select_related("resource").first()
        if claim:
            day = clock.day_start(row.starts_at.astimezone(clock.zone(branch.timezone)).date(), branch.timezone)
            calendar.add_leave(
                actor=actor, resource=claim.resource, starts_at=day, ends_at=day + dt.timedelta(days=1), kind="sick",
                note="发烧，已请假",
            )  # fmt: skip
            return
