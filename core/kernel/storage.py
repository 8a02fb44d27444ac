"""Object storage: the only door to S3 (boto3 and SigV4 live here). Every key begins with the studio's schema.

Two addresses of one store: ours inside the house (`endpoint_url`) and the browser's (`public_url`). Addresses for
browsers are signed here in a few microseconds (boto3: 280 µs each, edges.md §2.2) with the day's signing key cached.
"""

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO
from urllib.parse import quote, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from django.conf import settings

from tenants.context import current_schema
from tenants.state import PUBLIC

CHUNK = 256 * 1024
STABLE_WINDOW = 6 * 3600  # addresses of proofs stay the same this long, so that caches work
MAX_EXPIRY = 7 * 24 * 3600  # SigV4's own limit
FOREVER = "private, max-age=31536000, immutable"


class Missing(Exception):
    """There is no object under this key."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the store says of an object. `md5` is hex, or empty when the store's ETag is not one (KMS, multipart)."""

    size: int
    md5: str
    content_type: str


# -- Keys -------------------------------------------------------------------------------------------------------------
def key(*parts: object) -> str:
    """`t/<schema>/<part>/<part>…`. Raises RuntimeError outside a studio and ValueError for a part that could escape."""
    names = [str(part) for part in parts]
    if not names or any(name in {"", ".", ".."} or "/" in name or not name.isprintable() for name in names):
        message = f"not a key: {names}"
        raise ValueError(message)
    return "/".join([root(), *names])


def root() -> str:
    """`t/<schema>`: what all keys of the running studio begin with. Raises RuntimeError outside a studio."""
    schema = current_schema()
    if schema == PUBLIC:
        message = "storage keys exist inside a studio only"
        raise RuntimeError(message)
    return f"t/{schema}"


def _own(name: str) -> str:
    """`name` if it belongs to the running studio: a key from anywhere else is a leak, not a request."""
    if not name.startswith(f"t/{current_schema()}/"):
        message = f"{name} is not a key of {current_schema()}"
        raise PermissionError(message)
    return name


# -- Bytes ------------------------------------------------------------------------------------------------------------
@lru_cache(maxsize=1)
def _client() -> Any:
    """One thread-safe client per process. Checksums only when required: other S3 servers would store the framing."""
    return boto3.client(
        "s3",
        endpoint_url=settings.S3["endpoint_url"],
        region_name=settings.S3["region"],
        aws_access_key_id=settings.S3["access_key"],
        aws_secret_access_key=settings.S3["secret_key"],
        config=Config(
            signature_version="s3v4",
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=3,
            read_timeout=30,
            retries={"max_attempts": 3, "mode": "standard"},
            max_pool_connections=16,
            s3={"addressing_style": "path"},
        ),
    )


def put(name: str, body: bytes | BinaryIO, *, content_type: str, cache_control: str = "") -> None:
    """Store an object, replacing what was there. Bytes are checked by MD5 on arrival."""
    extra: dict[str, Any] = {"CacheControl": cache_control} if cache_control else {}
    if isinstance(body, bytes):
        extra["ContentMD5"] = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
    _client().put_object(Bucket=settings.S3["bucket"], Key=_own(name), Body=body, ContentType=content_type, **extra)


def get(name: str) -> bytes:
    """The object's bytes. Raises Missing."""
    return b"".join(stream(name))


