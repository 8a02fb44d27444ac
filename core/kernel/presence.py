"""Who is at an open screen right now: a sorted set in Valkey per place, forgotten by itself. Lossy on purpose.

A place is named as a stream is and belongs to the current studio. A sign of life counts for LIFE seconds.
"""

import logging
from collections.abc import Iterable

import redis

from core.kernel import clock, live
from tenants.context import scoped

log = logging.getLogger(__name__)
LIFE = 100  # seconds; sockets give a sign of life every 48 to 72 (core.realtime.sockets)


def _key(place: str) -> str:
    return scoped(f"here.{place}")


def stay(place: str, who: int, token: str) -> None:
    """`who` is here with the screen `token`, from now on for LIFE seconds. Never raises."""
    try:
        with live.client().pipeline(transaction=False) as pipeline:
            pipeline.zadd(_key(place), {f"{who}.{token}": clock.now().timestamp() + LIFE})
            pipeline.expire(_key(place), LIFE)
            pipeline.execute()
    except redis.RedisError as error:
        log.warning("presence lost: %r", error)


def leave(place: str, who: int, token: str = "") -> None:
    """The screen is gone, or (no token) all of `who`'s screens are to be forgotten. Never raises."""
    try:
        gone = [f"{who}.{token}"] if token else [name for name in _names(place) if _who(name) == who]
        if gone:
            live.client().zrem(_key(place), *gone)
    except redis.RedisError as error:
        log.warning("presence lost: %r", error)


def present(place: str) -> set[int]:
    """Who gave a sign of life lately; nobody when Valkey is away."""
    try:
        return {_who(name) for name in _names(place)}
    except redis.RedisError:
        return set()


def _names(place: str) -> Iterable[str]:
    found = live.client().zrangebyscore(_key(place), clock.now().timestamp(), "+inf")
    return [name.decode() for name in found]  # type: ignore[union-attr]  # redis-py types both worlds at once


def _who(name: str) -> int:
    return int(name.partition(".")[0])
