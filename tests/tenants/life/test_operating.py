"""The operators' page of a studio and `manage.py studio`."""

import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenants import directory
from tenants.accounts.models import LoginSession, User
from tenants.context import in_public, in_studio
from tenants.life.models import ErasureCertificate, StudioTask, SupportVisit, TaskState
from tenants.models import Studio, StudioStatus
from tests.jobs import run_jobs


@pytest.fixture
def operator(one, settings):
    settings.SIGNUP_LIMITS = {**settings.SIGNUP_LIMITS, "operator": "1000 per second"}
    with in_public():
        _forget("anna")
        user = User.objects.create_superuser("anna", "Kamera-2611", name="Anna")
        client = Client(headers={"host": "localhost"})
        client.force_login(user)
    yield client
    with in_public():
        _forget("anna")


def _forget(username):
    """The studios' tables, which refer to users, are not here: Django must not look for them."""
    LoginSession.objects.filter(user__username=username)._raw_delete("default")
    User.objects.filter(username=username)._raw_delete("default")


def press(client, studio, verb, **data):
    response = client.post(f"/operator/tenants/studio/{studio.pk}/life/{verb}/", data)
    assert response.status_code == 302, verb
    with in_public():
        return client.get(f"/operator/tenants/studio/{studio.pk}/life/").text


def test_the_whole_life_by_buttons(operator, one, untouched):
    page = operator.get(f"/operator/tenants/studio/{one.pk}/life/").text
    assert "<style" not in page
    assert " style=" not in page
    page = press(operator, one, "export")
    assert 'http-equiv="refresh"' in page, "a page with a running task asks again"
    run_jobs()
    with in_public():
        source = StudioTask.objects.get(slug=one.slug)
    page = press(operator, one, "restore", source=source.code)
    run_jobs()
    assert "take-back" in press(operator, one, "resume"), "an active studio is not resumed; the page says so"
    press(operator, one, "confirm")
    press(operator, one, "visit", reason="The board stands still", minutes="20")
    with in_public():
        visit = SupportVisit.objects.get(studio=one)
    entered = operator.post(f"/operator/tenants/studio/{one.pk}/life/enter/", {"visit": visit.code})
    assert f"{one.slug}.localhost:8000/enter/" in entered.text
    press(operator, one, "end-visit", visit=visit.code)
    press(operator, one, "close")
    press(operator, one, "cancel-closing")
    assert "reason" in press(operator, one, "suspend", reason=""), "without a reason nothing happens"
    press(operator, one, "suspend", reason="Asked for", keeps_customers="on")
    press(operator, one, "erase", typed="something")
    run_jobs()
    with in_public():
        assert Studio.objects.filter(pk=one.pk).exists(), "the studio's name was not typed"
    press(operator, one, "erase", typed=one.slug)
    run_jobs()
    with in_public():
        assert not Studio.objects.filter(pk=one.pk).exists()
        assert ErasureCertificate.objects.filter(slug=one.slug).exists()
        for page in ("studiotask", "studioact", "erasurecertificate", "supportvisit", "studio"):
            assert operator.get(f"/operator/tenants/{page}/").status_code == 200, page


def test_only_operators(one, untouched):
    for host in ("localhost", f"{one.slug}.localhost"):
        client = Client(headers={"host": host})
        response = client.post(f"/operator/tenants/studio/{one.pk}/life/suspend/", {"reason": "x"})
        assert response.status_code in {302, 404}
    with in_public():
        assert Studio.objects.get(pk=one.pk).is_active
        assert not StudioTask.objects.filter(slug=one.slug).exists()


def test_by_command(one, untouched, tmp_path):
    def studio(*words, **options):
        out = io.StringIO()
        call_command("studio", *words, stdout=out, stderr=out, **options)
        return out.getvalue()

    file = tmp_path / "one.zip"
    assert " done " in studio("export", one.slug, to=str(file))
    assert file.stat().st_size > 10_000
    assert " done " in studio("restore", source=str(file))
    studio("take-back-restore", one.slug)
    studio("close", one.slug)
    studio("cancel-closing", one.slug)
    studio("suspend", one.slug, reason="Asked for")
    with pytest.raises(SystemExit):
        studio("erase", one.slug, yes="other")
    studio("resume", one.slug)
    with pytest.raises(SystemExit):
        studio("resume", one.slug)
    studio("suspend", one.slug, reason="Asked for", shut=True)
    with in_public():
        one.refresh_from_db()
        assert (one.status, one.keeps_customers) == (StudioStatus.SUSPENDED, False)
    assert " done " in studio("erase", one.slug, yes=one.slug)
    run_jobs()
    with in_public():
        assert set(StudioTask.objects.filter(slug=one.slug).values_list("state", flat=True)) == {TaskState.DONE}
    with in_studio(untouched):
        assert User.objects.filter(username="boss").exists()


def test_the_pages_of_a_life_ask_the_same_however_long_it_is(operator, one, untouched):
    """Visits with their steps, acts, exports: operators' and owner's pages ask no more for three than for one."""
    from tenants.life import exporting, support
    from tenants.life.models import SupportStep

    owner = Client(headers={"host": f"{one.slug}.localhost"})
    with in_studio(one):
        owner.force_login(User.objects.get(username="boss"))

    def live_on(number):
        visit = support.ask_visit(studio=one, operator="anna", reason=f"The board stands still {number}", minutes=9)
        with in_public():
            SupportStep.objects.bulk_create(SupportStep(visit=visit, method="GET", path="/console/") for _ in range(4))
        support.end_visit(studio=one, code=visit.code, actor="anna")
        exporting.ask_export(studio=one, actor="boss", with_files=False)
        run_jobs()

    def asked():
        found = []
        for client, path in (
            (operator, f"/operator/tenants/studio/{one.pk}/life/"),
            (owner, "/console/studio/visits/"),
            (owner, "/console/studio/export/"),
            (owner, "/console/studio/closing/"),
        ):
            directory.forget()
            with CaptureQueriesContext(connection) as caught:
                assert client.get(path).status_code == 200, path
            found.append(len(caught))
        return found

    live_on(1)
    asked()
    first = asked()
    live_on(2)
    live_on(3)
    assert all(now <= then for now, then in zip(asked(), first, strict=True))
    assert max(first) <= 26
