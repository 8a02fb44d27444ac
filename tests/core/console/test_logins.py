"""Where somebody is logged in: seen by them, ended one by one or all at once, also by whoever manages them."""

import secrets

import pytest

from core.kernel.events import Event
from tenants.accounts import sessions
from tenants.accounts.models import LoginSession
from tenants.context import in_studio
from tests.core.console.conftest import browser
from tests.factories import PASSWORD, make_staff

LOGIN, SECURITY = "/console/login/", "/console/security/"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1"


@pytest.fixture
def person(branch):
    return make_staff("photographer", branch)


@pytest.fixture
def device(studio, person):
    """`device(agent, address)` → a browser that logged in by the page."""

    def open_one():
        client = browser(studio)
        place = f"203.0.113.{100 + secrets.randbelow(150)}"  # tries are counted in Valkey, across runs
        client.defaults |= {"HTTP_USER_AGENT": PHONE, "REMOTE_ADDR": place}
        assert client.post(LOGIN, {"username": person.username, "password": PASSWORD}).status_code == 302
        return client

    return open_one


def inside(client):
    return client.get("/console/").status_code == 200


def test_a_login_shows_device_and_masked_place(device, person):
    here = device()
    page = here.get(SECURITY)
    text = page.content.decode()
    assert "Safari · iPhone" in text
    assert "203.0.113.*" in text
    assert here.defaults["REMOTE_ADDR"] not in text
    assert [row.session_key for row in page.context["logins"]] == [page.context["here"]]
    assert sessions.mask("2001:db8:1:2::5") == "2001:db8:1::*"


def test_one_login_is_ended_the_others_stay(device, person):
    here, lost, third = device(), device(), device()
    code = LoginSession.objects.get(pk=lost.session.session_key).code
    assert here.post(f"{SECURITY}logins/end/", {"code": code}).status_code == 302
    assert [inside(client) for client in (here, lost, third)] == [True, False, True]
    assert Event.objects.get(kind="logins.ended").facts["count"] == 1


def test_all_others_are_ended(device, person):
    here, *others = device(), device(), device()
    here.post(f"{SECURITY}logins/others/")
    assert [inside(client) for client in (here, *others)] == [True, False, False]


def test_a_new_password_ends_the_others(device, person):
    here, other = device(), device()
    here.post("/console/password/", {"current": PASSWORD, "new": "paper-lantern-7", "again": "paper-lantern-7"})
    assert [inside(here), inside(other)] == [True, False]
    assert LoginSession.objects.filter(user=person).count() == 1


def test_a_manager_ends_every_login_of_a_colleague(client, device, person, branch, far_branch, studio):
    theirs, stranger = device(), make_staff("photographer", far_branch)
    far = browser(studio, stranger)
    assert client.post(f"/console/staff/{stranger.pk}/logins/").status_code == 404
    assert client.post(f"/console/staff/{person.pk}/logins/").status_code == 302
    assert [inside(theirs), inside(far), inside(client)] == [False, True, True]


def test_nobody_ends_a_login_of_somebody_else(device, client, manager):
    code = LoginSession.objects.get(pk=client.session.session_key).code
    device().post(f"{SECURITY}logins/end/", {"code": code})
    assert inside(client)


def test_logging_out_leaves_no_login(device, person):
    here = device()
    here.post("/console/logout/")
    assert not LoginSession.objects.filter(user=person).exists()


def test_seen_is_written_every_few_minutes_not_every_time(device, person, monkeypatch):
    here = device()
    first = LoginSession.objects.get(user=person).seen_at
    here.get("/console/")
    assert LoginSession.objects.get(user=person).seen_at == first
    late = first.timestamp() + sessions.SEEN_EVERY + 1
    monkeypatch.setattr("tenants.accounts.sessions.time.time", lambda: late)
    here.get("/console/")
    row = LoginSession.objects.get(user=person)
    assert (row.seen_at > first, row.begun_at) == (True, first)


def test_logins_of_two_studios_are_apart(studio, other_studio, device, person):
    here = device()
    code = LoginSession.objects.get(user=person).code
    with in_studio(other_studio):
        twin = make_staff("owner", username=person.username)
        foreign = browser(other_studio, twin)
        assert not LoginSession.objects.filter(pk=here.session.session_key).exists()
    foreign.post(f"{SECURITY}logins/end/", {"code": code})
    foreign.post(f"{SECURITY}logins/others/")
    assert inside(here)


def test_old_sessions_go(device, person):
    device()
    LoginSession.objects.update(expire_date="2020-01-01T00:00Z")
    assert sessions.forget_expired() == 1


def test_a_long_list_of_logins_folds(studio, manager):
    from tests.core.console.conftest import browser

    clients = [browser(studio, manager) for _ in range(5)]
    assert b'<details class="fold' not in clients[0].get("/console/security/").content
    browser(studio, manager)
    page = clients[0].get("/console/security/").content.decode()
    folded = page[page.index('<details class="fold') : page.index("</details>", page.index('<details class="fold'))]
    assert folded.count("<li>") == 1
