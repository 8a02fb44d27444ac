"""How often one address, one phone and the whole platform may open studios, send codes or ask for names."""

import logging
from functools import lru_cache

import redis
from django.conf import settings
from limits import parse, parse_many
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from tenants.address import counted_as

log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def _limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(
        storage_from_string(settings.VALKEY_URL, key_prefix="limits", socket_timeout=2, socket_connect_timeout=2)
    )


def is_repeated(key: str, code: str) -> bool:
    """Whether this very code was sent for this sign-up within seconds before: one press too many, no further guess."""
    try:
        return not _limiter().hit(parse("1 per 10 seconds"), "signup.same", key, code)
    except redis.RedisError:
        return False


def allows(purpose: str, who: str) -> bool:
    """Count one more `purpose` (a key of settings.SIGNUP_LIMITS) of `who`; False when it was too often.

    Without Valkey looking is allowed, everything else is not.
    """
    try:
        return all(
            _limiter().hit(rule, f"signup.{purpose}", counted_as(who))
            for rule in parse_many(settings.SIGNUP_LIMITS[purpose])
        )
    except redis.RedisError:
        log.warning("sign-up limits: Valkey is away")
        return purpose == "look"
