"""The journey of an order through its eight stages."""

import pytest

from core.kernel.errors import Refusal
from core.orders import selectors, services
from core.orders.enums import TRANSITIONS, Stage
from core.orders.models import Order
from core.people.staff import staff_of
from tests.factories import make_branch, make_order, make_staff


def test_order_freezes_the_terms_of_its_package(db):
    order = make_order()
    package = order.package
    package.extra_photo_minor = 99900
    package.save()
    order.refresh_from_db()
    assert (order.extra_photo_minor, order.terms["extra_photo_minor"]) == (6000, 6000)


def test_numbers_run_without_gaps_in_a_branch(db):
    branch = make_branch(code="NS")
    codes = [make_order(branch=branch).code for _ in range(3)]
    assert [code[-4:] for code in codes] == ["0001", "0002", "0003"]
    assert codes[0].startswith("NS-")


def test_every_move_of_the_matrix(db):
    order = make_order()
    for source in Stage:
        for target in Stage:
            Order.objects.filter(pk=order.pk).update(stage=source)
            if target in TRANSITIONS[source]:
                assert services.move_order(actor=None, order=order, target=target).stage == target
                continue
            with pytest.raises(Refusal, match="state.forbidden"):
                services.move_order(actor=None, order=order, target=target)
            assert Order.objects.get(pk=order.pk).stage == source


def test_a_stale_screen_cannot_move_an_order(db):
    order = make_order()
    services.change_order(actor=order.owner, order=order, note="new")
    with pytest.raises(Refusal, match="order.stale"):
        services.move_order(actor=order.owner, order=order, target=Stage.SIGNING, rev=order.rev)


def test_the_board_costs_the_same_queries_for_1_and_30_orders(db, django_assert_num_queries):
    branch = make_branch()
    staff = staff_of(make_staff("manager", branch))
    make_order(branch=branch)
    with django_assert_num_queries(2):
        assert sum(len(column) for column in selectors.board_cards(staff=staff).values()) == 1
    actor = make_staff("receptionist", branch)
    for _ in range(29):
        make_order(branch=branch, actor=actor)
    with django_assert_num_queries(2):
        assert sum(len(column) for column in selectors.board_cards(staff=staff).values()) == 30


def test_another_branch_sees_neither_card_nor_order(db):
    order = make_order()
    stranger = staff_of(make_staff("receptionist", make_branch()))
    assert selectors.board_cards(staff=stranger)[Stage.ENQUIRY] == []
    assert selectors.order_for(stranger, order.code) is None
