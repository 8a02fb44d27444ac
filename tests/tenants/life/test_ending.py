"""Suspended, closed by dates, erased: the studio's matter alone."""

import datetime as dt
import threading

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from billing.models import Plan, Subscription
from core.kernel import bulk
from core.messaging.models import OutboxMessage
from tenants.context import in_public, in_studio
from tenants.life import closing, erasing, rescuing, support, tasks
from tenants.life.jobs import WORKS
from tenants.life.models import ErasureCertificate, StudioAct, TaskState
from tenants.models import Studio, StudioStatus
from tests.jobs import run_jobs
from tests.tenants.sample_jobs import SEEN, note


def told(studio):
    with in_studio(studio):
        rows = OutboxMessage.objects.filter(template="studio_life").order_by("pk")
        return [(row.facts["what"], row.to) for row in rows]


def status(studio):
    with in_public():
        studio.refresh_from_db()
    return studio.status


def erase(studio):
    task = erasing.ask_erasure(studio=studio, actor="op", typed=studio.slug)
    run_jobs(failures=True)
    with in_public():
        task.refresh_from_db()
    return task


# -- Suspended --------------------------------------------------------------------------------------------------------
def test_suspended_with_a_reason_customers_still_reach_what_they_paid_for(one, untouched):
    closing.suspend(studio=one, actor="op", reason="Not paid since May", keeps_customers=True)
    client = Client(headers={"host": f"{one.slug}.localhost"})
    assert client.get("/").status_code in {200, 302}
    assert client.get("/login/").status_code == 200
    for shut in ("/console/", "/console/board/", "/book/"):
        page = client.get(shut)
        assert (page.status_code, "Not paid since May" in page.text) == (503, True), shut
    assert client.get("/api/orders/").status_code == 404
    by_path = Client(headers={"host": "localhost"})
    assert by_path.get(f"/s/{one.slug}/login/").status_code == 200
    assert by_path.get(f"/s/{one.slug}/book/").status_code == 503
    assert told(one) == [("suspended", "boss@example.com")]
    closing.resume(studio=one, actor="op")
    assert client.get("/console/").status_code == 302


def test_suspended_altogether(one, untouched):
    closing.suspend(studio=one, actor="op", reason="Fraud", keeps_customers=False)
    assert Client(headers={"host": f"{one.slug}.localhost"}).get("/login/").status_code == 503
    with pytest.raises(tasks.LifeRefused, match="reason"):
        closing.suspend(studio=one, actor="op", reason="  ", keeps_customers=True)


def test_jobs_for_customers_run_while_suspended(one, untouched):
    SEEN.clear()
    closing.suspend(studio=one, actor="op", reason="Not paid", keeps_customers=True)
    with in_studio(one):
        note.defer(value=5)
    run_jobs()
    assert (one.schema_name, 5) in SEEN


# -- Closed by dates --------------------------------------------------------------------------------------------------
def test_closing_warns_closes_warns_and_erases_by_its_dates(one, untouched):
    closing.ask_closing(studio=one, actor="boss")
    closes, erases = one.closes_at, one.erases_at
    for now in (closes - dt.timedelta(days=20), closes - dt.timedelta(days=6, hours=1)):
        closing.keep_dates(now)
        closing.keep_dates(now)
    assert [what for what, _to in told(one)] == ["closing", "closing"], "one at once, one warning, each once"
    assert status(one) == StudioStatus.ACTIVE
    closing.keep_dates(closes + dt.timedelta(hours=1))
    assert (status(one), one.keeps_customers) == (StudioStatus.SUSPENDED, True)
    for late in (dt.timedelta(days=1), dt.timedelta(days=1, hours=20)):  # nobody had looked at the dates until then
        closing.keep_dates(erases + late)
        run_jobs()
        assert status(one) == StudioStatus.SUSPENDED, "nothing is erased without a day's warning"
    assert [what for what, _to in told(one)] == ["closing", "closing", "closed", "erasing"]
    closing.keep_dates(erases + dt.timedelta(days=2, hours=1))
    run_jobs()
    with in_public():
        assert not Studio.objects.filter(pk=one.pk).exists()
        assert ErasureCertificate.objects.get(slug=one.slug).facts["rows"] > 0


@pytest.mark.parametrize("when", ["before", "after"])
def test_closing_is_taken_back(one, untouched, when):
    closing.ask_closing(studio=one, actor="boss")
    with pytest.raises(tasks.LifeRefused, match="closing.asked"):
        closing.ask_closing(studio=one, actor="boss")
    if when == "after":
        closing.keep_dates(one.closes_at + dt.timedelta(hours=1))
    closing.cancel_closing(studio=one, actor="boss")
    assert (status(one), one.closes_at, one.erases_at) == (StudioStatus.ACTIVE, None, None)
    with in_public():
        verbs = list(StudioAct.objects.filter(slug=one.slug).order_by("pk").values_list("verb", flat=True))
    assert verbs[0] == "closing.asked"
    assert verbs[-1] == "closing.cancelled"


