"""The owner's pages of the studio as a whole."""

import pytest

from tenants.context import in_public, in_studio
from tenants.life.models import StudioTask, TaskState
from tests.core.console.conftest import browser
from tests.factories import make_staff
from tests.jobs import run_jobs
from tests.tenants.life import make


@pytest.fixture
def boss(studio, branch):
    return browser(studio, make_staff())


@pytest.fixture
def _tidy(studio):
    yield
    make.wipe_exports(studio)


def test_every_tab_of_the_studio_has_a_title_of_its_own(boss):
    pages = ["studio/brand", "studio/export", "studio/visits", "studio/address", "studio/closing", "security/rule"]
    titles = [boss.get(f"/console/{page}/").text.split("<title>")[1].split("</title>")[0] for page in pages]
    assert len(set(titles)) == len(pages)


@pytest.mark.usefixtures("_tidy")
def test_export_from_button_to_download(boss, studio, other_studio):
    assert boss.post("/console/studio/export/", {"sent": "1"}).status_code == 302
    with in_public():
        task = StudioTask.objects.get(slug=studio.slug)
    card = f"/console/studio/export/{task.code}/"
    assert 'hx-trigger="every 3s"' in boss.get(card).text
    assert "hx-trigger" in boss.get("/console/studio/export/").text
    run_jobs()
    page = boss.get(card).text
    assert "hx-trigger" not in page
    assert f"{card}download/" in page
    assert "archive.zip" in boss.get(f"{card}download/")["Location"]
    with in_studio(other_studio):
        stranger = browser(other_studio, make_staff())
    assert stranger.get(card).status_code == 404
    assert stranger.get(f"{card}download/").status_code == 404


@pytest.mark.usefixtures("_tidy")
def test_a_failed_export_goes_on_by_a_button(boss, studio, monkeypatch):
    from core.kernel import bulk

    def away(*_args, **_more):
        raise ConnectionError

    boss.post("/console/studio/export/", {"sent": "1"})
    with monkeypatch.context() as broken:
        broken.setattr(bulk, "finish", away)
        run_jobs(failures=True)
    with in_public():
        task = StudioTask.objects.get(slug=studio.slug)
    assert task.state == TaskState.FAILED
    assert f"/export/{task.code}/again/" in boss.get("/console/studio/export/").text
    boss.post(f"/console/studio/export/{task.code}/again/")
    run_jobs()
    with in_public():
        task.refresh_from_db()
    assert task.state == TaskState.DONE


def test_closing_needs_the_address_by_hand_and_is_taken_back(boss, studio):
    assert boss.post("/console/studio/closing/", {"typed": "hupan"}).status_code == 422
    with in_public():
        studio.refresh_from_db()
    assert studio.closes_at is None
    assert boss.post("/console/studio/closing/", {"typed": studio.slug}).status_code == 302
    with in_public():
        studio.refresh_from_db()
    assert studio.closes_at is not None
    assert "closing/cancel/" in boss.get("/console/studio/closing/").text
    boss.post("/console/studio/closing/cancel/")
    with in_public():
        studio.refresh_from_db()
    assert studio.closes_at is None
    assert "closing" in boss.get("/console/studio/visits/").text


def test_own_address(boss, studio, monkeypatch):
    monkeypatch.setattr(make, "ALIASES", {"photos.example.com": [f"{studio.slug}.localhost"]})
    assert boss.post("/console/studio/address/", {"name": "nonsense"}).status_code == 422
    boss.post("/console/studio/address/", {"name": "photos.example.com"})
    assert "t-warn" in boss.get("/console/studio/address/").text
    boss.post("/console/studio/address/check/", {"name": "photos.example.com"})
    assert "t-ok" in boss.get("/console/studio/address/").text
    boss.post("/console/studio/address/drop/", {"name": "photos.example.com"})
    assert "photos.example.com" not in boss.get("/console/studio/address/").text.replace("example.com)", "")


@pytest.mark.parametrize("page", ["export", "visits", "address", "closing"])
def test_only_the_owner_of_all_branches(studio, branch, page):
    assert browser(studio, make_staff("manager", branch)).get(f"/console/studio/{page}/").status_code == 403
    assert browser(studio, make_staff("owner", branch)).get(f"/console/studio/{page}/").status_code == 403
