import datetime as dt

import pytest

from core.kernel.errors import Refusal
from core.people import services
from core.people.models import Customer
from core.people.selectors import fingerprint, search_customers
from tests.factories import make_customer


def names(text):
    return [customer.name for customer in search_customers(text)]


def test_phone_is_stored_once_in_one_form(db):
    known = make_customer("陈晓雨", "138 0000 1234")
    with pytest.raises(Refusal, match="customer.phone_taken") as refusal:
        services.add_customer(actor=None, name="林一舟", phone="+86-13800001234")
    assert refusal.value.facts == {"customer": known.pk, "name": "陈晓雨"}
    assert Customer.objects.count() == 1


def test_change_to_a_taken_number_changes_nothing(db):
    known, other = make_customer("陈晓雨", "13800001234"), make_customer("林一舟", "13900005678")
    with pytest.raises(Refusal, match="customer.phone_taken") as refusal:
        services.change_customer(actor=None, customer=other, name="林舟", phone="13800001234")
    assert refusal.value.facts["customer"] == known.pk
    other.refresh_from_db()
    assert (other.name, other.phone) == ("林一舟", "+8613900005678")


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(db):
    customer = make_customer("陈晓雨", city="深圳")
    seen = fingerprint(customer)
    services.change_customer(actor=None, customer=customer, city="广州")
    with pytest.raises(Refusal, match="customer.stale"):
        services.change_customer(actor=None, customer=customer, seen=seen, birthday=dt.date(1995, 5, 20))
    customer.refresh_from_db()
    assert (customer.city, customer.birthday) == ("广州", None)


def test_an_old_landline_stays_when_something_else_changes(db):
    customer = make_customer("陈晓雨")
    Customer.objects.filter(pk=customer.pk).update(phone="+8675588881234")
    customer.refresh_from_db()
    services.change_customer(actor=None, customer=customer, phone="+86 755 8888 1234", city="深圳")
    customer.refresh_from_db()
    assert (customer.phone, customer.city) == ("+8675588881234", "深圳")


def test_unknown_fields_are_a_mistake_in_the_code(db):
    with pytest.raises(TypeError):
        services.add_customer(actor=None, name="陈", phone="13800001234", rank=1)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("晓", ["陈晓雨"]),
        ("CHEN", ["Amy Chen"]),
        ("0000", ["陈晓雨"]),
        ("9", ["Amy Chen"]),
        ("00 12", ["陈晓雨"]),
        ("＋８６ １３８", ["陈晓雨"]),
        ("+861391", ["Amy Chen"]),
        ("86", []),
        ("_", []),
        ("%", []),
        ("Zoë", []),
    ],
)
def test_search_by_part_of_a_name_or_any_digits(db, typed, found):
    make_customer("陈晓雨", "13800001234")
    make_customer("Amy Chen", "13912345678")
    assert names(typed) == found


def test_search_shows_the_newest_first_and_all_without_words(db):
    for name in ("甲", "乙", "丙"):
        make_customer(name)
    assert names("") == ["丙", "乙", "甲"]


def test_a_digit_in_a_name_is_no_phone(db):
    make_customer("陈晓雨", "13800001234")
    make_customer("Studio 3", "13912345678")
    assert names("Studio 3") == ["Studio 3"]
