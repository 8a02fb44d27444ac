"""A studio from an archive: beside the others under a new address, or in place of what it is now.

The rows go in by one transaction, ids and all; each table's checksum and number of rows is compared with the manifest.
In place the former schema is kept under another name until somebody confirms or takes the restore back.
"""

import hashlib
import io
import json
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from psycopg import sql

from tenants import directory, migrator, snapshot
from tenants.context import in_public, in_studio
from tenants.life import exporting, sealing, tables, tasks
from tenants.life.models import StudioTask, TaskKind, TaskState
from tenants.models import Domain, SchemaState, Studio, StudioStatus
from tenants.names import clean_slug, schema_of

CHUNK = 256 * 1024
BUFFER = 1024 * 1024
FIELDS = ("currency", "timezone", "language", "brand_hue")


def ask_restore(*, actor: str, source: StudioTask | None = None, path: str = "", slug: str = "") -> StudioTask:
    """Begin a restore from a kept export or from a file on this machine; without `slug` in place.

    LifeRefused("export.gone" | "slug.taken" | "studio.gone" | "studio.unconfirmed" | "task.open"), names.NameRefused.
    """
    if source is not None and not exporting.is_kept(source):
        raise tasks.LifeRefused("export.gone")
    options: dict[str, Any] = {"source": source.code if source else "", "path": path, "beside": bool(slug)}
    with in_public():
        if slug:
            slug = clean_slug(slug)
            if Studio.objects.filter(slug=slug).exists():
                raise tasks.LifeRefused("slug.taken", slug=slug)
            return tasks.ask(
                kind=TaskKind.RESTORE, studio=None, slug=slug, schema=schema_of(slug), actor=actor, **options
            )
        schema = source.schema if source else _schema_in(path)
        studio = Studio.objects.filter(schema_name=schema).first()
    if studio is None:
        raise tasks.LifeRefused("studio.gone")
    if unconfirmed(studio):
        raise tasks.LifeRefused("studio.unconfirmed")
    options["was"] = studio.status
    return tasks.ask(
        kind=TaskKind.RESTORE, studio=studio, slug=studio.slug, schema=studio.schema_name, actor=actor, **options
    )


def run_restore(task: StudioTask) -> None:
    """Rows, then files. A new run begins the rows again unless they are in, and copies only files that are missing."""
    with _archive(task) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        if manifest.get("format") != exporting.FORMAT:
            raise tasks.LifeRefused("archive.format")
        if not task.progress.get("rows"):
            (_rows_beside if task.options["beside"] else _rows_in_place)(task, archive, manifest)
        with in_studio(task.schema):
            files = _files(task, archive, manifest)
    _open_doors(task)
    rows = sum(table["rows"] for table in manifest["tables"])
    tasks.save(task, facts={**task.facts, "rows": rows, "tables": len(manifest["tables"]), **files})


def unconfirmed(studio: Studio) -> StudioTask | None:
    """The restore in place whose former schema is still kept."""
    with in_public():
        done = StudioTask.objects.filter(schema=studio.schema_name, kind=TaskKind.RESTORE, facts__has_key="former")
        found: StudioTask | None = done.order_by("-pk").first()
    return found


def confirm_restore(*, studio: Studio, actor: str) -> None:
    """The restored studio is right: its former rows go. LifeRefused("restore.none")."""
    task = _settled(studio)
    with in_public(), transaction.atomic():
        _drop(task.facts["former"])
        _forget_former(task)
        tasks.note(studio.slug, "restore.confirmed", actor, task=task.code)


def take_back_restore(*, studio: Studio, actor: str) -> None:
    """The former rows again, the restored ones go. LifeRefused("restore.none")."""
    task = _settled(studio)
    with in_public(), transaction.atomic():
        Studio.objects.select_for_update().get(pk=studio.pk)
        _drop(studio.schema_name)
        _rename(task.facts["former"], studio.schema_name)
        _forget_former(task)
        tasks.note(studio.slug, "restore.taken_back", actor, task=task.code)
    directory.forget()


