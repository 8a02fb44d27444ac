"""How often one may try a password: per name and address tightly, per address and per name loosely (nobody can lock out
a colleague from another address with a few tries). Only failures count."""

from functools import lru_cache

from django.conf import settings
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from tenants.context import scoped

RULES: dict[str, RateLimitItem] = {
    "pair": parse("6 per 10 minutes"),
    "address": parse("40 per 10 minutes"),
    "name": parse("60 per hour"),
}


@lru_cache(maxsize=1)
def _limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(storage_from_string(settings.VALKEY_URL, key_prefix="limits"))


def _keys(username: str, address: str) -> dict[str, str]:
    name = username.strip().lower()[:60]
    keys = {"pair": f"{name}|{address}", "address": address, "name": name}
    return {rule: scoped(f"login.{rule}.{key}") for rule, key in keys.items()}


def are_exhausted(username: str, address: str) -> bool:
    """Whether this name or address has failed too often of late."""
    return not all(_limiter().test(RULES[rule], key) for rule, key in _keys(username, address).items())


def count_failure(username: str, address: str) -> None:
    """One more failed password."""
    for rule, key in _keys(username, address).items():
        _limiter().hit(RULES[rule], key)


def forget(username: str, address: str) -> None:
    """A success wipes the pair's failures."""
    _limiter().clear(RULES["pair"], _keys(username, address)["pair"])
