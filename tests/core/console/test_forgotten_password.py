"""A forgotten password: a code to phone or e-mail, a new password, and the second step as before."""

import datetime as dt
import secrets

import pytest
from django.contrib.auth import get_user_model

from core.kernel import clock
from core.kernel.events import Event
from core.messaging.models import OutboxMessage
from core.people.models import PhoneCode
from tenants.accounts.models import LoginSession
from tenants.context import in_studio
from tests.core.console.conftest import browser
from tests.core.console.test_second_step import app_of
from tests.factories import PASSWORD, make_staff

HOME = "/console/login/forgotten/"
CODE, CHOOSE, AGAIN = f"{HOME}code/", f"{HOME}password/", f"{HOME}again/"
FRESH = "velvet-curtain-9"


@pytest.fixture
def address():
    return ".".join(["10", *(str(1 + secrets.randbelow(250)) for _ in range(3))])


@pytest.fixture
def phone():
    return f"+86139{secrets.randbelow(10**8):08d}"


def somebody(branch, **fields):
    user = make_staff("manager", branch, username=f"nora{secrets.token_hex(4)}", name="何静")
    get_user_model().objects.filter(pk=user.pk).update(**fields)
    user.refresh_from_db()
    return user


@pytest.fixture
def person(branch, phone):
    return somebody(branch, phone=phone)


@pytest.fixture
def door(studio, address):
    client = browser(studio)
    client.defaults |= {"REMOTE_ADDR": address, "HTTP_ACCEPT_LANGUAGE": "en"}
    return client


def sent_code():
    return OutboxMessage.objects.filter(template="password_code").order_by("-pk")[0].facts["code"]


def proved(client, to):
    client.post(HOME, {"address": to})
    return client.post(CODE, {"code": sent_code()})


def works(user, password):
    return get_user_model().objects.get(pk=user.pk).check_password(password)


def test_login_page_leads_there(door):
    assert HOME.encode() in door.get("/console/login/").content


def test_new_password_by_a_code_to_the_phone(studio, door, person):
    elsewhere = browser(studio, person)
    assert elsewhere.get("/console/").status_code == 200
    assert proved(door, person.phone[3:])["Location"] == CHOOSE
    assert person.username.encode() in door.get(CHOOSE).content
    assert door.post(CHOOSE, {"password": FRESH})["Location"] == "/console/login/"
    assert works(person, FRESH)
    assert elsewhere.get("/console/").status_code == 302
    assert not LoginSession.objects.filter(user=person).exists()
    assert Event.objects.get(kind="login.recovered").facts == {"name": "何静"}
    told = OutboxMessage.objects.get(template="password_changed")
    assert (told.to, told.route) == (person.phone, "sms")
    assert FRESH not in str(told.facts)
    answer = door.post("/console/login/", {"username": person.username, "password": FRESH})
    assert answer["Location"] == "/console/"


def test_mail_does_too_and_every_address_is_told(door, branch, phone):
    user = somebody(branch, email=f"Nora{secrets.token_hex(3)}@Example.com", phone=phone)
    proved(door, user.email.upper())
    assert OutboxMessage.objects.get(template="password_code").route == "email"
    door.post(CHOOSE, {"password": FRESH})
    assert works(user, FRESH)
    assert set(OutboxMessage.objects.filter(template="password_changed").values_list("to", flat=True)) == {
        user.email, phone
    }  # fmt: skip


def test_known_and_unknown_look_the_same(studio, door, person):
    pages = []
    for to in (person.phone, f"{person.phone[:-4]}{(int(person.phone[-4:]) + 1) % 10**4:04d}"):
        answer = door.post(HOME, {"address": to})
        assert (answer.status_code, answer["Location"]) == (302, CODE)
        page = door.get(CODE).content.decode()
        pages.append(page.replace(to[-4:], "####")[page.index("<form") - 300 : page.index("<form")].split("csrf")[0])
        assert "This code is not right" in door.post(CODE, {"code": "000000"}).content.decode()
    assert pages[0] == pages[1]
    assert PhoneCode.objects.filter(purpose="password").count() == 2
    assert OutboxMessage.objects.count() == 1


def test_who_may_not_log_in_gets_nothing(door, person):
    get_user_model().objects.filter(pk=person.pk).update(is_active=False)
    assert door.post(HOME, {"address": person.phone})["Location"] == CODE
    assert not OutboxMessage.objects.exists()


def test_what_is_no_address_is_said(door):
    for typed in ("", "123", "a@b"):
        assert door.post(HOME, {"address": typed}).status_code == 422
    assert not PhoneCode.objects.exists()