# -- Rows -------------------------------------------------------------------------------------------------------------
def _rows_beside(task: StudioTask, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    given = manifest["studio"]
    with in_public(), transaction.atomic():
        studio = Studio(
            name=given["name"],
            slug=task.slug,
            schema_name=task.schema,
            status=StudioStatus.RESTORING,
            **{name: given[name] for name in FIELDS},
        )
        studio.save(force_insert=True)
        Domain.objects.create(domain=f"{task.slug}.{settings.PLATFORM_HOST}", tenant=studio, is_primary=True)
        _fill(task, archive, manifest)
        SchemaState.objects.create(studio=studio, fingerprint=migrator.fingerprint())
        _carry(studio, manifest)
        task.studio = studio
        tasks.save(task, studio=studio, progress={"rows": True})


def _carry(studio: Studio, manifest: dict[str, Any]) -> None:
    """Shared things of the archive's studio, where the copy may have them (settings.STUDIO_CARRIES). In place they are
    the studio's own and were never gone.
    """
    told = manifest.get("carried", {})
    for name, (_tell, reopen) in settings.STUDIO_CARRIES.items():
        import_string(reopen)(studio, told.get(name, []))


def _rows_in_place(task: StudioTask, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    former = f"former_{task.code}_{task.schema}"[:63]
    with in_public():
        Studio.objects.filter(pk=task.studio_id).update(status=StudioStatus.RESTORING)
    directory.forget()
    time.sleep(settings.RESTORE_SETTLE_SECONDS)  # other processes remember an active studio for so long
    try:
        with in_public(), transaction.atomic():
            _rename(task.schema, former)
            _fill(task, archive, manifest)
            _fresh_state(task)
            tasks.save(task, progress={"rows": True}, facts={"former": former})
    except Exception:
        task.progress, task.facts = {}, {}
        _open_doors(task)  # nothing was changed: people go on working
        raise


def _fresh_state(task: StudioTask) -> None:
    SchemaState.objects.update_or_create(
        studio=task.studio, defaults={"fingerprint": migrator.fingerprint(), "error": ""}
    )


def _fill(task: StudioTask, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    """A schema as old as the archive, its rows, then today's migrations; all in the running transaction."""
    names = frozenset((app, name) for app, _dot, name in (line.partition(".") for line in manifest["migrations"]))
    if not names <= migrator.wanted():
        raise tasks.LifeRefused("archive.newer")
    is_current = names == migrator.wanted()
    if is_current:
        snapshot.build(task.schema)
    else:
        migrator.build_as_of(task.schema, names)
    found = tables.tables_of(task.schema)
    _compare(found, manifest)
    tables.empty(task.schema, found)
    _settle_constraints()  # migrations leave some immediate: rows refer to tables that are still empty
    told = {table["name"]: table for table in manifest["tables"]}
    source = manifest["studio"]["schema_name"]
    tasks.save(task, step="rows", done=0, total=len(found))
    for number, table in enumerate(found, 1):
        _load(task.schema, table, told[table.name], archive, source)
        task.done = number
    tables.set_sequences(task.schema, manifest["sequences"])
    if source != task.schema:
        tables.move_keys(task.schema, found, f"t/{source}/", f"t/{task.schema}/")
    if not is_current:
        _settle_constraints()
        migrator.apply(task.schema)
    if source != task.schema:
        with in_studio(task.schema):
            _rekey(source)


def _rekey(source: str) -> None:
    """Rooms that keep texts readable under one schema's name only say what to do under another."""
    for path in settings.STUDIO_REKEYERS:
        import_string(path)(source)


def _settle_constraints() -> None:
    """Foreign keys are checked at commit; migrations cannot alter tables that still wait for that."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _compare(found: list[tables.Table], manifest: dict[str, Any]) -> None:
    """Raises LifeRefused("archive.shape") unless the tables and their columns are the archive's."""
    here = {table.name: sorted(name for name, _type in table.columns) for table in found}
    there = {table["name"]: sorted(column["name"] for column in table["columns"]) for table in manifest["tables"]}
    if here != there:
        raise tasks.LifeRefused("archive.shape", tables=sorted(set(here) ^ set(there))[:5])


def _load(schema: str, table: tables.Table, told: dict[str, Any], archive: zipfile.ZipFile, source: str) -> None:
    kinds = dict(table.columns)
    table = tables.Table(table.name, tuple((c["name"], kinds[c["name"]]) for c in told["columns"]))
    with archive.open(told["file"]) as raw:
        member = _Summed(raw)
        chunks = (
            sealing.opened(member, schema=source, table=table.name)
            if told.get("sealed")
            else iter(lambda: member.read(CHUNK), b"")
        )
        try:
            rows = tables.load(schema, table, chunks)
        except sealing.SecretsBroken as error:
            raise tasks.LifeRefused("archive.foreign", table=table.name) from error
    if rows != told["rows"] or member.digest.hexdigest() != told["sha256"]:
        raise tasks.LifeRefused("archive.damaged", table=table.name)


class _Summed:
    """A member that sums up what was read of it."""

    def __init__(self, raw: IO[bytes]) -> None:
        self.raw, self.digest = raw, hashlib.sha256()

    def read(self, size: int) -> bytes:
        chunk = self.raw.read(size)
        self.digest.update(chunk)
        return chunk


# -- Files ------------------------------------------------------------------------------------------------------------
def _files(task: StudioTask, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> dict[str, int]:
    """Put what is not there: from the archive, else from where the archive's studio has it. Counts what is nowhere."""
    import csv

    store, source = tasks.store(), manifest["studio"]["schema_name"]
    known = {name.partition(f"t/{task.schema}/")[2]: size for name, size, _etag in store.listing()}
    with archive.open("objects.csv") as raw:
        rows = list(csv.DictReader(io.TextIOWrapper(raw, "utf-8", newline="")))
    tasks.save(task, step="files", done=0, total=len(rows))
    inside, missing = set(archive.namelist()), 0
    for number, row in enumerate(rows, 1):
        short = row["key"]
        if known.get(short) != int(row["bytes"]):
            missing += not _file(store, archive, inside, source, short)
        if number % 200 == 0:
            tasks.save(task, done=number)
    return {"files": len(rows), "missing": missing}


def _file(store: Any, archive: zipfile.ZipFile, inside: set[str], source: str, short: str) -> bool:
    target = store.key(*short.split("/"))
    if f"objects/{short}" in inside:
        with archive.open(f"objects/{short}") as member:
            store.put(target, member.read(), content_type=_type_of(short))
        return True
    if target == f"t/{source}/{short}":
        return False
    try:
        store.adopt(f"t/{source}/{short}", target)
    except store.Missing:
        return False
    return True


def _type_of(name: str) -> str:
    import mimetypes

    return mimetypes.guess_type(name)[0] or "application/octet-stream"


# -- Where the archive is ---------------------------------------------------------------------------------------------
@contextmanager
def _archive(task: StudioTask) -> Iterator[zipfile.ZipFile]:
    """The archive, read bit by bit."""
    if task.options["path"]:
        with zipfile.ZipFile(task.options["path"]) as archive:
            yield archive
        return
    with in_public():
        source = StudioTask.objects.get(code=task.options["source"])
    with in_studio(source.schema):
        name = exporting.archive_key(source)
        size = tasks.store().head(name).size
    with zipfile.ZipFile(io.BufferedReader(_Remote(source.schema, name, size), BUFFER)) as archive:
        yield archive


class _Remote(io.RawIOBase):
    """An object in the store as a file that can be read anywhere."""

    def __init__(self, schema: str, name: str, size: int) -> None:
        self.schema, self.name, self.size, self.at = schema, name, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.at = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence] + offset
        return self.at

    def tell(self) -> int:
        return self.at

    def readinto(self, buffer: Any) -> int:
        last = min(self.at + len(buffer), self.size) - 1
        if last < self.at:
            return 0
        with in_studio(self.schema):
            window = tasks.store().window(self.name, self.at, last)
            try:
                count = 0
                while chunk := window.read(len(buffer) - count):
                    buffer[count : count + len(chunk)] = chunk
                    count += len(chunk)
            finally:
                window.close()
        self.at += count
        return count


def _schema_in(path: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return str(json.loads(archive.read("manifest.json"))["studio"]["schema_name"])


# -- Doors and schemas ------------------------------------------------------------------------------------------------
def _open_doors(task: StudioTask) -> None:
    status = StudioStatus.ACTIVE if task.options["beside"] else task.options["was"]
    with in_public():
        Studio.objects.filter(schema_name=task.schema, status=StudioStatus.RESTORING).update(status=status)
    directory.forget()


def _settled(studio: Studio) -> StudioTask:
    task = unconfirmed(studio)
    if task is None or task.state != TaskState.DONE:
        raise tasks.LifeRefused("restore.none")
    return task


def _forget_former(task: StudioTask) -> None:
    task.facts.pop("former")
    tasks.save(task, facts={**task.facts, "settled_at": timezone.now().isoformat()})


def _rename(schema: str, target: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(schema), sql.Identifier(target)))


def _drop(schema: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))
