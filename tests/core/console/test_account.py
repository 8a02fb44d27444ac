import secrets

import pytest
from django.contrib.auth import get_user_model

from tests.core.console.conftest import browser
from tests.factories import PASSWORD

LOGIN = "/console/login/"


@pytest.fixture
def door(studio):
    return browser(studio)


def some_address():
    return ".".join(["10", *(str(1 + secrets.randbelow(250)) for _ in range(3))])


@pytest.fixture
def address():
    """Every test comes from an address of its own: tries are counted in Valkey, across runs."""
    return some_address()


def test_login_page_asks_for_name_and_password(door):
    page = door.get(LOGIN)
    assert page.status_code == 200
    assert b'name="username"' in page.content
    assert b'name="password"' in page.content


def test_login_leads_to_today(door, manager):
    answer = door.post(LOGIN, {"username": f" {manager.username.upper()} ", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"] == "/console/"


def test_login_keeps_where_one_wanted_to_go(door, manager):
    away = door.get("/console/password/")
    assert away["Location"] == f"{LOGIN}?next=/console/password/"
    answer = door.post(LOGIN, {"username": manager.username, "password": PASSWORD, "next": "/console/password/"})
    assert answer["Location"] == "/console/password/"


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_login_never_leads_away_from_the_studio(door, manager, evil):
    answer = door.post(LOGIN, {"username": manager.username, "password": PASSWORD, "next": evil})
    assert answer["Location"] == "/console/"


def test_wrong_name_and_wrong_password_look_the_same(door, manager, address):
    texts = set()
    for username in (manager.username, "nobody"):
        answer = door.post(LOGIN, {"username": username, "password": "no"}, REMOTE_ADDR=address)
        assert answer.status_code == 422
        texts.add(str(answer.context["form"].non_field_errors()))
        assert "_auth_user_id" not in door.session
    assert len(texts) == 1


def test_too_many_tries_pause_even_the_right_password_but_not_elsewhere(door, manager, address):
    for _ in range(12):
        door.post(LOGIN, {"username": manager.username, "password": "no"}, REMOTE_ADDR=address)
    right = {"username": manager.username, "password": PASSWORD}
    assert door.post(LOGIN, right, REMOTE_ADDR=address).status_code == 429
    assert "_auth_user_id" not in door.session
    assert door.post(LOGIN, right, REMOTE_ADDR=some_address()).status_code == 302


def test_deactivated_staff_cannot_log_in(door, manager, address):
    get_user_model().objects.filter(pk=manager.pk).update(is_active=False)
    answer = door.post(LOGIN, {"username": manager.username, "password": PASSWORD}, REMOTE_ADDR=address)
    assert answer.status_code == 422


def test_session_of_one_studio_means_nothing_in_the_other(studio, other_studio, manager):
    client = browser(studio, manager)
    assert client.get("/console/password/").status_code == 200
    foreign = client.get("/console/password/", headers={"host": f"{other_studio.slug}.localhost"})
    assert foreign.status_code == 302


def test_logout_needs_a_post(client):
    assert client.get("/console/logout/").status_code == 405
    assert "_auth_user_id" in client.session
    assert client.post("/console/logout/")["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


def test_password_changes_and_this_session_stays(client, manager):
    data = {"current": PASSWORD, "new": "paper-lantern-7", "again": "paper-lantern-7"}
    assert client.post("/console/password/", data).status_code == 302
    manager.refresh_from_db()
    assert manager.check_password("paper-lantern-7")
    assert client.get("/console/password/").status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"current": "wrong"}, "current"),
        ({"new": "short1", "again": "short1"}, "new"),
        ({"new": "12345678", "again": "12345678"}, "new"),
        ({"again": "something-else"}, "again"),
    ],
)
def test_bad_password_change_says_why_and_changes_nothing(client, manager, change, field):
    data = {"current": PASSWORD, "new": "paper-lantern-7", "again": "paper-lantern-7"} | change
    answer = client.post("/console/password/", data)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    manager.refresh_from_db()
    assert manager.check_password(PASSWORD)
