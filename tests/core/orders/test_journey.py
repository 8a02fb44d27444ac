"""The journey of an order through its eight stages: one table of moves, both ways, with who and when."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import translation

from core.console.sentences import event_sentence
from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.orders import selectors, services
from core.orders.enums import TRANSITIONS, OrderState, Stage
from core.orders.models import Order
from tenants.context import in_studio
from tests.factories import make_branch, make_customer, make_order, make_staff

NOON = dt.datetime(2026, 11, 22, 4, tzinfo=dt.UTC)


def stages_of(order):
    return {row.stage: row for row in order.stages.select_related("entered_by", "left_by")}


def snapshot(order):
    fields = ("stage", "owner_id", "due_on", "info", "entered_at", "left_at")
    return Order.objects.filter(pk=order.pk).values().get(), list(order.stages.order_by("pk").values(*fields))


@pytest.mark.parametrize("source", Stage)
def test_every_move_of_the_matrix(branch, clerk, source):
    order = make_order(branch=branch, actor=clerk)
    for target in Stage:
        Order.objects.filter(pk=order.pk).update(stage=source)
        before, told = snapshot(order), Event.objects.count()
        if target in TRANSITIONS[source]:
            assert services.move_order(actor=clerk, order=order, target=target).stage == target
            assert Event.objects.latest("pk").facts == {"source": source, "target": target, "note": ""}
        else:
            with pytest.raises(Refusal) as refused:
                services.move_order(actor=clerk, order=order, target=target)
            assert (refused.value.code, refused.value.facts) == (
                "state.forbidden",
                {"source": source, "target": target},
            )
            assert (snapshot(order), Event.objects.count()) == (before, told)


def test_the_table_is_one_step_either_way():
    line = list(Stage)
    for i, stage in enumerate(line):
        assert TRANSITIONS[stage] == {line[j] for j in (i - 1, i + 1) if 0 <= j < len(line)}


def test_an_unknown_stage_is_refused(branch, clerk):
    with pytest.raises(Refusal, match="state.forbidden"):
        services.move_order(actor=clerk, order=make_order(branch=branch, actor=clerk), target="delivered")


def test_forward_notes_who_left_and_entered_and_when(branch, clerk):
    order, adviser = make_order(branch=branch, actor=clerk), make_staff("sales_consultant", branch)
    with clock.at(NOON):
        services.move_order(actor=adviser, order=order, target=Stage.SIGNING)
    rows = stages_of(order)
    assert abs(rows[Stage.ENQUIRY].left_at - NOON) < dt.timedelta(seconds=5)
    assert rows[Stage.ENQUIRY].left_at == rows[Stage.SIGNING].entered_at
    assert (rows[Stage.ENQUIRY].left_by, rows[Stage.SIGNING].entered_by) == (adviser, adviser)


def test_back_undoes_the_stage_and_events_remember(branch, clerk):
    order = make_order(branch=branch, actor=clerk, stage=Stage.PREPARATION)
    before = stages_of(order)[Stage.SIGNING]
    services.move_order(actor=clerk, order=order, target=Stage.SIGNING, note="wrong click")
    rows = stages_of(order)
    assert (rows[Stage.SIGNING].entered_at, rows[Stage.SIGNING].left_at) == (before.entered_at, None)
    assert (rows[Stage.PREPARATION].entered_at, rows[Stage.PREPARATION].entered_by) == (None, None)
    assert Event.objects.latest("pk").facts["note"] == "wrong click"
    assert [line.state for line in selectors.journey_of(Order.objects.get(pk=order.pk))][:3] == ["done", "now", "next"]


def test_a_customer_s_submission_moves_the_order_in_the_customer_s_name(branch, clerk):
    order = make_order(branch=branch, actor=clerk, stage=Stage.SELECTION)
    services.move_order(actor=order.customer, order=order, target=Stage.PRODUCTION)
    row = stages_of(order)[Stage.PRODUCTION]
    assert (row.entered_by, bool(row.entered_at)) == (None, True)
    event = Event.objects.latest("pk")
    assert (event.actor_kind, event.actor_name) == ("customer", order.customer.name)


def test_a_stale_screen_cannot_move_or_change(branch, clerk):
    order = make_order(branch=branch, actor=clerk)
    shown = order.rev
    services.change_order(actor=clerk, order=order, note="new")
    before = snapshot(order)
    for attempt in (
        lambda: services.move_order(actor=clerk, order=order, target=Stage.SIGNING, rev=shown),
        lambda: services.change_order(actor=clerk, order=order, rev=shown, note="mine"),
    ):
        with pytest.raises(Refusal, match="order.stale"):
            attempt()
    assert snapshot(order) == before


def test_picks_of_the_customer_make_no_form_stale(branch, clerk):
    order = make_order(branch=branch, actor=clerk, stage=Stage.SELECTION)
    shown = Order.objects.get(pk=order.pk).rev
    services.report_progress(order_id=order.pk, picked=12)
    services.report_progress(order_id=order.pk, photos=600)
    fresh = Order.objects.get(pk=order.pk)
    assert (fresh.progress, fresh.rev) == ({"picked": 12, "photos": 600}, shown + 2)
    assert services.change_order(actor=clerk, order=order, rev=shown, note="calm").note == "calm"


def test_progress_is_no_event_and_pokes_the_board(branch, clerk, monkeypatch):
    order, pokes = make_order(branch=branch, actor=clerk), []
    monkeypatch.setattr("core.kernel.live.poke", lambda stream, message: pokes.append((stream, message["type"])))
    count = Event.objects.count()
    services.report_progress(order_id=order.pk, picked=1)
    assert (pokes, Event.objects.count()) == ([(f"board.{branch.pk}", "order.progress")], count)


def verbs(order, clerk):
    return {
        "move": lambda: services.move_order(actor=clerk, order=order, target=Stage.SIGNING),
        "change": lambda: services.change_order(actor=clerk, order=order, note="x"),
        "assign": lambda: services.assign_stage(actor=clerk, order=order, stage=Stage.SHOOT, owner=clerk),
        "schedule": lambda: services.schedule_stage(actor=clerk, order=order, stage=Stage.SHOOT, due_on=None),
        "note": lambda: services.note_stage(actor=clerk, order=order, stage=Stage.SHOOT, info={"quality": "good"}),
        "cancel": lambda: services.cancel_order(actor=clerk, order=order, reason="x"),
        "finish": lambda: services.finish_order(actor=clerk, order=order),
    }


@pytest.mark.parametrize("verb", verbs(None, None))
def test_a_closed_order_stands_still(branch, clerk, verb):
    order = services.cancel_order(actor=clerk, order=make_order(branch=branch, actor=clerk), reason="moved away")
    before, told = snapshot(order), Event.objects.count()
    with pytest.raises(Refusal, match="order.closed"):
        verbs(order, clerk)[verb]()
    assert (snapshot(order), Event.objects.count()) == (before, told)


def test_cancelling_needs_a_reason(branch, clerk):
    order = make_order(branch=branch, actor=clerk)
    with pytest.raises(Refusal, match="reason.missing"):
        services.cancel_order(actor=clerk, order=order, reason="  ")
    assert Order.objects.get(pk=order.pk).state == OrderState.OPEN
    services.cancel_order(actor=clerk, order=order, reason=" moved away ")
    assert Event.objects.latest("pk").facts == {"reason": "moved away"}


def test_only_after_sales_ends_an_order(branch, clerk):
    order = make_order(branch=branch, actor=clerk, stage=Stage.DELIVERY)
    with pytest.raises(Refusal, match="order.not_delivered"):
        services.finish_order(actor=clerk, order=order)
    assert Order.objects.get(pk=order.pk).state == OrderState.OPEN
    services.move_order(actor=clerk, order=order, target=Stage.AFTER_SALES)
    services.finish_order(actor=clerk, order=order)
    assert Order.objects.get(pk=order.pk).state == OrderState.DONE
    assert stages_of(order)[Stage.AFTER_SALES].left_by == clerk


def test_a_change_names_its_fields_and_nothing_is_no_change(branch, clerk):
    order, heir = make_order(branch=branch, actor=clerk), make_staff("receptionist", branch)
    services.change_order(actor=clerk, order=order, title="沈悦 & 高远", owner=heir, note=order.note)
    fresh = Order.objects.get(pk=order.pk)
    assert (fresh.title, fresh.owner) == ("沈悦 & 高远", heir)
    told = Event.objects.latest("pk").facts
    assert told["fields"] == ["title", "owner"]
    assert told["changes"] == {"title": [order.title, "沈悦 & 高远"], "owner": ["王蕾", heir.name]}
    count = Event.objects.count()
    services.change_order(actor=clerk, order=order, title="沈悦 & 高远")
    assert (Event.objects.count(), Order.objects.get(pk=order.pk).rev) == (count, fresh.rev)


def test_a_change_reads_as_a_sentence(branch, clerk):
    order = make_order(branch=branch, actor=clerk, shoot_on=dt.date(2026, 12, 5))
    services.change_order(actor=clerk, order=order, shoot_on=dt.date(2026, 12, 12), note="rain")
    with translation.override("en"):
        text = event_sentence(Event.objects.latest("pk"))
    assert text == "Changed: Shoot date 12/05/2026 → 12/12/2026 · Note"


def test_terms_cannot_change_after_the_sale(branch, clerk):
    order = make_order(branch=branch, actor=clerk)
    with pytest.raises(TypeError):
        services.change_order(actor=clerk, order=order, price_minor=1)
    assert Order.objects.get(pk=order.pk).price_minor == 399900


def test_notes_of_a_stage_are_merged(branch, clerk):
    order = make_order(branch=branch, actor=clerk)
    services.note_stage(actor=clerk, order=order, stage=Stage.SHOOT, info={"quality": "good"})
    services.note_stage(actor=clerk, order=order, stage=Stage.SHOOT, info={"photos_taken": 210})
    assert stages_of(order)[Stage.SHOOT].info == {"quality": "good", "photos_taken": 210}
    count = Event.objects.count()
    services.note_stage(actor=clerk, order=order, stage=Stage.SHOOT, info={})
    assert Event.objects.count() == count


def test_two_hands_move_one_order_once(throwaway_studio):
    order = make_order(branch=make_branch(), customer=make_customer())
    gate, answers = threading.Barrier(4), []

    def push() -> None:
        try:
            with in_studio(throwaway_studio):
                gate.wait(10)
                services.move_order(actor=None, order=order, target=Stage.SIGNING, rev=order.rev)
                answers.append("moved")
        except Refusal as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=push) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == ["moved", *["order.stale"] * 3]
    assert Event.objects.filter(kind="order.moved").count() == 1
