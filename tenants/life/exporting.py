"""Everything of one studio in one archive: rows as CSV, the list of its files and, if wanted, the files themselves.

Rows come from one REPEATABLE READ transaction into a temporary file, compressed; then the archive goes to the store in
parts, each remembered, so that a run that died costs at most one part and one file. What is in it: `reading.read_me`.
"""

import csv
import datetime as dt
import hashlib
import io
import json
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from tenants import migrator
from tenants.context import current_studio, in_public, in_studio
from tenants.life import reading, sealing, tables, tasks
from tenants.life.models import StudioTask, TaskKind, TaskState
from tenants.life.packing import Mark, Packed, Packer, Squeezer
from tenants.life.telling import tell_owners

FORMAT = 1
KEPT = dt.timedelta(days=7)
LINK_SECONDS = 15 * 60
FOLDER = "exports"
OVERVIEW = "overview"  # sheets that people read
SEALED = "platform"  # members that only the platform opens
MOST_PARTS = 9000  # S3 allows 10,000
CHUNK = 256 * 1024


def ask_export(*, studio: Any, actor: str, with_files: bool) -> StudioTask:
    """Begin an export; it is kept for KEPT. LifeRefused("task.open") while the studio has another task."""
    return tasks.ask(
        kind=TaskKind.EXPORT,
        studio=studio,
        slug=studio.slug,
        schema=studio.schema_name,
        actor=actor,
        keep=KEPT,
        with_files=with_files,
    )


def run_export(task: StudioTask) -> None:
    """Make the archive, or go on making it."""
    with in_studio(task.schema):
        if "rows" not in task.progress:
            _take_rows(task)
        _pack(task)


def download_link(task: StudioTask, *, actor: str) -> str:
    """An address that works for LINK_SECONDS; every one is written down. LifeRefused("export.gone")."""
    if task.kind != TaskKind.EXPORT or task.state != TaskState.DONE or not is_kept(task):
        raise tasks.LifeRefused("export.gone")
    name = f"{task.slug}-{task.created_at:%Y%m%d}.zip"
    with in_studio(task.schema):
        url = tasks.store().get_url(archive_key(task), seconds=LINK_SECONDS, file_name=name)
    tasks.note(task.slug, "export.fetched", actor, task=task.code)
    return str(url)


def is_kept(task: StudioTask) -> bool:
    return bool(task.facts.get("size")) and (task.expires_at is None or task.expires_at > timezone.now())


def archive_key(task: StudioTask) -> str:
    return str(tasks.store().key(FOLDER, task.code, "archive.zip"))


def forget_old_exports() -> int:
    """Delete archives whose days are over, and what unfinished ones left behind; returns how many."""
    with in_public():
        over = list(
            StudioTask.objects.filter(kind=TaskKind.EXPORT, expires_at__lt=timezone.now())
            .exclude(progress={}, facts={})
            .exclude(state__in=[TaskState.WAITING, TaskState.RUNNING])
        )
    for task in over:
        with in_studio(task.schema):
            _clear(task, everything=True)
        tasks.save(task, progress={}, facts={})
    return len(over)


# -- Rows -------------------------------------------------------------------------------------------------------------
def _take_rows(task: StudioTask) -> None:
    """All tables at one moment, into a file on this machine; then, outside the transaction, into the store."""
    tasks.save(task, step="rows", done=0, total=0)
    with tempfile.TemporaryFile() as file:
        with transaction.atomic():
            _one_moment()
            at, last = timezone.now(), tables.sequences(task.schema)
            found = tables.tables_of(task.schema)
            told = [_told(task.schema, table, file) for table in found]
            extra = _sheets(task, found, file)
        manifest = _manifest(task, at, told, last) | {"extra": extra}
        file.seek(0)
        store = tasks.store()
        store.put(_part(task, "rows.bin"), file, content_type="application/octet-stream")
    count, size = _list_files(task)
    manifest["objects"] = {"count": count, "bytes": size, "with_files": bool(task.options.get("with_files"))}
    store.put(_part(task, "manifest.json"), _json(manifest), content_type="application/json")
    tasks.save(task, progress={"rows": True})


def _one_moment() -> None:
    """One snapshot for all statements that follow. Inside a test's transaction there is no choice any more."""
    if len(connection.savepoint_ids) == 0:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _told(schema: str, table: tables.Table, file: IO[bytes]) -> dict[str, Any]:
    """The table in the file, and what the manifest says of it. `file` is what a restore reads; of a table with secrets
    that is sealed, and `readable` is what people read of it, if anything.
    """
    told: dict[str, Any] = {"name": table.name, "columns": _columns(table)}
    clear = sealing.readable(table)
    if clear is table:
        rows, member = _squeeze(schema, table, file)
        return told | _member(member) | {"rows": rows}
    rows, member = _squeeze_sealed(schema, table, file)
    told |= _member(member) | {"rows": rows, "sealed": True}
    if clear:
        _rows, member = _squeeze(schema, clear, file)
        told["readable"] = _member(member) | {"columns": _columns(clear)}
    return told