def test_codes_are_limited_for_known_and_unknown(door, person, phone):
    door.post(HOME, {"address": phone})
    assert PhoneCode.objects.count() == 1
    assert door.post(AGAIN)["Location"] == CODE
    assert PhoneCode.objects.count() == 1
    assert "Please wait" in door.get(CODE).content.decode()


def test_five_wrong_codes_end_it(door, person):
    door.post(HOME, {"address": person.phone})
    right = sent_code()
    for step in range(1, 6):
        assert door.post(CODE, {"code": f"{(int(right) + step) % 10**6:06d}"}).status_code == 422
    assert door.post(CODE, {"code": right}).status_code == 422
    assert door.get(CHOOSE)["Location"] == HOME


def test_an_old_code_opens_nothing(door, person):
    door.post(HOME, {"address": person.phone})
    PhoneCode.objects.update(expires_at=clock.now())
    assert door.post(CODE, {"code": sent_code()}).status_code == 422


def test_a_code_serves_once(studio, door, person):
    proved(door, person.phone)
    assert door.post(CODE, {"code": sent_code()}).status_code == 422
    kept = door.cookies.copy()
    second = browser(studio)
    proved_session = dict(door.session["recovery"])
    door.post(CHOOSE, {"password": FRESH})
    session = second.session
    session["recovery"] = proved_session
    session.save()
    second.cookies["sessionid" if "sessionid" in kept else next(iter(kept))] = session.session_key
    assert second.post(CHOOSE, {"password": "other-curtain-7"})["Location"] == HOME
    assert works(person, FRESH)


def test_ten_minutes_to_choose(door, person):
    proved(door, person.phone)
    PhoneCode.objects.update(used_at=clock.now() - dt.timedelta(minutes=11))
    assert door.post(CHOOSE, {"password": FRESH})["Location"] == HOME
    assert works(person, PASSWORD)


def test_weak_passwords_are_refused_and_nothing_changed(door, person):
    proved(door, person.phone)
    for weak in ("12345678", "short", "password", person.username):
        assert door.post(CHOOSE, {"password": weak}).status_code == 422
    assert works(person, PASSWORD)
    assert "password" not in door.session["recovery"]


def test_without_a_code_nothing_opens(door, person):
    assert door.get(CHOOSE)["Location"] == HOME
    door.post(HOME, {"address": person.phone})
    assert door.post(CHOOSE, {"password": FRESH})["Location"] == HOME
    assert works(person, PASSWORD)


def test_second_step_is_still_asked(door, person):
    app_of(person)
    proved(door, person.phone)
    door.post(CHOOSE, {"password": FRESH})
    answer = door.post("/console/login/", {"username": person.username, "password": FRESH})
    assert answer["Location"] == "/console/login/second/"
    assert door.get("/console/").status_code == 302


def test_the_same_phone_in_two_studios_is_two_people(studio, other_studio, door, person):
    with in_studio(other_studio):
        make_staff("owner")
        twin = make_staff("owner", username=f"twin{secrets.token_hex(4)}")
        get_user_model().objects.filter(pk=twin.pk).update(phone=person.phone)
    foreign = browser(other_studio)
    foreign.defaults |= {"REMOTE_ADDR": door.defaults["REMOTE_ADDR"]}
    door.post(HOME, {"address": person.phone})
    ours = sent_code()
    foreign.post(HOME, {"address": person.phone})
    with in_studio(other_studio):
        theirs = sent_code()
    if ours != theirs:
        assert foreign.post(CODE, {"code": ours}).status_code == 422
    assert door.post(CODE, {"code": ours})["Location"] == CHOOSE
    door.post(CHOOSE, {"password": FRESH})
    assert works(person, FRESH)
    with in_studio(other_studio):
        assert works(twin, PASSWORD)


def test_a_phone_of_two_colleagues_asks_whose_login(door, branch, person):
    other = somebody(branch, phone=person.phone)
    proved(door, person.phone)
    assert door.post(CHOOSE, {"password": FRESH}).status_code == 422
    assert door.post(CHOOSE, {"password": FRESH, "username": "nobody"}).status_code == 422
    door.post(CHOOSE, {"password": FRESH, "username": other.username})
    assert (works(other, FRESH), works(person, PASSWORD)) == (True, True)


def test_a_customer_code_chooses_no_password(door, person):
    door.post(HOME, {"address": person.phone})
    PhoneCode.objects.update(purpose="login")
    assert door.post(CODE, {"code": sent_code()}).status_code == 422


def test_pages_ask_little(door, person, django_assert_max_num_queries):
    proved(door, person.phone)
    for page in (HOME, CODE, CHOOSE):
        with django_assert_max_num_queries(4):
            assert door.get(page).status_code == 200
