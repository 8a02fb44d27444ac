"""Password, then a code, a passkey or a recovery code; what is enforced by job; what a manager may take away."""

import datetime as dt
import secrets
import time

import pyotp
import pytest
from django.contrib.auth import get_user_model

from core.kernel import clock
from core.kernel.events import Event
from core.people import security
from core.people.models import SecondStepRule
from tenants.accounts.models import LoginSession, Passkey, RecoveryCode, TotpKey
from tenants.accounts.steps import recovery, totp
from tenants.accounts.steps.errors import StepRefused
from tenants.context import in_studio
from tests.core.console.conftest import browser
from tests.factories import PASSWORD, make_staff
from tests.keys import Key

LOGIN, SECOND, PASSKEY = "/console/login/", "/console/login/second/", "/console/login/passkey/"
SECURITY, PROOF = "/console/security/", "/console/security/proof/"


@pytest.fixture
def address():
    """Tries are counted in Valkey, across runs."""
    return ".".join(["10", *(str(1 + secrets.randbelow(250)) for _ in range(3))])


@pytest.fixture
def person(branch):
    """Somebody whose name no earlier run has used up."""
    return make_staff("manager", branch, username=f"nora{secrets.token_hex(4)}", name="何静")


@pytest.fixture
def door(studio, address):
    client = browser(studio)
    client.defaults["REMOTE_ADDR"] = address
    return client


def app_of(user):
    """An authenticator app set up for the user."""
    key = totp.begin(user=user)
    code = pyotp.TOTP(totp.secret_of(key))
    TotpKey.objects.filter(pk=key.pk).update(confirmed_at=clock.now())
    return code


def log_in(client, user):
    return client.post(LOGIN, {"username": user.username, "password": PASSWORD})


def inside(client):
    return client.get("/console/").status_code == 200


def proved(studio, user):
    """A browser whose owner gave the password a moment ago."""
    client = browser(studio, user)
    client.defaults["REMOTE_ADDR"] = f"10.9.{secrets.randbelow(250)}.{secrets.randbelow(250)}"
    assert client.post(PROOF, {"password": PASSWORD})["Location"] == SECURITY
    return client


def origin(studio):
    return f"http://{studio.slug}.localhost"


def with_passkey(studio, user):
    """A passkey of the user, made by the pages."""
    client, key = proved(studio, user), Key(origin(studio))
    options = client.post(f"{SECURITY}passkeys/question/").json()
    answer = client.post(f"{SECURITY}passkeys/", {"answer": key.create(options)})
    assert answer.status_code in {200, 302}
    assert Passkey.objects.filter(user=user).exists()
    return key


def test_an_app_is_set_up_and_asked_for(studio, door, person):
    client = proved(studio, person)
    assert client.post(f"{SECURITY}app/new/")["Location"] == f"{SECURITY}app/"
    page = client.get(f"{SECURITY}app/")
    app = pyotp.TOTP(page.context["secret"].replace(" ", ""))
    assert client.post(f"{SECURITY}app/", {"code": "000000"}).status_code == 422
    done = client.post(f"{SECURITY}app/", {"code": app.at(time.time() - 30)})
    assert len(done.context["codes"]) == recovery.COUNT
    assert app.secret not in TotpKey.objects.get().secret
    assert log_in(door, person)["Location"] == SECOND
    assert not inside(door)
    assert door.post(SECOND, {"code": app.now()})["Location"] == "/console/"
    assert inside(door)


def test_the_password_alone_opens_nothing(door, person):
    app_of(person)
    log_in(door, person)
    for path in ("/console/", SECURITY, "/console/board/", "/console/password/"):
        assert door.get(path)["Location"].startswith(LOGIN)
    assert "_auth_user_id" not in door.session


def test_where_one_wanted_to_go_is_kept(door, person):
    app = app_of(person)
    door.post(LOGIN, {"username": person.username, "password": PASSWORD, "next": "/console/board/"})
    assert door.post(SECOND, {"code": app.now()})["Location"] == "/console/board/"


def test_a_code_is_taken_once(studio, door, person):
    app, code = app_of(person), None
    log_in(door, person)
    code = app.now()
    assert door.post(SECOND, {"code": code}).status_code == 302
    again = browser(studio)
    log_in(again, person)
    refused = again.post(SECOND, {"code": code})
    assert refused.status_code == 422
    assert not inside(again)
    with pytest.raises(StepRefused):
        totp.spend(user=person, code=code)


def test_a_recovery_code_is_good_once_however_it_is_typed(studio, door, person):
    app_of(person)
    code = recovery.renew(user=person)[3]
    assert code not in RecoveryCode.objects.values_list("digest", flat=True)
    log_in(door, person)
    assert door.post(SECOND, {"code": f" {code.upper().replace('-', ' ')} "}).status_code == 302
    other = browser(studio)
    log_in(other, person)
    assert other.post(SECOND, {"code": code}).status_code == 422
    assert recovery.left(person) == recovery.COUNT - 1


