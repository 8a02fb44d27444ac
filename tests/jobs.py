"""Run the queued jobs of a test for real: procrastinate's own worker, once, in this process and transaction.

The studio is removed first, so a job that relies on the caller's studio fails here and not in production.
"""

import asyncio
import json
from typing import Any
from unittest.mock import patch

from asgiref.sync import async_to_sync, sync_to_async
from django.db import connection
from procrastinate import utils
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.worker import Worker

from tenants import jobs
from tenants.context import in_public


class JobFailed(AssertionError):
    """A job ended in an error after all its retries."""


class _TestConnector(DjangoConnector):
    """The test's own connection, so that the worker sees the rows of its transaction."""

    def execute_query_one(self, query: Any, **arguments: Any) -> dict[str, Any]:
        return _decoded(super().execute_query_one(query, **arguments))

    def execute_query_all(self, query: Any, **arguments: Any) -> list[dict[str, Any]]:
        return [_decoded(row) for row in super().execute_query_all(query, **arguments)]


def _decoded(row: dict[str, Any]) -> dict[str, Any]:
    """Django's connections return jsonb as text; procrastinate expects an object."""
    return {**row, "args": json.loads(row["args"])} if isinstance(row.get("args"), str) else row


class _OnceWorker(Worker):
    """A worker without clocks: no periodic jobs, no heartbeat, nothing that outlives the call."""

    errors: list[BaseException]

    def _start_side_tasks(self) -> list[Any]:
        return [asyncio.create_task(asyncio.sleep(3600))]

    def _log_job_outcome(self, *, exc_info: Any = False, **rest: Any) -> None:
        if isinstance(exc_info, BaseException):
            self.errors.append(exc_info)


async def _same_thread(func: Any, *args: Any, **kwargs: Any) -> Any:
    return await sync_to_async(func, thread_sensitive=True)(*args, **kwargs)


def run_jobs(*, later: bool = False, failures: bool = False) -> list[str]:
    """Drain the queue, retries at once; returns the names of the jobs run, in order.

    `later`: also jobs scheduled for later. `failures`: a job that fails for good does not raise JobFailed.
    """
    jobs.discover()
    errors: list[BaseException] = []
    with (
        in_public(),
        patch.object(utils, "sync_to_async", _same_thread),
        app.replace_connector(_TestConnector()),
    ):
        first = _scalar("SELECT coalesce(max(id), 0) FROM procrastinate_events")
        while True:
            _hurry(everything=later)
            worker = _OnceWorker(app, wait=False, listen_notify=False, install_signal_handlers=False)
            worker.errors = errors
            async_to_sync(worker.run)()
            if not _scalar("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND attempts > 0"):
                break
        ran = _started_since(first)
    if not failures and any(status == "failed" for _name, status in ran):
        raise JobFailed(errors[-1]) from errors[-1]
    return [name for name, _status in ran]


def waiting_jobs() -> list[tuple[str, dict[str, Any]]]:
    """(name, arguments without `_schema`) of the jobs that wait, oldest first."""
    with in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args - '_schema' FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")
        return [(name, json.loads(args)) for name, args in cursor.fetchall()]


def _hurry(*, everything: bool) -> None:
    only = "" if everything else "AND attempts > 0"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo' {only}")


def _started_since(event: int) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT j.task_name, j.status::text "
            "FROM procrastinate_events e JOIN procrastinate_jobs j ON j.id = e.job_id "
            "WHERE e.type = 'started' AND e.id > %s ORDER BY e.id",
            [event],
        )
        return cursor.fetchall()


def _scalar(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])
