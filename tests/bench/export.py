"""A whole studio into one archive, beside reading the same rows and files raw."""

import os
import time
from typing import Any

from django.db import connection
from psycopg import sql

from core.kernel import bulk, storage
from core.messaging.models import OutboxMessage
from tenants.context import in_public
from tenants.life import exporting, tables, tasks
from tenants.life.exporting import ask_export
from tests.bench.scene import furnished_studio

ROWS = 40_000
FILES, FILE_BYTES = 60, 1_500_000
MB = 1_000_000
ROUNDS = 3


def run() -> dict[str, Any]:
    """`export_mb_per_s`: CSV, checksums, archive, parts. Baseline: COPY of the same tables to nowhere and GET of the
    same files, taking turns.
    """
    with furnished_studio("导出") as studio:
        _fill()
        raw, whole, size = [], [], 0
        try:
            for _round in range(ROUNDS):
                started = time.perf_counter()
                size = _read_raw(studio.schema_name)
                raw.append(time.perf_counter() - started)
                started = time.perf_counter()
                _export(studio)
                whole.append(time.perf_counter() - started)
        finally:
            storage.delete(*[name for name, _size, _etag in list(bulk.listing())])
    value, baseline = size / MB / min(whole), size / MB / min(raw)
    return {
        "export_mb_per_s": {
            "value": round(value, 1),
            "unit": "MB/s",
            "baseline": round(baseline, 1),
            "ratio": round(value / baseline, 2),
            "note": f"{size / MB:.0f} MB of rows and files into one archive in parts; baseline: the same read raw",
        }
    }


def _fill() -> None:
    rows = [
        OutboxMessage(
            route="sms", template="gallery_ready", to=f"1390000{number:04}", language="zh-hans",
            facts={"name": "陈晓雨", "title": f"相册 {number}", "link": "https://example.com/" + "x" * 60},
            dedupe_key=f"bench-{number}",
        )
        for number in range(ROWS)
    ]  # fmt: skip
    OutboxMessage.objects.bulk_create(rows, batch_size=2000)
    for number in range(FILES):
        storage.put(storage.key("o", number, "x.jpg"), os.urandom(FILE_BYTES), content_type="image/jpeg")


def _read_raw(schema: str) -> int:
    size = 0
    with connection.cursor() as cursor:
        for table in tables.tables_of(schema):
            query = sql.SQL("COPY {} TO STDOUT WITH (FORMAT csv)").format(sql.Identifier(schema, table.name))
            with cursor.copy(query) as copy:
                for chunk in copy:
                    size += len(chunk)
    for name, _size, _etag in bulk.listing("o"):
        for chunk in storage.stream(name):
            size += len(chunk)
    return size


def _export(studio: Any) -> None:
    task = ask_export(studio=studio, actor="bench", with_files=True)
    tasks.run(task.pk, {"export": exporting.run_export})
    with in_public():
        task.refresh_from_db()
    storage.delete(exporting.archive_key(task))
