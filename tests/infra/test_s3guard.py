"""The guard in front of nanio, over real HTTP with boto3's own signatures: nothing is misunderstood in silence."""

import base64
import hashlib
import http.client
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from infra.s3 import S3
from infra.s3guard import KEPT_SHA256, remove_half_written
from tests.infra.conftest import ORIGIN, client_of

BUCKET = "yinglou"
PHOTO = bytes(range(256)) * 8


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def send(method: str, url: str, body: bytes | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One request as a browser sends it; header names with _ for -."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=10)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, f"{parts.path}?{parts.query}", body, {"Host": parts.netloc, **named})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.fixture
def photo(s3: Any, request: pytest.FixtureRequest) -> str:
    """The key of a stored photograph, a new one for each test."""
    key = f"g1/{request.node.name}.jpg"
    s3.put_object(Bucket=BUCKET, Key=key, Body=PHOTO, ContentType="image/jpeg", CacheControl="private, immutable")
    return key


def stored(s3: Any, key: str) -> bytes:
    return s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()


def signed_put(s3: Any, key: str, **params: Any) -> str:
    return s3.generate_presigned_url("put_object", Params={"Bucket": BUCKET, "Key": key, **params}, ExpiresIn=60)


def signed_get(s3: Any, key: str, expires: int = 60, **params: Any) -> str:
    return s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": key, **params}, ExpiresIn=expires)


# -- who may ------------------------------------------------------------------------------------------------------


def test_unsigned_request_is_refused(s3: Any, s3_server: S3, photo: str) -> None:
    url = f"http://127.0.0.1:{s3_server.port}/{BUCKET}/{photo}"
    assert send("GET", url)[0] == 403
    assert send("PUT", url, b"x")[0] == 403
    assert send("DELETE", url)[0] == 403
    assert stored(s3, photo) == PHOTO


def test_wrong_secret_is_refused(s3_server: S3, photo: str) -> None:
    stranger = client_of(S3(**{**_fields(s3_server), "secret_key": "guess" * 8}))
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        stranger.get_object(Bucket=BUCKET, Key=photo)


def _fields(server: S3) -> dict[str, Any]:
    names = ("home", "run_dir", "log", "port", "access_key", "secret_key", "bucket", "region")
    return {name: getattr(server, name) for name in names}


def test_tampered_key_or_method_is_refused(s3: Any, photo: str) -> None:
    url = signed_get(s3, photo)
    assert send("GET", url)[0] == 200
    assert send("GET", url.replace(photo, "g1/other.jpg"))[0] == 403
    assert send("DELETE", url)[0] == 403
    assert stored(s3, photo) == PHOTO


def test_expired_link_is_refused(s3: Any, photo: str) -> None:
    url = signed_get(s3, photo, expires=1)
    assert send("GET", url)[0] == 200
    time.sleep(2.1)
    assert send("GET", url)[0] == 403


def test_header_that_was_not_signed_is_refused(s3: Any, photo: str) -> None:
    s3.put_object(Bucket=BUCKET, Key="secret.jpg", Body=b"someone else's photograph")
    url = signed_put(s3, "mine.jpg")
    status, _, body = send("PUT", url, b"", x_amz_copy_source=f"/{BUCKET}/secret.jpg")
    assert (status, b"not signed" in body) == (403, True)
    assert send("PUT", url, b"x", x_amz_meta_note="mine")[0] == 403
    with pytest.raises(ClientError, match="NoSuchKey"):
        s3.get_object(Bucket=BUCKET, Key="mine.jpg")


# -- bodies -------------------------------------------------------------------------------------------------------


def test_put_binds_length_type_and_checksum(s3: Any, request: pytest.FixtureRequest) -> None:
    key = f"{request.node.name}.jpg"
    digest = b64(hashlib.sha256(PHOTO).digest())
    url = signed_put(s3, key, ContentType="image/jpeg", ContentLength=len(PHOTO), ChecksumSHA256=digest)
    right = {"Content_Type": "image/jpeg", "x_amz_checksum_sha256": digest}
    assert send("PUT", url, PHOTO + b"more", **right)[0] == 403
    assert send("PUT", url, PHOTO, **{**right, "Content_Type": "text/html"})[0] == 403
    assert send("PUT", url, PHOTO[::-1], **right)[0] == 400
    assert send("PUT", url, PHOTO, **{**right, "x_amz_checksum_sha256": b64(b"0" * 32)})[0] == 403
    assert send("PUT", url, PHOTO, Content_Type="image/jpeg")[0] == 403
    with pytest.raises(ClientError, match="404"):
        s3.head_object(Bucket=BUCKET, Key=key)
    status, headers, _ = send("PUT", url, PHOTO, **right)
    assert (status, headers["etag"]) == (200, f'"{hashlib.md5(PHOTO).hexdigest()}"')
    head = s3.head_object(Bucket=BUCKET, Key=key, ChecksumMode="ENABLED")
    assert (head["ContentLength"], head["ContentType"], head["ChecksumSHA256"]) == (len(PHOTO), "image/jpeg", digest)


def test_failed_checksum_leaves_the_old_object(s3: Any, photo: str) -> None:
    for promise in (
        {"ChecksumSHA256": b64(hashlib.sha256(b"other").digest())},
        {"ChecksumSHA1": b64(hashlib.sha1(b"other").digest())},
        {"ChecksumCRC32": b64(b"1234")},
        {"ContentMD5": b64(hashlib.md5(b"other").digest())},
    ):
        with pytest.raises(ClientError, match="BadDigest"):
            s3.put_object(Bucket=BUCKET, Key=photo, Body=b"damaged on the way", **promise)
    assert stored(s3, photo) == PHOTO


def test_right_checksums_are_accepted(s3: Any, photo: str) -> None:
    import zlib

    body = b"new"
    for promise in (
        {"ChecksumSHA256": b64(hashlib.sha256(body).digest())},
        {"ChecksumSHA1": b64(hashlib.sha1(body).digest())},
        {"ChecksumCRC32": b64(zlib.crc32(body).to_bytes(4, "big"))},
        {"ContentMD5": b64(hashlib.md5(body).digest())},
    ):
        s3.put_object(Bucket=BUCKET, Key=photo, Body=body, **promise)
    assert stored(s3, photo) == body


def test_body_that_differs_from_the_signed_payload_hash_is_refused(s3_server: S3, photo: str) -> None:
    careful = client_of(s3_server, s3={"addressing_style": "path", "payload_signing_enabled": True})
    careful.meta.events.register("before-send.s3", lambda request, **_: setattr(request, "body", b"swapped body 12"))
    with pytest.raises(ClientError, match="BadDigest"):
        careful.put_object(Bucket=BUCKET, Key=photo, Body=b"original body 1")


def test_cut_off_upload_leaves_nothing(s3: Any, s3_server: S3) -> None:
    parts = urlsplit(signed_put(s3, "cut.jpg"))
    connection = http.client.HTTPConnection("127.0.0.1", s3_server.port, timeout=10)
    connection.putrequest("PUT", f"{parts.path}?{parts.query}")
    connection.putheader("Content-Length", "1000000")
    connection.endheaders(b"only the beginning")
    time.sleep(0.2)
    connection.close()
    time.sleep(0.3)
    with pytest.raises(ClientError, match="NoSuchKey"):
        s3.get_object(Bucket=BUCKET, Key="cut.jpg")
    assert not list((s3_server.home / BUCKET).glob("**/.tmp.*"))


def test_put_without_a_length_is_refused(s3: Any, s3_server: S3) -> None:
    parts = urlsplit(signed_put(s3, "chunked.jpg"))
    connection = http.client.HTTPConnection("127.0.0.1", s3_server.port, timeout=10)
    connection.request("PUT", f"{parts.path}?{parts.query}", iter([b"a", b"b"]), encode_chunked=True)
    assert connection.getresponse().status == 411
    connection.close()


def test_browser_reads_the_refusal_of_a_large_upload(s3: Any, s3_server: S3) -> None:
    url = signed_put(s3, "large.jpg", ContentLength=5)
    status, _, body = send("PUT", url, b"x" * 20_000_000)
    assert (status, b"SignatureDoesNotMatch" in body) == (403, True)


# -- what nanio would misunderstand --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("put_object_tagging", {"Tagging": {"TagSet": [{"Key": "a", "Value": "b"}]}}),
        ("put_object_acl", {"ACL": "public-read"}),
        ("get_object_tagging", {}),
        ("get_object_acl", {}),
        ("delete_object_tagging", {}),
        ("delete_object", {"VersionId": "1"}),
        ("put_object", {"ACL": "public-read", "Body": b"x"}),
        ("put_object", {"Tagging": "a=b", "Body": b"x"}),
        ("put_object", {"ServerSideEncryption": "AES256", "Body": b"x"}),
        ("copy_object", {"CopySource": "yinglou/a", "MetadataDirective": "REPLACE"}),
        ("upload_part_copy", {"CopySource": "yinglou/a", "PartNumber": 1, "UploadId": "u"}),
    ],
)
def test_unknown_operations_are_refused_and_the_object_is_unharmed(
    s3: Any, photo: str, operation: str, params: dict[str, Any]
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(s3, operation)(Bucket=BUCKET, Key=photo, **params)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
    assert stored(s3, photo) == PHOTO


@pytest.mark.parametrize("operation", ["get_bucket_cors", "get_bucket_policy", "get_bucket_versioning"])
def test_unknown_bucket_operations_are_refused(s3: Any, operation: str) -> None:
    with pytest.raises(ClientError, match="NotImplemented"):
        getattr(s3, operation)(Bucket=BUCKET)


def test_streaming_framing_never_reaches_the_file(s3: Any, photo: str) -> None:
    framed = b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"
    url = signed_put(s3, photo)
    status, _, _ = send("PUT", url, framed, x_amz_content_sha256="STREAMING-UNSIGNED-PAYLOAD-TRAILER")
    assert status == 501
    assert send("PUT", url, framed, Content_Encoding="aws-chunked")[0] == 501
    assert stored(s3, photo) == PHOTO


def test_query_parameter_given_twice_is_refused(s3: Any, photo: str) -> None:
    assert send("GET", signed_get(s3, photo) + "&X-Amz-Expires=600000")[0] == 400


def test_own_metadata_cannot_be_forged(s3: Any, photo: str) -> None:
    name = KEPT_SHA256.decode().removeprefix("x-amz-meta-")
    with pytest.raises(ClientError, match="NotImplemented"):
        s3.put_object(Bucket=BUCKET, Key=photo, Body=b"x", Metadata={name: "lie"})


def test_create_only_put_does_not_overwrite(s3: Any, photo: str) -> None:
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket=BUCKET, Key=photo, Body=b"second", IfNoneMatch="*")
    assert stored(s3, photo) == PHOTO
    s3.put_object(Bucket=BUCKET, Key=photo + ".new", Body=b"first", IfNoneMatch="*")


