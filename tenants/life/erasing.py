"""Erasing a studio: files, jobs, cached values, shared rows, schema; what is left is a certificate, and the platform's
own books without the studio's name (settings.KEPT_AFTER_ERASURE).

Each step may be repeated: a run that died goes on. The studio's row goes last.
"""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from psycopg import sql

from tenants import directory
from tenants.context import in_public, in_studio
from tenants.life import tables, tasks
from tenants.life.exporting import digest_of
from tenants.life.models import ErasureCertificate, StudioTask, TaskKind
from tenants.models import Studio, StudioStatus

BATCH = 500


def ask_erasure(*, studio: Studio, actor: str, typed: str) -> StudioTask:
    """Destroy a suspended studio for ever. `typed`: its address, by hand.

    LifeRefused("erase.typed" | "erase.not_suspended" | "task.open").
    """
    if typed.strip().lower() != studio.slug:
        raise tasks.LifeRefused("erase.typed")
    with in_public():
        if Studio.objects.get(pk=studio.pk).status != StudioStatus.SUSPENDED:
            raise tasks.LifeRefused("erase.not_suspended")
    return tasks.ask(
        kind=TaskKind.ERASE, studio=studio, slug=studio.slug, schema=studio.schema_name, actor=actor, name=studio.name
    )


def run_erase(task: StudioTask) -> None:
    """Do it, or go on doing it."""
    with in_public():
        studio = Studio.objects.filter(schema_name=task.schema).first()
    if studio is not None:
        if studio.status != StudioStatus.SUSPENDED:
            raise tasks.LifeRefused("erase.not_suspended")
        if not task.facts:
            _count(task)
        leave(studio, task)
        _erase_files(task)
        _erase_jobs(task)
        _erase_cached(task)
        _erase_rows(task, studio)
    certify(task)


def leave(studio: Studio, task: StudioTask | None = None) -> None:
    """Whatever else goes on for a studio (a card that is charged) ends first: settings.STUDIO_LEAVERS."""
    trouble = [said for path in settings.STUDIO_LEAVERS if (said := import_string(path)(studio=studio))]
    if task is not None and trouble:
        tasks.save(task, facts={**task.facts, "left_open": trouble})


def certify(task: StudioTask) -> ErasureCertificate:
    """The certificate of a finished erasure, once."""
    with in_public():
        facts = {**task.facts, "schema": task.schema, "task": task.code, "asked_by": task.asked_by}
        made, _is_new = ErasureCertificate.objects.get_or_create(
            code=task.code,
            defaults={
                "slug": task.slug,
                "name": task.options.get("name", ""),
                "facts": facts,
                "digest": digest_of(facts),
                "at": timezone.now(),
            },
        )
    return made  # type: ignore[no-any-return]  # the stubs say Any


def _count(task: StudioTask) -> None:
    """What there is, before it goes."""
    with in_studio(task.schema):
        count = size = 0
        for _name, length, _etag in tasks.store().listing():
            count, size = count + 1, size + length
    with in_public():
        rows = tables.counts(task.schema)
        shared = {model._meta.label: _of(model, field, task).count() for model, field in _shared()}
    facts: dict[str, Any] = {"rows": sum(rows.values()), "tables": rows, "files": count, "bytes": size}
    tasks.save(task, facts={**facts, "shared": shared}, total=max(1, count))


def _erase_files(task: StudioTask) -> None:
    tasks.save(task, step="files")
    store, done, batch = tasks.store(), 0, []
    with in_studio(task.schema):
        for name, _size, _etag in list(store.listing()):
            batch.append(name)
            if len(batch) == BATCH:
                store.delete(*batch)
                done, batch = done + len(batch), []
                tasks.save(task, done=done)
        store.delete(*batch)


def _erase_jobs(task: StudioTask) -> None:
    tasks.save(task, step="jobs")
    with in_public(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM procrastinate_jobs WHERE args->>'_schema' = %s AND status <> 'doing'", [task.schema]
        )
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute("UPDATE procrastinate_periodic_defers SET job_id = NULL WHERE job_id = ANY(%s)", [ids])
        cursor.execute("DELETE FROM procrastinate_events WHERE job_id = ANY(%s)", [ids])
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = ANY(%s)", [ids])
    tasks.save(task, facts={**task.facts, "jobs": len(ids)})


def _erase_cached(task: StudioTask) -> None:
    """Every key that carries the schema (`t.<schema>.`): cached values, limits, who is present."""
    tasks.save(task, step="cache")
    client, count = cache._cache.get_client(None, write=True), 0  # type: ignore[attr-defined]  # Django hides the client
    for name in list(client.scan_iter(match=f"*t.{task.schema}.*", count=1000)):
        count += client.delete(name)
    tasks.save(task, facts={**task.facts, "cached": count})


def _erase_rows(task: StudioTask, studio: Studio) -> None:
    tasks.save(task, step="rows")
    with in_public(), transaction.atomic():
        locked = Studio.objects.select_for_update().get(pk=studio.pk)
        if locked.status != StudioStatus.SUSPENDED:
            raise tasks.LifeRefused("erase.not_suspended")
        kept = {
            label: import_string(verb)(studio=locked, code=task.code)
            for label, verb in settings.KEPT_AFTER_ERASURE.items()
            if verb
        }
        for model, field in _shared():
            _of(model, field, task).delete()
        with connection.cursor() as cursor:
            for name in _schemas(task.schema):
                cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))
        locked.delete()
        tasks.save(task, facts={**task.facts, "kept": kept})
    directory.forget()


def _schemas(schema: str) -> list[str]:
    """The studio's schema, and a former one that a restore kept."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname = %s OR nspname ~ %s",
            [schema, f"^former_[0-9a-f]+_{schema}$"],
        )
        return [row[0] for row in cursor.fetchall()]


def _shared() -> list[tuple[Any, str]]:
    """(model, field) of every shared row that names a studio. Some must outlive it: settings.KEPT_AFTER_ERASURE."""
    found = [(relation.related_model, relation.field.name) for relation in Studio._meta.related_objects]
    return [(model, field) for model, field in found if model._meta.label not in settings.KEPT_AFTER_ERASURE]


def _of(model: Any, field: str, task: StudioTask) -> Any:
    return model._base_manager.filter(**{f"{field}__schema_name": task.schema})
