"""Operators: a second step when they have one, and when settings demand one of everybody."""

import secrets
import time

import pyotp
import pytest
from django.test import Client

from tenants.accounts.models import Passkey, RecoveryCode, TotpKey, User
from tenants.accounts.steps import recovery, totp
from tenants.context import in_public
from tenants.life.models import StudioAct
from tests.keys import Key

LOGIN, SECOND, SECURITY, INDEX = (f"/operator/{path}" for path in ("login/", "second/", "security/", ""))
PASSWORD = "Kamera-2611"


@pytest.fixture
def anna(db, settings):
    generous = {"operator": "1000 per second", "operator_step": "1000 per second"}
    settings.SIGNUP_LIMITS = {**settings.SIGNUP_LIMITS, **generous}
    with in_public():
        return User.objects.create_superuser(f"anna{secrets.token_hex(3)}", PASSWORD, name="Anna")


def enter(user):
    client = Client(headers={"host": "localhost"})
    with in_public():
        return client, client.post(LOGIN, {"username": user.username, "password": PASSWORD, "next": INDEX})["location"]


def app_of(user):
    with in_public():
        totp.begin(user=user)
        TotpKey.objects.filter(user=user).update(confirmed_at="2026-01-01T00:00Z")
        return pyotp.TOTP(totp.secret_of(TotpKey.objects.get(user=user)))


def test_without_a_demand_the_password_does(anna):
    client, where = enter(anna)
    assert where == INDEX
    assert client.get(INDEX).status_code == 200


def test_who_has_an_app_is_asked(anna):
    app = app_of(anna)
    client, where = enter(anna)
    assert where == SECOND
    assert client.get(INDEX)["location"].startswith(LOGIN)
    assert client.post(SECOND, {"code": "000000"}).status_code == 422
    assert client.post(SECOND, {"code": app.now()})["location"] == INDEX
    assert client.get(INDEX).status_code == 200


def test_who_has_none_is_led_to_it_and_sees_nothing_else(anna, settings):
    settings.OPERATOR_SECOND_STEP = True
    client, _where = enter(anna)
    assert client.get(INDEX)["location"].startswith(LOGIN)
    assert client.get(LOGIN)["location"] == SECURITY
    client.post(SECURITY, {"verb": "begin"})
    app = pyotp.TOTP(client.get(SECURITY).context["secret"])
    codes = client.post(SECURITY, {"verb": "confirm", "code": app.at(time.time())}).context["codes"]
    assert len(codes) == recovery.COUNT
    assert client.get(INDEX).status_code == 200
    client.post(SECURITY, {"verb": "drop"})
    with in_public():
        assert TotpKey.objects.filter(user=anna).exists()
        assert RecoveryCode.objects.filter(user=anna).count() == recovery.COUNT
    other, where = enter(anna)
    assert (where, other.post(SECOND, {"code": codes[0]})["location"]) == (SECOND, INDEX)


def test_strangers_are_led_to_the_password(anna):
    stranger = Client(headers={"host": "localhost"})
    for path in (SECOND, SECURITY):
        assert stranger.get(path)["location"] == LOGIN
        assert stranger.post(path, {"verb": "begin", "code": "000000"})["location"] == LOGIN
    with in_public():
        assert not TotpKey.objects.exists()


def with_passkey(user):
    """(browser that is logged in, key): a passkey made at the platform's host by the page."""
    client, key = enter(user)[0], Key("http://localhost")
    options = client.post(f"{SECURITY}passkeys/question/").json()
    done = client.post(f"{SECURITY}passkeys/", {"answer": key.create(options)})
    assert len(done.context["codes"]) == recovery.COUNT
    return client, key


def answer_with(client, key):
    options = client.post("/operator/passkey/question/").json()
    return client.post("/operator/passkey/", {"answer": key.get(options)})["location"]


def acts(verb):
    with in_public():
        return list(StudioAct.objects.filter(slug="", verb=f"operator.{verb}").order_by("pk"))


def test_a_passkey_of_the_platforms_host_is_the_second_step_and_alone_both(anna, settings):
    settings.OPERATOR_SECOND_STEP = True
    client, key = with_passkey(anna)
    assert client.get(INDEX).status_code == 200, "setting one up counts as having passed it"
    other, where = enter(anna)
    assert (where, other.get(INDEX).status_code) == (SECOND, 302)
    assert "data-passkey" in other.get(SECOND).text
    assert answer_with(other, key) == INDEX
    assert other.get(INDEX).status_code == 200
    alone = Client(headers={"host": "localhost"})
    assert "data-passkey" in alone.get(LOGIN).text
    assert answer_with(alone, key) == INDEX
    assert alone.get(INDEX).status_code == 200
    assert [act.facts["step"] for act in acts("login")] == ["password", "passkey", "passkey"]


