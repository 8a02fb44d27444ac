"""Questions about orders: boards, today, one order and its journey."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from core.kernel import clock, events
from core.orders.enums import OrderState, Stage
from core.orders.models import Order, OrderStage, StageIssue
from core.people.enums import Capability
from core.people.staff import Staff
from tenants.context import current_studio

PROOFS_DAYS = 2  # proofs must be there this long before the selection day (R057)
# What selection reports of a gallery that the customer can see.
SHOWN_STATES = ["open", "submitted", "retouching", "proofing", "signed_off", "delivered"]
HANDED_STATES = ("delivered", "archived")  # of a gallery: the customer has the photographs
ALBUM_AT_WORK = ("designing", "proofing")


@dataclass(frozen=True, slots=True)
class Card:
    """An order as a board shows it. `days_left` counts to the stage's due day in the branch's zone, or is None."""

    id: int
    code: str
    title: str
    kind: str
    package: str
    stage: str
    branch_id: int
    branch: str
    owner_id: int | None
    owner: str
    due_on: dt.date | None
    days_left: int | None
    today: dt.date
    entered_at: dt.datetime | None
    shoot_on: dt.date | None
    progress: dict[str, Any]
    open_issues: int
    rev: int

    @property
    def is_overdue(self) -> bool:
        return self.days_left is not None and self.days_left < 0 and not self.is_handed_over

    @property
    def is_handed_over(self) -> bool:
        """Whether production stands although the customer has the photographs: they are not late any more."""
        return handed_over(self.stage, self.progress)

    @property
    def is_in_vain(self) -> bool:
        """Whether the guest might come to choose and find nothing (R057)."""
        if self.stage != Stage.SELECTION or self.progress.get("gallery_state") in SHOWN_STATES:
            return False
        return self.days_left is not None and self.days_left <= PROOFS_DAYS

    @property
    def is_due(self) -> bool:
        return self.days_left is not None and 0 <= self.days_left <= 1


def handed_over(stage: str, progress: dict[str, Any]) -> bool:
    """In production, its photographs delivered, and no album waited for."""
    is_kept = progress.get("gallery_state") in HANDED_STATES
    return stage == Stage.PRODUCTION and is_kept and progress.get("album_state", "") not in ALBUM_AT_WORK


def _handed() -> Q:
    """`handed_over` of stage rows, as the database asks it."""
    is_kept = Q(stage=Stage.PRODUCTION, order__progress__gallery_state__in=HANDED_STATES)
    return is_kept & ~Q(order__progress__album_state__in=ALBUM_AT_WORK)


def _visible(staff: Staff, capability: Capability = Capability.VIEW_BOARD) -> QuerySet[Order]:
    orders: QuerySet[Order] = staff.scope(Order.objects.all(), capability)
    return orders


def _board(
    staff: Staff, branch_id: int | None = None, *, mine: bool = False, kind: str = "", role: str = "", search: str = ""
) -> QuerySet[OrderStage]:
    """The current stage row of every open order that the filters leave, with all a card needs: one query."""
    rows = OrderStage.objects.filter(order__state=OrderState.OPEN, stage=F("order__stage"))
    rows = staff.scope(rows, Capability.VIEW_BOARD, "order__branch_id")
    if branch_id is not None:
        rows = rows.filter(order__branch_id=branch_id)
    if mine:
        rows = rows.filter(Q(owner=staff.user) | Q(order__owner=staff.user))
    if kind:
        rows = rows.filter(order__kind=kind)
    if role:
        rows = rows.filter(owner__memberships__role=role).distinct()
    if search:
        rows = rows.filter(
            Q(order__title__icontains=search)
            | Q(order__code__icontains=search)
            | Q(order__customer__phone__contains=search)
        )
    return rows


def _cards(rows: QuerySet[OrderStage]) -> list[Card]:
    rows = rows.select_related("order__branch", "owner").order_by(F("due_on").asc(nulls_last=True), "order_id")
    found = list(rows)
    issues = dict(
        StageIssue.objects.filter(order_id__in=[row.order_id for row in found], closed_at=None)
        .values_list("order_id")
        .annotate(number=Count("pk"))
    )
    return [_card(row, issues.get(row.order_id, 0)) for row in found]


def _card(row: OrderStage, open_issues: int) -> Card:
    order = row.order
    today = clock.today(order.branch.timezone)
    days = (row.due_on - today).days if row.due_on else None
    return Card(
        id=order.pk,
        code=order.code,
        title=order.title,
        kind=order.kind,
        package=str(order.terms.get("package", "")),
        stage=order.stage,
        branch_id=order.branch_id,
        branch=order.branch.name,
        owner_id=row.owner_id,
        owner=row.owner.name if row.owner else "",
        due_on=row.due_on,
        days_left=days,
        today=today,
        entered_at=row.entered_at,
        shoot_on=order.shoot_on,
        progress=order.progress,
        open_issues=open_issues,
        rev=order.rev,
    )


def board_cards(
    *, staff: Staff, branch_id: int | None = None, mine: bool = False, kind: str = "", role: str = "", search: str = ""
) -> dict[str, list[Card]]:
    """Every open order the staff member may see, by stage (all eight keys), most urgent first. Two queries."""
    columns: dict[str, list[Card]] = {stage: [] for stage in Stage}
    for card in _cards(_board(staff, branch_id, mine=mine, kind=kind, role=role, search=search)):
        columns[card.stage].append(card)
    return columns


def board_revs(*, staff: Staff, branch_id: int | None = None, **filters: Any) -> list[tuple[int, int]]:
    """(order id, revision) of the same cards: what a screen compares after a broken connection."""
    return list(_board(staff, branch_id, **filters).values_list("order_id", "order__rev"))


def cards(order_ids: list[int], staff: Staff, branch_id: int | None = None, **filters: Any) -> list[Card]:
    """The cards of these orders as far as they are open, visible and left by the filters."""
    return _cards(_board(staff, branch_id, **filters).filter(order_id__in=order_ids))


@dataclass(frozen=True, slots=True)
class ColumnCount:
    """How full a column is, without its cards. `in_vain`: guests who might come to choose and find nothing (R057)."""

    number: int = 0
    overdue: int = 0
    due: int = 0
    in_vain: int = 0


def board_counts(*, staff: Staff, branch_id: int | None = None, **filters: Any) -> dict[str, ColumnCount]:
    """The counts of the same cards, by stage (all eight keys); "today" is the studio's. One query."""
    today = clock.today(current_studio().timezone)
    late, due = Q(due_on__lt=today), Q(due_on=today)
    soon = Q(stage=Stage.SELECTION, due_on__lte=today + dt.timedelta(days=PROOFS_DAYS))
    vain = soon & ~Q(order__progress__gallery_state__in=SHOWN_STATES)
    rows: Any = _board(staff, branch_id, **filters).order_by().values_list("stage")
    rows = rows.annotate(
        number=Count("pk", distinct=True),
        overdue=Count("pk", filter=late & ~_handed(), distinct=True),
        due=Count("pk", filter=due, distinct=True),
        in_vain=Count("pk", filter=vain, distinct=True),
    )
    counts = {stage: ColumnCount(*numbers) for stage, *numbers in rows}
    return {stage: counts.get(stage, ColumnCount()) for stage in Stage}


