"""Verbs on shooting plans: written by staff, confirmed by the customer, then part of the job sheet."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from core.booking.enums import PLAN_TRANSITIONS, PlanState, Style
from core.booking.models import Brief, ShootingPlan
from core.kernel import clock, events
from core.kernel.errors import Refusal
from core.kernel.events import Kind
from core.kernel.links import portal_link
from core.kernel.states import lock, move
from core.messaging.enums import Template
from core.messaging.services import tell_customer
from core.orders.enums import OrderState, Stage
from core.orders.models import Order
from core.orders.services import note_stage, report_progress

LOOK_FIELDS = ("title", "style", "scene", "gown", "makeup", "photo")
MOST_LOOKS, LONGEST = 10, 300


@transaction.atomic
def write_plan(
    *, actor: Any, order: Order, looks: Iterable[dict[str, str]], note: str = "", seen: tuple[int, int] = (0, 0)
) -> ShootingPlan:
    """Save the plan at work, or begin the next version after one that was answered.

    `seen`: (version, rev) that the form showed. What the customer is reading is taken back to a draft by this. Records
    nothing: a draft is nobody else's business. Refusal order.closed | plan.empty | look.unsound | plan.stale.
    """
    order = _open(order)
    clean = [_sound_look(look) for look in looks]
    if not clean:
        raise Refusal("plan.empty")
    if len(clean) > MOST_LOOKS:
        raise Refusal("look.unsound")
    latest = ShootingPlan.objects.select_for_update().filter(order=order).order_by("-version").first()
    if ((latest.version, latest.rev) if latest else (0, 0)) != tuple(seen):
        raise Refusal("plan.stale")
    plan = latest
    if plan is None or plan.state not in {PlanState.DRAFT, PlanState.SENT}:
        plan = ShootingPlan(order=order, version=(latest.version if latest else 0) + 1, rev=0)
    brief = Brief.objects.filter(order=order).first()
    plan.state, plan.looks, plan.note = PlanState.DRAFT, clean, note.strip()
    plan.brief_rev, plan.rev = (brief.rev if brief else 0), plan.rev + 1
    plan.written_by, plan.written_at, plan.sent_at = actor, clock.now(), None
    plan.save()
    return plan


def _sound_look(look: dict[str, str]) -> dict[str, str]:
    found = {name: str(look.get(name, "")).strip() for name in LOOK_FIELDS}
    if not found["title"] or found["style"] not in {"", *Style.values} or any(len(v) > LONGEST for v in found.values()):
        raise Refusal("look.unsound")
    return found


@transaction.atomic
def send_plan(*, actor: Any, plan: ShootingPlan) -> ShootingPlan:
    """Give the plan to the customer to confirm, with a message. Event PLAN_SENT(version, looks).

    Refusal order.closed | state.forbidden.
    """
    order = _open(plan.order)
    plan = lock(plan)
    move(plan, "state", PlanState.SENT, PLAN_TRANSITIONS, sent_at=clock.now())
    tell_customer(
        customer=order.customer,
        template=Template.PLAN_READY,
        title=order.title,
        link=portal_link("portal:plan", order.code),
        dedupe_key=f"plan.{plan.pk}.{plan.rev}",
    )
    report_progress(order_id=order.pk, brief="planned")
    events.record(Kind.PLAN_SENT, order, actor, version=plan.version, looks=len(plan.looks))
    return plan


@transaction.atomic
def confirm_plan(
    *, customer: Any, plan: ShootingPlan, digest: str, evidence: dict[str, str] | None = None
) -> ShootingPlan:
    """The customer agrees to what they have read (`digest` of `digest_of`): it fills the job sheet.

    Event PLAN_CONFIRMED(version). Refusal order.closed | plan.changed (another version or wording) | state.forbidden.
    """
    order = _open(plan.order)
    plan = lock(plan)
    if plan.state != PlanState.SENT or digest != digest_of(plan):
        raise Refusal("plan.changed")
    former = ShootingPlan.objects.select_for_update().filter(order=order, state=PlanState.CONFIRMED).first()
    if former:
        move(former, "state", PlanState.REPLACED, PLAN_TRANSITIONS)
    proof = {**(evidence or {}), "digest": digest}
    answered = {"answered_by": customer, "answered_at": clock.now(), "evidence": proof}
    move(plan, "state", PlanState.CONFIRMED, PLAN_TRANSITIONS, **answered)
    _fill_sheet(customer, order, plan, former)
    report_progress(order_id=order.pk, brief="confirmed")
    events.record(Kind.PLAN_CONFIRMED, order, customer, version=plan.version)
    return plan


@transaction.atomic
def return_plan(*, customer: Any, plan: ShootingPlan, answer: str) -> ShootingPlan:
    """The customer wants something else and says what. Event PLAN_RETURNED(version, answer).

    Refusal order.closed | reason.missing | plan.changed.
    """
    order = _open(plan.order)
    plan = lock(plan)
    if not answer.strip():
        raise Refusal("reason.missing")
    if plan.state != PlanState.SENT:
        raise Refusal("plan.changed")
    answered = {"answered_by": customer, "answered_at": clock.now(), "answer": answer.strip()[:1000]}
    move(plan, "state", PlanState.RETURNED, PLAN_TRANSITIONS, **answered)
    report_progress(order_id=order.pk, brief="returned")
    events.record(Kind.PLAN_RETURNED, order, customer, version=plan.version, answer=plan.answer)
    return plan


def digest_of(plan: ShootingPlan) -> str:
    """SHA-256 of what the customer reads: another wording, another digest."""
    text = json.dumps([plan.version, plan.looks, plan.note], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def sheet_info(plan: ShootingPlan | None) -> dict[str, str]:
    """What a plan says in the fields of the preparation stage (core.orders.info)."""
    if plan is None:
        return {}

    def lines(name: str, longest: int) -> str:
        said = [f"{look['title']}: {look[name]}" for look in plan.looks if look.get(name)]
        return "\n".join(said)[:longest]

    makeup = " · ".join(f"{look['title']}: {look['makeup']}" for look in plan.looks if look.get("makeup"))[:200]
    return {"outfits": lines("gown", 2000), "makeup": makeup, "scenes": lines("scene", 2000)}


def _fill_sheet(customer: Any, order: Order, plan: ShootingPlan, former: ShootingPlan | None) -> None:
    """Fill what is empty or what the former plan had filled; what a colleague typed there stays."""
    held = order.stages.get(stage=Stage.PREPARATION).info
    old = sheet_info(former)
    new = {
        name: said
        for name, said in sheet_info(plan).items()
        if said and (not held.get(name) or held.get(name) == old.get(name))
    }
    note_stage(actor=customer, order=order, stage=Stage.PREPARATION, info=new)


def _open(order: Order) -> Order:
    order = lock(order)
    if order.state != OrderState.OPEN:
        raise Refusal("order.closed", state=order.state)
    return order
