"""How often one address may open studios or ask for names."""

import logging
from functools import lru_cache

import redis
from django.conf import settings
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def _limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(
        storage_from_string(settings.VALKEY_URL, key_prefix="limits", socket_timeout=2, socket_connect_timeout=2)
    )


def allows(purpose: str, address: str) -> bool:
    """Count one more `purpose` ("open", "look" or "operator") of the address; False when it was too often.

    Without Valkey looking is allowed, opening and logging in are not.
    """
    rule = parse(settings.SIGNUP_LIMITS[purpose])
    try:
        return _limiter().hit(rule, f"signup.{purpose}", address)
    except redis.RedisError:
        log.warning("sign-up limits: Valkey is away")
        return purpose == "look"
