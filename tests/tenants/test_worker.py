"""The worker as a process of its own: stops when asked, and a job of a worker that is killed runs again, once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from tenants.accounts.models import User
from tenants.context import in_public
from tests.tenants.sample_jobs import note, slow

ROOT = Path(__file__).parents[2]
PROGRAM = """
import django
django.setup()
import tests.tenants.sample_jobs
from tenants import jobs
jobs.discover = jobs.register  # the sample jobs are enough here
from django.core.management import call_command
call_command("worker", queues="fast,media", concurrency=2)
"""


@pytest.fixture
def start_worker(throwaway_studio, tmp_path):
    """Starts worker processes on the test's own database; the ones still alive are killed afterwards."""
    processes = []

    def start():
        given = connection.settings_dict
        url = f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "config.settings_test",
            "JOB_HEARTBEAT": "1",
        }
        log = (tmp_path / f"worker-{len(processes)}.log").open("w")
        process = subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment, cwd=ROOT, stdout=log, stderr=log)
        log.close()
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
            process.wait()


def until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.1)
    pytest.fail("did not happen in time")


def job(job_id):
    with in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT status::text, attempts FROM procrastinate_jobs WHERE id = %s", [job_id])
        return cursor.fetchone()


def test_killed_worker_loses_nothing_and_repeats_once(throwaway_studio, start_worker, tmp_path):
    marker = tmp_path / "runs"
    job_id = slow.defer(marker=str(marker), username="anna")
    first = start_worker()
    until(marker.exists)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert job(job_id) == ("doing", 0), "nobody noticed yet"
    start_worker()
    until(lambda: job(job_id)[0] == "succeeded")
    assert job(job_id) == ("succeeded", 2)
    assert len(marker.read_text().split()) == 2
    assert User.objects.filter(username="anna").count() == 1


def test_sigterm_lets_the_running_job_finish(throwaway_studio, start_worker, tmp_path):
    marker = tmp_path / "runs"
    marker.write_text("earlier\n")  # so that the job does not hang
    job_id = slow.defer(marker=str(marker), username="bo")
    worker = start_worker()
    until(lambda: job(job_id)[0] == "succeeded")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=10) == 0


def test_job_deferred_while_the_worker_sleeps_runs_at_once(throwaway_studio, start_worker):
    worker = start_worker()
    until(lambda: job(note.defer(value=0))[0] == "todo")
    first = note.defer(value=1)
    until(lambda: job(first)[0] == "succeeded")
    started = time.monotonic()
    second = note.defer(value=2)
    until(lambda: job(second)[0] == "succeeded")
    assert time.monotonic() - started < 3, "waited for the next poll instead of the notification"
    worker.terminate()
    assert worker.wait(timeout=10) == 0
