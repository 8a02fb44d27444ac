"""The demo's online top-ups go through the fake, so that they can be given back by it."""

from core.finance.models import TopUp
from core.finance.services import set_gift
from core.finance.values import balances_of
from infra.seed.money_more import _online_top_up
from tests.core.finance.books import make_account


def test_one_has_topped_up_on_the_phone_and_one_has_begun(studio, pay_fake):
    for _ in range(2):
        last = make_account()
    for least, gift in ((100000, 10000), (200000, 30000)):
        set_gift(actor=None, least_minor=least, gift_minor=gift, is_offered=True)
    pay_fake.connect(studio, "stripe")
    _online_top_up()
    assert sorted(TopUp.objects.values_list("state", flat=True)) == ["asked", "done"]
    assert balances_of(last.customer)["principal"] == 100000


def test_without_a_pay_route_nothing_is_left_half_done(studio, db):
    make_account()
    set_gift(actor=None, least_minor=100000, gift_minor=10000, is_offered=True)
    _online_top_up()
    assert set(TopUp.objects.values_list("state", flat=True)) <= {"asked"}
