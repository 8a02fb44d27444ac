"""The proxy's promises, with a stand-in for the page workers and the real S3 server behind it."""

import gzip
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from infra import proxy
from infra.processes import free_ports
from infra.s3 import S3
from infra.stack import answers
from tests.infra.test_s3guard import send, signed_get

PHOTO = b"0123456789" * 10
SCRIPT = b"export const answer = 42;\n" * 40


class Pages(BaseHTTPRequestHandler):
    """Answers with what it was asked; `/photo/<address>` hands the presigned address to the proxy."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        if self.path.startswith("/photo/"):
            body = b"not for the customer"
            self.send_header("X-Accel-Redirect", "/_s3/" + self.path.removeprefix("/photo/"))
            self.send_header("Content-Type", "image/webp")
            self.send_header("Cache-Control", "private, max-age=31536000, immutable")
            self.send_header("Set-Cookie", "yl_staff=secret")
        elif self.path == "/odd":
            self.send_header("X-Accel-Redirect", "/etc/passwd")
        else:
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_POST = do_HEAD = do_GET  # noqa: N815 (names of the base class)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def door(s3_server: S3, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home: Path = tmp_path_factory.mktemp("proxy")
    static = home / "static"
    static.mkdir()
    (static / "app.0123456789ab.js").write_bytes(SCRIPT)
    (static / "app.0123456789ab.js.gz").write_bytes(gzip.compress(SCRIPT))
    (static / "app.0123456789ab.js.br").write_bytes(b"as Brotli")
    (static / "plain.txt").write_text("plain")
    pages = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    port, nobody = free_ports(2)
    text = proxy.caddyfile(
        port=port,
        bind=proxy.loopbacks(),
        upstreams=proxy.Upstreams(
            [f"127.0.0.1:{pages.server_port}"], f"127.0.0.1:{nobody}", f"http://127.0.0.1:{s3_server.port}"
        ),
        static=static,
        home=home / "caddy",
    )
    daemon = proxy.daemon(text, home=home / "caddy", run_dir=home / "run", log=home / "caddy.log")
    daemon.start()
    daemon.wait_ready(lambda: answers(f"http://127.0.0.1:{port}/"))
    yield f"http://127.0.0.1:{port}"
    daemon.stop()
    pages.shutdown()
    pages.server_close()


@pytest.fixture
def photo_url(door: str, s3: Any) -> str:
    """A page address that answers with a photograph from S3, with a key that needs care."""
    key = "g1/a b+婚.webp"
    s3.put_object(Bucket="yinglou", Key=key, Body=PHOTO, ContentType="text/html", CacheControl="no-cache")
    return door + "/photo" + after_host(signed_get(s3, key))


def after_host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def test_forwarded_headers_come_from_the_proxy_only(door: str) -> None:
    lies = {
        "X_Forwarded_For": "6.6.6.6",
        "X_Forwarded_Host": "evil",
        "Forwarded": "for=6.6.6.6",
        "X_Real_Ip": "6.6.6.6",
    }
    seen = json.loads(send("GET", door + "/x", **lies)[2])
    assert seen["x-forwarded-for"] == "127.0.0.1"
    assert seen["x-forwarded-proto"] == "http"
    assert seen["x-forwarded-host"] == seen["host"] == urlsplit(door).netloc
    assert not {"forwarded", "x-real-ip"} & set(seen)


def test_photograph_comes_from_s3_with_the_pages_headers(photo_url: str) -> None:
    status, headers, body = send("GET", photo_url, Cookie="a=b")
    assert (status, body, headers["content-type"]) == (200, PHOTO, "image/webp")
    assert headers["cache-control"] == "private, max-age=31536000, immutable"
    assert not {"x-accel-redirect", "set-cookie", "x-amz-storage-class", "server"} & set(headers)


def test_photograph_ranges_conditions_and_head(photo_url: str) -> None:
    etag = send("GET", photo_url)[1]["etag"]
    status, headers, body = send("GET", photo_url, If_None_Match=etag)
    assert (status, headers["cache-control"], body) == (304, "private, max-age=31536000, immutable", b"")
    status, headers, body = send("GET", photo_url, Range="bytes=95-200")
    assert (status, headers["content-range"], body) == (206, "bytes 95-99/100", b"56789")
    assert send("GET", photo_url, Range="bytes=500-")[0] == 416
    status, headers, body = send("HEAD", photo_url)
    assert (status, headers["content-length"], body) == (200, "100", b"")


def test_failures_of_s3_are_short_and_not_cached(door: str, s3: Any, photo_url: str) -> None:
    for url, wanted in (
        (door + "/photo" + after_host(signed_get(s3, "nothing.webp")), 404),
        (photo_url.replace("Signature=", "Signature=0"), 502),
        (door + "/photo/" + quote("yinglou/g1/a b.webp"), 502),
    ):
        status, headers, body = send("GET", url)
        assert (status, headers["cache-control"], body) == (wanted, "no-store", b"")
        assert "set-cookie" not in headers


def test_s3_cannot_be_asked_for_from_outside(door: str, s3: Any, photo_url: str) -> None:
    address = after_host(signed_get(s3, "g1/a b+婚.webp"))
    for prefix in ("/_s3", "/%5Fs3", "/_s3/", "//_s3", "/x/../_s3", "/./_s3"):
        assert PHOTO not in send("GET", f"{door}{prefix}{address}")[2]
    seen = json.loads(send("GET", door + "/x", X_Accel_Redirect="/_s3" + address)[2])
    assert "host" in seen


def test_other_internal_redirects_are_dropped(door: str) -> None:
    status, headers, body = send("GET", door + "/odd")
    assert (status, "x-accel-redirect" in headers, b"root:" in body) == (200, False, False)


def test_static_files(door: str) -> None:
    status, headers, body = send("GET", door + "/static/app.0123456789ab.js", Accept_Encoding="gzip")
    assert (status, gzip.decompress(body), headers["content-encoding"]) == (200, SCRIPT, "gzip")
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["content-type"].startswith("text/javascript")
    status, headers, body = send("GET", door + "/static/app.0123456789ab.js", Accept_Encoding="gzip, deflate, br, zstd")
    assert (status, body, headers["content-encoding"]) == (200, b"as Brotli", "br")
    status, headers, body = send("GET", door + "/static/plain.txt")
    assert (status, headers["cache-control"], body) == (200, "public, no-cache", b"plain")
    assert send("GET", door + "/static/../caddy/Caddyfile")[2].find(b"reverse_proxy") == -1
    assert send("GET", door + "/static/nothing.js")[0] == 404
    assert send("GET", door + "/static/")[0] == 404


def test_a_dead_upstream_is_a_page_that_reloads(door: str) -> None:
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "x" * 24,
    }
    status, headers, body = send("GET", door + "/ws/board/", **upgrade)
    assert (status, headers["retry-after"]) == (502, "3")
    assert "正在恢复" in body.decode()


class Named(BaseHTTPRequestHandler):
    """A page worker that answers with its port; `/slow` when the test says so. It keeps no connection: gone is gone."""

    asked, answer = threading.Event(), threading.Event()

    def do_GET(self) -> None:
        port = self.server.server_address[1]
        if self.path.startswith("/slow"):
            self.asked.set()
            self.answer.wait(10)
        body = str(port).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def test_a_request_goes_to_the_worker_that_is_less_busy_and_never_to_a_dead_one(tmp_path: Path) -> None:
    """Workers behind one socket did not share: one got nearly every kept connection, and the other rested."""
    workers = [ThreadingHTTPServer(("127.0.0.1", 0), Named) for _ in range(2)]
    for worker in workers:
        threading.Thread(target=worker.serve_forever, daemon=True).start()
    port, nobody = free_ports(2)
    text = proxy.caddyfile(
        port=port,
        bind=proxy.loopbacks(),
        upstreams=proxy.Upstreams([f"127.0.0.1:{w.server_port}" for w in workers], f"127.0.0.1:{nobody}", "http://s3"),
        static=tmp_path,
        home=tmp_path / "caddy",
    )
    daemon = proxy.daemon(text, home=tmp_path / "caddy", run_dir=tmp_path / "run", log=tmp_path / "caddy.log")
    daemon.start()
    try:
        address = f"http://127.0.0.1:{port}"
        daemon.wait_ready(lambda: answers(address))
        with ThreadPoolExecutor(1) as phone:
            slow = phone.submit(send, "GET", f"{address}/slow")
            assert Named.asked.wait(10)
            quick = {send("GET", f"{address}/quick")[2] for _ in range(6)}
            Named.answer.set()
        assert len(quick) == 1
        assert slow.result()[2] not in quick
        workers[0].shutdown()
        workers[0].server_close()
        alive = str(workers[1].server_port).encode()
        assert {send("GET", f"{address}/quick")[2] for _ in range(8)} == {alive}
    finally:
        daemon.stop()
        workers[1].shutdown()
        workers[1].server_close()
