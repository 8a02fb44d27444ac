"""The owner's phone or e-mail is proved by six digits; one sign-up opens one studio, whatever is pressed."""

import datetime as dt
import secrets
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from tenants.context import in_public, in_studio
from tenants.models import Studio
from tenants.signup import codes, draft, limits, opening
from tenants.signup.contact import Contact, read_contact
from tenants.signup.models import SignUp
from tests.tenants import mailbox
from tests.tenants.test_platform import OWNER, STUDIO, step, studios, to_last_step, visitor  # noqa: F401 (a fixture)

MAIL = {**OWNER, "owner_contact": " Lei@Example.com "}


@pytest.fixture(autouse=True)
def _english(request):
    if "visitor" in request.fixturenames:
        request.getfixturevalue("visitor").defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


@pytest.fixture
def owner(visitor):  # noqa: F811 (a fixture)
    """A visitor to whom a code is on its way."""
    step(visitor, "/signup/", STUDIO)
    step(visitor, "/signup/owner/", OWNER)
    return visitor


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def row():
    with in_public():
        return SignUp.objects.get()


def later(**since):
    with in_public():
        SignUp.objects.update(sent_at=timezone.now() - dt.timedelta(**since))


@pytest.mark.parametrize(
    ("typed", "region", "to"),
    [("13800138000", "cn", "+8613800138000"), ("19912345678", "cn", "+8619912345678"),
     ("91234567", "hk", "+85291234567"),
     ("+886 912 345 678", "cn", "+886912345678"), ("Lei@Example.com", "cn", "lei@example.com")],
)  # fmt: skip
def test_one_field_takes_phones_and_mail(typed, region, to):
    assert read_contact(typed, region).to == to


@pytest.mark.parametrize("typed", ["12", "abc", "a@b", "010 8888 8888", "138001380001"])
def test_what_no_message_reaches_is_refused(typed):
    with pytest.raises(ValidationError):
        read_contact(typed, "cn")


def test_contacts_are_shown_masked():
    assert Contact("+8613800138000").masked == "+86 138****8000"
    assert Contact("lei@example.com").masked == "l****@example.com"


def test_the_code_goes_to_the_phone_and_opens_the_last_step(owner):
    [sent] = mailbox.sent
    assert (sent["route"], sent["to"], len(sent["code"])) == ("sms", "+85291234567", 6)
    page = owner.get("/signup/code/").text
    assert "+852 912****67" in page
    assert sent["code"] not in page
    assert owner.get("/signup/address/")["location"] == "/signup/code/", "not before the code"
    spaced = f" {sent['code'][:3]} {sent['code'][3:]} "
    assert step(owner, "/signup/code/", {"code": spaced})["location"] == "/signup/address/"
    assert owner.get("/signup/code/")["location"] == "/signup/address/", "Back does not ask again"


def test_the_code_goes_by_mail_and_the_studio_knows_the_address(visitor, studio, settings):  # noqa: F811 (a fixture)
    settings.STUDIO_FURNISHERS = ["core.orders.furnish.furnish_studio", "billing.subscribing.begin_trial"]
    step(visitor, "/signup/", STUDIO)
    step(visitor, "/signup/owner/", MAIL)
    assert mailbox.sent[0]["route"] == "email"
    step(visitor, "/signup/code/", {"code": mailbox.sent[0]["code"]})
    step(visitor, "/signup/address/", {"slug": "chenguang"})
    with in_public():
        opened = Studio.objects.get(slug="chenguang")
    users = "SELECT email, phone FROM accounts_user"
    with in_studio(opened), connection.cursor() as cursor:
        cursor.execute(users)
        assert cursor.fetchall() == [("lei@example.com", "")]
    with in_studio(studio), connection.cursor() as cursor:
        cursor.execute(users)
        assert ("lei@example.com", "") not in cursor.fetchall()


def test_nothing_that_names_the_visitor_is_kept(owner):
    kept = row()
    texts = " ".join(str(getattr(kept, field.name)) for field in SignUp._meta.fields)
    assert "91234567" not in texts
    assert mailbox.sent[0]["code"] not in texts


def test_a_wrong_code_says_how_many_tries_are_left_and_loses_nothing(owner):
    code = mailbox.sent[0]["code"]
    assert step(owner, "/signup/code/", {"code": wrong(code)})["location"] == "/signup/code/"
    page = owner.get("/signup/code/")
    assert page.status_code == 422
    assert "4 tries" in page.text
    assert "晨光映画" in owner.get("/signup/").text
    assert step(owner, "/signup/code/", {"code": code})["location"] == "/signup/address/"


def test_the_same_wrong_code_sent_twice_at_once_is_one_try(owner):
    guess = wrong(mailbox.sent[0]["code"])
    for _ in range(2):
        step(owner, "/signup/code/", {"code": guess})
        assert "4 tries" in owner.get("/signup/code/").text
    step(owner, "/signup/code/", {"code": wrong(guess)})
    assert "3 tries" in owner.get("/signup/code/").text


