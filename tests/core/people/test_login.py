"""The customer's way in: codes that are short-lived, counted and silent about who is known."""

import datetime as dt
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.people import login
from core.people.models import Customer, CustomerSession, PhoneCode
from core.people.selectors import session_of_token
from tenants.context import in_studio

PHONE = "+8613912345678"


# Counters live on a shared Valkey, per studio and number: fresh numbers and addresses instead of clearing it.
@pytest.fixture
def phone():
    return f"+86139{secrets.randbelow(10**8):08d}"


@pytest.fixture
def address():
    return f"10.{secrets.randbelow(250)}.{secrets.randbelow(250)}.{secrets.randbelow(250)}"


@pytest.fixture
def person(db, phone):
    return Customer.objects.create(name="陈晓雨", phone=phone, language="zh-hant")


class Mailbox(list):
    def __call__(self, **message):
        self.append(message)


def ask(phone, address):
    box = Mailbox()
    login.request_code(phone=phone, address=address, deliver=box)
    return box


def enter(phone, code, address):
    return login.log_in(phone=phone, code=code, device="WeChat on iPhone", address=address)


def refused(call, *args):
    with pytest.raises(Refusal) as caught:
        call(*args)
    return caught.value


def test_code_opens_a_session_that_can_be_ended(person, phone, address):
    [message] = ask(phone, address)
    assert message["language"] == "zh-hant"
    assert len(message["code"]) == 6
    found, token = enter(phone, f" {message['code']} ", address)
    assert found == person
    assert _customer_of(token) == person
    assert Event.objects.get(kind="customer.logged_in").actor_id == person.pk
    login.log_out(token)
    assert _customer_of(token) is None


def test_neither_code_nor_token_is_stored(person, phone, address):
    [message] = ask(phone, address)
    _, token = enter(phone, message["code"], address)
    assert message["code"] not in PhoneCode.objects.get().code_hash
    assert token not in CustomerSession.objects.get().token_hash


def test_unknown_number_gets_the_same_rows_and_answers_but_no_message(db, phone, address):
    assert ask(phone, address) == []
    assert PhoneCode.objects.filter(phone=phone).count() == 1
    codes = [refused(enter, phone, "000000", address).code for _ in range(6)]
    assert codes == ["code.wrong"] * 5 + ["code.too_many_tries"]
    assert not CustomerSession.objects.exists()


