"""Verbs of an order's journey. Each owns its transaction, locks the order, bumps its `rev` and records one event."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from core.kernel import clock, codes, events, live
from core.kernel.errors import Refusal
from core.kernel.events import Kind
from core.kernel.states import lock
from core.orders.enums import TRANSITIONS, OrderState, PersonPart, Stage
from core.orders.models import Order, OrderPerson, OrderStage, StageIssue, StageSetting
from tenants.context import current_studio


@transaction.atomic
def take_order(
    *,
    actor: Any,
    branch: Any,
    customer: Any,
    package: Any,
    title: str = "",
    people: Iterable[tuple[Any, str]] = (),
    owner: Any = None,
    shoot_on: dt.date | None = None,
    promised_on: dt.date | None = None,
    note: str = "",
    price_minor: int | None = None,
) -> Order:
    """Sell a package: freezes its terms, gives the next gap-free number of branch and month, opens the first stage.

    Whoever takes the order answers for the customer (R048) unless `owner` is named. Event ORDER_TAKEN.
    Refusal package.not_offered, branch.closed.
    """
    if not package.is_offered:
        raise Refusal("package.not_offered")
    if not branch.is_active:
        raise Refusal("branch.closed")
    terms = package.terms()
    now = clock.now()
    month = f"{clock.today(branch.timezone):%y%m}"
    order = Order.objects.create(
        code=f"{branch.code}-{month}-{codes.next_number(f'order.{branch.code}.{month}'):04d}",
        title=title or customer.name,
        kind=package.kind,
        customer=customer,
        branch=branch,
        package=package,
        owner=owner or actor,
        terms=terms,
        currency=current_studio().currency,
        price_minor=terms["price_minor"] if price_minor is None else price_minor,
        retouched_included=terms["retouched_included"],
        extra_photo_minor=terms["extra_photo_minor"],
        shoot_on=shoot_on,
        promised_on=promised_on,
        note=note,
        taken_at=now,
    )
    parts = {customer.pk: PersonPart.MAIN, **{person.pk: part for person, part in people if person.pk != customer.pk}}
    OrderPerson.objects.bulk_create(OrderPerson(order=order, customer_id=pk, part=part) for pk, part in parts.items())
    _open_stages(order, actor)
    events.record(Kind.ORDER_TAKEN, order, actor, package=terms["package"], price_minor=order.price_minor)
    return order


def _open_stages(order: Order, actor: Any) -> None:
    """Eight rows from the sale on: default responsible person by role in the branch, due days counted from the sale."""
    settings = {setting.stage: setting for setting in StageSetting.objects.all()}
    due = clock.today(order.branch.timezone)
    rows = []
    for stage in Stage:
        setting = settings.get(stage)
        due += dt.timedelta(days=setting.due_days if setting else 3)
        if stage == Stage.SHOOT and order.shoot_on:
            due = order.shoot_on
        rows.append(OrderStage(order=order, stage=stage, due_on=due, owner_id=_default_owner(order, setting)))
    rows[0].entered_at, rows[0].entered_by = order.taken_at, actor
    OrderStage.objects.bulk_create(rows)


def _default_owner(order: Order, setting: StageSetting | None) -> int:
    """Whoever has the stage's role in the branch and the fewest open orders there; the order's owner if nobody has."""
    from core.people.selectors import least_busy

    if setting is None:
        return int(order.owner_id)
    return least_busy(setting.owner_role, order.branch_id, prefer=order.owner_id) or int(order.owner_id)


def _locked(order: Order, rev: int | None = None) -> Order:
    """The order locked and open. Refusal order.closed, or order.stale when it changed since `rev` was shown."""
    fresh = lock(order)
    if fresh.state != OrderState.OPEN:
        raise Refusal("order.closed", state=fresh.state)
    if rev is not None and fresh.rev != rev:
        raise Refusal("order.stale", rev=fresh.rev)
    return fresh


def _bump(order: Order, *fields: str) -> None:
    order.rev += 1
    order.save(update_fields=["rev", *fields])


@transaction.atomic
def move_order(*, actor: Any, order: Order, target: str, note: str = "", rev: int | None = None) -> Order:
    """Move to the next stage or one back; closes the stage left and opens the one entered. Event ORDER_MOVED.

    Refusal state.forbidden(source, target) | order.closed | order.stale(rev).
    """
    order = _locked(order, rev)
    source = order.stage
    if target not in TRANSITIONS[source]:
        raise Refusal("state.forbidden", source=source, target=str(target))
    now, staff = clock.now(), _staff_or_none(actor)
    OrderStage.objects.filter(order=order, stage=source).update(left_at=now, left_by=staff)
    OrderStage.objects.filter(order=order, stage=target).update(
        entered_at=now, entered_by=staff, left_at=None, left_by=None
    )
    order.stage = target
    _bump(order, "stage")
    events.record(Kind.ORDER_MOVED, order, actor, source=str(source), target=str(target), note=note)
    return order


def _staff_or_none(actor: Any) -> Any:
    """Customers and jobs move orders too, but "entered by" names staff only; the event names everyone."""
    return actor if actor is not None and actor._meta.label_lower == "accounts.user" else None


CHANGEABLE = {"title", "shoot_on", "promised_on", "note", "owner"}


@transaction.atomic
def change_order(*, actor: Any, order: Order, rev: int | None = None, **fields: Any) -> Order:
    """Change title, dates, note or owner. Terms never change here. Event ORDER_CHANGED(fields).

    Refusal order.closed | order.stale(rev).
    """
    if unknown := set(fields) - CHANGEABLE:
        raise TypeError(f"not changeable: {unknown}")
    order = _locked(order, rev)
    changed = [name for name, value in fields.items() if getattr(order, name) != value]
    for name in changed:
        setattr(order, name, fields[name])
    if "shoot_on" in changed and order.shoot_on:
        OrderStage.objects.filter(order=order, stage=Stage.SHOOT).update(due_on=order.shoot_on)
    if changed:
        _bump(order, *changed)
        events.record(Kind.ORDER_CHANGED, order, actor, fields=changed)
    return order


def _stage_row(order: Order, stage: str) -> OrderStage:
    return OrderStage.objects.select_for_update().get(order=order, stage=stage)


@transaction.atomic
def assign_stage(*, actor: Any, order: Order, stage: str, owner: Any) -> Order:
    """Name the responsible person of a stage. Event STAGE_ASSIGNED. Refusal order.closed."""
    order = _locked(order)
    row = _stage_row(order, stage)
    row.owner = owner
    row.save(update_fields=["owner"])
    _bump(order)
    events.record(Kind.STAGE_ASSIGNED, order, actor, stage=str(stage), owner=owner.name)
    return order


@transaction.atomic
def schedule_stage(*, actor: Any, order: Order, stage: str, due_on: dt.date | None) -> Order:
    """Set a stage's due day. Event STAGE_SCHEDULED. Refusal order.closed."""
    order = _locked(order)
    row = _stage_row(order, stage)
    row.due_on = due_on
    row.save(update_fields=["due_on"])
    if stage == Stage.SHOOT:
        order.shoot_on = due_on
    _bump(order, "shoot_on")
    events.record(Kind.STAGE_SCHEDULED, order, actor, stage=str(stage), due=due_on.isoformat() if due_on else "")
    return order