def test_after_five_wrong_tries_the_right_code_is_worthless(owner):
    code = mailbox.sent[0]["code"]
    guess = code
    for _ in range(codes.TRIES):
        guess = wrong(guess)
        step(owner, "/signup/code/", {"code": guess})
    step(owner, "/signup/code/", {"code": code})
    assert "Too many tries" in owner.get("/signup/code/").text
    later(minutes=2)
    step(owner, "/signup/code/again/", {})
    assert step(owner, "/signup/code/", {"code": mailbox.sent[-1]["code"]})["location"] == "/signup/address/"


def test_an_expired_code_asks_for_a_new_one(owner):
    with in_public():
        SignUp.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    step(owner, "/signup/code/", {"code": mailbox.sent[0]["code"]})
    assert "has ended" in owner.get("/signup/code/").text
    assert row().verified_at is None


def test_a_new_code_waits_a_minute_and_ends_the_old_one(owner):
    page = owner.get("/signup/code/")
    assert 0 < page.context["wait"] <= codes.PAUSE
    assert f'data-resend="{page.context["wait"]}"' in page.text
    step(owner, "/signup/code/again/", {})
    assert len(mailbox.sent) == 1
    later(seconds=codes.PAUSE + 1)
    step(owner, "/signup/code/again/", {})
    first, second = (sent["code"] for sent in mailbox.sent)
    if first != second:
        assert step(owner, "/signup/code/", {"code": first})["location"] == "/signup/code/"
    assert step(owner, "/signup/code/", {"code": second})["location"] == "/signup/address/"


def test_a_double_click_sends_one_code(owner):
    step(owner, "/signup/owner/", OWNER)
    assert len(mailbox.sent) == 1


def test_another_phone_has_to_be_proved_anew(owner):
    step(owner, "/signup/code/", {"code": mailbox.sent[0]["code"]})
    step(owner, "/signup/owner/", MAIL)
    assert owner.get("/signup/address/")["location"] == "/signup/code/"
    assert [sent["route"] for sent in mailbox.sent] == ["sms", "email"]
    assert step(owner, "/signup/owner/", MAIL)["location"] == "/signup/code/"


def test_a_provider_that_is_away_is_told_and_tried_again_at_once(visitor, settings):  # noqa: F811 (a fixture)
    settings.SIGNUP_CODE_SENDER = "tests.tenants.mailbox.lose"
    step(visitor, "/signup/", STUDIO)
    page = visitor.post("/signup/owner/", OWNER, follow=True)
    assert "could not be sent" in page.text
    settings.SIGNUP_CODE_SENDER = "tests.tenants.mailbox.keep"
    step(visitor, "/signup/code/again/", {})
    assert len(mailbox.sent) == 1


@pytest.mark.parametrize("limit", ["code_to", "code_from", "code_all"])
def test_codes_are_limited(owner, settings, limit):
    settings.SIGNUP_LIMITS = {**settings.SIGNUP_LIMITS, limit: "1 per minute"}
    limits._limiter().storage.reset()
    for _ in range(3):
        later(minutes=5)
        step(owner, "/signup/code/again/", {})
    assert len(mailbox.sent) == 2
    assert "Too many codes" in owner.get("/signup/code/").text


def test_guessing_is_limited_by_address(owner, settings):
    settings.SIGNUP_LIMITS = {**settings.SIGNUP_LIMITS, "guess": "1 per minute"}
    limits._limiter().storage.reset()
    step(owner, "/signup/code/", {"code": wrong(mailbox.sent[0]["code"])})
    assert step(owner, "/signup/code/", {"code": mailbox.sent[0]["code"]})["location"] == "/signup/code/"
    assert row().tries == 1


def test_what_fills_in_the_unseen_field_sends_nothing_until_pressed_again(visitor):  # noqa: F811 (a fixture)
    step(visitor, "/signup/", STUDIO)
    page = visitor.post("/signup/owner/", {**OWNER, "surname_again": "http://x"}, follow=True)
    assert "people cannot see" in page.text
    assert mailbox.sent == []
    assert "wanglei" in page.text
    step(visitor, "/signup/owner/", {**OWNER, "owner_password": ""})
    assert len(mailbox.sent) == 1, "a person only presses again; even the password is kept"


def test_what_is_faster_than_people_sends_nothing(visitor, settings):  # noqa: F811 (a fixture)
    settings.SIGNUP_FASTEST = 3
    step(visitor, "/signup/", STUDIO)
    assert "very quick" in visitor.post("/signup/owner/", OWNER, follow=True).text
    assert mailbox.sent == []
    settings.SIGNUP_FASTEST = 0
    step(visitor, "/signup/owner/", {**OWNER, "owner_password": ""})
    assert len(mailbox.sent) == 1


def test_a_good_password_is_not_asked_again_for_another_mistake(visitor):  # noqa: F811 (a fixture)
    step(visitor, "/signup/", STUDIO)
    step(visitor, "/signup/owner/", {**OWNER, "owner_contact": "12"})
    visitor.get("/signup/owner/")
    assert step(visitor, "/signup/owner/", {**OWNER, "owner_password": ""})["location"] == "/signup/code/"