def test_a_passkey_answers_for_the_platforms_origin_only(anna, studio):
    _client, key = with_passkey(anna)
    key.origin = f"http://{studio.slug}.localhost"
    thief = Client(headers={"host": "localhost"})
    assert answer_with(thief, key) == LOGIN
    assert thief.get(INDEX).status_code == 302
    assert [(act.actor, act.facts["step"]) for act in acts("login_failed")] == [("?", "passkey")]


def test_the_last_passkey_stays_where_a_second_step_is_demanded(anna, settings):
    settings.OPERATOR_SECOND_STEP = True
    client, _key = with_passkey(anna)
    with in_public():
        number = Passkey.objects.get(user=anna).pk
    client.post(SECURITY, {"verb": "drop", "passkey": number})
    with in_public():
        assert Passkey.objects.filter(user=anna).exists()
    settings.OPERATOR_SECOND_STEP = False
    client.post(SECURITY, {"verb": "drop", "passkey": number})
    with in_public():
        assert not Passkey.objects.filter(user=anna).exists()
        assert not RecoveryCode.objects.filter(user=anna).exists()
    assert [act.facts["step"] for act in acts("step_dropped")] == ["passkey"]


def test_strangers_and_unproved_logins_make_no_passkey(anna):
    stranger = Client(headers={"host": "localhost"})
    assert stranger.post(f"{SECURITY}passkeys/question/")["location"] == LOGIN
    assert stranger.post(f"{SECURITY}passkeys/", {"answer": "{}"})["location"] == LOGIN
    client, _where = enter(anna)
    with in_public():
        session = client.session
        session["proved_at"] = 0
        session.save()
    asked = client.post(f"{SECURITY}passkeys/question/", headers={"x-requested-with": "fetch"})
    assert (asked.status_code, asked.json()["reload"]) == (403, True)
    assert "password" in client.post(f"{SECURITY}passkeys/", {"answer": "{}"}).text
    with in_public():
        assert not Passkey.objects.exists()


def test_what_operators_do_about_their_ways_in_stands_in_the_log(anna):
    client, _where = enter(anna)
    client.post(SECURITY, {"verb": "begin"})
    app = pyotp.TOTP(client.get(SECURITY).context["secret"])
    client.post(SECURITY, {"verb": "confirm", "code": app.at(time.time() - 30)})
    client.post(SECURITY, {"verb": "codes"})
    other = enter(anna)[0]
    other.post(SECOND, {"code": "000000"})
    other.post(SECOND, {"code": app.now()})
    assert len(client.get(SECURITY).context["logins"]) == 2
    client.post(SECURITY, {"verb": "logout-others"})
    Client(headers={"host": "localhost"}).post(LOGIN, {"username": anna.username, "password": "no"})
    Client(headers={"host": "localhost"}).post(LOGIN, {"username": "my-password", "password": "no"})
    with in_public():
        found = list(StudioAct.objects.filter(slug="").order_by("pk").values_list("verb", "actor", "facts__step"))
    assert found == [
        ("operator.login", anna.username, "password"),
        ("operator.step_set", anna.username, "app"),
        ("operator.codes_renewed", anna.username, None),
        ("operator.login_failed", anna.username, "code"),
        ("operator.login", anna.username, "app"),
        ("operator.logins_ended", anna.username, None),
        ("operator.login_failed", anna.username, "password"),
        ("operator.login_failed", "?", "password"),
    ]
    page = client.get(INDEX)
    assert [line["actor"] for line in page.context["latest"]][:2] == ["?", anna.username]
    assert "my-password" not in page.text + client.get("/operator/tenants/studioact/").text


def test_one_login_is_ended_by_its_button(anna):
    client, other = enter(anna)[0], enter(anna)[0]
    rows = client.get(SECURITY).context["logins"]
    theirs = next(row for row in rows if row.session_key == other.session.session_key)
    client.post(SECURITY, {"verb": "logout", "login": theirs.code})
    assert other.get(INDEX).status_code == 302
    assert client.get(INDEX).status_code == 200