def test_five_tries_then_not_even_the_right_code(person, phone, address):
    [message] = ask(phone, address)
    wrong = "000000" if message["code"] != "000000" else "111111"
    left = [refused(enter, phone, wrong, address).facts["left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    assert refused(enter, phone, message["code"], address).code == "code.too_many_tries"


def test_code_works_once(person, phone, address):
    [message] = ask(phone, address)
    enter(phone, message["code"], address)
    assert refused(enter, phone, message["code"], address).code == "code.expired"
    assert CustomerSession.objects.count() == 1


def test_code_ends_after_five_minutes(person, phone, address):
    [message] = ask(phone, address)
    PhoneCode.objects.update(expires_at=clock.now() - dt.timedelta(seconds=1))
    assert refused(enter, phone, message["code"], address).code == "code.expired"


def test_only_the_latest_code_counts(person, phone, address, monkeypatch):
    monkeypatch.setattr(login, "PER_PHONE", {})
    [first], [second] = ask(phone, address), ask(phone, address)
    if first["code"] != second["code"]:
        assert refused(enter, phone, first["code"], address).code == "code.wrong"
    enter(phone, second["code"], address)


def test_code_of_another_number_or_studio_is_wrong(person, phone, address, other_studio):
    [message] = ask(phone, address)
    with in_studio(other_studio):
        assert refused(enter, phone, message["code"], address).code == "code.expired"
        twin = Customer.objects.create(name="双", phone=phone)
        PhoneCode.objects.create(
            phone=phone, code_hash=login.code_hash(phone, "x"), expires_at=clock.now() + dt.timedelta(minutes=5)
        )
        assert refused(enter, phone, message["code"], address).code == "code.wrong"
        assert not twin.sessions.exists()
    _, token = enter(phone, message["code"], address)
    with in_studio(other_studio):
        assert session_of_token(token) is None


def test_asking_again_at_once_is_refused_known_or_not(person, phone, address):
    unknown = f"+86138{secrets.randbelow(10**8):08d}"
    for number in (phone, unknown):
        ask(number, address)
        refusal = refused(ask, number, address)
        assert refusal.code == "code.too_often"
        assert 1 <= refusal.facts["wait"] <= 61
    assert PhoneCode.objects.count() == 2


def test_per_phone_and_per_address_limits_are_exact(db, phone, address, monkeypatch):
    monkeypatch.setattr(login, "PER_PHONE", {"hour": "5 per hour"})
    monkeypatch.setattr(login, "PER_ADDRESS", "8 per hour")
    for _ in range(5):
        ask(phone, address)
    assert refused(ask, phone, address).code == "code.too_often"
    assert PhoneCode.objects.count() == 5
    fresh = [f"+86137{secrets.randbelow(10**8):08d}" for _ in range(4)]
    outcomes = []
    for number in fresh:
        try:
            ask(number, address)
            outcomes.append("sent")
        except Refusal as refusal:
            outcomes.append(refusal.code)
    assert outcomes == ["sent", "sent", "sent", "code.too_often"]


def test_guesses_per_address_are_limited(db, address, monkeypatch):
    monkeypatch.setattr(login, "GUESSES_PER_ADDRESS", "3 per hour")
    numbers = [f"+86137{secrets.randbelow(10**8):08d}" for _ in range(4)]
    codes = [refused(enter, number, "123456", address).code for number in numbers]
    assert codes == ["code.expired"] * 3 + ["code.too_often"]


def test_without_valkey_nobody_gets_in(person, phone, address, settings):
    from core.kernel import limits

    settings.VALKEY_URL = "redis://127.0.0.1:1/0"
    limits._limiter.cache_clear()
    try:
        assert refused(ask, phone, address).code == "limits.unavailable"
        assert refused(enter, phone, "123456", address).code == "limits.unavailable"
    finally:
        limits._limiter.cache_clear()
    assert not PhoneCode.objects.exists()


def test_demo_code_is_fixed_in_the_demo_only(person, phone, address, settings):
    settings.DEMO_PHONE_CODE = "not a code"
    assert ask(phone, address)[0]["code"].isdecimal()
    settings.DEMO, settings.DEMO_PHONE_CODE = True, "888888"
    assert ask(phone, address)[0]["code"] == "888888"


def test_devices_are_listed_and_revoked_by_their_owner_only(person, phone, address, monkeypatch):
    monkeypatch.setattr(login, "PER_PHONE", {})
    tokens = [enter(phone, ask(phone, address)[0]["code"], address)[1] for _ in range(2)]
    neighbour = Customer.objects.create(name="邻居", phone=PHONE)
    mine = login.sessions_of(person)
    assert [session.device for session in mine] == ["WeChat on iPhone"] * 2
    assert not login.revoke_session(customer=neighbour, session_id=mine[0].pk)
    assert login.revoke_session(customer=person, session_id=session_of_token(tokens[0]).pk)
    assert [_customer_of(token) for token in tokens] == [None, person]


def test_old_codes_and_sessions_are_forgotten(person, phone, address):
    _, token = enter(phone, ask(phone, address)[0]["code"], address)
    assert login.forget_old_codes() == 0
    PhoneCode.objects.update(created_at=clock.now() - dt.timedelta(days=2))
    assert login.forget_old_codes() == 1
    assert _customer_of(token) == person


def test_one_code_raced_by_many_opens_one_session(throwaway_studio, phone, address):
    Customer.objects.create(name="陈晓雨", phone=phone)
    [message] = ask(phone, address)

    def race(_):
        with in_studio(throwaway_studio):
            try:
                return bool(enter(phone, message["code"], address))
            except Refusal as refusal:
                return refusal.code
            finally:
                connection.close()

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(race, range(8)))
    assert sorted(map(str, outcomes)) == ["True"] + ["code.expired"] * 7
    assert CustomerSession.objects.count() == 1


def _customer_of(token):
    session = session_of_token(token)
    return session.customer if session else None