# -- reading ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "status", "body", "content_range"),
    [
        ("bytes=0-9", 206, PHOTO[:10], "bytes 0-9/2048"),
        ("bytes=2000-", 206, PHOTO[2000:], "bytes 2000-2047/2048"),
        ("bytes=2000-9999", 206, PHOTO[2000:], "bytes 2000-2047/2048"),
        ("bytes=-48", 206, PHOTO[-48:], "bytes 2000-2047/2048"),
        ("bytes=-9999", 206, PHOTO, "bytes 0-2047/2048"),
        ("bytes=2048-", 416, None, "bytes */2048"),
        ("bytes=-0", 416, None, "bytes */2048"),
        ("bytes=9-2", 200, PHOTO, None),
        ("bytes=0-1,5-6", 200, PHOTO, None),
        ("lines=1-2", 200, PHOTO, None),
    ],
)
def test_ranges(s3: Any, photo: str, asked: str, status: int, body: bytes | None, content_range: str | None) -> None:
    got, headers, content = send("GET", signed_get(s3, photo), Range=asked)
    assert (got, headers.get("content-range")) == (status, content_range)
    assert body is None or content == body


def test_range_of_a_changed_object_is_answered_whole(s3: Any, photo: str) -> None:
    assert send("GET", signed_get(s3, photo), Range="bytes=0-1", If_Range='"old"')[0] == 200


