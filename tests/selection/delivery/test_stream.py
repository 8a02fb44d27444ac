"""The door as the real server runs it: Daphne, which never makes `send` wait, and phones that read slowly or not."""

import hashlib
import http.client
import io
import os
import shutil
import socket
import subprocess
import time
import zipfile
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings

from selection.delivery import addresses
from selection.delivery.models import Download
from selection.delivery.parcels import parts_here
from tenants.context import in_public
from tests.daphne import daphne
from tests.selection.delivery.make import deliver, signed_gallery
from tests.selection.make import main_chooser

MEGABYTE = 1024 * 1024


@pytest.fixture
def gallery(throwaway_studio):
    """Sixty megabytes of finals, with real commits."""
    gallery = signed_gallery({n: os.urandom(20 * MEGABYTE + n) for n in (1, 2, 3)})
    deliver(gallery)
    return gallery


@pytest.fixture
def link(gallery):
    base = addresses.download_base(gallery, main_chooser(gallery).customer.pk)
    return addresses.download_url(base, "zf1", "照片.zip")


@pytest.fixture
def host(throwaway_studio):
    return f"{throwaway_studio.slug}.{settings.PLATFORM_HOST}"


@dataclass
class Answer:
    status: int
    headers: Any
    body: bytes


def ask(server, host, link, method="GET", most=None, **headers):
    """The answer; with `most` bytes read the phone hangs up."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request(method, link, headers={"Host": host, "Connection": "close", **headers})
    with closing(connection), connection.getresponse() as answer:
        return Answer(answer.status, answer.headers, answer.read(most))


def log_of(gallery, count=1):
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        rows = list(Download.objects.filter(gallery=gallery).order_by("pk"))
        if len(rows) >= count and all(row.sent for row in rows):
            break
        time.sleep(0.1)
    return rows


def test_a_part_comes_whole_breaks_off_and_resumes(gallery, link, host, tmp_path):
    """One server for what takes long to start: whole, by ranges, by curl, refused."""
    size = parts_here(gallery)[0].size
    with daphne(tmp_path / "daphne.log") as server:
        answer = ask(server, host, link)
        whole = answer.body
        assert (answer.status, len(whole), answer.headers["Accept-Ranges"]) == (200, size, "bytes")
        with zipfile.ZipFile(io.BytesIO(whole)) as archive:
            assert archive.testzip() is None
        begun = ask(server, host, link, most=7 * MEGABYTE).body
        rest = ask(server, host, link, Range=f"bytes={len(begun)}-", **{"If-Range": answer.headers["ETag"]})
        assert rest.status == 206
        assert begun + rest.body == whole
        assert ask(server, host, link, "HEAD").headers["Content-Length"] == str(size)
        assert ask(server, host, link, **{"If-None-Match": answer.headers["ETag"]}).status == 304
        assert ask(server, host, link, Range=f"bytes={size}-").status == 416
        assert ask(server, host, link.replace("/zf1/", "/zo1/")).status == 404
        assert ask(server, "nowhere.localhost", link).status == 404
        resumed_by_curl(server, host, link, whole, tmp_path)
        rows = log_of(gallery, 4)
        assert [row.finished_at is not None for row in rows[:3]] == [True, False, True]
        assert rows[1].sent < size
        suspended(server, host, link)


def resumed_by_curl(server, host, link, whole, folder):
    if not shutil.which("curl"):
        return
    target = folder / "part.zip"
    target.write_bytes(whole[: 11 * MEGABYTE])
    url = f"http://127.0.0.1:{server.port}{link}"
    subprocess.run(["curl", "-sS", "-C", "-", "-H", f"Host: {host}", "-o", str(target), url], check=True, timeout=60)
    assert hashlib.md5(target.read_bytes()).digest() == hashlib.md5(whole).digest()
    if shutil.which("unzip"):
        assert subprocess.run(["unzip", "-tq", str(target)], check=False, capture_output=True).returncode == 0


def suspended(server, host, link):
    from tenants.models import Studio
    from tenants.services import suspend_studio

    with in_public():
        suspend_studio(Studio.objects.get(slug=host.split(".")[0]))
    time.sleep(2.2)  # another process remembers a studio for two seconds (tenants.directory)
    assert ask(server, host, link).status == 503


def test_phones_that_do_not_read_cost_no_memory_and_hold_nobody_up(gallery, link, host, tmp_path):
    """Ten phones that read nothing would pile up 600 MB in Daphne (daphne#170)."""
    with daphne(tmp_path / "daphne.log") as server:
        assert ask(server, host, link, Range="bytes=0-9").body  # imports, first connections
        before = server.memory()
        stuck = []
        for _ in range(10):
            phone = socket.socket()
            phone.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            phone.connect(("127.0.0.1", server.port))
            phone.sendall(f"GET {link} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            stuck.append(phone)
        time.sleep(3)
        grown = server.memory() - before
        begun = time.monotonic()
        assert len(ask(server, host, link).body) == parts_here(gallery)[0].size
        assert time.monotonic() - begun < 15
        for phone in stuck:
            phone.close()
    assert grown < 120 * MEGABYTE
