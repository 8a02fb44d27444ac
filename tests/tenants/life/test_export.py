"""Everything of one studio in one archive, the same moment, resumable; nobody else notices."""

import csv
import datetime as dt
import hashlib
import io
import json
import threading
import time
import zipfile

import pytest
from django.db import connection
from django.utils import timezone

from core.kernel import bulk, storage
from core.orders.models import Order
from tenants.context import in_public, in_studio
from tenants.life import exporting, tasks
from tenants.life.exporting import archive_key, ask_export, download_link
from tenants.life.models import StudioAct, StudioTask, TaskState
from tests.jobs import run_jobs


def export(studio, *, with_files=True):
    task = ask_export(studio=studio, actor="boss", with_files=with_files)
    run_jobs()
    with in_public():
        task.refresh_from_db()
    return task


def opened(studio, task):
    with in_studio(studio):
        return zipfile.ZipFile(io.BytesIO(storage.get(archive_key(task))))


def sums(archive):
    """Checksums of what two exports of one studio have in common: the first one told the owner that it is ready."""
    own = {"manifest.json", "tables/core_outboxmessage.csv"}
    found = {info.filename: info.CRC for info in archive.infolist() if info.filename not in own}
    return {name: 0 if name.startswith("platform/") else crc for name, crc in found.items()}  # sealed anew each time


def test_archive_holds_everything_and_says_what(one, untouched):
    task = export(one)
    assert (task.state, task.error) == (TaskState.DONE, "")
    archive = opened(one, task)
    assert archive.testzip() is None
    manifest = json.loads(archive.read("manifest.json"))
    tables = {table["name"]: table for table in manifest["tables"]}
    rows = list(csv.DictReader(io.TextIOWrapper(archive.open("tables/core_order.csv"), "utf-8")))
    with in_studio(one):
        assert sorted(row["code"] for row in rows) == sorted(Order.objects.values_list("code", flat=True))
        assert archive.read("objects/contracts/1/a.pdf") == storage.get(storage.key("contracts", 1, "a.pdf"))
    assert tables["core_order"]["rows"] == 3
    for name, told in manifest["files"].items():
        assert hashlib.sha256(archive.read(name)).hexdigest() == told["sha256"], name
    assert not {"accounts_loginsession", "core_phonecode", "core_customersession"} & set(tables)
    listed = list(csv.DictReader(io.TextIOWrapper(archive.open("objects.csv"), "utf-8")))
    assert sorted(row["key"] for row in listed) == ["contracts/1/a.pdf", "o/0/x.jpg", "o/1/x.jpg"]
    assert manifest["objects"]["count"] == 3


def test_without_files_contracts_come_along_all_the_same(one, untouched):
    names = opened(one, export(one, with_files=False)).namelist()
    assert "objects/contracts/1/a.pdf" in names
    assert "objects/o/0/x.jpg" not in names
    assert "tables/selection_photo.csv" in names


def test_a_run_that_died_goes_on_at_the_last_part(one, untouched, monkeypatch, settings):
    whole = opened(one, export(one))
    settings.EXPORT_PART_BYTES = 200_000
    task, sent, real = ask_export(studio=one, actor="boss", with_files=True), [], bulk.put_part

    def dying(name, upload, number, body):
        if number == 3 and len(sent) == 2:
            sent.append("died")
            raise ConnectionError
        sent.append(number)
        return real(name, upload, number, body)

    monkeypatch.setattr(bulk, "put_part", dying)
    run_jobs(failures=True)
    with in_public():
        task.refresh_from_db()
    assert (task.state, len(task.progress["mark"]["parts"])) == (TaskState.FAILED, 2)
    tasks.again(task, actor="boss")
    run_jobs()
    with in_public():
        task.refresh_from_db()
    assert sent[:4] == [1, 2, "died", 3]
    archive = opened(one, task)
    assert archive.testzip() is None
    assert sums(archive) == sums(whole)
    with in_studio(one):
        assert [n for n, _s, _e in bulk.listing("exports", task.code)] == [archive_key(task)], "work files are gone"


def test_rows_are_of_one_moment(one, untouched, monkeypatch):
    """An order that is taken while tables are read is in none of them."""
    from tenants.life import tables

    real, seen = tables.dump, []

    def dump(schema, table, write):
        if not seen:
            seen.append(1)
            _take_order_elsewhere(one)
        return real(schema, table, write)

    monkeypatch.setattr(tables, "dump", dump)
    task = ask_export(studio=one, actor="boss", with_files=False)
    exporting.run_export(task)
    manifest = json.loads(opened(one, task).read("manifest.json"))
    assert {t["name"]: t["rows"] for t in manifest["tables"]}["core_customer"] == 3


def _take_order_elsewhere(studio):
    from threading import Thread

    from django.db import connection

    from tests.factories import make_customer

    def take():
        try:
            with in_studio(studio):
                make_customer(phone="+8613911110000")
        finally:
            connection.close()

    thread = Thread(target=take)
    thread.start()
    thread.join(timeout=10)


def test_one_task_at_a_time(one, untouched):
    ask_export(studio=one, actor="boss", with_files=False)
    with pytest.raises(tasks.LifeRefused, match="task.open"):
        ask_export(studio=one, actor="boss", with_files=False)


def test_link_is_written_down_and_ends_with_the_archive(one, untouched):
    task = export(one, with_files=False)
    assert "archive.zip" in download_link(task, actor="boss")
    with in_public():
        verbs = list(StudioAct.objects.filter(slug=one.slug).order_by("pk").values_list("verb", flat=True))
        assert verbs == ["export.asked", "export.done", "export.fetched"]
        StudioTask.objects.filter(pk=task.pk).update(expires_at=timezone.now() - dt.timedelta(minutes=1))
        task.refresh_from_db()
    with pytest.raises(tasks.LifeRefused, match="export.gone"):
        download_link(task, actor="boss")
    assert exporting.forget_old_exports() == 1
    with in_studio(one):
        assert not list(bulk.listing("exports"))


def test_the_command_and_a_worker_never_do_one_task_together(one, untouched):
    """A command runs its task at once, a worker may take the same task's job: the second waits and finds it done."""
    task = ask_export(studio=one, actor="boss", with_files=False)
    entered, leave, runs = threading.Event(), threading.Event(), []

    def work(_task):
        runs.append(1)
        entered.set()
        assert leave.wait(10)

    def run():
        try:
            tasks.run(task.pk, {task.kind: work})
        finally:
            connection.close()

    first, second = threading.Thread(target=run), threading.Thread(target=run)
    first.start()
    assert entered.wait(10)
    second.start()
    for _ in range(200):
        if waiting_for_locks():
            break
        time.sleep(0.02)
    assert waiting_for_locks() == 1
    leave.set()
    for each in (first, second):
        each.join(10)
    assert runs == [1]
    with in_public():
        task.refresh_from_db()
    assert task.state == TaskState.DONE


def waiting_for_locks():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND NOT granted", [tasks.LOCK]
        )
        return cursor.fetchone()[0]
