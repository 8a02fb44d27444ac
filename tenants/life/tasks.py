"""Long work as a row that people watch: asked for, begun, marked on the way, finished or failed and begun again."""

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tenants.context import in_public
from tenants.life.models import OPEN_STATES, StudioAct, StudioTask, TaskKind, TaskState

log = logging.getLogger(__name__)
JOB = "tenants.life"
LOCK = 0x4C696665  # "Life": the first key of the advisory locks here, a task's number is the second


class LifeRefused(Exception):
    """A verb's no: `code`, and `facts` for the sentence."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code


def store() -> Any:
    """The object store, by name: it stands on a floor above."""
    return import_module(settings.STUDIO_STORE)


def note(slug: str, verb: str, actor: str, **facts: Any) -> None:
    """A line of the operation log (R194), in the running transaction."""
    with in_public():
        StudioAct.objects.create(slug=slug, verb=verb, actor=actor or "system", facts=facts)


def ask(
    *, kind: TaskKind, studio: Any, slug: str, schema: str, actor: str, keep: dt.timedelta | None = None, **options: Any
) -> StudioTask:
    """A new task and its job, in one transaction. Raises LifeRefused("task.open") while the studio has one."""
    with in_public():
        try:
            with transaction.atomic():
                task = StudioTask.objects.create(
                    kind=kind,
                    studio=studio,
                    slug=slug,
                    schema=schema,
                    asked_by=actor[:80],
                    options=options,
                    expires_at=timezone.now() + keep if keep else None,
                )
                note(slug, f"{kind}.asked", actor, task=task.code, **options)
                _enqueue(task)
        except IntegrityError as error:
            raise LifeRefused("task.open") from error
    return task  # type: ignore[no-any-return]  # the stubs say Any


def again(task: StudioTask, *, actor: str) -> None:
    """A failed task goes on where it stopped. Raises LifeRefused("task.not_failed" | "task.open")."""
    with in_public():
        try:
            with transaction.atomic():
                changed = StudioTask.objects.filter(pk=task.pk, state=TaskState.FAILED).update(
                    state=TaskState.WAITING, error=""
                )
                if not changed:
                    raise LifeRefused("task.not_failed")
                note(task.slug, f"{task.kind}.again", actor, task=task.code)
                _enqueue(task)
        except IntegrityError as error:
            raise LifeRefused("task.open") from error


def run(pk: int, works: dict[str, Callable[[StudioTask], None]]) -> None:
    """What the job does. Harmless when run again: each work goes on from its `progress`. The last error is kept.

    One at a time: a command runs its task here and now while a worker may have taken the task's job. The second one
    waits and finds it finished.
    """
    with _alone(pk):
        _run(pk, works)


def _run(pk: int, works: dict[str, Callable[[StudioTask], None]]) -> None:
    with in_public():
        task = StudioTask.objects.filter(pk=pk, state__in=OPEN_STATES).first()
        if task is None:
            return
        save(task, state=TaskState.RUNNING, error="")
    try:
        works[task.kind](task)
    except Exception as error:
        log.exception("%s", task)
        save(task, state=TaskState.FAILED, error=f"{type(error).__name__}: {error}"[:500])
        note(task.slug, f"{task.kind}.failed", "", task=task.code, error=type(error).__name__)
        raise
    save(task, state=TaskState.DONE, finished_at=timezone.now(), step="")
    note(task.slug, f"{task.kind}.done", "", task=task.code)


def save(task: StudioTask, **fields: Any) -> None:
    """Write fields of a task, at once, for those who watch."""
    for name, value in fields.items():
        setattr(task, name, value)
    with in_public():
        task.save(update_fields=list(fields))


@contextmanager
def _alone(pk: int) -> Iterator[None]:
    """Have the task to oneself; a lock of the session, so a process that dies lets go."""
    with in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK, pk])
    try:
        yield
    finally:
        with in_public(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK, pk])


def _enqueue(task: StudioTask) -> None:
    from procrastinate import jobs

    from tenants.jobs import _manager

    _manager.defer_job(
        jobs.Job(
            task_name=JOB,
            queue="bulk",
            lock=f"life.{task.schema}",
            queueing_lock=None,
            task_kwargs={"task": task.pk},
        )
    )