def test_unchanged_object_is_304(s3: Any, photo: str) -> None:
    url = signed_get(s3, photo)
    etag = send("GET", url)[1]["etag"]
    status, headers, body = send("GET", url, If_None_Match=f'"x", W/{etag}')
    assert (status, headers["etag"], headers["cache-control"], body) == (304, etag, "private, immutable", b"")
    assert send("GET", url, If_None_Match='"other"')[0] == 200
    assert send("GET", url, If_Match='"other"')[0] == 412


def test_response_overrides(s3: Any, photo: str) -> None:
    name = "attachment; filename*=UTF-8''%E5%A9%9A%E7%BA%B1.jpg"
    url = signed_get(s3, photo, ResponseContentDisposition=name, ResponseCacheControl="no-store")
    _, headers, body = send("GET", url)
    assert (headers["content-disposition"], headers["cache-control"], body) == (name, "no-store", PHOTO)
    assert headers["content-type"] == "image/jpeg"
    assert send("GET", url.replace("no-store", "public"))[0] == 403
    assert send("GET", signed_get(s3, photo, ResponseContentType="a\r\nSet-Cookie: b"))[0] == 400


def test_head_and_missing(s3: Any, photo: str) -> None:
    assert s3.head_object(Bucket=BUCKET, Key=photo)["ContentLength"] == len(PHOTO)
    with pytest.raises(ClientError, match="NoSuchKey"):
        s3.get_object(Bucket=BUCKET, Key="nothing.jpg")
    with pytest.raises(ClientError, match="404"):
        s3.head_object(Bucket=BUCKET, Key="nothing.jpg")


