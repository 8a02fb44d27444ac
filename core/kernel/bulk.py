"""Whole studios in the store: lists of keys, objects in parts, copies from another studio. For `tenants.life` alone,
which finds this module by name (`settings.STUDIO_STORE`); everything stays below the running studio's prefix.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from core.kernel import storage

get, put, head, stream, window, delete, get_url = (
    storage.get,
    storage.put,
    storage.head,
    storage.stream,
    storage.window,
    storage.delete,
    storage.get_url,
)
key = storage.key
Missing = storage.Missing
SMALLEST_PART = 8 * 1024 * 1024  # S3 refuses parts below 5 MiB, but the last
MANY = 1000


def listing(*parts: object) -> Iterator[tuple[str, int, str]]:
    """(key, size, ETag) of every object below `parts` of the running studio, in the order of their keys."""
    prefix, token = f"{storage.key(*parts) if parts else storage.root()}/", ""
    while True:
        more: dict[str, Any] = {"ContinuationToken": token} if token else {}
        answer = storage._client().list_objects_v2(Bucket=settings.S3["bucket"], Prefix=prefix, MaxKeys=MANY, **more)
        for row in answer.get("Contents", ()):
            yield row["Key"], row["Size"], row["ETag"].strip('"')
        token = answer.get("NextContinuationToken", "")
        if not token:
            return


def begin(name: str, *, content_type: str) -> str:
    """Start an object that arrives in parts; returns the upload's id."""
    answer = storage._ask("create_multipart_upload", name, ContentType=content_type)
    return str(answer["UploadId"])


def put_part(name: str, upload: str, number: int, body: bytes) -> str:
    """Store part `number` (from 1); the same number replaces what was there. Returns its ETag."""
    answer = storage._ask("upload_part", name, UploadId=upload, PartNumber=number, Body=body)
    return str(answer["ETag"])


def finish(name: str, upload: str, parts: list[tuple[int, str]]) -> None:
    """Make the parts one object."""
    made = {"Parts": [{"PartNumber": number, "ETag": etag} for number, etag in parts]}
    storage._ask("complete_multipart_upload", name, UploadId=upload, MultipartUpload=made)


def give_up(name: str, upload: str) -> None:
    """Drop the parts; an upload that is gone already is no error."""
    try:
        storage._ask("abort_multipart_upload", name, UploadId=upload)
    except storage.Missing:
        return


def adopt(source: str, target: str) -> None:
    """Copy an object of ANOTHER studio to a key of the running one. Raises Missing."""
    if not source.startswith("t/"):
        raise PermissionError(source)
    storage._ask("copy_object", target, CopySource={"Bucket": settings.S3["bucket"], "Key": source})
