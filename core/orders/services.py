"""Verbs of an order's journey. Each owns its transaction, locks the order, bumps its `rev` and records one event."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from core.catalog.quotes import Quote, quote
from core.catalog.rates import NOTHING_ELSE, Moment, Wanted, agreed
from core.catalog.selectors import latest_version
from core.catalog.services import redeem_coupon, release_coupons
from core.finance import services as money
from core.finance.enums import When, Who
from core.finance.models import Account
from core.kernel import clock, codes, events, live, rows
from core.kernel.errors import Refusal
from core.kernel.events import Kind
from core.kernel.states import lock
from core.orders import deadlines
from core.orders.enums import TRANSITIONS, OrderState, PersonPart, Stage
from core.orders.freeing import cancel_dates
from core.orders.locking import bump, locked
from core.orders.models import Order, OrderPerson, OrderStage, StageIssue, StageSetting
from core.orders.moves import counting_moves
from core.people.selectors import least_busy
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
    wanted: Wanted = NOTHING_ELSE,
) -> Order:
    """Sell a package: freezes the terms of its latest version with the itemised price, gives the next gap-free number
    of branch and month, opens the first stage.

    The price is the quote's for the shoot's instant or day with the `wanted` add-ons and coupon, which is used up;
    another `price_minor` becomes a discount line. Without a promised day the version's promise counts from the shoot.
    Whoever takes the order answers for the customer (R048) unless `owner` is named. `people` are (customer, part). Its
    books are opened with that price, line by line (`core.finance`).
    Event ORDER_TAKEN. Refusal package.not_offered | branch.closed | addon.… | coupon.… (core.catalog.quotes).
    """
    branch, package, version = _for_sale(branch, package)
    shoot_on = shoot_on or Moment.of(wanted.shoot_at, branch.timezone).day
    priced = quote(version, branch, wanted.shoot_at or shoot_on, wanted.addons, wanted.coupon, customer)
    terms = sold_terms(version, priced, price_minor)
    if promised_on is None and shoot_on and terms.get("promised_days"):
        promised_on = shoot_on + dt.timedelta(days=terms["promised_days"])
    month = f"{clock.today(branch.timezone):%y%m}"
    order = Order.objects.create(
        code=f"{branch.code}-{month}-{codes.next_number(f'order.{branch.code}.{month}'):04d}",
        title=title or customer.name,
        kind=terms["kind"],
        customer=customer,
        branch=branch,
        package=package,
        package_version=version,
        owner=owner or actor,
        terms=terms,
        currency=current_studio().currency,
        price_minor=priced.total_minor if price_minor is None else price_minor,
        retouched_included=terms["retouched_included"],
        extra_photo_minor=terms["extra_photo_minor"],
        shoot_on=shoot_on,
        promised_on=promised_on,
        note=note,
        taken_at=clock.now(),
    )
    parts = {customer.pk: PersonPart.MAIN, **{person.pk: part for person, part in people if person.pk != customer.pk}}
    OrderPerson.objects.bulk_create(OrderPerson(order=order, customer_id=pk, part=part) for pk, part in parts.items())
    _open_stages(order, actor)
    if priced.coupon is not None:
        used: dict[str, Any] = {"branch": branch, "package_id": package.pk, "amount_minor": priced.coupon_minor}
        redeem_coupon(actor=actor, coupon=priced.coupon, customer=customer, source=order.event_thread, **used)
    _open_books(order, actor)
    events.record(Kind.ORDER_TAKEN, order, actor, package=terms["package"], price_minor=order.price_minor)
    return order


def _open_books(order: Order, actor: Any) -> Account:
    """The order's account, with the price as sold."""
    account = money.open_account(
        code=order.code,
        title=order.title,
        customer=order.customer,
        branch=order.branch,
        currency=order.currency,
        thread=order.event_thread,
        terms=order.terms,
        lines=order.terms["lines"],
        starts={When.DATE: order.shoot_on} if order.shoot_on else {},
        actor=actor,
    )
    order.account = account
    order.save(update_fields=["account"])
    return account


def money_facts(account: Account) -> dict[str, int]:
    """What an order's card says of its money."""
    return {"charged_minor": account.charged_minor, "paid_minor": account.paid_minor}


