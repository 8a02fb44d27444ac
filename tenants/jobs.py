"""Background jobs: a studio's verb, later. Enqueued in the running transaction, run at least once, inside the studio.

A job is a plain function with primitive keyword arguments; it must be harmless when run twice. The schema travels as
`_schema`; locks are global in procrastinate, therefore prefixed by the schema (tenancy.md §2.2).
"""

import datetime as dt
import logging
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from procrastinate import RetryStrategy, jobs, manager
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued

from tenants.context import current_schema, in_public, in_studio, scoped
from tenants.state import PUBLIC

log = logging.getLogger(__name__)
BACKOFF = 4  # seconds before the first retry; ×4 each time: 4, 16, 64, 256, …
SUSPENDED_WAITS = dt.timedelta(minutes=15)  # before a job of a suspended studio looks again
REGISTRY: dict[str, "StudioJob"] = {}
PERIODIC: list[tuple[str, str, Callable[..., Any]]] = []  # (name, cron, function of a timestamp)

# Deferring must use Django's connection, also inside a worker (whose app has a connector of its own): otherwise a job
# enqueued by a job would not be part of that job's transaction.
_manager = manager.JobManager(DjangoConnector())


class StudioJob:
    """A function that can also be run later. Calling it runs it now, in the running context."""

    def __init__(self, fn: Callable[..., Any], name: str, queue: str, retry: int) -> None:
        self.fn, self.name, self.queue, self.retry = fn, name, queue, retry
        self.__doc__, self.__name__, self.__module__ = fn.__doc__, fn.__name__, fn.__module__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.fn(*args, **kwargs)

    def defer(self, *, key: str = "", lock: str = "", after: dt.timedelta | None = None, **kwargs: Any) -> int:
        """Enqueue in the running transaction, for the current studio; returns the job's id.

        `key`: while a job of this name and key waits, no second one is added; the waiting one will see this
        transaction's rows. `lock`: jobs of the studio with the same lock run one at a time. Raises RuntimeError
        outside a studio.
        """
        schema = current_schema()
        if schema == PUBLIC:
            message = f"{self.name} deferred outside every studio"
            raise RuntimeError(message)
        job = self._job(schema, key, lock, after, kwargs)
        return _defer_once(job) if job.queueing_lock else _required(_manager.defer_job(job).id)

    def _job(self, schema: str, key: str, lock: str, after: dt.timedelta | None, kwargs: dict[str, Any]) -> jobs.Job:
        return jobs.Job(
            task_name=self.name,
            queue=self.queue,
            lock=scoped(lock) if lock else None,
            queueing_lock=scoped(f"{self.name}:{key}") if key else None,
            task_kwargs={**kwargs, "_schema": schema},
            scheduled_at=dt.datetime.now(dt.UTC) + after if after else None,
        )

    def run(self, *, _schema: str, **kwargs: Any) -> None:
        """What the worker calls: the function inside its studio. A studio that is gone needs no jobs; what a suspended
        one left behind is put off until it is active again, unless its customers still have work for it.
        """
        studio = _find_studio(_schema)
        if studio is None:
            log.warning("job %s skipped: studio %s is gone", self.name, _schema)
            return
        with in_studio(studio):
            if not studio.is_open_to_customers and studio.status != "building":
                log.info("job %s put off: studio %s is %s", self.name, _schema, studio.status)
                self.defer(after=SUSPENDED_WAITS, **kwargs)
            else:
                self.fn(**kwargs)

    def fan_out(self, timestamp: int) -> None:
        """Defer one job per active studio; a studio whose last one still waits gets none."""
        for studio in _active_studios():
            with in_studio(studio):
                self.defer(key="periodic")


def studio_job(*, queue: str = "fast", name: str = "", retry: int = 3) -> Callable[[Callable[..., Any]], StudioJob]:
    """Make a function a StudioJob. `name` is stored with waiting jobs: it must survive renames of the function.

    `retry`: how often it is run again after an exception, with a growing pause.
    """

    def make(fn: Callable[..., Any]) -> StudioJob:
        job = StudioJob(fn, name or f"{fn.__module__}.{fn.__name__}", queue, retry)
        REGISTRY[job.name] = job
        return job

    return make


def periodic_each_studio(*, cron: str) -> Callable[[Any], StudioJob]:
    """Run a job (or a plain function without arguments) for every active studio at each tick of `cron` (UTC)."""

    def mark(fn: Any) -> StudioJob:
        job = fn if isinstance(fn, StudioJob) else studio_job(queue="bulk")(fn)
        PERIODIC.append((f"{job.name}.each", cron, job.fan_out))
        return job

    return mark


def periodic_once(*, cron: str, name: str) -> Callable[[Callable[[int], Any]], Callable[[int], Any]]:
    """Run a function of the tick's timestamp once at each tick, outside every studio."""

    def mark(fn: Callable[[int], Any]) -> Callable[[int], Any]:
        PERIODIC.append((name, cron, fn))
        return fn

    return mark


def discover() -> None:
    """Import every `jobs.py` of the product and tell procrastinate about its jobs. Idempotent."""
    root = Path(settings.BASE_DIR)
    for config in apps.get_app_configs():
        folder = Path(config.path)
        if root in folder.parents and ".venv" not in folder.parts:
            for path in sorted(folder.rglob("jobs.py")):
                import_module(".".join(path.relative_to(root).with_suffix("").parts))
    register()


def register() -> None:
    """Hand the registries to procrastinate."""
    from tenants import housekeeping  # noqa: F401 (its tasks register themselves)

    for job in REGISTRY.values():
        if job.name not in app.tasks:
            strategy = RetryStrategy(max_attempts=job.retry, exponential_wait=BACKOFF) if job.retry else False
            app.task(name=job.name, queue=job.queue, retry=strategy)(job.run)
    for name, cron, fan_out in PERIODIC:
        if name not in app.tasks:
            app.periodic(cron=cron, periodic_id=name)(app.task(name=name, queue="fast", queueing_lock=name)(fan_out))


def _defer_once(job: jobs.Job) -> int:
    """Add the job unless one with its queueing lock waits; then hold that one back until this transaction commits.

    Without the share lock a worker could take the waiting job now, before this transaction's rows are visible to it,
    and nobody would look again. Workers skip locked jobs; the notification wakes them at commit.
    """
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo' FOR SHARE",
                [job.queueing_lock],
            )
            waiting = cursor.fetchone()
            if waiting:
                cursor.execute(
                    "SELECT pg_notify(%s, json_build_object('type', 'job_inserted', 'job_id', %s::bigint)::text)",
                    [f"procrastinate_queue_v1#{job.queue}", waiting[0]],
                )
                return int(waiting[0])
        try:
            with transaction.atomic():  # a savepoint: losing the race must not spoil the caller's transaction
                return _required(_manager.defer_job(job).id)
        except AlreadyEnqueued:
            continue


def _required(job_id: int | None) -> int:
    if job_id is None:  # pragma: no cover (procrastinate always returns one)
        message = "procrastinate returned no job id"
        raise RuntimeError(message)
    return job_id


def _find_studio(schema: str) -> Any:
    from tenants.models import Studio

    with in_public():
        return Studio.objects.filter(schema_name=schema).first()


def _active_studios() -> list[Any]:
    from tenants.models import Studio

    with in_public():
        return list(Studio.objects.active())