def waiting_for(staff: Staff) -> int:
    """How many orders stand in a stage that is this staff member's and due today or overdue. One query."""
    today = clock.today(current_studio().timezone)
    mine = _board(staff).filter(owner=staff.user, due_on__lte=today)
    return mine.exclude(_handed() & Q(due_on__lt=today)).count()


def last_moves(order_ids: list[int]) -> list[events.Event]:
    """The latest ORDER_MOVED of each of these orders. One query."""
    threads = [f"order.{pk}" for pk in order_ids]
    moves = events.Event.objects.filter(thread__in=threads, kind=events.Kind.ORDER_MOVED)
    return list(moves.order_by("thread", "-id").distinct("thread"))


def card(order_id: int, staff: Staff) -> Card | None:
    """One card; None when it left the board or is not visible."""
    return next(iter(cards([order_id], staff)), None)


def order_for(staff: Staff, code: str) -> Order | None:
    """An order by its number, if it is in a branch whose board the staff member sees."""
    related = ("branch", "customer", "package", "owner", "account")
    return _visible(staff).select_related(*related).filter(code=code.upper()).first()


def orders_of(customer: Any) -> list[Order]:
    """Orders that a customer is on, newest first, without cancelled ones."""
    rows = Order.objects.filter(people__customer=customer).exclude(state=OrderState.CANCELLED)
    return list(rows.select_related("branch", "owner", "package", "account").order_by("-taken_at"))


def order_of(customer: Any, code: str) -> Order | None:
    """An order by its number, if the customer is on it."""
    related = ("branch", "owner", "package", "customer", "account")
    rows = Order.objects.filter(people__customer=customer).select_related(*related)
    return rows.filter(code=code.upper()).first()


def timeline(order: Order, limit: int = 100) -> list[events.Event]:
    """What happened to the order, newest first."""
    return events.thread(order.event_thread, limit)