def test_pressing_twice_opens_one_studio_and_leads_into_it(visitor):  # noqa: F811 (a fixture)
    to_last_step(visitor)
    cookie = visitor.cookies[draft.COOKIE].value
    first = step(visitor, "/signup/address/", {"slug": "chenguang"})
    before = studios()
    for slug in ("chenguang", "chenguang-2"):
        visitor.cookies[draft.COOKIE] = cookie  # sent with the second click, before the first was answered
        again = step(visitor, "/signup/address/", {"slug": slug})
        assert again["location"].startswith("http://chenguang.localhost:8000/enter/")
    assert first.status_code == again.status_code == 302
    assert studios() == before


def test_back_after_opening_says_where_the_studio_is(visitor):  # noqa: F811 (a fixture)
    to_last_step(visitor)
    step(visitor, "/signup/address/", {"slug": "chenguang"})
    for path in ("/signup/address/", "/signup/code/", "/signup/owner/"):
        page = visitor.get(path, follow=True)
        assert "晨光映画 is open" in page.text
        assert 'href="http://chenguang.localhost:8000/console/"' in page.text
    step(visitor, "/signup/", {**STUDIO, "name": "第二家"})
    assert visitor.get("/signup/owner/").status_code == 200, "another studio is another sign-up"


def test_while_a_studio_is_built_a_second_request_waits_on_its_own_page(visitor, monkeypatch):  # noqa: F811
    to_last_step(visitor)

    def busy(_key):
        raise opening.StillBuilding

    monkeypatch.setattr(opening, "studio_of", busy)
    assert step(visitor, "/signup/address/", {"slug": "chenguang"})["location"] == "/signup/building/"
    page = visitor.get("/signup/building/")
    assert page["refresh"] == "1", "also without JavaScript"
    assert "晨光映画 is being built" in page.text
    monkeypatch.undo()
    assert visitor.get("/signup/building/")["location"] == "/signup/address/", "it was never built: press again"


def test_the_building_page_is_for_those_who_began(db):
    assert Client(headers={"host": "localhost"}).get("/signup/building/")["location"] == "/signup/"


def test_a_code_of_one_sign_up_is_none_of_another(owner, settings):
    code, other = mailbox.sent[0]["code"], Client(headers={"host": "localhost"})
    step(other, "/signup/", STUDIO)
    step(other, "/signup/owner/", OWNER)
    if mailbox.sent[1]["code"] != code:
        assert step(other, "/signup/code/", {"code": code})["location"] == "/signup/code/"
    with in_public(), pytest.raises(opening.NotVerified):
        opening.open_once(key="nobody", name="x", slug="nobody-x")


def test_old_sign_ups_are_forgotten(owner):
    assert codes.forget_sign_ups() == 0
    with in_public():
        SignUp.objects.update(created_at=timezone.now() - dt.timedelta(days=2))
    assert codes.forget_sign_ups() == 1


def test_the_row_is_locked_while_the_studio_is_built(throwaway_studio):
    with in_public():
        SignUp.objects.create(key="two-lines", verified_at=timezone.now())
    held, done = threading.Event(), threading.Event()

    def build():
        with in_public(), transaction.atomic():
            SignUp.objects.select_for_update().get(key="two-lines")
            held.set()
            done.wait(10)
        connection.close()

    other = threading.Thread(target=build)
    other.start()
    try:
        assert held.wait(10)
        with pytest.raises(opening.StillBuilding):
            opening.studio_of("two-lines")
        with pytest.raises(opening.StillBuilding):
            opening.open_once(key="two-lines", name="x", slug="two-lines")
    finally:
        done.set()
        other.join(10)
        with in_public():
            SignUp.objects.all().delete()
    assert opening.studio_of("two-lines") is None


def test_a_network_of_ipv6_addresses_is_one_visitor(settings):
    settings.SIGNUP_LIMITS = {**settings.SIGNUP_LIMITS, "guess": "2 per minute"}
    limits._limiter().storage.reset()
    assert [limits.allows("guess", f"2001:db8:7:1::{number}") for number in (1, 2, 3)] == [True, True, False]
    assert limits.allows("guess", "2001:db8:7:2::1"), "another household"
    assert [limits.allows("guess", who) for who in ("198.51.100.7", "::ffff:198.51.100.7", "198.51.100.7")] == [
        True, True, False,
    ]  # fmt: skip
    assert limits.allows("guess", "198.51.100.8")


def test_the_same_holds_inside_studios(studio):
    from core.kernel.errors import Refusal
    from core.kernel.limits import spend

    with in_studio(studio):
        purpose = f"ipv6.{secrets.token_hex(4)}"
        spend("1 per minute", purpose, "2001:db8:9:1::1", code="no")
        with pytest.raises(Refusal):
            spend("1 per minute", purpose, "2001:db8:9:1::2", code="no")
        spend("1 per minute", purpose, "2001:db8:9:2::1", code="no")
