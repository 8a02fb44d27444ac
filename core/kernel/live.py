"""Pokes: tell open screens that a stream moved. HTTP carries the data, so permissions are checked by the same view.

A poke is lossy on purpose; the event's number heals a lost one. Publishing is a plain Valkey PUBLISH after commit
(0.05 ms; async_to_sync(group_send) opens a connection per call, edges.md §1.5).
"""

import json
import logging
import time
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from tenants.context import on_commit_in_studio, scoped

log = logging.getLogger(__name__)
# Seconds without tries after a failure: a dead Valkey must not slow every commit, a restarted one is used at once.
PAUSE_REFUSED, PAUSE_SILENT = 0.2, 5.0
_quiet_until = 0.0


def channel(stream: str) -> str:
    """The Valkey channel of a stream or thread in the current studio: `t.<schema>.<stream>`."""
    return scoped(stream)


@lru_cache(maxsize=1)
def _client() -> redis.Redis:
    # One retry at once replaces a pooled connection that a Valkey restart broke; redis-py's own default waits seconds.
    retry = Retry(NoBackoff(), 1)
    return redis.Redis.from_url(settings.VALKEY_URL, socket_timeout=1, socket_connect_timeout=1, retry=retry)


def poke(stream: str, message: dict[str, Any]) -> None:
    """Publish `{stream, **message}` to the stream's screens once the transaction commits. Never raises.

    With a `thread` in the message, that one object's followers are told too, but only that something happened: they
    may be customers, who must not see the numbers or the traffic of a whole branch.
    """
    bodies = {stream: {"stream": stream, **message}}
    if message.get("thread"):
        bodies[message["thread"]] = {"stream": message["thread"], "type": message.get("type", "changed")}
    _after_commit([(channel(name), json.dumps(body, separators=(",", ":"))) for name, body in bodies.items()])


class _Pokes(list[tuple[str, str]]):
    """(channel, text) of a transaction, published together when it commits."""

    def __call__(self) -> None:
        _publish(self)


def _after_commit(pokes: list[tuple[str, str]]) -> None:
    """Most transactions poke twice, a gallery and a board: one trip to Valkey, unless a savepoint lies between."""
    hooks = connection.run_on_commit
    if connection.in_atomic_block and hooks:
        savepoints, hook = hooks[-1][:2]
        waiting = getattr(hook, "__wrapped__", None)
        if isinstance(waiting, _Pokes) and savepoints == set(connection.savepoint_ids):
            waiting.extend(pokes)
            return
    on_commit_in_studio(_Pokes(pokes))


def _publish(pokes: list[tuple[str, str]]) -> None:
    global _quiet_until  # noqa: PLW0603 (one breaker per process)
    if time.monotonic() < _quiet_until:
        return
    try:
        with _client().pipeline(transaction=False) as pipeline:
            for name, text in pokes:
                pipeline.publish(name, text)
            pipeline.execute()
    except redis.RedisError as error:
        silent = isinstance(error, redis.TimeoutError)
        _quiet_until = time.monotonic() + (PAUSE_SILENT if silent else PAUSE_REFUSED)
        log.warning("pokes lost: %s", ", ".join(name for name, _text in pokes))