@dataclass(frozen=True, slots=True)
class StageLine:
    """One of the eight stages of an order's journey. `state`: done · now · next."""

    stage: str
    label: str
    state: str
    owner_id: int | None
    owner: str
    due_on: dt.date | None
    entered_at: dt.datetime | None
    left_at: dt.datetime | None
    is_overdue: bool
    row: OrderStage


def journey_of(order: Order) -> list[StageLine]:
    """The order's eight stages in order. One query."""
    rows = {
        row.stage: row
        for row in OrderStage.objects.filter(order=order).select_related("owner", "entered_by", "left_by")
    }
    today = clock.today(order.branch.timezone)
    return [_line(order, rows[stage], today) for stage in Stage]


def _line(order: Order, row: OrderStage, today: dt.date) -> StageLine:
    stage, now = Stage(row.stage), Stage(order.stage)
    is_over = stage.number < now.number or order.state == OrderState.DONE
    state = "done" if is_over else "now" if stage == now else "next"
    late = state == "now" and order.state == OrderState.OPEN and row.due_on is not None and row.due_on < today
    late = late and not handed_over(order.stage, order.progress)
    return StageLine(
        stage=stage,
        label=str(stage.label),
        state=state,
        owner_id=row.owner_id,
        owner=row.owner.name if row.owner else "",
        due_on=row.due_on,
        entered_at=row.entered_at,
        left_at=row.left_at,
        is_overdue=late,
        row=row,
    )


@dataclass(frozen=True, slots=True)
class Today:
    """What wants attention now, most urgent first. A card appears in one list only."""

    asks: list[Card] = field(default_factory=list)  # a customer asks for something and waits (`asks_of`)
    shoots: list[Card] = field(default_factory=list)
    overdue: list[Card] = field(default_factory=list)
    due: list[Card] = field(default_factory=list)
    handed: list[Card] = field(default_factory=list)  # the photographs are delivered, production still stands
    not_ready: list[Card] = field(default_factory=list)  # selection within two days and no photographs (R057)
    choosing: list[Card] = field(default_factory=list)
    issues: list[StageIssue] = field(default_factory=list)

    @property
    def is_quiet(self) -> bool:
        return not any(getattr(self, name) for name in self.__dataclass_fields__)


def asks_of(progress: dict[str, Any]) -> str:
    """What a customer has asked that nobody has answered: "reopening", "rights" (a consent was taken back) or ""."""
    if progress.get("reopening") == "asked":
        return "reopening"
    return "rights" if progress.get("rights") == "revoked" else ""


def today_of(staff: Staff) -> Today:
    """The staff member's day: own cards before others' (stable order), in the branches he sees. Three queries."""
    rows = _board(staff)
    found = sorted(
        _cards(rows), key=lambda c: (c.owner_id != staff.user.pk, c.days_left if c.days_left is not None else 999)
    )
    day = Today(issues=_open_issues(staff))
    for item in found:
        if asks_of(item.progress):
            day.asks.append(item)
        elif item.stage == Stage.SHOOT and item.shoot_on == item.today:
            day.shoots.append(item)
        elif item.stage == Stage.SELECTION and not item.progress.get("photos") and (item.days_left or 0) <= 2:
            day.not_ready.append(item)
        elif item.is_overdue:
            day.overdue.append(item)
        elif item.is_handed_over and (item.days_left or 0) < 0:
            day.handed.append(item)
        elif item.is_due:
            day.due.append(item)
        elif item.stage == Stage.SELECTION and item.progress.get("photos"):
            day.choosing.append(item)
    return day


def _open_issues(staff: Staff) -> list[StageIssue]:
    rows = StageIssue.objects.filter(closed_at=None, order__state=OrderState.OPEN).select_related("order", "raised_by")
    return list(staff.scope(rows, Capability.VIEW_BOARD, "order__branch_id")[:50])


# -- Work for the worker -----------------------------------------------------------------------------------------------
def orders_to_count(since: dt.datetime) -> list[Order]:
    """Orders under way, and those that a stage was left of since then."""
    rows = Order.objects.exclude(account=None).select_related("account__branch", "branch")
    late = OrderStage.objects.filter(left_at__gte=since).values("order_id")
    return list(rows.filter(Q(state=OrderState.OPEN) | Q(pk__in=late)).order_by("pk"))


def orders_without_due_days() -> list[Order]:
    """Orders under way with an instalment that has no day yet."""
    rows = Order.objects.filter(state=OrderState.OPEN, account__instalments__due_on=None).exclude(account=None)
    return list(rows.exclude(account__instalments=None).select_related("account__branch", "branch").distinct())
