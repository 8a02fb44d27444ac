import pytest

from core.kernel import events
from core.orders import services
from core.orders.models import OrderStage
from tests.core.console.conftest import JSON, browser
from tests.factories import make_staff

FILLED = {"outfits": "白纱 2 套", "makeup": "韩式", "scenes": "海边"}


def move(client, order, **data):
    return client.post(f"/console/orders/{order.code}/stage/", {"rev": order.rev, **data}, headers=JSON)


@pytest.fixture
def filled(order, manager):
    """The order with everything that its stage asks for."""
    return services.note_stage(actor=manager, order=order, stage="preparation", info=FILLED)


def stage_of(order):
    order.refresh_from_db()
    return order.stage


def test_forward_moves_at_once_when_nothing_is_missing(client, filled):
    answer = move(client, filled, target="shoot").json()
    assert stage_of(filled) == "shoot"
    assert answer["undo"] == {"target": "preparation", "rev": filled.rev}


def test_missing_key_information_is_asked_about_and_may_be_confirmed(client, order):
    answer = move(client, order, target="shoot").json()
    assert "Outfits chosen" in answer["ask"] or "ask" in answer
    assert stage_of(order) == "preparation"
    move(client, order, target="shoot", confirmed="1")
    assert stage_of(order) == "shoot"


def test_backward_wants_a_note_that_the_history_keeps(client, order):
    assert "textarea" in move(client, order, target="signing").json()["ask"]
    assert stage_of(order) == "preparation"
    move(client, order, target="signing", note="合同金额写错")
    assert stage_of(order) == "signing"
    assert events.thread(order.event_thread)[0].facts["note"] == "合同金额写错"


def test_undo_of_ones_own_move_asks_nothing(client, filled):
    undo = move(client, filled, target="shoot").json()["undo"]
    answer = client.post(f"/console/orders/{filled.code}/stage/", {**undo, "undo": "1"}, headers=JSON)
    assert "ask" not in answer.json()
    assert stage_of(filled) == "preparation"


def test_undo_of_a_colleagues_move_is_an_ordinary_backward_move(client, branch, filled):
    services.move_order(actor=make_staff("receptionist", branch), order=filled, target="shoot")
    filled.refresh_from_db()
    assert "ask" in move(client, filled, target="preparation", undo="1").json()
    assert stage_of(filled) == "shoot"


def test_skipping_a_stage_is_refused_with_a_sentence(client, filled):
    answer = move(client, filled, target="delivery")
    assert answer.status_code == 409
    assert answer.json()["code"] == "state.forbidden"
    assert answer.json()["message"]
    assert stage_of(filled) == "preparation"


def test_stale_revision_changes_nothing(client, filled):
    answer = move(client, filled, target="shoot", rev=filled.rev - 1)
    assert (answer.status_code, answer.json()["code"]) == (409, "order.stale")
    assert stage_of(filled) == "preparation"


def test_nonsense_is_a_bad_request(client, filled):
    assert move(client, filled, target="wizardry").status_code == 400
    assert stage_of(filled) == "preparation"


def test_plain_form_works_and_returns_to_the_board(client, filled):
    url = f"/console/orders/{filled.code}/stage/?rev={filled.rev}"
    answer = client.post(url, {"target": "shoot", "next": "/console/board/?branch=all"})
    assert answer["Location"] == "/console/board/?branch=all"
    assert stage_of(filled) == "shoot"


def test_plain_form_asks_on_a_page(client, order):
    answer = client.post(f"/console/orders/{order.code}/stage/", {"target": "shoot", "rev": order.rev})
    assert answer.templates[0].name == "console/orders/question_page.html"
    assert stage_of(order) == "preparation"


def test_who_may_not_move_gets_403_and_nothing_moves(as_role, filled):
    assert move(as_role("assistant"), filled, target="shoot", confirmed="1").status_code == 403
    assert stage_of(filled) == "preparation"


def test_seen_here_but_moving_allowed_elsewhere_only_is_403(studio, branch, far_branch, filled):
    from core.people.models import Membership

    user = make_staff("assistant", branch)
    Membership.objects.create(user=user, role="receptionist", branch=far_branch)
    assert move(browser(studio, user), filled, target="shoot", confirmed="1").status_code == 403
    assert stage_of(filled) == "preparation"


def test_other_branch_and_other_studio_do_not_exist(client, far_order, foreign_order):
    assert move(client, far_order, target="signing", confirmed="1").status_code == 404
    assert move(client, foreign_order, target="signing", confirmed="1").status_code == 404
    assert stage_of(far_order) == "enquiry"


def test_move_needs_post_and_login(client, studio, filled):
    url = f"/console/orders/{filled.code}/stage/"
    assert client.get(url).status_code == 405
    assert browser(studio).post(url, {"target": "shoot"})["Location"].startswith("/console/login/")
    assert stage_of(filled) == "preparation"


def test_entered_and_left_name_the_mover(client, manager, filled):
    move(client, filled, target="shoot")
    rows = {row.stage: row for row in OrderStage.objects.filter(order=filled)}
    assert rows["preparation"].left_by == manager
    assert rows["shoot"].entered_by == manager
