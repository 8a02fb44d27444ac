"""Wishes, the plan made of them, its confirmation, and the job sheet that it fills."""

import pytest
from django.db import IntegrityError, transaction

from core.booking.models import Brief, ShootingPlan
from core.booking.selectors import brief_of, confirmed_plan, shown_plan, suggested_looks
from core.booking.services.briefs import send_brief
from core.booking.services.plans import confirm_plan, digest_of, return_plan, send_plan, write_plan
from core.kernel import events
from core.kernel.errors import Refusal
from core.messaging.models import OutboxMessage
from core.orders.services import move_order, note_stage
from tests.core.booking.conftest import LOOKS, sent_plan
from tests.factories import make_order


def wishes(order, customer, **more):
    return send_brief(customer=customer, order=order, **{"styles": ["forest", "chinese"], **more})


def kinds(order):
    return [event.kind for event in events.thread(order.event_thread)]


def test_wishes_are_kept_once_and_tell_the_studio(order, customer):
    row = wishes(order, customer, colours=["white"], places=["woods"], taboos=" 不要鲜花 ")
    assert (row.rev, row.taboos, row.styles) == (1, "不要鲜花", ["forest", "chinese"])
    again = wishes(order, customer, styles=["film", "film"], seen=1)
    assert (again.pk, again.rev, again.styles) == (row.pk, 2, ["film"])
    assert kinds(order)[:2] == ["brief.sent", "brief.sent"]
    order.refresh_from_db()
    assert order.progress["brief"] == "sent"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"styles": []}, "brief.no_style"),
        ({"styles": ["gothic"]}, "brief.unknown"),
        ({"colours": ["mauve"]}, "brief.unknown"),
        ({"styles": ["forest", "film", "oil", "night", "palace"]}, "brief.too_many"),
        ({"pictures": [f"code{n}" for n in range(13)]}, "brief.too_many"),
        ({"seen": 3}, "brief.stale"),
    ],
)
def test_unsound_wishes_change_nothing(order, customer, said, code):
    with pytest.raises(Refusal, match=code):
        wishes(order, customer, **said)
    assert not Brief.objects.exists()
    assert "brief.sent" not in kinds(order)


def test_after_the_shoot_began_wishes_are_late(order, customer, clerk):
    move_order(actor=clerk, order=order, target="shoot")
    with pytest.raises(Refusal, match=r"brief\.late"):
        wishes(order, customer)


def test_a_first_plan_comes_out_of_the_wishes(order, customer):
    wishes(order, customer)
    looks = suggested_looks(order, brief_of(order), "Look %(n)s")
    assert [look["style"] for look in looks] == ["forest", "chinese", "forest"]  # three outfits are sold
    assert all(look["scene"] and look["gown"] and look["makeup"] for look in looks)


def test_a_draft_is_nobody_elses_business(order, clerk):
    plan = write_plan(actor=clerk, order=order, looks=LOOKS)
    assert shown_plan(order) is None
    assert not OutboxMessage.objects.exists()
    assert "plan.sent" not in kinds(order)
    send_plan(actor=clerk, plan=plan)
    assert shown_plan(order) == plan
    message = OutboxMessage.objects.get()
    assert message.template == "plan_ready"
    assert f"/orders/{order.code}/plan/" in message.facts["link"]


def test_confirmed_fills_the_job_sheet_and_spares_what_colleagues_wrote(order, clerk, customer):
    note_stage(actor=clerk, order=order, stage="preparation", info={"makeup": "自己写的"})
    plan = sent_plan(order, clerk)
    confirm_plan(customer=customer, plan=plan, digest=digest_of(plan), evidence={"agent": "x"})
    info = order.stages.get(stage="preparation").info
    assert info["outfits"] == "主纱: 轻纱 A12\n中式: 秀禾"
    assert info["scenes"].startswith("主纱: 仙湖植物园")
    assert info["makeup"] == "自己写的"
    found = confirmed_plan(order)
    assert found == plan
    assert found.evidence["digest"] == digest_of(plan)
    assert kinds(order)[0] == "plan.confirmed"


def test_the_next_version_replaces_what_the_former_had_filled(order, clerk, customer):
    first = sent_plan(order, clerk)
    confirm_plan(customer=customer, plan=first, digest=digest_of(first))
    second = sent_plan(order, clerk, [{"title": "夜景", "style": "night", "gown": "亮片"}], seen=(1, 1))
    assert second.version == 2
    assert confirmed_plan(order) == first  # until the new one is confirmed too
    confirm_plan(customer=customer, plan=second, digest=digest_of(second))
    first.refresh_from_db()
    assert (first.state, confirmed_plan(order)) == ("replaced", second)
    assert order.stages.get(stage="preparation").info["outfits"] == "夜景: 亮片"


def test_nobody_confirms_what_they_have_not_read(order, clerk, customer):
    plan = sent_plan(order, clerk)
    read = digest_of(plan)
    write_plan(actor=clerk, order=order, looks=LOOKS[:1], seen=(1, 1))
    with pytest.raises(Refusal, match=r"plan\.changed"):
        confirm_plan(customer=customer, plan=plan, digest=read)
    plan.refresh_from_db()
    send_plan(actor=clerk, plan=plan)
    with pytest.raises(Refusal, match=r"plan\.changed"):
        confirm_plan(customer=customer, plan=plan, digest=read)
    assert confirmed_plan(order) is None


def test_a_returned_plan_is_answered_by_a_new_version(order, clerk, customer):
    plan = sent_plan(order, clerk)
    with pytest.raises(Refusal, match=r"reason\.missing"):
        return_plan(customer=customer, plan=plan, answer="  ")
    return_plan(customer=customer, plan=plan, answer="想要红色")
    with pytest.raises(Refusal, match=r"plan\.changed"):
        confirm_plan(customer=customer, plan=plan, digest=digest_of(plan))
    assert sent_plan(order, clerk, seen=(1, 1)).version == 2
    assert kinds(order)[:2] == ["plan.sent", "plan.returned"]


def test_two_colleagues_do_not_overwrite_each_other(order, clerk):
    write_plan(actor=clerk, order=order, looks=LOOKS)
    with pytest.raises(Refusal, match=r"plan\.stale"):
        write_plan(actor=clerk, order=order, looks=LOOKS[:1])
    assert len(ShootingPlan.objects.get().looks) == 2


@pytest.mark.parametrize("looks", [[], [{"title": ""}], [{"title": "x", "style": "gothic"}], [{"title": "x" * 301}]])
def test_unsound_plans_are_refused(order, clerk, looks):
    with pytest.raises(Refusal, match=r"(plan\.empty|look\.unsound)"):
        write_plan(actor=clerk, order=order, looks=looks)


def test_the_database_holds_one_plan_at_work_and_one_confirmed(order, clerk):
    plan = write_plan(actor=clerk, order=order, looks=LOOKS)
    for state in ("sent", "confirmed"):
        ShootingPlan.objects.filter(pk=plan.pk).update(state=state)
        with pytest.raises(IntegrityError), transaction.atomic():
            ShootingPlan.objects.create(order=order, version=9, state=state, written_by=clerk)


def test_orders_of_others_are_untouched(order, clerk, customer):
    other = make_order(order.branch, clerk, stage="preparation")
    wishes(order, customer)
    assert brief_of(other) is None
