"""The S3 server of one machine: `nanio` inside a guard that refuses what nanio would get wrong.

nanio checks signatures and expiry well but treats unknown sub-resources as plain PUTs (PutObjectTagging would replace
the photograph by an XML text), copies when an *unsigned* header asks for it, ignores checksums, and answers ranges and
conditional requests incompletely. Two layers around its routes cure that, with real S3's status codes:

* `Refusals`, before the signature check: anything not understood is 501, anything unsigned is 403.
* `Behaviour`, after it: checksums and lengths of bodies, If-Match / If-None-Match, ranges, response-* overrides.

CORS and `PoliteRefusals` wrap both, so that a browser gets to read why it was refused.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import os
import re
import weakref
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl

from nanio.app import _s3_error_handler, _unexpected_error_handler
from nanio.auth.credentials import StaticCredentialResolver
from nanio.auth.middleware import SigV4Middleware
from nanio.config import Settings
from nanio.errors import (
    AccessDenied,
    BadDigest,
    InvalidArgument,
    InvalidRequest,
    NotImplemented_,
    PreconditionFailed,
    S3Error,
)
from nanio.handlers import build_routes
from nanio.storage.backend import ObjectInfo
from nanio.storage.filesystem import FilesystemStorage
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SIGNATURE_KEYS = {
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
    "x-id",
}
OVERRIDES = {
    "response-content-type": b"content-type",
    "response-content-disposition": b"content-disposition",
    "response-content-encoding": b"content-encoding",
    "response-content-language": b"content-language",
    "response-cache-control": b"cache-control",
    "response-expires": b"expires",
}
LISTING = {"list-type", "prefix", "delimiter", "max-keys", "continuation-token", "start-after", "encoding-type"}
LISTING |= {"fetch-owner"}
# What may stand in the query, by what is addressed and how. Everything else is a sub-resource nanio does not know.
QUERY_KEYS: Mapping[tuple[str, str], set[str]] = {
    ("bucket", "GET"): LISTING | {"location", "uploads"},
    ("bucket", "POST"): {"delete"},
    ("object", "GET"): {"uploadId", *OVERRIDES},
    ("object", "HEAD"): set(OVERRIDES),
    ("object", "PUT"): {"uploadId", "partNumber"},
    ("object", "POST"): {"uploads", "uploadId"},
    ("object", "DELETE"): {"uploadId"},
}
AMZ_HEADERS = re.compile(
    r"x-amz-(date|content-sha256|user-agent|copy-source|metadata-directive|meta-[!-~]+"
    r"|checksum-(mode|sha256|sha1|crc32)|sdk-checksum-algorithm|checksum-algorithm)"
)
# Where the guard keeps the verified SHA-256 among nanio's user metadata; clients see it as x-amz-checksum-sha256.
KEPT_SHA256 = b"x-amz-meta-guard-sha256"


class Refused(S3Error):
    """An S3 error with a code nanio has no class for."""

    def __init__(self, code: str, status: int, message: str) -> None:
        self.code, self.http_status = code, status
        super().__init__(message)


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


class _Crc32:
    def __init__(self) -> None:
        self.value = 0

    def update(self, data: bytes) -> None:
        self.value = zlib.crc32(data, self.value)

    def digest(self) -> bytes:
        return self.value.to_bytes(4, "big")


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def _query(scope: Scope) -> list[tuple[str, str]]:
    return parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)


def _place(scope: Scope) -> tuple[str, str, str]:
    """("service"|"bucket"|"object", bucket, key)"""
    bucket, _, key = scope["path"].lstrip("/").partition("/")
    return ("object" if key else "bucket" if bucket else "service"), bucket, key


async def _answer(send: Send, error: S3Error, *extra: tuple[bytes, bytes], method: str = "GET") -> None:
    body = b"" if method == "HEAD" else error.to_xml()
    head = [(b"content-type", b"application/xml"), (b"content-length", str(len(body)).encode()), *extra]
    await send({"type": "http.response.start", "status": error.http_status, "headers": head})
    await send({"type": "http.response.body", "body": body})


class PoliteRefusals:
    """Lets a client that is still sending read why it was refused.

    An answer before the end of a body would otherwise reach a browser as a broken connection, or leave bytes that the
    server takes for the next request. A client that waits for "100 Continue" is told to hang up instead.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = _headers(scope)
        unread = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers

        async def counted() -> Message:
            nonlocal unread
            message = await receive()
            unread = message["type"] == "http.request" and message.get("more_body", False)
            return message

        async def politely(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 400 and unread:
                if headers.get("expect", "").lower() == "100-continue":
                    message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
                else:
                    while unread:
                        await counted()
            await send(message)

        await self.app(scope, counted, politely)


class Refusals:
    """Refuses, before anything is believed, what this server would misunderstand or what is not wholly signed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> Any:
        if scope["type"] == "http":
            try:
                self.check(scope)
            except S3Error as error:
                return await _answer(send, error, method=scope["method"])
        return await self.app(scope, receive, send)

    def check(self, scope: Scope) -> None:
        headers, query = _headers(scope), _query(scope)
        keys = [name for name, _ in query]
        allowed = QUERY_KEYS.get((_place(scope)[0], scope["method"]), set()) | SIGNATURE_KEYS
        for name in keys:
            if name not in allowed:
                raise NotImplemented_(f"This server does not know {name}.")
        if len(set(keys)) != len(keys):
            raise InvalidArgument("A query parameter is given twice.")
        amz = [name.decode("latin-1") for name, _ in scope["headers"] if name.startswith(b"x-amz-")]
        for name in amz:
            if not AMZ_HEADERS.fullmatch(name) or name.encode() == KEPT_SHA256:
                raise NotImplemented_(f"This server does not know {name}.")
        if len(set(amz)) != len(amz):
            raise InvalidArgument("A header is given twice.")
        self._check_body_forms(headers, keys)
        signed = self._signed_headers(headers, dict(query))
        for name in amz:
            if name not in signed and name != "x-amz-content-sha256":
                raise AccessDenied(f"There were headers present in the request which were not signed: {name}")
        if scope["method"] == "PUT" and "content-length" not in headers:
            raise Refused("MissingContentLength", 411, "You must provide the Content-Length HTTP header.")

    @staticmethod
    def _check_body_forms(headers: dict[str, str], keys: list[str]) -> None:
        if headers.get("x-amz-content-sha256", "").startswith("STREAMING-"):
            raise NotImplemented_("Streaming signatures are not supported; the framing would end up in the file.")
        if "aws-chunked" in headers.get("content-encoding", ""):
            raise NotImplemented_("aws-chunked bodies are not supported.")
        if "x-amz-copy-source" in headers and "uploadId" in keys:
            raise NotImplemented_("Copying a part is not supported.")
        if headers.get("x-amz-metadata-directive", "COPY") != "COPY":
            raise NotImplemented_("A copy keeps its metadata here; REPLACE is not supported.")

    @staticmethod
    def _signed_headers(headers: dict[str, str], query: dict[str, str]) -> set[str]:
        if "X-Amz-SignedHeaders" in query:
            return set(query["X-Amz-SignedHeaders"].split(";"))
        found = re.search(r"SignedHeaders=([^,\s]+)", headers.get("authorization", ""))
        return set(found[1].split(";")) if found else set()


class Behaviour:
    """Gives verified requests what S3 promises: checked bodies, conditions, ranges, overrides."""

    def __init__(self, app: ASGIApp, storage: FilesystemStorage) -> None:
        self.app = app
        self.storage = storage
        # nanio's temporary metadata file has a fixed name per key: two writers at once would fail each other.
        self.writing: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> Any:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        kind, bucket, key = _place(scope)
        headers = _headers(scope)
        try:
            if kind == "object" and scope["method"] in {"PUT", "POST", "DELETE"}:
                return await self._write(scope, receive, send, headers, f"{bucket}/{key}")
            if kind == "object" and "uploadId" not in dict(_query(scope)):
                return await self._read(scope, receive, send, headers, self.storage.head_object(bucket, key))
            return await self.app(scope, _checked(receive, headers), send)
        except S3Error as error:
            return await _answer(send, error, method=scope["method"])

    async def _write(self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str], name: str) -> None:
        if "if-match" in headers or headers.get("if-none-match", "*") != "*":
            raise NotImplemented_("A conditional write knows only If-None-Match: *.")
        if scope["method"] == "PUT" and "uploadId" not in dict(_query(scope)):
            scope = {**scope, "headers": [*scope["headers"], *_kept_checksum(headers)]}
        lock = self.writing.setdefault(name, asyncio.Lock())
        async with lock:
            if "if-none-match" in headers and self._exists(name):
                raise PreconditionFailed
            await self.app(scope, _checked(receive, headers), send)

    def _exists(self, name: str) -> bool:
        bucket, _, key = name.partition("/")
        try:
            self.storage.head_object(bucket, key)
        except S3Error as error:
            if error.http_status != 404:
                raise
            return False
        return True

    async def _read(self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str], info: ObjectInfo) -> Any:
        if "if-match" in headers and not _names(headers["if-match"], info.etag):
            raise PreconditionFailed
        if "if-none-match" in headers and _names(headers["if-none-match"], info.etag):
            return await _unchanged(send, info)
        wanted = None
        if scope["method"] == "GET" and headers.get("if-range", info.etag) == info.etag:
            wanted = _range(headers.get("range", ""), info.size)
        if wanted is not None and wanted[0] > wanted[1]:
            error = Refused("InvalidRange", 416, "The requested range is not satisfiable.")
            return await _answer(send, error, (b"content-range", f"bytes */{info.size}".encode()))
        asked = [(name, value) for name, value in scope["headers"] if name != b"range"]
        if wanted is not None:
            asked.append((b"range", f"bytes={wanted[0]}-{wanted[1]}".encode()))
        added = [(OVERRIDES[name], _clean(value)) for name, value in _query(scope) if name in OVERRIDES]
        kept = info.user_metadata.get(KEPT_SHA256.decode())
        if kept and wanted is None and headers.get("x-amz-checksum-mode", "").upper() == "ENABLED":
            added.append((b"x-amz-checksum-sha256", kept.encode()))
        hidden = {KEPT_SHA256, *(name for name, _ in added)}

        async def rewrite(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 300:
                given = [(name, value) for name, value in message["headers"] if name not in hidden]
                message = {**message, "headers": given + added}
            await send(message)

        return await self.app({**scope, "headers": asked}, receive, rewrite)


async def _unchanged(send: Send, info: ObjectInfo) -> None:
    head = [(b"etag", info.etag.encode())]
    if info.cache_control:
        head.append((b"cache-control", info.cache_control.encode("latin-1")))
    await send({"type": "http.response.start", "status": 304, "headers": head})
    await send({"type": "http.response.body", "body": b""})


def _names(condition: str, etag: str) -> bool:
    """Whether an If-Match style list names this ETag; weak marks are ignored as S3 ignores them."""
    listed = [part.strip().removeprefix("W/") for part in condition.split(",")]
    return "*" in listed or etag in listed or etag.strip('"') in listed


def _range(value: str, size: int) -> tuple[int, int] | None:
    """First and last byte, clamped; first > last means unsatisfiable; None means answer the whole object."""
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", value.strip())
    if not found or found[0] == "bytes=-":
        return None
    first, last = found[1], found[2]
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) and size else (1, 0)
    if last and int(last) < int(first):
        return None
    end = min(int(last), size - 1) if last else size - 1
    return (int(first), end) if int(first) < size else (1, 0)


def _clean(value: str) -> bytes:
    if not value.isascii() or not value.isprintable():
        raise InvalidArgument("A response-* value must be printable ASCII (encode file names as in RFC 5987).")
    return value.encode()


def _kept_checksum(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    given = headers.get("x-amz-checksum-sha256")
    return [(KEPT_SHA256, given.encode("latin-1"))] if given else []


def _decoded(value: str, length: int, what: str) -> bytes:
    try:
        raw = base64.b64decode(value, validate=True)
    except binascii.Error:
        raw = b""
    if len(raw) != length:
        raise InvalidRequest(f"The value of {what} is not a valid checksum.")
    return raw


def _promises(headers: dict[str, str]) -> list[tuple[str, bytes, _Hash]]:
    """What the request says about its body: (header, digest, a running hash)."""
    out: list[tuple[str, bytes, _Hash]] = []
    if value := headers.get("x-amz-checksum-sha256"):
        out.append(("x-amz-checksum-sha256", _decoded(value, 32, "x-amz-checksum-sha256"), hashlib.sha256()))
    if value := headers.get("x-amz-checksum-sha1"):
        out.append(("x-amz-checksum-sha1", _decoded(value, 20, "x-amz-checksum-sha1"), hashlib.sha1()))  # noqa: S324 (S3's)
    if value := headers.get("x-amz-checksum-crc32"):
        out.append(("x-amz-checksum-crc32", _decoded(value, 4, "x-amz-checksum-crc32"), _Crc32()))
    if value := headers.get("content-md5"):
        out.append(("Content-MD5", _decoded(value, 16, "Content-MD5"), hashlib.md5()))  # noqa: S324 (S3's)
    value = headers.get("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
    if value != "UNSIGNED-PAYLOAD":
        try:
            out.append(("x-amz-content-sha256", bytes.fromhex(value), hashlib.sha256()))
        except ValueError:
            raise InvalidRequest("x-amz-content-sha256 is not a valid hash.") from None
    return out


def _checked(receive: Receive, headers: dict[str, str]) -> Receive:
    """A `receive` that raises BadDigest in place of the last piece of a body that is not what was promised.

    The storage then sees an exception instead of the end of the body and drops its temporary file.
    """
    promises = _promises(headers)
    if not promises:
        return receive

    async def checking() -> Message:
        message = await receive()
        if message["type"] == "http.request":
            for _, _, running in promises:
                running.update(message.get("body", b""))
            if not message.get("more_body", False):
                for name, promised, running in promises:
                    if running.digest() != promised:
                        raise BadDigest(f"The {name} you specified did not match what we received.")
        return message

    return checking


def build_app(settings: Settings, cors_origins: str) -> Starlette:
    """The ASGI application. `cors_origins` is a regular expression of the pages that may talk to it."""
    storage = FilesystemStorage(settings.data_dir, chunk_size=settings.chunk_size)
    cors = Middleware(
        CORSMiddleware,
        allow_origin_regex=cors_origins,
        allow_methods=["GET", "HEAD", "PUT", "POST", "DELETE"],
        allow_headers=["*"],
        expose_headers=["ETag", "Content-Range", "Content-Disposition", "x-amz-checksum-sha256"],
        max_age=3600,
    )
    app = Starlette(
        routes=build_routes(),
        middleware=[
            cors,
            Middleware(PoliteRefusals),
            Middleware(Refusals),
            Middleware(SigV4Middleware, credentials=settings.credentials),
            Middleware(Behaviour, storage=storage),
        ],
        exception_handlers={S3Error: _s3_error_handler, Exception: _unexpected_error_handler},
    )
    app.state.settings = settings
    app.state.storage = storage
    return app


def remove_half_written(data_dir: Path) -> None:
    """Drop what a killed server left: nanio never reuses it, and a left metadata file blocks its key for good."""
    for folder, _, files in os.walk(data_dir):
        for name in files:
            if name.startswith(".tmp.") or (name.endswith(".json.tmp") and ".nanio-meta" in folder):
                (Path(folder) / name).unlink(missing_ok=True)


def app_from_env() -> Starlette:
    """The factory uvicorn calls: S3_DATA, S3_BUCKET, S3_REGION, S3_ACCESS_KEY, S3_SECRET_KEY, S3_CORS, S3_DURABLE."""
    env = os.environ
    data = Path(env["S3_DATA"]).resolve()
    data.mkdir(parents=True, exist_ok=True)
    remove_half_written(data)
    if env.get("S3_DURABLE", "1") == "0":
        os.fsync = lambda fd: None
    keys = StaticCredentialResolver({env["S3_ACCESS_KEY"]: env["S3_SECRET_KEY"]})
    app = build_app(Settings(data_dir=data, region=env["S3_REGION"], credentials=keys), env.get("S3_CORS", ".*"))
    storage: FilesystemStorage = app.state.storage
    if not (data / env["S3_BUCKET"]).exists():
        storage.create_bucket(env["S3_BUCKET"])
    return app
