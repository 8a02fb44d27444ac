"""Object storage: keys never leave the studio, signatures bind what they should."""

import base64
import datetime as dt
import hashlib
import http.client
import time
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.config import Config
from django.conf import settings

from core.kernel import storage
from tenants.context import in_public, in_studio


@pytest.fixture
def place(studio):
    """A key that is deleted afterwards."""
    name = storage.key("test", f"{time.time_ns()}.bin")
    yield name
    storage.delete(name)


def ask(method, url, body=None, headers=None):
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    try:
        connection.request(method, f"{parts.path}?{parts.query}", body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def query(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def md5(body):
    return base64.b64encode(hashlib.md5(body).digest()).decode()


def bound(body, kind="image/jpeg"):
    return {"Content-Type": kind, "Content-MD5": md5(body), "Content-Length": str(len(body))}


def test_keys_begin_with_the_studio(studio, other_studio):
    assert storage.key("o", 7, "a.jpg") == f"t/{studio.schema_name}/o/7/a.jpg"
    with in_studio(other_studio):
        assert storage.key("o", 7, "a.jpg") == f"t/{other_studio.schema_name}/o/7/a.jpg"


@pytest.mark.parametrize("parts", [(), ("",), ("..", "x"), ("a/b",), ("a\nb",)])
def test_a_part_cannot_escape(studio, parts):
    with pytest.raises(ValueError, match="not a key"):
        storage.key(*parts)


def test_outside_a_studio_there_are_no_keys():
    with in_public(), pytest.raises(RuntimeError):
        storage.key("a")


def test_another_studios_key_is_refused_everywhere(studio, other_studio):
    with in_studio(other_studio):
        foreign = storage.key("o", "a.jpg")
    calls = [
        lambda: storage.get(foreign),
        lambda: storage.head(foreign),
        lambda: storage.put(foreign, b"x", content_type="text/plain"),
        lambda: storage.delete(foreign),
        lambda: storage.copy(foreign, storage.key("b")),
        lambda: storage.get_url(foreign, seconds=60),
        lambda: storage.put_url(foreign, seconds=60, headers={}),
        lambda: storage.accel_path(foreign),
    ]
    for call in calls:
        with pytest.raises(PermissionError):
            call()


def test_bytes_come_back_as_they_went(place):
    body = b"photograph" * 100_000
    storage.put(place, body, content_type="image/webp", cache_control=storage.FOREVER)
    stored = storage.head(place)
    assert (stored.size, stored.md5) == (len(body), hashlib.md5(body).hexdigest())
    assert stored.content_type == "image/webp"
    assert storage.get(place) == body
    assert b"".join(storage.stream(place)) == body


def test_a_missing_object_is_missing(place):
    for read in (storage.get, storage.head, storage.stream):
        with pytest.raises(storage.Missing):
            read(place)
    storage.delete(place)  # gone already: no error


def test_copies_inside_the_studio(place):
    storage.put(place, b"one", content_type="text/plain")
    target = storage.key("test", "copy.bin")
    storage.copy(place, target)
    assert storage.get(target) == b"one"
    storage.delete(target)
    with pytest.raises(storage.Missing):
        storage.copy(target, place)


def test_signature_is_botos_byte_for_byte(studio):
    name, disposition = storage.key("o", "名 1+2.jpg"), storage.disposition("DSC 1.jpg")
    client = boto3.client(
        "s3",
        endpoint_url=settings.S3["public_url"],
        region_name=settings.S3["region"],
        aws_access_key_id=settings.S3["access_key"],
        aws_secret_access_key=settings.S3["secret_key"],
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )
    asked = {"Bucket": settings.S3["bucket"], "Key": name, "ResponseContentDisposition": disposition}
    for _ in range(5):  # both must fall into the same second
        theirs = query(client.generate_presigned_url("get_object", Params=asked, ExpiresIn=300))
        ours = query(storage.get_url(name, seconds=300, file_name="DSC 1.jpg"))
        if theirs["X-Amz-Date"] == ours["X-Amz-Date"]:
            break
    assert ours == theirs


def test_a_signed_put_takes_exactly_the_announced_body(place):
    body = b"jpeg" * 1000
    url = storage.put_url(place, seconds=60, headers=bound(body))
    sent = {name: value for name, value in bound(body).items() if name != "Content-Length"}
    assert ask("PUT", url, body, sent)[0] == 200
    assert storage.head(place).size == len(body)


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        (b"jpeg" * 1000 + b"!", {}),  # longer
        (b"jepg" * 1000, {}),  # other bytes of the same length
        (b"jpeg" * 1000, {"Content-Type": "text/html"}),
        (b"jepg" * 1000, {"Content-MD5": md5(b"jepg" * 1000)}),
    ],
)
def test_a_signed_put_takes_nothing_else(place, body, changed):
    announced = b"jpeg" * 1000
    url = storage.put_url(place, seconds=60, headers=bound(announced))
    headers = {"Content-Type": "image/jpeg", "Content-MD5": md5(announced), **changed}
    assert ask("PUT", url, body, headers)[0] in {400, 403}
    with pytest.raises(storage.Missing):
        storage.head(place)


def test_a_signed_address_serves_one_object_one_method(place):
    storage.put(place, b"secret", content_type="text/plain")
    url = storage.get_url(place, seconds=60, file_name="原片 1.jpg")
    status, headers, body = ask("GET", url)
    assert (status, body) == (200, b"secret")
    assert headers["content-disposition"] == "attachment; filename*=UTF-8''%E5%8E%9F%E7%89%87%201.jpg"
    assert ask("DELETE", url)[0] in {403, 501}
    assert ask("GET", url.replace(".bin", ".bim"))[0] == 403
    assert ask("GET", url.replace("X-Amz-Expires=60", "X-Amz-Expires=600"))[0] == 403


def at(moment):
    return patch("core.kernel.storage._wall_clock", return_value=moment)


def test_a_stable_address_stays_the_same_and_a_plain_one_does_not(place):
    with at(dt.datetime(2026, 11, 22, 7, 0, tzinfo=dt.UTC)):
        stable, plain = storage.get_url(place, seconds=600, stable=True), storage.get_url(place, seconds=600)
    with at(dt.datetime(2026, 11, 22, 11, 59, tzinfo=dt.UTC)):
        assert storage.get_url(place, seconds=600, stable=True) == stable
        assert storage.get_url(place, seconds=600) != plain


def test_the_proxy_is_told_a_path_that_storage_accepts(place):
    storage.put(place, b"proof", content_type="image/webp")
    path = storage.accel_path(place)
    assert path.startswith(f"/_s3/{settings.S3['bucket']}/t/")
    inner = urlsplit(settings.S3["endpoint_url"])
    assert ask("GET", f"{inner.scheme}://{inner.netloc}{path.removeprefix('/_s3')}")[2] == b"proof"


def test_an_expired_address_is_refused(place):
    storage.put(place, b"old", content_type="text/plain")
    with at(dt.datetime.now(dt.UTC) - dt.timedelta(minutes=6)):
        url = storage.get_url(place, seconds=300)
    assert ask("GET", url)[0] == 403


def test_signing_is_cheap(studio):
    name = storage.key("o", "a.jpg")
    start = time.process_time()
    for _ in range(1000):
        storage.get_url(name, seconds=300)
    assert time.process_time() - start < 0.25  # boto3 needs about 0.28 s for as many, measured alone