@transaction.atomic
def note_stage(*, actor: Any, order: Order, stage: str, info: dict[str, Any]) -> Order:
    """Save a stage's key information (already cleaned by core.orders.info). Event STAGE_NOTED. Refusal order.closed."""
    order = _locked(order)
    row = _stage_row(order, stage)
    row.info = {**row.info, **info}
    row.save(update_fields=["info"])
    _bump(order)
    events.record(Kind.STAGE_NOTED, order, actor, stage=str(stage))
    return order


@transaction.atomic
def raise_issue(*, actor: Any, order: Order, stage: str, text: str) -> StageIssue:
    """Log a problem or feedback against a stage (R005). Event ISSUE_RAISED."""
    order = lock(order)
    issue = StageIssue.objects.create(order=order, stage=stage, text=text.strip(), raised_by=actor)
    _bump(order)
    events.record(Kind.ISSUE_RAISED, order, actor, stage=str(stage), text=issue.text, issue=issue.pk)
    return issue


@transaction.atomic
def close_issue(*, actor: Any, issue: StageIssue, resolution: str) -> StageIssue:
    """Close an issue with what was done. Event ISSUE_CLOSED. Refusal issue.closed."""
    order = lock(issue.order)
    issue = lock(issue)
    if issue.closed_at:
        raise Refusal("issue.closed")
    issue.closed_at, issue.closed_by, issue.resolution = clock.now(), actor, resolution.strip()
    issue.save(update_fields=["closed_at", "closed_by", "resolution"])
    _bump(order)
    events.record(Kind.ISSUE_CLOSED, order, actor, stage=issue.stage, text=issue.text, resolution=issue.resolution)
    return issue


@transaction.atomic
def cancel_order(*, actor: Any, order: Order, reason: str) -> Order:
    """Take the order off the board for good. Event ORDER_CANCELLED(reason). Refusal order.closed | reason.missing."""
    if not reason.strip():
        raise Refusal("reason.missing")
    order = _locked(order)
    order.state = OrderState.CANCELLED
    _bump(order, "state")
    events.record(Kind.ORDER_CANCELLED, order, actor, reason=reason.strip())
    return order


@transaction.atomic
def finish_order(*, actor: Any, order: Order) -> Order:
    """Close an order whose after-sales is over. Event ORDER_FINISHED. Refusal order.closed | order.not_delivered."""
    order = _locked(order)
    if order.stage != Stage.AFTER_SALES:
        raise Refusal("order.not_delivered", stage=order.stage)
    now = clock.now()
    OrderStage.objects.filter(order=order, stage=order.stage).update(left_at=now, left_by=_staff_or_none(actor))
    order.state = OrderState.DONE
    _bump(order, "state")
    events.record(Kind.ORDER_FINISHED, order, actor)
    return order


@transaction.atomic
def report_progress(*, order_id: int, **facts: Any) -> None:
    """Facts of another floor for the order's card (photos, picked, included…): merged, `rev` grows, boards are poked.

    No event row: picks come fast, and boards heal by comparing revisions (README: live).
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    order.progress = {**order.progress, **facts}
    _bump(order, "progress")
    live.poke(order.event_stream, {"type": "order.progress", "thread": order.event_thread, "seq": 0})
