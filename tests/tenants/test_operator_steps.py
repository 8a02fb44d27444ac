"""Operators: a second step when they have one, and when settings demand one of everybody."""

import secrets
import time

import pyotp
import pytest
from django.test import Client

from tenants.accounts.models import RecoveryCode, TotpKey, User
from tenants.accounts.steps import recovery, totp
from tenants.context import in_public

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