def _squeeze(schema: str, table: tables.Table, file: IO[bytes]) -> tuple[int, Packed]:
    squeezer = Squeezer(file.write)
    rows = tables.dump(schema, table, squeezer.feed)
    return rows, squeezer.finish(f"tables/{table.name}.csv")


def _squeeze_sealed(schema: str, table: tables.Table, file: IO[bytes]) -> tuple[int, Packed]:
    squeezer = Squeezer(file.write)
    sealer = sealing.Sealer(squeezer.feed, schema=schema, table=table.name)
    rows = tables.dump(schema, table, sealer.feed)
    sealer.finish()
    return rows, squeezer.finish(f"{SEALED}/{table.name}")


def _sheets(task: StudioTask, found: list[tables.Table], file: IO[bytes]) -> list[dict[str, Any]]:
    """What the owner reads, of the same moment as the rows."""
    open_now: list[tuple[str, Squeezer]] = []
    done: list[dict[str, Any]] = []

    def finish() -> None:
        for name, squeezer in open_now:
            done.append(_member(squeezer.finish(name)))
        open_now.clear()

    def open_file(name: str) -> Any:
        finish()
        open_now.append((f"{OVERVIEW}/{name}", Squeezer(file.write)))
        return open_now[0][1].feed

    studio = current_studio()
    reading.write_sheets(studio, open_file)
    finish()
    squeezer = Squeezer(file.write)
    squeezer.feed(reading.dictionary(found, studio.language))
    return [*done, _member(squeezer.finish("dictionary.csv"))]


def _member(member: Packed) -> dict[str, Any]:
    return {
        "file": member.name,
        "sha256": member.sha256,
        "bytes": member.size,
        "packed": member.packed,
        "crc": member.crc,
    }


def _columns(table: tables.Table) -> list[dict[str, str]]:
    return [{"name": name, "type": kind} for name, kind in table.columns]