def _for_sale(branch: Any, package: Any) -> tuple[Any, Any, Any]:
    """Both as they stand now, held so until commit, and the version that is sold."""
    branch = type(branch).objects.select_for_update(no_key=True).get(pk=branch.pk)
    package = type(package).objects.select_for_update(no_key=True).get(pk=package.pk)
    if not branch.is_active:
        raise Refusal("branch.closed")
    version = latest_version(package) if package.is_offered else None
    if version is None:
        raise Refusal("package.not_offered")
    return branch, package, version


def sold_terms(version: Any, priced: Quote, price_minor: int | None = None) -> dict[str, Any]:
    """What an order freezes: the version's terms and what its price is made of (core.catalog.terms)."""
    made = {"version": version.number, "quoted_minor": priced.total_minor, "lines": agreed(priced, price_minor)}
    return {**version.terms, **made}


def _open_stages(order: Order, actor: Any) -> None:
    """Eight rows from the sale on: the responsible person by role in the branch, due days by the studio's settings."""
    settings = {setting.stage: setting for setting in StageSetting.objects.all()}
    days = {stage: setting.due_days for stage, setting in settings.items()}
    due = deadlines.plan(days, clock.today(order.branch.timezone), order.shoot_on, order.promised_on)
    roles = {setting.owner_role for setting in settings.values()}
    staff = least_busy(roles, order.branch_id, prefer=order.owner_id)
    rows = []
    for stage in Stage:
        role = settings[stage].owner_role if stage in settings else ""
        rows.append(OrderStage(order=order, stage=stage, due_on=due[stage], owner_id=staff.get(role, order.owner_id)))
    rows[0].entered_at, rows[0].entered_by = order.taken_at, _staff_or_none(actor)
    OrderStage.objects.bulk_create(rows)


MAKES_DUE: dict[str, When] = {
    Stage.SIGNING: When.SIGNING,
    Stage.PRODUCTION: When.SELECTION,
    Stage.DELIVERY: When.DELIVERY,
}  # the stage entered → the instalments that become due


@transaction.atomic
def move_order(*, actor: Any, order: Order, target: str, note: str = "", rev: int | None = None) -> Order:
    """Move to the next stage or one back. Event ORDER_MOVED(source, target, note).

    Forward closes the stage left and opens the one entered. Back undoes that: the stage returned to goes on as if it
    had not been left, the other as if it had not been entered; events keep the whole story. Instalments that waited for
    the stage entered get their day.
    Refusal state.forbidden(source, target) | order.closed | order.stale(rev).
    """
    order = locked(order, rev)
    source = order.stage
    if target not in TRANSITIONS[source]:
        raise Refusal("state.forbidden", source=source, target=str(target))
    left, entered = _stage_row(order, source), _stage_row(order, target)
    now, staff = clock.now(), _staff_or_none(actor)
    if Stage(target).number > Stage(source).number:
        left.left_at, left.left_by = now, staff
        entered.entered_at, entered.entered_by = now, staff
    else:
        left.entered_at = left.entered_by = None
        entered.left_at = entered.left_by = None
    for row in (left, entered):
        row.save(update_fields=["entered_at", "entered_by", "left_at", "left_by"])
    order.stage = target
    bump(order, "stage")
    if order.account is not None and target in MAKES_DUE and Stage(target).number > Stage(source).number:
        money.trigger(account=order.account, when=MAKES_DUE[target])
    events.record(Kind.ORDER_MOVED, order, actor, source=str(source), target=str(target), note=note)
    return order


def date_instalments(*, order: Order) -> int:
    """Instalments without a day get theirs when what they wait for has happened already: the stage was entered, the
    shoot has a day. By their own rule, but never in the past. How many got one. Harmless when repeated; no event.
    """
    account, given = order.account, 0
    if account is None:
        return 0
    waiting = set(account.instalments.filter(due_on=None).values_list("trigger", flat=True))
    zone = clock.zone(order.branch.timezone)
    entered = {row.stage: row.entered_at for row in order.stages.all() if row.entered_at}
    for stage, when in MAKES_DUE.items():
        if when in waiting and stage in entered:
            given += money.trigger(account=account, when=when, on=entered[stage].astimezone(zone).date())
    if When.DATE in waiting and order.shoot_on:
        given += money.trigger(account=account, when=When.DATE, on=order.shoot_on)
    return given


