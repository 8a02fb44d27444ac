"""Conditions and ranges as browsers and download managers ask them."""

import pytest

from selection.delivery.ranges import disposition, reply_to

TAG = '"e1"'


def ask(method="GET", total=1000, **headers):
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    return reply_to(method, asked, total=total, etag="e1", headers={"Content-Type": "x/y"})


@pytest.mark.parametrize(
    ("given", "status", "first", "last"),
    [
        ("bytes=0-", 206, 0, 999),
        ("bytes=100-199", 206, 100, 199),
        ("bytes=900-5000", 206, 900, 999),
        ("bytes=-100", 206, 900, 999),
        ("bytes=-5000", 206, 0, 999),
        ("bytes=999-999", 206, 999, 999),
        ("BYTES=5-6", 206, 5, 6),
        ("bytes=200-100", 200, 0, 999),  # nonsense is no range
        ("bytes=a-b", 200, 0, 999),
        ("bytes=-", 200, 0, 999),
        ("lines=1-2", 200, 0, 999),
        ("bytes=0-1,5-6", 200, 0, 999),  # several: the whole body is allowed
    ],
)
def test_ranges(given, status, first, last):
    reply = ask(range=given)
    assert (reply.status, reply.first, reply.last) == (status, first, last)
    assert reply.headers["Content-Length"] == str(last - first + 1)
    assert reply.headers.get("Content-Range") == (f"bytes {first}-{last}/1000" if status == 206 else None)
    assert (reply.headers["ETag"], reply.headers["Accept-Ranges"]) == (TAG, "bytes")


@pytest.mark.parametrize("given", ["bytes=1000-", "bytes=1000-1001", "bytes=-0"])
def test_what_lies_behind_the_end_is_416(given):
    reply = ask(range=given)
    assert (reply.status, reply.size, reply.headers["Content-Range"]) == (416, 0, "bytes */1000")


def test_a_range_of_other_bytes_is_answered_with_all_of_ours():
    assert ask(range="bytes=5-", if_range=TAG).status == 206
    assert ask(range="bytes=5-", if_range='"old"').status == 200
    assert ask(range="bytes=5-", if_range="Sun, 22 Nov 2026 10:00:00 GMT").status == 200


def test_conditions():
    assert (ask(if_none_match=TAG).status, ask(if_none_match=f'"a", W/{TAG}').status) == (304, 304)
    assert ask(if_none_match='"other"').status == 200
    assert (ask(if_match='"other"').status, ask(if_match=TAG).status) == (412, 200)


def test_head_has_the_headers_and_no_body():
    reply = ask("HEAD")
    assert (reply.status, reply.size, reply.headers["Content-Length"]) == (200, 0, "1000")


def test_names_in_chinese():
    told = disposition('新娘"1%.jpg')
    assert told == "attachment; filename=\"___1_.jpg\"; filename*=UTF-8''%E6%96%B0%E5%A8%98%221%25.jpg"
    assert disposition("a.jpg", inline=True).startswith("inline;")
    told.encode("latin-1")
