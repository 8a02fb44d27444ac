"""How often something may happen: exact under concurrency, counted on Valkey, per studio (edges.md §5.3).

A limit is forgotten when Valkey restarts; what must never be exceeded is also counted in PostgreSQL by its verb.
"""

from functools import lru_cache

import redis
from django.conf import settings
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from core.kernel import clock
from core.kernel.crypto import keyed_hash
from core.kernel.errors import Refusal
from tenants.address import counted_as
from tenants.context import scoped


@lru_cache(maxsize=1)
def _limiter() -> MovingWindowRateLimiter:
    storage = storage_from_string(settings.VALKEY_URL, key_prefix="limits", socket_timeout=2, socket_connect_timeout=2)
    return MovingWindowRateLimiter(storage)


def spend(rule: str, purpose: str, key: str, *, code: str) -> None:
    """Count one more `purpose` of `key` (hashed: no phone number leaves the database) against e.g. "5 per hour".

    Raises Refusal(code, wait=seconds) when the rule is exhausted, Refusal("limits.unavailable") when Valkey is away:
    what guards a login stays shut rather than open.
    """
    item: RateLimitItem = parse(rule)
    name = scoped(f"{purpose}.{keyed_hash('limit', counted_as(key), 22)}")
    try:
        if _limiter().hit(item, name):
            return
        reset = _limiter().get_window_stats(item, name).reset_time
    except redis.RedisError:
        message = "limits.unavailable"
        raise Refusal(message) from None
    raise Refusal(code, wait=max(1, int(reset - clock.now().timestamp()) + 1))


def left(rule: str, purpose: str, key: str) -> int:
    """Seconds until `spend` of the same would be allowed once more; 0: now. Counts nothing. 0 too while Valkey is away:
    the verb says no then.
    """
    item: RateLimitItem = parse(rule)
    name = scoped(f"{purpose}.{keyed_hash('limit', counted_as(key), 22)}")
    try:
        stats = _limiter().get_window_stats(item, name)
    except redis.RedisError:
        return 0
    return 0 if stats.remaining > 0 else max(1, int(stats.reset_time - clock.now().timestamp()) + 1)
