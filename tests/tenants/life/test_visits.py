"""Support: a reason, some minutes, every page written down, ended by the clock or by the owner."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from core.messaging.models import OutboxMessage
from core.people.enums import Capability
from core.people.models import Customer
from core.people.selectors import colleagues, seats_used
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


def owner_of(studio):
    owner = Client(headers={"host": f"{studio.slug}.localhost"})
    with in_studio(studio):
        owner.force_login(User.objects.get(username="boss"))
    return owner


def renamed(client, studio, name):
    """Try to rename the studio's first customer; (status, whether it was done)."""
    with in_studio(studio):
        customer = Customer.objects.order_by("pk").first()
        data = {"name": name, "phone": customer.phone.removeprefix("+86"), "source": "walk_in"}
        page = client.get(f"/console/customers/{customer.pk}/edit/")
        data["seen"] = page.context["form"]["seen"].value() if page.context else ""
    status = client.post(f"/console/customers/{customer.pk}/edit/", data).status_code
    with in_studio(studio):
        customer.refresh_from_db()
    return status, customer.name == name


def test_a_visitor_only_looks_until_the_owner_allows_more(one, untouched):
    visit = ask(one)
    client, owner = inside(one, visit), owner_of(one)
    assert renamed(client, one, "改名") == (403, False)
    assert client.post("/api/galleries/", {}).status_code in {403, 404}
    writing = f"/console/studio/visits/{visit.code}/writing/"
    assert client.post(writing, {"on": "1"}).status_code == 403, "nobody lets themselves in"
    owner.post(writing, {"on": "1"})
    assert renamed(client, one, "改名") == (302, True)
    assert client.post(writing, {"on": "1"}).status_code == 403, "not even now"
    owner.post(writing, {"on": "0"})
    assert renamed(client, one, "又改") == (403, False)
    log = owner.get("/console/studio/visits/").text
    with in_public():
        steps = list(visit.steps.filter(method="POST", path__contains="/edit/").order_by("pk"))
        acts = list(StudioAct.objects.filter(slug=one.slug, verb__startswith="support.may").order_by("pk"))
    assert [(step.is_act, step.is_refused) for step in steps] == [(False, True), (True, False), (False, True)]
    assert [(act.verb, act.actor) for act in acts] == [("support.may_write", "老板甲"), ("support.may_read", "老板甲")]
    assert steps[0].path in log
    assert client.post("/console/logout/").status_code == 302, "leaving is always possible"


def test_what_a_visitor_never_may(one, untouched):
    visit = ask(one)
    inside(one, visit)
    support.allow_writing(studio=one, code=visit.code, actor="boss", is_on=True)
    with in_studio(one):
        user = User.objects.get(username="yinglou-support")
        visitor = staff_of(user)
        for never in ("REFUND", "TAKE_PAYMENT", "AUDIT_PAYMENT", "COUNTERSIGN", "MANAGE_STAFF", "OPEN_ORIGINALS",
                      "MANAGE_PAY_ROUTES", "MANAGE_SUBSCRIPTION", "KEEP_STUDIO", "GRANT_FILES"):  # fmt: skip
            assert not visitor.may(Capability[never]), never
        assert visitor.may(Capability.VIEW_MONEY)
        assert user.pk not in dict(colleagues()), "nobody can give a visitor work"
        user.memberships.create(role="owner", branch=None)
        assert not staff_of(user).may(Capability.REFUND), "whatever job somebody gave it"


def test_both_sides_see_that_a_visit_is_under_way(one, untouched):
    owner = owner_of(one)
    link = 'href="/console/studio/visits/"'
    assert owner.get("/console/").text.count(link) == 0
    visit = ask(one)
    assert link in owner.get("/console/").text
    with in_public():
        untouched.refresh_from_db()
    assert not untouched.is_visited
    assert 'class="banner t-warn"' in inside(one, visit).get("/console/").text
    support.end_visit(studio=one, code=visit.code, actor="boss")
    assert link not in owner.get("/console/").text
    assert not support.allow_writing(studio=one, code=visit.code, actor="boss", is_on=True), "it is over"