def test_new_codes_end_the_old_ones(studio, person):
    old = recovery.renew(user=person)[0]
    app_of(person)
    page = proved_again = proved(studio, person)
    page = proved_again.post(f"{SECURITY}codes/")
    assert old not in page.context["codes"]
    with pytest.raises(StepRefused):
        recovery.spend(user=person, code=old)


def test_tries_are_counted(door, person):
    app = app_of(person)
    log_in(door, person)
    for _ in range(10):
        assert door.post(SECOND, {"code": "000000"}).status_code == 422
    assert door.post(SECOND, {"code": app.now()}).status_code == 429
    assert not inside(door)


def test_waiting_ends_with_the_password_and_with_time(door, person, monkeypatch):
    app = app_of(person)
    log_in(door, person)
    person.set_password("paper-lantern-7")
    person.save()
    assert door.post(SECOND, {"code": app.now()})["Location"] == LOGIN
    log_in(door, person)
    person.set_password(PASSWORD)
    person.save()
    log_in(door, person)
    now = time.time()
    monkeypatch.setattr("tenants.accounts.steps.entering.time.time", lambda: now + 601)
    assert door.get(SECOND)["Location"] == LOGIN


def test_the_key_of_the_session_changes(door, person):
    app = app_of(person)
    log_in(door, person)
    before = door.session.session_key
    door.post(SECOND, {"code": app.now()})
    assert door.session.session_key != before
    assert not LoginSession.objects.filter(pk=before).exists()


def test_a_passkey_is_a_second_step_and_a_way_in_alone(studio, door, person):
    key = with_passkey(studio, person)
    assert log_in(door, person)["Location"] == SECOND
    options = door.post(f"{PASSKEY}question/").json()
    assert len(options["publicKey"]["allowCredentials"]) == 1
    assert door.post(PASSKEY, {"answer": key.get(options)})["Location"] == "/console/"
    assert inside(door)
    alone = browser(studio)
    options = alone.post(f"{PASSKEY}question/").json()
    assert not options["publicKey"].get("allowCredentials")
    assert alone.post(PASSKEY, {"answer": key.get(options)})["Location"] == "/console/"
    assert alone.session["stepped"] is True


def test_an_answer_works_once_and_a_copied_key_is_refused(studio, person):
    key, client = with_passkey(studio, person), browser(studio)
    answer = key.get(client.post(f"{PASSKEY}question/").json())
    assert client.post(PASSKEY, {"answer": answer})["Location"] == "/console/"
    other = browser(studio)
    other.post(f"{PASSKEY}question/")
    assert other.post(PASSKEY, {"answer": answer})["Location"] == LOGIN
    key.count = 0  # a copy whose counter stands where it stood
    assert other.post(PASSKEY, {"answer": key.get(other.post(f"{PASSKEY}question/").json())})["Location"] == LOGIN
    assert not inside(other)


def test_a_passkey_of_somebody_else_is_no_second_step(studio, door, person, branch):
    app_of(person)
    key = with_passkey(studio, make_staff("assistant", branch))
    log_in(door, person)
    options = door.post(f"{PASSKEY}question/").json()
    assert door.post(PASSKEY, {"answer": key.get(options)})["Location"] == SECOND
    assert not inside(door)


@pytest.mark.parametrize("answer", ["", "{}", "[]", "nonsense", '{"id": 3}', '{"rawId": "AA", "response": {}}'])
def test_nonsense_is_refused(studio, door, answer):
    door.post(f"{PASSKEY}question/")
    assert door.post(PASSKEY, {"answer": answer})["Location"] == LOGIN


def test_keys_and_codes_of_one_studio_are_worth_nothing_in_the_other(studio, other_studio, person):
    key = with_passkey(studio, person)
    codes = recovery.renew(user=person)
    with in_studio(other_studio):
        twin = make_staff("owner", username=person.username)
        TotpKey.objects.create(user=twin, secret="x", confirmed_at=clock.now())
        Passkey.objects.create(user=twin, credential="x", public="x", host=f"{other_studio.slug}.localhost", name="")
    foreign = browser(other_studio)
    foreign.defaults["REMOTE_ADDR"] = f"10.8.{secrets.randbelow(250)}.{secrets.randbelow(250)}"
    options = foreign.post(f"{PASSKEY}question/").json()
    assert foreign.post(PASSKEY, {"answer": key.get(options)})["Location"] == LOGIN
    key.origin, key.host = f"http://{other_studio.slug}.localhost", f"{other_studio.slug}.localhost"
    options = foreign.post(f"{PASSKEY}question/").json()
    assert foreign.post(PASSKEY, {"answer": key.get(options)})["Location"] == LOGIN
    log_in(foreign, person)
    with in_studio(other_studio), pytest.raises(StepRefused):
        recovery.spend(user=twin, code=codes[0])
    secret = totp.begin(user=person).secret
    with in_studio(other_studio), pytest.raises(ValueError):
        totp.secret_of(TotpKey(user=twin, secret=secret))


