"""Support: a reason, some minutes, every page written down, ended by the clock or by the owner."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from core.messaging.models import OutboxMessage
from core.people.enums import Capability
from core.people.selectors import seats_used
from core.people.staff import staff_of
from tenants.accounts.models import User
from tenants.context import in_public, in_studio
from tenants.life import support, tasks
from tenants.life.models import StudioAct, SupportVisit


def ask(studio, **changes):
    return support.ask_visit(
        **{"studio": studio, "operator": "anna", "reason": "The board stands still", "minutes": 30, **changes}
    )


def inside(studio, visit):
    client = Client(headers={"host": f"{studio.slug}.localhost"})
    path = support.entry_url(visit, operator="anna").partition(".localhost:8000")[2]
    assert client.get(path)["Location"].endswith("/console/")
    return client


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"reason": "short"}, "visit.reason"), ({"minutes": 500}, "visit.minutes"), ({"minutes": 0}, "visit.minutes")],
)
def test_without_reason_or_end_nobody_enters(db, studio, changes, code):
    with pytest.raises(tasks.LifeRefused, match=code):
        ask(studio, **changes)
    with in_public():
        assert not SupportVisit.objects.exists()


def test_every_page_is_written_down_and_the_owner_is_told(one, untouched):
    with in_studio(one):
        seats = seats_used()
    visit = ask(one)
    with pytest.raises(tasks.LifeRefused, match="visit.open"):
        ask(one, operator="ben")
    client = inside(one, visit)
    page = client.get("/console/board/")
    assert page.status_code == 200
    assert "anna" in page.text
    client.get("/console/customers/?q=13900000001")
    with in_public():
        steps = list(visit.steps.order_by("pk").values_list("method", "path"))
        verbs = list(StudioAct.objects.filter(slug=one.slug).order_by("pk").values_list("verb", "actor"))
    assert steps == [("GET", "/console/board/"), ("GET", "/console/customers/?q=13900000001")]
    assert verbs == [("support.asked", "anna"), ("support.entered", "anna")]
    with in_studio(one):
        message = OutboxMessage.objects.get(template="studio_life")
        assert (message.facts["what"], message.facts["reason"]) == ("visit", "The board stands still")
        assert seats_used() == seats, "a visitor takes nobody's seat"
        visitor = staff_of(User.objects.get(username="yinglou-support"))
        assert not visitor.may(Capability.KEEP_STUDIO)
    assert client.get("/console/studio/export/").status_code == 403


def test_the_owners_button_ends_it_at_once(one, untouched):
    visit = ask(one)
    client = inside(one, visit)
    owner = Client(headers={"host": f"{one.slug}.localhost"})
    with in_studio(one):
        owner.force_login(User.objects.get(username="boss"))
    assert visit.reason in owner.get("/console/studio/visits/").text
    assert owner.post(f"/console/studio/visits/{visit.code}/end/").status_code == 302
    assert "/login/" in client.get("/console/board/")["Location"]
    with in_public():
        visit.refresh_from_db()
    assert visit.ended_by == "老板甲"
    with pytest.raises(tasks.LifeRefused, match="visit.over"):
        support.entry_url(visit, operator="anna")


def test_it_ends_by_itself(one, untouched):
    visit = ask(one)
    client = inside(one, visit)
    past = timezone.now() - dt.timedelta(seconds=1)
    with in_public():
        SupportVisit.objects.filter(pk=visit.pk).update(expires_at=past, asked_at=past - dt.timedelta(minutes=5))
    assert "/login/" in client.get("/console/board/")["Location"]
    assert support.end_expired() == 1
    with in_studio(one):
        assert not User.objects.get(username="yinglou-support").is_active
    with in_public():
        visit.refresh_from_db()
        assert not visit.is_open


def test_a_ticket_is_for_its_operator_and_its_studio(one, untouched):
    visit = ask(one)
    with pytest.raises(tasks.LifeRefused, match="visit.over"):
        support.entry_url(visit, operator="ben")
    path = support.entry_url(visit, operator="anna").partition(".localhost:8000")[2]
    foreign = Client(headers={"host": f"{untouched.slug}.localhost"})
    assert "/login/" in foreign.get(path)["Location"]
    assert not support.end_visit(studio=untouched, code=visit.code, actor="boss")