class Chunks:
    """An object's bytes in pieces. Read to the end or `close()`: either gives the connection back."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._body.iter_chunks(CHUNK)
        finally:
            self.close()

    def close(self) -> None:
        self._body.close()


def stream(name: str) -> Chunks:
    """The object in chunks; raises Missing at once, not at the first chunk."""
    return Chunks(_ask("get_object", name)["Body"])


class Window:
    """Bytes `first` to `last` (inclusive) of an object, read bit by bit; `close` gives the connection back."""

    def __init__(self, name: str, first: int, last: int) -> None:
        self.name, self.left = name, last - first + 1
        self._body = _ask("get_object", name, Range=f"bytes={first}-{last}")["Body"]

    def read(self, most: int) -> bytes:
        """The next bytes, empty at the end. Raises Missing when the object ends earlier."""
        chunk: bytes = self._body.read(min(most, self.left)) if self.left else b""
        if self.left and not chunk:
            raise Missing(self.name)
        self.left -= len(chunk)
        return chunk

    def close(self) -> None:
        self._body.close()


def window(name: str, first: int, last: int) -> Window:
    """Ask for a part of an object; raises Missing at once when there is no such object."""
    return Window(name, first, last)


def head(name: str) -> Stored:
    """Size, MD5 and type without the bytes. Raises Missing."""
    answer = _ask("head_object", name)
    etag = answer["ETag"].strip('"')
    is_md5 = len(etag) == 32 and not answer.get("ServerSideEncryption", "").startswith("aws:kms")
    return Stored(answer["ContentLength"], etag if is_md5 else "", answer.get("ContentType", ""))


def copy(source: str, target: str) -> None:
    """Copy inside the store, with its metadata. Raises Missing."""
    _ask("copy_object", target, CopySource={"Bucket": settings.S3["bucket"], "Key": _own(source)})


def delete(*names: str) -> None:
    """Delete objects; those that are gone already are no error."""
    for name in names:
        _client().delete_object(Bucket=settings.S3["bucket"], Key=_own(name))


def _ask(operation: str, name: str, **extra: Any) -> Any:
    try:
        return getattr(_client(), operation)(Bucket=settings.S3["bucket"], Key=_own(name), **extra)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            raise Missing(name) from error
        raise


# -- Signed addresses -------------------------------------------------------------------------------------------------
def get_url(name: str, *, seconds: int, file_name: str = "", stable: bool = False) -> str:
    """A browser's address for reading one object.

    `file_name`: saved under this name, never shown in the page. `stable`: the same address for `STABLE_WINDOW` seconds
    (it lives up to that much longer than asked), for proofs that browsers should cache.
    """
    query = {"response-content-disposition": disposition(file_name)} if file_name else {}
    return settings.S3["public_url"] + _signed("GET", _host("public_url"), name, seconds, query=query, stable=stable)


def put_url(name: str, *, seconds: int, headers: Mapping[str, str]) -> str:
    """A browser's address for storing exactly one body: every one of `headers` is bound into the signature."""
    return settings.S3["public_url"] + _signed("PUT", _host("public_url"), name, seconds, headers=headers)


def accel_path(name: str, *, seconds: int = 3600) -> str:
    """What the proxy is told to fetch for the browser: `/_s3/<bucket>/<key>?<presigned query>` at the inner address."""
    return "/_s3" + _signed("GET", _host("endpoint_url"), name, seconds, stable=True)


def disposition(file_name: str) -> str:
    """`attachment` with any file name (RFC 6266), in ASCII."""
    return f"attachment; filename*=UTF-8''{quote(file_name, safe='')}"


@lru_cache(maxsize=2)
def _host(which: str) -> str:
    return urlsplit(settings.S3[which]).netloc


@lru_cache(maxsize=4)
def _signing_key(secret: str, day: str, region: str) -> bytes:
    link = b"AWS4" + secret.encode()
    for part in (day, region, "s3", "aws4_request"):
        link = hmac.digest(link, part.encode(), "sha256")
    return link


def _wall_clock() -> dt.datetime:
    """Not `clock.now()`, which tests and the demo shift: the store judges by real time."""
    return dt.datetime.now(dt.UTC)


def _signed(
    method: str,
    host: str,
    name: str,
    seconds: int,
    *,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    stable: bool = False,
) -> str:
    """Path and SigV4 query of a presigned request (path style)."""
    at = _wall_clock()
    if stable:
        at = dt.datetime.fromtimestamp(at.timestamp() // STABLE_WINDOW * STABLE_WINDOW, dt.UTC)
        seconds += STABLE_WINDOW
    day, region = at.strftime("%Y%m%d"), settings.S3["region"]
    scope = f"{day}/{region}/s3/aws4_request"
    signed = {"host": host, **{header.lower(): value.strip() for header, value in (headers or {}).items()}}
    names = ";".join(sorted(signed))
    arguments = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{settings.S3['access_key']}/{scope}",
        "X-Amz-Date": at.strftime("%Y%m%dT%H%M%SZ"),
        "X-Amz-Expires": str(min(seconds, MAX_EXPIRY)),
        "X-Amz-SignedHeaders": names,
        **(query or {}),
    }
    path = quote(f"/{settings.S3['bucket']}/{_own(name)}")
    asked = "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in sorted(arguments.items()))
    lines = "".join(f"{header}:{signed[header]}\n" for header in sorted(signed))
    request = f"{method}\n{path}\n{asked}\n{lines}\n{names}\nUNSIGNED-PAYLOAD"
    digest = hashlib.sha256(request.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{arguments['X-Amz-Date']}\n{scope}\n{digest}"
    signature = hmac.new(_signing_key(settings.S3["secret_key"], day, region), text.encode(), "sha256").hexdigest()
    return f"{path}?{asked}&X-Amz-Signature={signature}"