def test_multipart_copy_list_and_delete(s3: Any, photo: str) -> None:
    key = photo + ".big"
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key=key, ContentType="image/jpeg")["UploadId"]
    parts = [
        {"PartNumber": number, "ETag": s3.upload_part(
            Bucket=BUCKET, Key=key, UploadId=upload, PartNumber=number, Body=PHOTO)["ETag"]}
        for number in (1, 2)
    ]  # fmt: skip
    s3.complete_multipart_upload(Bucket=BUCKET, Key=key, UploadId=upload, MultipartUpload={"Parts": parts})
    assert stored(s3, key) == PHOTO * 2
    s3.copy_object(Bucket=BUCKET, Key=key + ".copy", CopySource={"Bucket": BUCKET, "Key": key})
    listed = s3.list_objects_v2(Bucket=BUCKET, Prefix=key)["Contents"]
    assert [each["Key"] for each in listed] == [key, key + ".copy"]
    s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": key}, {"Key": key + ".copy"}]})
    assert s3.list_objects_v2(Bucket=BUCKET, Prefix=key)["KeyCount"] == 0


def test_many_writers_of_one_key(s3_server: S3) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def put(number: int) -> int:
        answer = client_of(s3_server).put_object(Bucket=BUCKET, Key="race.jpg", Body=bytes([number]) * 1000)
        return answer["ResponseMetadata"]["HTTPStatusCode"]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(put, range(24))) == [200] * 24


# -- browsers -----------------------------------------------------------------------------------------------------


def test_preflight_needs_no_signature_and_knows_its_pages(s3: Any, photo: str) -> None:
    asked = {
        "Access_Control_Request_Method": "PUT",
        "Access_Control_Request_Headers": "content-type,x-amz-checksum-sha256",
    }
    status, headers, _ = send("OPTIONS", signed_put(s3, photo), Origin=ORIGIN, **asked)
    assert (status, headers["access-control-allow-origin"]) == (200, ORIGIN)
    assert "x-amz-checksum-sha256" in headers["access-control-allow-headers"]
    status, headers, _ = send("OPTIONS", signed_put(s3, photo), Origin="http://evil.example", **asked)
    assert (status, "access-control-allow-origin" in headers) == (400, False)


def test_page_may_read_etag_and_errors(s3: Any, photo: str) -> None:
    _, headers, _ = send("PUT", signed_put(s3, photo), b"x", Origin=ORIGIN)
    assert "ETag" in headers["access-control-expose-headers"]
    status, headers, body = send("GET", signed_get(s3, photo)[:-1], Origin=ORIGIN)
    assert (status, headers["access-control-allow-origin"]) == (403, ORIGIN)
    assert b"SignatureDoesNotMatch" in body


def test_half_written_files_are_removed_at_start(tmp_path: Any) -> None:
    meta = tmp_path / BUCKET / ".nanio-meta"
    meta.mkdir(parents=True)
    left = [tmp_path / BUCKET / ".tmp.abc", meta / "a.jpg.json.tmp"]
    kept = [tmp_path / BUCKET / "photo.json.tmp", meta / "a.jpg.json"]
    for path in left + kept:
        path.write_text("x")
    remove_half_written(tmp_path)
    assert [path.exists() for path in left + kept] == [False, False, True, True]
