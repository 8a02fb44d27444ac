"""Jobs: part of the transaction, inside the studio, once."""

import datetime as dt

import pytest
from django.conf import settings
from django.db import connection, transaction

from tenants import jobs
from tenants.accounts.models import User
from tenants.context import in_public, in_studio
from tests.jobs import JobFailed, run_jobs, waiting_jobs
from tests.tenants.sample_jobs import SEEN, chain, fail_until, make_user, note


@pytest.fixture(autouse=True)
def _clean():
    SEEN.clear()


def test_job_runs_in_the_studio_that_deferred_it(db, studio, other_studio):
    note.defer(value=1)
    with in_studio(other_studio):
        note.defer(value=2)
    assert run_jobs() == ["test.note", "test.note"]
    assert [(studio.schema_name, 1), (other_studio.schema_name, 2)] == SEEN


def test_job_of_a_rolled_back_transaction_does_not_exist(db, studio):
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012 (the place must be left by the error)
        note.defer(value=1)
        raise ZeroDivisionError
    assert run_jobs() == []


def test_job_outside_every_studio_is_refused(db):
    with in_public(), pytest.raises(RuntimeError, match="outside every studio"):
        note.defer(value=1)


def test_same_key_waits_once_per_studio(db, studio, other_studio):
    first = note.defer(key="gallery-1", value=1)
    assert note.defer(key="gallery-1", value=2) == first
    assert note.defer(key="gallery-2", value=3) != first
    with in_studio(other_studio):
        assert note.defer(key="gallery-1", value=4) != first
    run_jobs()
    assert [value for _, value in SEEN] == [1, 3, 4]
    assert note.defer(key="gallery-1", value=5) != first, "a job that ran does not block the next one"


def test_failing_job_is_retried_then_succeeds(db, studio):
    fail_until.defer(attempt=3)
    assert run_jobs() == ["test.fail_until"] * 3


def test_failing_job_gives_up_after_its_retries(db, studio):
    fail_until.defer(attempt=99)
    with pytest.raises(JobFailed):
        run_jobs()
    assert len(SEEN) == 4


def test_retry_waits_longer_each_time():
    jobs.register()
    from procrastinate.contrib.django import app

    strategy = app.tasks["test.fail_until"].retry_strategy
    assert (strategy.max_attempts, strategy.exponential_wait) == (3, 4)


def test_job_can_defer_a_job(db, studio):
    chain.defer(left=2)
    run_jobs()
    assert [(studio.schema_name, n) for n in (2, 1, 0)] == SEEN


def test_later_job_waits(db, studio):
    note.defer(after=dt.timedelta(hours=1), value=1)
    assert run_jobs() == []
    assert waiting_jobs() == [("test.note", {"value": 1})]
    assert run_jobs(later=True) == ["test.note"]


def test_job_of_a_dropped_studio_is_skipped(db, studio):
    with in_studio("s_gone"):
        job = note._job("s_gone", "", "", None, {"value": 1})
    jobs._manager.defer_job(job)
    run_jobs()
    assert SEEN == []


def test_job_of_a_suspended_studio_waits_until_it_is_active_again(db, studio):
    from tenants.services import resume_studio, suspend_studio

    note.defer(value=7)
    with in_public():
        suspend_studio(studio)
    assert run_jobs() == ["test.note"]
    assert SEEN == []
    assert waiting_jobs() == [("test.note", {"value": 7})]
    with in_public():
        studio.refresh_from_db()
        resume_studio(studio)
    assert run_jobs(later=True) == ["test.note"]
    assert [(studio.schema_name, 7)] == SEEN


def test_periodic_fans_out_to_every_active_studio_once(db, studio, other_studio):
    from tenants.models import Studio

    with in_public():
        active = set(Studio.objects.active().values_list("schema_name", flat=True))
        note.fan_out(0)
        note.fan_out(0)
    run_jobs()
    assert sorted(schema for schema, _ in SEEN) == sorted(active)
    assert {studio.schema_name, other_studio.schema_name} <= active


def test_users_made_by_a_job_land_in_its_studio_only(db, studio, other_studio):
    make_user.defer(username="anna")
    run_jobs()
    assert User.objects.filter(username="anna").exists()
    for place in (other_studio, "public"):
        with in_studio(place):
            assert not User.objects.filter(username="anna").exists()


def test_locks_carry_the_schema(db, studio):
    note.defer(key="k", lock="l", value=1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock, queueing_lock FROM procrastinate_jobs ORDER BY id DESC LIMIT 1")
        assert cursor.fetchone() == (f"t.{studio.schema_name}.l", f"t.{studio.schema_name}.test.note:k")


def test_every_jobs_module_is_found():
    jobs.discover()
    from procrastinate.contrib.django import app

    assert {"tenants.rescue_stalled", "tenants.forget_old"} <= set(app.tasks)
    assert set(jobs.REGISTRY) <= set(app.tasks)
    assert {job.queue for job in jobs.REGISTRY.values()} <= set(settings.JOB_QUEUES)
