"""Logging in by phone code, through both doors, without JavaScript."""

import datetime as dt
import re
import secrets
from urllib.parse import quote

import pytest
from django.conf import settings

from core.kernel import clock
from core.messaging.models import OutboxMessage
from core.people import login as people
from core.people.models import CustomerSession, PhoneCode
from tenants.context import in_studio
from tests.factories import make_customer
from tests.portal.doors import knock


@pytest.fixture
def number():
    """Typed as people type it; fresh, because limits are counted on a shared Valkey."""
    return f"139 {secrets.randbelow(10**4):04d} {secrets.randbelow(10**4):04d}"


@pytest.fixture
def person(db, number):
    return make_customer("陈晓雨", number)


def code_of(person):
    return OutboxMessage.objects.get(to=person.phone).facts["code"]


def test_the_way_in_and_out(door, person, number):
    asked = door.get("me/")
    assert asked.status_code == 302
    assert asked["Location"] == f"{door.prefix}login/?next={quote(door.prefix + 'me/', safe='')}"
    page = door.get(asked["Location"])
    assert page.status_code == 200
    sent = door.post(asked["Location"], {"phone": number, "next": f"{door.prefix}me/"})
    assert sent.status_code == 302
    assert sent["Location"].startswith(f"{door.prefix}login/code/?next=")
    second = door.get(sent["Location"])
    assert f'value="{door.prefix}me/"' in second.content.decode()
    assert 'autocomplete="one-time-code"' in second.content.decode()
    assert person.phone[3:] not in second.content.decode()
    entered = door.post("login/code/", {"code": f"【光影】{code_of(person)} ", "next": f"{door.prefix}me/"})
    assert (entered.status_code, entered["Location"]) == (302, f"{door.prefix}me/")
    cookie = entered.cookies[people.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (door.prefix, True, "Lax")
    assert cookie["domain"] == ""
    assert CustomerSession.objects.get().device == "WeChat · iPhone"
    assert door.get("me/").status_code == 200
    left = door.post("logout/")
    assert left["Location"] == f"{door.prefix}login/"
    assert left.cookies[people.COOKIE]["path"] == door.prefix
    door.client.cookies[people.COOKIE] = cookie.value  # even a kept cookie is worthless now
    assert door.get("me/").status_code == 302


def test_unknown_number_sees_exactly_the_same(door, person, number):
    pages = []
    for typed in (number, f"138 {secrets.randbelow(10**8):08d}"):
        stranger = knock(door.studio, door.form)
        steps = [stranger.post("login/", {"phone": typed})]
        steps += [stranger.get(steps[0]["Location"])]
        steps += [stranger.post("login/code/", {"code": "000000"}) for _ in range(6)]
        steps += [stranger.post("login/code/again/")]
        pages.append([(step.status_code, seconds(step.get("Location", "")), plain(step)) for step in steps])
    assert pages[0] == pages[1]
    assert OutboxMessage.objects.count() == 1
    assert not CustomerSession.objects.exists()


def seconds(text):
    """Without how long to wait: the clock goes on during the test."""
    return re.sub(r'(wait=|data-resend=")\d+', "", text)


def plain(response):
    """The page without what differs by nature: tokens, the typed number, seconds."""
    text = re.sub(r'(csrfmiddlewaretoken" value|csrf-token" content)="[^"]+"', "", response.content.decode())
    return seconds(re.sub(r"1\d\d\*{4}\d{4}", "", text))


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/s/hupan/me/",
        "/login/?next=/me/",
    ],
)
def test_next_never_leads_out_of_the_portal(studio, person, number, wanted):
    door = knock(studio, "path")
    door.post("login/", {"phone": number, "next": wanted})
    assert door.post("login/code/", {"code": code_of(person), "next": wanted})["Location"] == door.prefix


def test_wrong_number_is_told_without_asking_anybody(door, db):
    answer = door.post("login/", {"phone": "12"})
    assert answer.status_code == 422
    assert not PhoneCode.objects.exists()


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef"])
def test_half_a_code_costs_no_try(door, person, number, typed):
    door.post("login/", {"phone": number})
    assert door.post("login/code/", {"code": typed}).status_code == 422
    assert PhoneCode.objects.get().tries == 0


