"""Pokes: tell open screens that a stream moved. HTTP carries the data, so permissions are checked by the same view.

A poke is lossy on purpose; the event's number heals a lost one. Publishing is a plain Valkey PUBLISH after commit
(0.05 ms; async_to_sync(group_send) opens a connection per call, edges.md §1.5).
"""

import json
import logging
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings

from tenants.context import on_commit_in_studio, scoped

log = logging.getLogger(__name__)


def channel(stream: str) -> str:
    """The Valkey channel of a stream in the current studio: `t.<schema>.<stream>`."""
    return scoped(stream)


@lru_cache(maxsize=1)
def _client() -> "redis.Redis[bytes]":
    return redis.Redis.from_url(settings.VALKEY_URL, socket_timeout=2, socket_connect_timeout=2)


def poke(stream: str, message: dict[str, Any]) -> None:
    """Publish `{stream, **message}` to the stream's screens once the transaction commits. Never raises."""
    body = json.dumps({"stream": stream, **message}, separators=(",", ":"))

    def publish() -> None:
        try:
            _client().publish(channel(stream), body)
        except redis.RedisError:
            log.warning("poke lost: %s", stream)

    on_commit_in_studio(publish)
