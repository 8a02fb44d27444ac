"""What choosing costs stands in the order's books, in the transaction of the verb that caused it."""

import pytest

from core.finance.models import Account, Charge
from core.finance.selectors import due_minor
from core.finance.services import record_payment
from core.kernel.errors import Refusal
from core.orders.models import Order
from selection.changes import change_mark
from selection.retouch.services import start_retouching
from selection.services import (
    agree_reopening,
    ask_reopening,
    offer_reopening,
    submit_selection,
    unlock_selection,
)
from tests.core.finance.books import SCHEDULE, assert_books
from tests.factories import make_order, make_package, make_staff
from tests.selection.make import main_chooser, make_gallery, pick
from tests.selection.retouch.make import submitted_gallery


@pytest.fixture(autouse=True)
def _books_add_up(db):
    yield
    for account in Account.objects.all():
        assert_books(account)


def books(gallery):
    return Account.objects.get(order=gallery.order_id)


def choose(gallery, *numbers):
    chooser = main_chooser(gallery)
    pick(chooser, *[(100 + number, number, "yes") for number in numbers])
    return chooser


def submit(gallery, extra):
    return submit_selection(chooser=main_chooser(gallery), extra_total_minor=extra, signed_name="陈晓雨")


@pytest.fixture
def gallery(db):
    return make_gallery(6, included=2, extra_photo_minor=3000)


def test_signed_extras_are_charged_line_by_line_and_due(gallery):
    before = books(gallery).charged_minor
    choose(gallery, 1, 2, 3, 4)
    submission = submit(gallery, 6000)
    posted = Charge.objects.get(source=f"submission.{submission.pk}")
    assert (posted.total_minor, posted.lines[0]["quantity"], posted.lines[0]["each_minor"]) == (6000, 2, 3000)
    account = books(gallery)
    assert account.charged_minor == before + 6000
    extras = account.instalments.get(charge=posted)
    assert extras.due_on is not None
    assert due_minor(account) == sum(one.open_minor for one in account.instalments.exclude(due_on=None))


def test_within_the_package_nothing_is_posted(gallery):
    choose(gallery, 1, 2)
    submit(gallery, 0)
    assert Charge.objects.exclude(source="order").count() == 0


def test_a_refused_submission_posts_nothing(gallery):
    choose(gallery, 1, 2, 3)
    with pytest.raises(Refusal, match="price.changed"):
        submit(gallery, 0)
    assert Charge.objects.exclude(source="order").count() == 0


def test_an_unlocked_selection_owes_no_more_and_is_charged_anew_when_signed_again(gallery):
    before, boss = books(gallery).charged_minor, make_staff("owner")
    choose(gallery, 1, 2, 3, 4)
    submit(gallery, 6000)
    record_payment(actor=boss, account=books(gallery), amount_minor=before + 6000, method="cash")
    unlock_selection(actor=boss, gallery=gallery, reason="换一张")
    account = books(gallery)
    assert (account.charged_minor, account.surplus_minor) == (before, 6000)
    pick(main_chooser(gallery), (900, 4, "no"))
    submit(gallery, 3000)
    account = books(gallery)
    assert (account.charged_minor, account.surplus_minor) == (before + 3000, 3000)


def test_a_change_during_retouch_is_charged_beside_the_former_extras(db):
    gallery = submitted_gallery(photos=4, picked=(1, 2, 3))
    before, boss, chooser = books(gallery).charged_minor, make_staff("owner"), main_chooser(gallery)
    start_retouching(actor=boss, gallery=gallery, retoucher=boss, due_on=None)
    ask_reopening(chooser=chooser, reason="想加一张", add=[4])
    found = offer_reopening(actor=boss, gallery=gallery, price_minor=9000, answer="可以", add=[4], drop=[])
    agree_reopening(chooser=chooser, price_minor=9000, seen=change_mark(found), signed_name="陈晓雨")
    assert Charge.objects.get(source=f"reopening.{found.pk}").total_minor == 9000
    assert books(gallery).charged_minor == before + 9000


def test_the_order_in_production_owes_its_second_instalment(db):
    package = make_package(more={"schedule": SCHEDULE})
    gallery = make_gallery(3, included=2, order=make_order(package=package, stage="selection"))
    choose(gallery, 1, 2)
    submit(gallery, 0)
    order = Order.objects.get(pk=gallery.order_id)
    assert order.stage == "production"
    assert order.account.instalments.get(trigger="selection").due_on is not None