def test_a_wrong_code_costs_one_try_even_when_enter_follows(door, person, number):
    door.post("login/", {"phone": number})
    code = code_of(person)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    page = door.post("login/code/", {"code": wrong})
    assert page.status_code == 422
    assert page.context["form"].errors["code"]
    assert wrong not in page.text
    door.post("login/code/", {"code": page.context["form"]["code"].value()})
    assert PhoneCode.objects.get().tries == 1


def test_full_width_digits_are_digits(door, person, number):
    door.post("login/", {"phone": number})
    wide = "".join(chr(0xFF10 + int(digit)) for digit in code_of(person))
    assert door.post("login/code/", {"code": wide}).status_code == 302


def test_asking_again_too_early_says_so_and_the_first_code_still_works(door, person, number):
    door.post("login/", {"phone": number})
    again = door.post("login/code/again/")
    assert "wait=" in again["Location"]
    page = door.get(again["Location"]).content.decode()
    assert re.search(r'data-resend="[1-6]?\d"', page)
    assert PhoneCode.objects.count() == 1
    assert door.post("login/code/", {"code": code_of(person)}).status_code == 302


def test_second_step_alone_leads_back_to_the_first(door, db):
    assert door.get("login/code/")["Location"].startswith(f"{door.prefix}login/")
    door.client.cookies["yl_code"] = "forged:value"
    assert door.get("login/code/")["Location"].startswith(f"{door.prefix}login/")


def test_waiting_number_of_one_studio_means_nothing_in_another(studio, other_studio, person, number):
    here, there = knock(studio, "path"), knock(other_studio, "path")
    here.post("login/", {"phone": number})
    there.client.cookies["yl_code"] = here.client.cookies["yl_code"].value
    assert there.get("login/code/")["Location"].startswith(f"{there.prefix}login/")


def test_session_of_one_studio_opens_nothing_in_another(studio, other_studio, person):
    here, there = knock(studio, "host", person), knock(other_studio, "host")
    with in_studio(other_studio):
        make_customer("双", person.phone)
    there.client.cookies[people.COOKIE] = here.client.cookies[people.COOKIE].value
    assert here.get("me/").status_code == 200
    assert there.get("me/").status_code == 302


def test_logged_in_customer_is_led_past_the_login_page(inside):
    assert inside.get("login/")["Location"] == inside.prefix


def test_post_without_login_comes_home_afterwards(door, db):
    assert door.post("me/language/", {"language": "en"})["Location"].endswith(quote(door.prefix, safe=""))


def test_cookie_is_secure_where_the_platform_is(door, person, number, settings):
    settings.SESSION_COOKIE_SECURE = True
    door.post("login/", {"phone": number})
    entered = door.post("login/code/", {"code": code_of(person)})
    assert entered.cookies[people.COOKIE]["secure"]


def test_language_of_the_customer_is_set_at_login(door, person, number):
    people.choose_language(customer=person, language="en")
    door.post("login/", {"phone": number})
    entered = door.post("login/code/", {"code": code_of(person)})
    assert entered.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert "Your own" in door.get("me/").content.decode() or "My account" in door.get("me/").content.decode()


def shown_seconds(page):
    return int(re.search(r'data-resend="(\d+)"', page.content.decode()).group(1))


def test_a_wrong_code_does_not_start_the_wait_anew(door, person, number):
    door.post("login/", {"phone": number})
    with clock.at(clock.now() + dt.timedelta(seconds=40)):
        left = shown_seconds(door.post("login/code/", {"code": "000000"}))
        assert 15 <= left <= 22
        again = door.post("login/code/again/")
        assert "wait=" in again["Location"]
        assert shown_seconds(door.get(again["Location"])) <= 22
    with clock.at(clock.now() + dt.timedelta(seconds=61)):
        late = door.get("login/code/?wait=600")  # an old address tells nothing any more
        assert shown_seconds(late) <= 1


def test_the_wait_of_an_hour_is_told_too(door, person, number, monkeypatch):
    monkeypatch.setattr(people, "PER_PHONE", {"hour": "1 per hour"})
    door.post("login/", {"phone": number})
    assert 3000 < shown_seconds(door.get("login/code/")) <= 3601