# -- Erased -----------------------------------------------------------------------------------------------------------
def test_erasing_leaves_a_certificate_and_nothing_else(one, untouched):
    with in_public():
        plan, _new = Plan.objects.get_or_create(code="life", defaults={"name": "Life"})
        for studio in (one, untouched):
            Subscription.objects.create(studio=studio, plan=plan)
    support.ask_visit(studio=one, operator="op", reason="The board stands still", minutes=30)
    for studio in (one, untouched):
        with in_studio(studio):
            cache.set("seen", "yes", 600)
            note.defer(value=1)
    with pytest.raises(tasks.LifeRefused, match="not_suspended"):
        erasing.ask_erasure(studio=one, actor="op", typed=one.slug)
    with pytest.raises(tasks.LifeRefused, match="typed"):
        erasing.ask_erasure(studio=one, actor="op", typed=untouched.slug)
    closing.suspend(studio=one, actor="op", reason="Asked for", keeps_customers=False)
    assert erase(one).state == TaskState.DONE
    with in_public(), connection.cursor() as cursor:
        assert not Studio.objects.filter(pk=one.pk).exists()
        certificate = ErasureCertificate.objects.get(slug=one.slug)
        assert certificate.facts["files"] == 3
        assert certificate.facts["tables"]["core_order"] == 3
        assert certificate.facts["shared"]["billing.Subscription"] == 1
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE %s", [f"%{one.schema_name}"])
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE args->>'_schema' = %s", [one.schema_name])
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE args->>'_schema' = %s", [untouched.schema_name])
        assert cursor.fetchone() != (0,)
        assert Subscription.objects.filter(studio=untouched).exists()
    with in_studio(one.schema_name):
        assert not list(bulk.listing())
        assert cache.get("seen") is None
    with in_studio(untouched):
        assert cache.get("seen") == "yes"


def test_an_erasure_that_died_goes_on(one, untouched, monkeypatch):
    closing.suspend(studio=one, actor="op", reason="Asked for", keeps_customers=False)
    real = erasing._erase_rows

    def dying(*_):
        raise ConnectionError

    monkeypatch.setattr(erasing, "_erase_rows", dying)
    task = erase(one)
    assert task.state == TaskState.FAILED
    assert status(one) == StudioStatus.SUSPENDED
    monkeypatch.setattr(erasing, "_erase_rows", real)
    tasks.again(task, actor="op")
    run_jobs()
    with in_public():
        assert ErasureCertificate.objects.get(slug=one.slug).facts["files"] == 3, "counted before, once"


def test_a_studio_opened_again_is_not_erased(one, untouched):
    closing.suspend(studio=one, actor="op", reason="Asked for", keeps_customers=False)
    erasing.ask_erasure(studio=one, actor="op", typed=one.slug)
    closing.resume(studio=one, actor="op")
    run_jobs(failures=True)
    assert status(one) == StudioStatus.ACTIVE
    with in_studio(one):
        assert len(list(bulk.listing())) == 3


def test_dates_are_in_order(one, untouched):
    from django.db import IntegrityError

    now = timezone.now()
    with in_public(), pytest.raises(IntegrityError):
        Studio.objects.filter(pk=one.pk).update(closes_at=now, erases_at=now - dt.timedelta(days=1))


def test_whoever_asks_for_the_owners_while_the_tables_go_waits_and_finds_no_studio(one, untouched, monkeypatch):
    """An operator's page that refreshes itself at that moment was an error once."""
    closing.suspend(studio=one, actor="op", keeps_customers=False, reason="Over")
    task, real = erasing.ask_erasure(studio=one, actor="op", typed=one.slug), erasing._schemas
    entered, leave, found = threading.Event(), threading.Event(), []

    def slowly(schema):
        entered.set()
        assert leave.wait(20)
        return real(schema)

    def alone(work):
        def inside():
            try:
                work()
            finally:
                connection.close()

        thread = threading.Thread(target=inside)
        thread.start()
        return thread

    monkeypatch.setattr(erasing, "_schemas", slowly)
    threads = [alone(lambda: tasks.run(task.pk, WORKS))]
    assert entered.wait(20)
    threads.append(alone(lambda: found.append(rescuing.owners_of(one))))
    threads[1].join(0.5)
    assert found == []
    leave.set()
    for thread in threads:
        thread.join(20)
    assert found == [[]]