def test_changing_anything_asks_for_the_password_first(studio, person):
    client = browser(studio, person)
    for path in ("app/new/", "passkeys/", "removal/", "codes/"):
        assert client.post(f"{SECURITY}{path}")["Location"] == PROOF
    assert client.post(f"{SECURITY}passkeys/question/", headers={"x-requested-with": "fetch"}).status_code == 403
    assert client.post(PROOF, {"password": "wrong"}).status_code == 422
    assert not TotpKey.objects.exists()


def test_the_first_second_step_ends_the_other_logins(studio, person):
    old = browser(studio, person)
    with_passkey(studio, person)
    assert not inside(old)


def rule(role, days=0):
    SecondStepRule.objects.create(role=role, since=clock.today("Asia/Shanghai") + dt.timedelta(days=days))


def test_a_job_may_demand_it(studio, person, order):
    rule("manager")
    client = proved(studio, person)
    assert client.get("/console/")["Location"] == SECURITY
    assert client.get("/console/board/", headers={"hx-request": "true"})["HX-Redirect"] == SECURITY
    assert client.get(SECURITY).context["held"]
    client.post(f"{SECURITY}app/new/")
    app = pyotp.TOTP(client.get(f"{SECURITY}app/").context["secret"].replace(" ", ""))
    client.post(f"{SECURITY}app/", {"code": app.now()})
    assert inside(client)
    refused = client.post(f"{SECURITY}removal/")
    assert refused["Location"] == SECURITY
    assert TotpKey.objects.filter(user=person).exists()


def test_before_its_day_and_for_other_jobs_nothing_is_demanded(studio, person, branch):
    rule("manager", days=1)
    rule("owner")
    client = browser(studio, person)
    assert inside(client)
    assert client.get(SECURITY).context["since"]
    assert inside(browser(studio, make_staff("assistant", branch)))


def test_held_staff_hear_nothing_on_sockets(studio, person):
    from django.conf import settings

    from core.realtime.actors import actor_of

    client = browser(studio, person)
    cookies = {settings.SESSION_COOKIE_NAME: client.session.session_key}
    assert actor_of(cookies, by_path=False).staff
    rule("manager")
    assert actor_of(cookies, by_path=False).staff is None


def test_the_last_boss_is_led_on_not_locked_out(studio, branch):
    boss = get_user_model().objects.get(memberships__role="owner")
    chief = proved(studio, boss)
    today = clock.today("Asia/Shanghai").isoformat()
    assert chief.post(f"{SECURITY}rule/", {"roles": ["owner", "manager"], "since": today}).status_code == 302
    assert set(security.rules()) == {"owner", "manager"}
    assert chief.get("/console/")["Location"] == SECURITY
    assert chief.get(SECURITY).status_code == 200


def test_only_who_decides_about_the_studio_rules(client, as_role):
    for visitor in (client, as_role("receptionist")):
        assert visitor.post(f"{SECURITY}rule/", {"roles": ["assistant"], "since": "2030-01-01"}).status_code == 403
    assert not SecondStepRule.objects.exists()


def test_a_past_day_is_refused(studio, branch):
    boss = get_user_model().objects.get(memberships__role="owner")
    answer = browser(studio, boss).post(f"{SECURITY}rule/", {"roles": ["manager"], "since": "2020-01-01"})
    assert answer.status_code == 422
    assert not SecondStepRule.objects.exists()


def test_a_manager_takes_a_second_step_away_and_it_is_written_down(studio, client, branch):
    lost = make_staff("photographer", branch, name="周航")
    app_of(lost)
    theirs = browser(studio, lost)
    assert client.post(f"/console/staff/{lost.pk}/second-step/").status_code == 302
    assert not TotpKey.objects.filter(user=lost).exists()
    assert not inside(theirs)
    event = Event.objects.get(kind="step.reset")
    assert (event.thread, event.facts, event.actor_name) == (f"staff.{lost.pk}", {"name": "周航"}, "何静")
    assert "周航" in client.get(f"/console/staff/{lost.pk}/").content.decode()


def test_nobody_takes_away_what_they_do_not_manage(client, as_role, branch, far_branch):
    stranger, mine = make_staff("photographer", far_branch), make_staff("assistant", branch)
    for one in (stranger, mine):
        app_of(one)
    assert client.post(f"/console/staff/{stranger.pk}/second-step/").status_code == 404
    assert as_role("receptionist").post(f"/console/staff/{mine.pk}/second-step/").status_code == 403
    assert TotpKey.objects.count() == 2


def test_a_restored_copy_hides_the_secrets_under_its_own_key(studio, other_studio, person):
    app = app_of(person)
    brought = TotpKey.objects.get(user=person).secret
    with in_studio(other_studio):
        twin = make_staff("owner")
        TotpKey.objects.create(user=twin, secret=brought, confirmed_at=clock.now())
        totp.rekey_from(studio.schema_name)
        assert totp.secret_of(TotpKey.objects.get(user=twin)) == app.secret