def _members(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    """What `_take_rows` put into its file, in that order."""
    of_tables = [member for table in manifest["tables"] for member in (table, table.get("readable")) if member]
    return [*of_tables, *manifest["extra"]]


def _manifest(task: StudioTask, at: dt.datetime, told: list[Any], last: dict[str, int]) -> dict[str, Any]:
    from tenants.models import Studio

    with in_public():
        studio = Studio.objects.get(schema_name=task.schema)
        hosts = list(studio.domains.order_by("domain").values_list("domain", flat=True))
    names = ("name", "slug", "schema_name", "currency", "timezone", "language", "brand_hue")
    return {
        "format": FORMAT,
        "product": "yinglou",
        "taken_at": at.isoformat(),
        "studio": {name: getattr(studio, name) for name in names} | {"domains": hosts},
        "schema_version": migrator.fingerprint(migrator.applied(task.schema)),
        "migrations": sorted(f"{app}.{name}" for app, name in migrator.applied(task.schema)),
        "sequences": last,
        "carried": {name: import_string(tell)(studio) for name, (tell, _reopen) in settings.STUDIO_CARRIES.items()},
        "tables": told,
    }


def _list_files(task: StudioTask) -> tuple[int, int]:
    """The list of the studio's objects now: key below its prefix, size, ETag, whether it comes along."""
    store, count, size = tasks.store(), 0, 0
    root = len(store.key("x")) - 1
    with tempfile.TemporaryFile("w+b") as file:
        text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
        rows = csv.writer(text)
        rows.writerow(["key", "bytes", "etag", "included"])
        for name, length, etag in store.listing():
            short = name[root:]
            if not short.startswith(f"{FOLDER}/"):
                rows.writerow([short, length, etag, int(_comes_along(task, short))])
                count, size = count + 1, size + length
        text.detach()
        file.seek(0)
        store.put(_part(task, "objects.csv"), file, content_type="text/csv")
    return count, size


def _comes_along(task: StudioTask, short: str) -> bool:
    """Contracts always: they are evidence. Photographs and their renditions when asked for."""
    return bool(task.options.get("with_files")) or short.partition("/")[0] in settings.EXPORT_ALWAYS


# -- The archive ------------------------------------------------------------------------------------------------------
def _pack(task: StudioTask) -> None:
    store, target = tasks.store(), archive_key(task)
    manifest = json.loads(store.get(_part(task, "manifest.json")))
    total = sum(t["packed"] for t in _members(manifest)) + sum(size for _n, size in _files(task))
    mark, members = _last_mark(task)
    if not mark.upload:
        mark.upload = store.begin(target, content_type="application/zip")
        tasks.save(task, step="files", total=total, progress={**task.progress, "mark": mark.as_json()})

    def keep(mark: Mark, new: list[Packed]) -> None:
        if new:
            lines = _json([_as_list(member) for member in new])
            store.put(_part(task, f"members-{len(mark.parts):05}.json"), lines, content_type="application/json")
        tasks.save(task, done=min(mark.sent, task.total), progress={**task.progress, "mark": mark.as_json()})

    def send(number: int, body: bytes) -> str:
        return str(store.put_part(target, mark.upload, number, body))

    part_size = max(settings.EXPORT_PART_BYTES, total // MOST_PARTS)
    packer = Packer(mark, members, part_size, send, keep)
    missing = _write_members(task, packer, manifest)
    size = packer.close()
    store.finish(target, mark.upload, [(number, etag) for number, etag in mark.parts])
    _clear(task, everything=False)
    rows = sum(table["rows"] for table in manifest["tables"])
    facts = {"size": size, "rows": rows, "tables": len(manifest["tables"]), "files": manifest["objects"]["count"]}
    tasks.save(task, facts={**facts, "missing": missing, "schema_version": manifest["schema_version"]}, progress={})
    until = task.expires_at.date().isoformat() if task.expires_at else ""
    tell_owners(task.studio, "export", key=f"export-{task.code}", until=until)


def _write_members(task: StudioTask, packer: Packer, manifest: dict[str, Any]) -> int:
    """Every member in its fixed order; those that the store has are passed over. Returns how many files were gone."""
    known, missing, offset = {member.name: member for member in packer.members}, [], 0
    store, rows = tasks.store(), _part(task, "rows.bin")
    _whole(packer, known, "README.txt", reading.read_me(manifest["studio"]))
    for told in _members(manifest):
        packed = told["packed"]
        if told["file"] not in known:
            ready = Packed(told["file"], 8, told["crc"], packed, told["bytes"], 0, 0, told["sha256"])
            packer.add(told["file"], _window(rows, offset, packed), packed=packed, ready=ready)
        offset += packed
    _whole(packer, known, "objects.csv", store.get(_part(task, "objects.csv")))
    for short, size in _files(task):
        name = f"objects/{short}"
        if name in known:
            continue
        try:
            chunks = store.stream(store.key(*short.split("/")))
        except store.Missing:
            if packer.at < packer.mark.sent:  # half of it is in the archive: that archive cannot be finished
                tasks.save(task, progress={"rows": True})
                raise
            missing.append(short)
            continue
        packer.add(name, chunks, packed=size)
    manifest["missing"] = missing
    manifest["files"] = {
        member.name: {"bytes": member.size, "sha256": member.sha256}
        for member in packer.members
        if member.name != "manifest.json"
    }
    for told in _members(manifest):
        told.pop("packed"), told.pop("crc")
    _whole(packer, known, "manifest.json", _json(manifest))
    return len(missing)


def _whole(packer: Packer, known: dict[str, Packed], name: str, body: bytes) -> None:
    if name not in known:
        packer.add(name, [body], packed=len(body))


def _files(task: StudioTask) -> Iterator[tuple[str, int]]:
    """(key below the prefix, bytes) of the objects that come along, in the list's order."""
    text = io.StringIO(tasks.store().get(_part(task, "objects.csv")).decode(), newline="")
    for row in csv.DictReader(text):
        if row["included"] == "1":
            yield row["key"], int(row["bytes"])


def _window(name: str, offset: int, length: int) -> Iterator[bytes]:
    if not length:
        return
    window = tasks.store().window(name, offset, offset + length - 1)
    try:
        while chunk := window.read(CHUNK):
            yield chunk
    finally:
        window.close()


def _last_mark(task: StudioTask) -> tuple[Mark, list[Packed]]:
    """Where the last run came to, and the members that lie whole in the parts it sent."""
    kept = task.progress.get("mark")
    if not kept:
        return Mark(), []
    mark, store, members = Mark(**kept), tasks.store(), []
    for number, _etag in mark.parts:
        try:
            members += [Packed(*row) for row in json.loads(store.get(_part(task, f"members-{number:05}.json")))]
        except store.Missing:
            continue
    return mark, members[: mark.members]


def _clear(task: StudioTask, *, everything: bool) -> None:
    store = tasks.store()
    upload = (task.progress.get("mark") or {}).get("upload")
    if everything and upload:
        store.give_up(archive_key(task), upload)
    for name, _size, _etag in list(store.listing(FOLDER, task.code)):
        if everything or not name.endswith("/archive.zip"):
            store.delete(name)


def _part(task: StudioTask, name: str) -> str:
    return str(tasks.store().key(FOLDER, task.code, "work", name))


def _as_list(member: Packed) -> list[Any]:
    return [
        member.name, member.method, member.crc, member.packed, member.size, member.offset, member.end, member.sha256,
    ]  # fmt: skip


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str).encode()


def digest_of(value: Any) -> str:
    """SHA-256 of a value as canonical JSON."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()