def _staff_or_none(actor: Any) -> Any:
    """Customers and jobs move orders too, but "entered by" names staff only; the event names everyone."""
    return actor if actor is not None and actor._meta.label_lower == "accounts.user" else None


CHANGEABLE = {"title", "shoot_on", "promised_on", "note", "owner"}
ANCHORS = {"shoot_on": Stage.SHOOT, "promised_on": Stage.DELIVERY}


@transaction.atomic
def change_order(*, actor: Any, order: Order, rev: int | None = None, **fields: Any) -> Order:
    """Change title, dates, note or owner. Terms never change here.

    Event ORDER_CHANGED(fields, changes): field → [former, new] in words; of a note only that it changed.

    A new shoot or promised day moves the stages that hang on it (core.orders.deadlines).
    Refusal order.closed | order.stale(rev).
    """
    if unknown := set(fields) - CHANGEABLE:
        raise TypeError(f"not changeable: {unknown}")
    order = locked(order, rev)
    former = {name: getattr(order, name) for name, value in fields.items() if getattr(order, name) != value}
    changed = list(former)
    for name in changed:
        setattr(order, name, fields[name])
    for name, stage in ANCHORS.items():
        if name in changed and fields[name]:
            _reschedule(order, stage, fields[name])
    if "shoot_on" in changed:
        _move_dues(order)
    if changed:
        bump(order, *changed)
        told = {name: [_word(old), _word(fields[name])] for name, old in former.items() if name != "note"}
        events.record(Kind.ORDER_CHANGED, order, actor, fields=changed, changes=told)
    return order


def _move_dues(order: Order) -> None:
    """Instalments that hang on the shoot's day move with it."""
    if order.account is not None and order.shoot_on:
        money.trigger(account=order.account, when=When.DATE, on=order.shoot_on)


def _word(value: Any) -> str:
    """A field's value as an event keeps it: plain, and readable when its row is gone."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _reschedule(order: Order, anchor: Stage, day: dt.date) -> None:
    """Give a locked order's shoot or delivery a new due day, and move what hangs on it."""
    rows = {Stage(row.stage): row for row in order.stages.select_for_update().order_by("pk")}
    fixed = {stage for stage, row in rows.items() if row.left_at}
    if anchor != Stage.DELIVERY and order.promised_on:
        fixed.add(Stage.DELIVERY)
    due = {stage: row.due_on for stage, row in rows.items()}
    changes = deadlines.moved(due, anchor, day, fixed=fixed, first=clock.today(order.branch.timezone))
    for stage, new in changes.items():
        rows[stage].due_on = new
        rows[stage].save(update_fields=["due_on"])


def _stage_row(order: Order, stage: str) -> OrderStage:
    return OrderStage.objects.select_for_update(of=("self",)).get(order=order, stage=stage)


@transaction.atomic
def assign_stage(*, actor: Any, order: Order, stage: str, owner: Any) -> Order:
    """Name the responsible person of a stage. Event STAGE_ASSIGNED. Refusal order.closed."""
    order = locked(order)
    row = _stage_row(order, stage)
    row.owner = owner
    row.save(update_fields=["owner"])
    bump(order)
    events.record(Kind.STAGE_ASSIGNED, order, actor, stage=str(stage), owner=owner.name)
    return order


@transaction.atomic
def schedule_stage(*, actor: Any, order: Order, stage: str, due_on: dt.date | None) -> Order:
    """Set a stage's due day; the shoot's is the shoot date, and moves what hangs on it. Event STAGE_SCHEDULED.

    Refusal order.closed.
    """
    order = locked(order)
    if stage == Stage.SHOOT and due_on:
        _reschedule(order, Stage.SHOOT, due_on)
    else:
        row = _stage_row(order, stage)
        row.due_on = due_on
        row.save(update_fields=["due_on"])
    if stage == Stage.SHOOT:
        order.shoot_on = due_on
        _move_dues(order)
    bump(order, "shoot_on")
    events.record(Kind.STAGE_SCHEDULED, order, actor, stage=str(stage), due=due_on.isoformat() if due_on else "")
    return order


