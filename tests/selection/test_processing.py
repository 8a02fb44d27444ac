"""The media job: what it refuses, what it repeats, and what a killed worker leaves."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from core.kernel import storage
from core.kernel.events import Event
from selection import processing
from selection.enums import GalleryState, PhotoState, Refused
from selection.models import Photo
from selection.processing import process_photo
from selection.watermark import Unmarkable
from tests.jobs import run_jobs
from tests.selection import pictures
from tests.selection.make import make_gallery, upload

ROOT = Path(__file__).parents[2]


@pytest.fixture
def gallery(db):
    return make_gallery(state=GalleryState.DRAFT)


def result(gallery):
    photo = Photo.objects.get(gallery=gallery)
    return photo.state, photo.refusal


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"<html>not a photograph</html>", Refused.NOT_AN_IMAGE),
        (lambda: pictures.jpeg()[:-900], Refused.TRUNCATED),
        (pictures.png_bomb, Refused.TOO_MANY_PIXELS),
        (lambda: pictures.animated("WEBP"), Refused.ANIMATED),
        (lambda: pictures.jpeg(pictures.quarters(120, 90)), Refused.TOO_SMALL),
    ],
)
def test_a_file_under_a_photographs_name_is_refused_with_its_reason(gallery, make, code):
    upload(gallery, ("holiday.jpg", make()))
    run_jobs()
    assert result(gallery) == (PhotoState.REFUSED, code)
    gallery.refresh_from_db()
    assert (gallery.photo_count, gallery.stored_bytes) == (0, 0)
    assert Event.objects.get(kind="photo.refused").facts["code"] == code


def test_no_watermark_no_proof(gallery, monkeypatch):
    def unmarkable(*_args):
        raise Unmarkable("no font")

    monkeypatch.setattr("selection.renditions.mark", unmarkable)
    upload(gallery, ("a.jpg", pictures.jpeg()))
    run_jobs()
    assert result(gallery) == (PhotoState.REFUSED, Refused.BROKEN)
    photo = Photo.objects.get()
    assert (photo.rendition_key, photo.rendition_rev) == ("", 0)
    assert Event.objects.get(kind="photo.refused").facts["code"] == Refused.BROKEN


def test_bytes_swapped_after_completion_are_refused(gallery):
    upload(gallery, ("a.jpg", pictures.jpeg()))
    storage.put(Photo.objects.get().original_key, pictures.jpeg(pictures.quarters(900, 900)), content_type="image/jpeg")
    run_jobs()
    assert result(gallery) == (PhotoState.REFUSED, Refused.CHANGED)


def test_run_twice_it_is_done_once(gallery):
    upload(gallery, ("a.jpg", pictures.jpeg()))
    photo = Photo.objects.get()
    assert process_photo(photo_id=photo.pk) == "ready"
    before = Photo.objects.values().get()
    assert [process_photo(photo_id=photo.pk), process_photo(photo_id=10**9)] == ["settled", "settled"]
    assert Photo.objects.values().get() == before
    gallery.refresh_from_db()
    assert (gallery.photo_count, Event.objects.filter(kind="photo.ready").count()) == (1, 1)


def test_a_file_that_kills_its_workers_is_refused_in_the_end(gallery):
    upload(gallery, ("a.jpg", pictures.jpeg()))
    Photo.objects.update(attempts=processing.MAX_ATTEMPTS)
    run_jobs()
    assert result(gallery) == (PhotoState.REFUSED, Refused.BROKEN)


def test_capture_time_is_the_branchs_wall_time(gallery):
    upload(gallery, ("a.jpg", pictures.told()))
    run_jobs()
    assert Photo.objects.get().taken_at.isoformat() == "2026-11-15T01:30:00+00:00"


# The first worker stops for good at one of two moments; the second one finds what it left.
PROGRAM = """
import pathlib, time
import django
django.setup()
from core.kernel import storage
from selection import processing
marks = pathlib.Path({marks!r})
def hang_once(name):
    if not (marks / name).exists():
        (marks / name).touch()
        time.sleep(600)
put, render = storage.put, processing.render
def slow_put(key, *args, **options):
    put(key, *args, **options)
    if key.endswith("/p.webp") and "stored.jpg" in known: hang_once("stored")
known = []
def slow_render(original, text):
    known[:] = ["stored.jpg"] if b"STORED" in original else []
    made = render(original, text)
    if not known: hang_once("rendered")
    return made
storage.put, processing.render = slow_put, slow_render
from tenants import jobs
from django.core.management import call_command
call_command("worker", queues="media,fast", concurrency=1)
"""


@pytest.fixture
def start_worker(throwaway_studio, tmp_path):
    processes = []

    def start():
        given = connection.settings_dict
        url = f"postgresql://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
        environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings_test"}
        environment["JOB_HEARTBEAT"] = "1"
        with (tmp_path / f"worker-{len(processes)}.log").open("w") as log:
            program = PROGRAM.format(marks=str(tmp_path))
            process = subprocess.Popen(
                [sys.executable, "-c", program], env=environment, cwd=ROOT, stdout=log, stderr=log
            )
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
            process.wait()


def until(condition, what, tmp_path, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.1)
    logs = "\n".join(path.read_text()[-2000:] for path in sorted(tmp_path.glob("worker-*.log")))
    pytest.fail(f"{what} did not happen in time\n{logs}")


@pytest.mark.parametrize(("name", "moment"), [("rendered.jpg", "rendered"), ("stored.jpg", "stored")])
def test_a_killed_worker_loses_nothing_and_repeats_nothing_harmful(
    throwaway_studio, start_worker, tmp_path, name, moment
):
    gallery = make_gallery(state=GalleryState.DRAFT)
    body = pictures.jpeg() + (b"STORED" if moment == "stored" else b"")
    upload(gallery, (name, body))
    first = start_worker()
    until((tmp_path / moment).exists, moment, tmp_path)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert Photo.objects.get().state == PhotoState.RECEIVED
    start_worker()
    until(lambda: Photo.objects.get().state == PhotoState.READY, "ready", tmp_path)
    photo = Photo.objects.get()
    gallery.refresh_from_db()
    assert (photo.rendition_rev, gallery.photo_count) == (1, 1)
    assert gallery.stored_bytes == photo.size + photo.rendition_bytes
    assert Event.objects.filter(kind="photo.ready").count() == 1
    assert storage.head(f"{photo.rendition_key}/p.webp").size + storage.head(f"{photo.rendition_key}/t.webp").size == (
        photo.rendition_bytes
    )
