"""The watcher's own alarm: it fires when jobs stop, when reviews are missing, when Stripe's catalogue is not ours."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from billing import catalog, watching
from billing.jobs import check_catalogue, review_day
from billing.models import CatalogCheck, Plan, Subscription
from tenants import queue
from tenants.context import in_public, in_studio
from tenants.models import Studio
from tests.jobs import run_jobs


def beat(ago=0):
    """A worker told of itself so many seconds ago."""
    with in_public(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)",
            [timezone.now() - dt.timedelta(seconds=ago)],
        )


@pytest.fixture
def shelf(pay_fake, db, settings):
    settings.STRIPE_PORTAL_CONFIGURATION = ""
    with in_public(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")  # what a killed run left; rolled back
        CatalogCheck.objects.all().delete()
    catalog.sync()
    beat()
    return pay_fake


def status(settings):
    with in_public():
        answer = Client(headers={"host": settings.PLATFORM_HOST}).get("/hooks/status")
    return answer.status_code, answer.text


def test_the_alarm_fires_when_jobs_stop(shelf, studio, other_studio, settings):
    """The whole way: the fan-out's jobs ran, all is well; then nothing runs any more, and each alarm comes."""
    with in_public():
        Studio.objects.update(created_at=timezone.now() - dt.timedelta(days=9))
    assert status(settings) == (503, "reviews-late")
    review_day.fan_out(0)
    run_jobs()
    assert status(settings) == (200, "ok")
    beat(ago=301)
    assert status(settings) == (503, "no-worker")
    beat()
    review_day.fan_out(0)
    with in_public(), connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '2 hours' WHERE type = 'deferred'")
    assert status(settings) == (503, "jobs-late")
    run_jobs()
    with in_public():
        Subscription.objects.filter(studio=other_studio).update(reviewed_at=timezone.now() - dt.timedelta(hours=27))
    assert status(settings) == (503, "reviews-late"), "one studio alone is enough"


def test_without_any_worker_there_is_no_silence(shelf, studio, other_studio):
    with in_public(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    assert "no-worker" in watching.troubles()


def test_what_was_put_off_is_not_late(shelf, studio, other_studio):
    review_day.defer(after=dt.timedelta(hours=3))
    with in_public(), connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '2 hours'")
    assert not queue.has_late()


def test_drift_is_written_down_and_told(shelf, studio, other_studio, settings):
    review_day.fan_out(0)
    run_jobs()
    assert status(settings) == (200, "ok")
    with in_public():
        Plan.objects.filter(code="solo").update(monthly_minor=29900)
    assert status(settings) == (200, "ok"), "nobody has looked yet"
    check_catalogue(0)
    assert watching.last_check().found == ["solo month: amount 19900"]
    assert status(settings) == (503, "catalogue-drift")
    with pytest.raises(CommandError, match="1 differences"):
        call_command("sync_plans", "--check")
    call_command("sync_plans")
    assert status(settings) == (200, "ok")


def test_a_look_that_never_comes_is_told_too(shelf, settings):
    with in_public():
        CatalogCheck.objects.update(at=timezone.now() - dt.timedelta(hours=51))
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"  # nobody answers
    check_catalogue(0)
    assert watching.last_check().fault
    assert watching.catalogue_trouble() == "unchecked", "a look that failed is none"
    settings.STRIPE_SECRET_KEY = ""
    assert watching.catalogue_trouble() == "", "without Stripe there is nothing to look at"
    check_catalogue(0)
    with in_public():
        assert CatalogCheck.objects.count() == 2


def test_old_looks_go(shelf):
    with in_public():
        CatalogCheck.objects.update(at=timezone.now() - dt.timedelta(days=91))
    catalog.check()
    with in_public():
        assert CatalogCheck.objects.count() == 1


def test_the_daily_look_is_on_the_clock():
    from tenants import jobs

    jobs.discover()
    assert {"billing.check_catalogue", "billing.watch", "billing.review_day.each"} <= {
        name for name, _cron, _run in jobs.PERIODIC
    }


def test_a_failed_job_is_run_again_by_hand(shelf, studio, other_studio):
    from tests.tenants.sample_jobs import SEEN, note

    SEEN.clear()
    with in_studio(studio):
        pk = note.defer(value=41)
    with in_public(), connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [pk])
    found = [(work.pk, work.state, work.schema) for work in queue.troubled()]
    assert found == [(pk, "failed", studio.schema_name)]
    assert queue.failed_by_schema([studio.schema_name, other_studio.schema_name]) == {studio.schema_name: 1}
    assert queue.run_again(pk, actor="anna")
    assert not queue.run_again(pk, actor="anna"), "it waits already"
    run_jobs()
    assert (studio.schema_name, 41) in SEEN
    assert queue.troubled() == []