@transaction.atomic
def note_stage(*, actor: Any, order: Order, stage: str, info: dict[str, Any]) -> Order:
    """Merge key information into a stage's (cleaned by core.orders.info). Event STAGE_NOTED, none when `info` is empty.

    Refusal order.closed.
    """
    order = locked(order)
    if not info:
        return order
    row = _stage_row(order, stage)
    row.info = {**row.info, **info}
    row.save(update_fields=["info"])
    bump(order)
    events.record(Kind.STAGE_NOTED, order, actor, stage=str(stage))
    return order


@transaction.atomic
def raise_issue(*, actor: Any, order: Order, stage: str, text: str) -> StageIssue:
    """Log a problem or feedback against a stage (R005). Event ISSUE_RAISED."""
    order = lock(order)
    issue = StageIssue.objects.create(order=order, stage=stage, text=text.strip(), raised_by=actor)
    bump(order)
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
    bump(order)
    events.record(Kind.ISSUE_CLOSED, order, actor, stage=issue.stage, text=issue.text, resolution=issue.resolution)
    return issue


@transaction.atomic
def cancel_order(
    *,
    actor: Any,
    order: Order,
    reason: str,
    who: str = Who.CUSTOMER,
    seen_minor: int | None = None,
    everything: bool = False,
) -> Order:
    """Take the order off the board for good; its dates and its coupon are free again, money goes back as the frozen
    refund table says for `who`'s reason; `everything`: all of it.

    `seen_minor` is the refund that was shown before the tap. Event ORDER_CANCELLED(reason). Refusal order.closed
    | reason.missing | refund.changed(price_minor).
    """
    if not reason.strip():
        raise Refusal("reason.missing")
    order = locked(order)
    cancel_dates(actor=actor, order=order, reason=reason)
    order.state = OrderState.CANCELLED
    bump(order, "state")
    release_coupons(actor=actor, source=order.event_thread)
    if order.account is not None:
        told: dict[str, Any] = {
            "who": who,
            "shoot_on": order.shoot_on,
            "reason": reason.strip(),
            "seen_minor": seen_minor,
            "moves": counting_moves(order),
            "everything": everything,
        }
        money.settle_cancellation(actor=actor, account=order.account, **told)
    events.record(Kind.ORDER_CANCELLED, order, actor, reason=reason.strip())
    return order


@transaction.atomic
def finish_order(*, actor: Any, order: Order) -> Order:
    """Close an order whose after-sales is over. Event ORDER_FINISHED. Refusal order.closed | order.not_delivered."""
    order = locked(order)
    if order.stage != Stage.AFTER_SALES:
        raise Refusal("order.not_delivered", stage=order.stage)
    now = clock.now()
    OrderStage.objects.filter(order=order, stage=order.stage).update(left_at=now, left_by=_staff_or_none(actor))
    order.state = OrderState.DONE
    bump(order, "state")
    events.record(Kind.ORDER_FINISHED, order, actor)
    return order


def report_progress(*, order_id: int, **facts: Any) -> None:
    """Facts of another floor for the order's card (photos, picked, included…): merged, `rev` grows, boards are poked.

    No event row: picks come fast, and boards heal by comparing revisions. No form gets stale by it (`verb_rev`).
    """
    part = progress_part(order_id, facts)
    (branch_id,) = rows.run(f"WITH {part.sql} SELECT branch_id FROM card", part.values).fetchone()  # noqa: S608 (constant)
    poke_progress(order_id, branch_id)


def progress_part(order_id: int, facts: dict[str, Any]) -> rows.Part:
    """`report_progress` as a part of a caller's statement, who calls `poke_progress` afterwards."""
    return rows.Part(_PROGRESS, [json.dumps(facts), order_id])


_PROGRESS = """card AS (
  UPDATE core_order SET progress = progress || %s::jsonb, rev = rev + 1 WHERE id = %s RETURNING branch_id
)"""


def poke_progress(order_id: int, branch_id: int) -> None:
    """Tell the branch's boards, after the commit, that the order's card has changed."""
    order = Order(pk=order_id, branch_id=branch_id)
    live.poke(order.event_stream, {"type": "order.progress", "thread": order.event_thread, "seq": 0})
