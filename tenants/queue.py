"""How the queue does: is a worker alive, what waits too long, what failed; and running it again."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tenants.context import in_public
from tenants.jobs import _manager
from tenants.life.tasks import note

SILENT = dt.timedelta(minutes=5)  # no sign of life of any worker for so long: nobody works
LATE = dt.timedelta(hours=1)  # a job that could have begun so long ago
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Work:
    """A job as operators see it. `state`: late · stuck · failed. `since`: when it was due, or last stirred."""

    pk: int
    name: str
    queue: str
    schema: str
    state: str
    attempts: int
    since: dt.datetime | None


def last_beat() -> dt.datetime | None:
    """The newest sign of life of any worker."""
    with in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        found: dt.datetime | None = cursor.fetchone()[0]
    return found


def is_silent(now: dt.datetime | None = None) -> bool:
    """Whether nobody works: no worker told of itself for SILENT."""
    beat = last_beat()
    return beat is None or beat < (now or timezone.now()) - SILENT


def counts() -> dict[str, dict[str, int]]:
    """Queue → state (todo, doing, failed) → how many."""
    found: dict[str, dict[str, int]] = {name: {} for name in settings.JOB_QUEUES}
    with in_public(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs "
            "WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1, 2 ORDER BY 1, 2"
        )
        for queue, status, count in cursor.fetchall():
            found.setdefault(queue, {})[status] = count
    return found


def has_late(now: dt.datetime | None = None) -> bool:
    """Whether any job waits longer than LATE for its turn."""
    return bool(_works(_LATE, {"before": (now or timezone.now()) - LATE}, limit=1))


def troubled(now: dt.datetime | None = None) -> list[Work]:
    """What a person should look at: late first, then stuck with a dead worker, then failed; the newest of each."""
    now = now or timezone.now()
    dead = now - dt.timedelta(seconds=settings.JOB_STALLED_SECONDS * 4)
    late = _works(_LATE, {"before": now - LATE})
    return late + _works(_STUCK, {"before": dead}) + _works(_FAILED, {})


def failed_by_schema(schemas: list[str]) -> dict[str, int]:
    """Schema → how many of its jobs failed and were not run again."""
    with in_public(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'_schema', count(*) FROM procrastinate_jobs "
            "WHERE status = 'failed' AND args->>'_schema' = ANY(%s) GROUP BY 1",
            [schemas],
        )
        return dict(cursor.fetchall())


def run_again(pk: int, *, actor: str) -> bool:
    """Put a failed or stuck job back. False: it runs, waits or is done already, or another like it waits."""
    with in_public(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT priority, queue_name, lock, task_name, coalesce(args->>'_schema', '') FROM procrastinate_jobs "
            "WHERE id = %s AND status IN ('failed', 'doing')",
            [pk],
        )
        row = cursor.fetchone()
        if row is None or not any(work.pk == pk for work in troubled()):
            return False
        priority, queue, lock, name, schema = row
        try:
            with transaction.atomic():
                _manager.retry_job_by_id(pk, timezone.now(), priority, queue, lock)
                note(_slug(schema), "job.again", actor, job=pk, name=name)
        except IntegrityError:
            return False
    return True


def _slug(schema: str) -> str:
    from tenants.models import Studio

    return str(Studio.objects.filter(schema_name=schema).values_list("slug", flat=True).first() or "")


# A job without a time of its own could have begun when it was put in the queue
_LATE = (
    "late",
    "j.status = 'todo' AND coalesce(j.scheduled_at, e.at) < %(before)s",
    "SELECT max(at) AS at FROM procrastinate_events WHERE job_id = j.id AND type IN ('deferred', 'deferred_for_retry')",
)
_STUCK = (
    "stuck",
    "j.status = 'doing' AND coalesce(w.last_heartbeat, '-infinity') < %(before)s",
    "SELECT max(at) AS at FROM procrastinate_events WHERE job_id = j.id",
)
_FAILED = ("failed", "j.status = 'failed'", "SELECT max(at) AS at FROM procrastinate_events WHERE job_id = j.id")


def _works(kind: tuple[str, str, str], values: dict[str, Any], limit: int = SHOWN) -> list[Work]:
    state, where, moment = kind
    with in_public(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT j.id, j.task_name, j.queue_name, coalesce(j.args->>'_schema', ''), j.attempts, "  # noqa: S608 (ours)
            f"coalesce(j.scheduled_at, e.at) FROM procrastinate_jobs j LEFT JOIN LATERAL ({moment}) e ON true "
            f"LEFT JOIN procrastinate_workers w ON w.id = j.worker_id WHERE {where} ORDER BY j.id DESC LIMIT %(limit)s",
            {**values, "limit": limit},
        )
        rows = cursor.fetchall()
    return [Work(pk, name, queue, schema, state, attempts, at) for pk, name, queue, schema, attempts, at in rows]
