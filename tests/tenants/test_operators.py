"""The operators' site: for operators, on the platform host, mostly to look."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from billing.models import Plan
from tenants.accounts.models import User
from tenants.context import in_public, in_studio
from tenants.models import Studio, StudioStatus
from tenants.signup import limits

HOST = "localhost"
PAGES = [
    "",
    "tenants/studio/",
    "tenants/domain/",
    "tenants/schemastate/",
    "billing/plan/",
    "billing/plan/add/",
    "billing/subscription/",
    "billing/catalogcheck/",
    "procrastinate/procrastinatejob/",
    "platform/",
    "platform/studios/",
]


@pytest.fixture
def operator(db, settings):
    settings.SIGNUP_LIMITS = {**settings.SIGNUP_LIMITS, "operator": "1000 per second"}
    with in_public():
        User.objects.create_superuser("boss", "Kamera-2611", name="Boss")
        client = Client(headers={"host": HOST})
        assert client.login(username="boss", password="Kamera-2611")
    return client


@pytest.mark.parametrize("page", PAGES)
def test_operator_sees_every_page_without_inline_code(operator, page):
    response = operator.get(f"/operator/{page}")
    assert response.status_code == 200
    assert "<style" not in response.text
    assert " style=" not in response.text


@pytest.mark.parametrize("page", PAGES)
def test_others_are_led_to_the_login(db, page):
    with in_public():
        User.objects.create_user("clerk", "Kamera-2611", name="Clerk")
        client = Client(headers={"host": HOST})
        assert client.login(username="clerk", password="Kamera-2611")
    for visitor in (client, Client(headers={"host": HOST})):
        assert visitor.get(f"/operator/{page}")["location"].startswith("/operator/login/")


def test_jobs_are_shown_without_inline_styles(operator, studio):
    """The library's own page has some, and shows them only when there are jobs."""
    from tests.tenants.sample_jobs import note

    with in_studio(studio):
        pk = note.defer(value=78)
    with in_public(), connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 2, queueing_lock = 'q' WHERE id = %s", [pk])
    for page in ("", f"{pk}/change/"):
        shown = operator.get(f"/operator/procrastinate/procrastinatejob/{page}").text
        assert studio.schema_name in shown
        assert " style=" not in shown
        assert "<style" not in shown


def test_site_is_not_on_studio_hosts(operator, studio):
    for host, path in ((f"{studio.slug}.localhost", "/operator/"), (HOST, f"/s/{studio.slug}/operator/")):
        assert Client(headers={"host": host}).get(path).status_code == 404


def test_doors_are_closed_and_opened_by_actions(operator, studio, other_studio):
    def press(action):
        return operator.post("/operator/tenants/studio/", {"action": action, "_selected_action": [studio.pk]})

    def status():
        with in_public():
            return dict(Studio.objects.values_list("pk", "status"))

    assert press("suspend").status_code == 302
    assert status() == {**status(), studio.pk: StudioStatus.SUSPENDED, other_studio.pk: StudioStatus.ACTIVE}
    press("suspend")
    press("resume")
    assert status()[studio.pk] == StudioStatus.ACTIVE


def test_studios_are_neither_added_nor_deleted_by_hand(operator, studio):
    assert operator.get("/operator/tenants/studio/add/").status_code == 403
    assert operator.post(f"/operator/tenants/studio/{studio.pk}/delete/", {"post": "yes"}).status_code == 403
    with in_public():
        assert Studio.objects.filter(pk=studio.pk).exists()


def test_address_and_schema_cannot_be_edited(operator, studio):
    page = operator.get(f"/operator/tenants/studio/{studio.pk}/change/")
    assert 'name="slug"' not in page.text
    assert 'name="schema_name"' not in page.text
    assert 'name="brand_hue"' in page.text


def test_plan_can_be_made(operator):
    limits = {"branches": 1, "seats": 1, "storage_bytes": 1, "messages": 0}
    prices = {"position": 9, "currency": "CNY", "monthly_minor": 0, "yearly_minor": 0}
    operator.post("/operator/billing/plan/add/", {"code": "p", "name": "P", **limits, **prices})
    with in_public():
        assert Plan.objects.filter(code="p").exists()


def test_login_is_limited(db, settings):
    settings.SIGNUP_LIMITS = {**settings.SIGNUP_LIMITS, "operator": "2 per minute"}
    limits._limiter().storage.reset()
    client = Client(headers={"host": HOST})
    tries = [
        client.post("/operator/login/", {"username": "boss", "password": "no"}, REMOTE_ADDR="10.9.9.9").status_code
        for _ in range(3)
    ]
    assert tries == [200, 200, 429]


def test_without_valkey_operators_cannot_try(db, settings, monkeypatch):
    import redis

    class Away:
        def hit(self, *_):
            raise redis.ConnectionError

    monkeypatch.setattr(limits, "_limiter", Away)
    assert not limits.allows("operator", "10.1.1.1")
    assert not limits.allows("open", "10.1.1.1")
    assert limits.allows("look", "10.1.1.1")


def test_the_table_of_all_studios_asks_the_same_for_two_as_for_many(operator, studio, other_studio):
    from tenants.services import open_studio

    def asked():
        with in_public(), CaptureQueriesContext(connection) as caught:
            page = operator.get("/operator/platform/studios/")
        assert page.status_code == 200
        return len(caught), page.text

    first, page = asked()
    assert studio.slug in page
    assert other_studio.slug in page
    for number in range(2):
        open_studio(name="再一家", slug=f"again-{number}")
    count, page = asked()
    assert ("again-1" in page, count) == (True, first)
    assert first <= 12
    assert "again-1" not in operator.get("/operator/platform/studios/?q=again-0").text


def test_what_waits_for_a_person_stands_on_one_page(operator, studio, other_studio, pay_fake):
    from billing import catalog

    catalog.sync()
    with in_public():
        Plan.objects.filter(code="solo").update(monthly_minor=29900)
        assert operator.post("/operator/platform/catalogue/check/").status_code == 302
        page = operator.get("/operator/platform/").text
        assert "solo month: amount 19900" in page
        assert operator.post("/operator/platform/catalogue/sync/").status_code == 302
        assert catalog.drift() == []
        assert "solo month" not in operator.get("/operator/platform/").text
        assert operator.get("/operator/platform/catalogue/check/").status_code == 405


def test_a_job_is_run_again_by_its_button(operator, studio, other_studio):
    from tests.jobs import run_jobs
    from tests.tenants.sample_jobs import SEEN, note

    SEEN.clear()
    with in_studio(studio):
        pk = note.defer(value=77)
    with in_public(), connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [pk])
    again = f"/operator/platform/jobs/{pk}/again/"
    assert again in operator.get("/operator/platform/").text
    assert Client(headers={"host": HOST}).post(again)["location"].startswith("/operator/login/")
    operator.post(again)
    run_jobs()
    assert (studio.schema_name, 77) in SEEN
    assert again not in operator.get("/operator/platform/").text
