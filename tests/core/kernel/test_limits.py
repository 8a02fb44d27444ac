"""Limits are exact when many ask at once, and separate by studio, purpose and key."""

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.kernel import limits
from core.kernel.errors import Refusal
from tenants.context import in_studio


def allowed(studio, rule, purpose, key):
    with in_studio(studio):
        try:
            limits.spend(rule, purpose, key, code="too.often")
        except Refusal as refusal:
            return not 1 <= refusal.facts["wait"] <= 61
        return True


def test_exact_under_concurrency():
    key = secrets.token_hex(8)
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: allowed("s_x", "5 per minute", "test", key), range(40)))
    assert sum(outcomes) == 5


def test_studio_purpose_and_key_count_separately():
    key = secrets.token_hex(8)
    places = [("s_x", "a", key), ("s_y", "a", key), ("s_x", "b", key), ("s_x", "a", key + "1")]
    assert [allowed(studio, "1 per minute", purpose, name) for studio, purpose, name in places] == [True] * 4
    assert not any(allowed(studio, "1 per minute", purpose, name) for studio, purpose, name in places)


def test_no_phone_number_is_written_to_valkey(settings):
    import redis

    phone = "+8613912340000"
    allowed("s_x", "5 per minute", "test", phone)
    with redis.Redis.from_url(settings.VALKEY_URL) as client:
        keys = list(client.scan_iter("limits*"))
    assert any(b"t.s_x.test." in key for key in keys)
    assert not any(b"13912340000" in key for key in keys)


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("203.0.113.5", "198.51.100.1", "203.0.113.5"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("", "198.51.100.1", ""),
    ],
)
def test_only_our_proxy_is_believed(rf, peer, forwarded, found):
    from core.kernel.address import client_address

    assert client_address(rf.get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)) == found
