"""One Valkey subscription for the whole process, handed to every open socket.

Why not a channel layer: its queues are unbounded and nobody is told when Valkey restarted (edges.md §1.1–1.4). Here
every socket has a bounded queue, and after a broken subscription all hear where their streams stand now.
"""

import asyncio
import json
import logging
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import redis.asyncio
from django.conf import settings
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from core.realtime.streams import Follow, Position, where
from tenants.context import studio_call

log = logging.getLogger(__name__)
BEAT = 15.0
PING = 10.0
SETTLED = 1.0  # longer than core.kernel.live's pause after a refused connection
SUBSCRIBED_WITHIN = 3.0  # after that a socket goes on without pokes: the beats still carry the numbers
PER_ACTOR = 40  # open sockets of one session: many tabs, not a flood


class Sink(Protocol):
    """An open socket as the hub sees it."""

    studio: Any
    follows: list[Follow]
    owner: str
    door: str  # what comes there means "ask again whether you may be here"; "" for customers

    def poke(self, channel: str, text: str) -> None: ...

    def tell(self, message: dict[str, Any]) -> None: ...

    def standing(self, channel: str, position: Position) -> Position: ...


def channels_of(sink: Sink) -> set[str]:
    """What Valkey is asked for in the socket's name."""
    return {follow.channel for follow in sink.follows} | ({sink.door} if sink.door else set())


class Hub:
    """Channels with their sinks. Runs while at least one sink is there; belongs to one event loop."""

    def __init__(self) -> None:
        self._sinks: dict[str, set[Sink]] = defaultdict(set)
        self._everyone: dict[Sink, None] = {}
        self._owners: Counter[str] = Counter()
        self._confirmed: set[str] = set()
        self._changed = asyncio.Event()  # the wanted channels changed
        self._moved = asyncio.Condition()  # the confirmed channels changed
        self._tasks: set[asyncio.Task[None]] = set()
        self._heard = 0.0
        self._healing = False

    # -- Sinks ------------------------------------------------------------------------------------------------------
    def has_room(self, owner: str) -> bool:
        return self._owners[owner] < PER_ACTOR

    async def join(self, sink: Sink) -> None:
        """Deliver to the sink from now on; returns when Valkey has confirmed its channels (or does not answer)."""
        self._everyone[sink] = None
        self._owners[sink.owner] += 1
        wanted = channels_of(sink)
        for channel in wanted:
            self._sinks[channel].add(sink)
        self._changed.set()
        if not self._tasks:
            self._start(self._listen())
            self._start(self._beat())
        with suppress(TimeoutError):
            async with asyncio.timeout(SUBSCRIBED_WITHIN), self._moved:
                await self._moved.wait_for(lambda: wanted <= self._confirmed)

    def leave(self, sink: Sink) -> None:
        """Forget the sink; with the last one the subscription ends."""
        if sink not in self._everyone:
            return
        del self._everyone[sink]
        self._owners[sink.owner] -= 1
        if not self._owners[sink.owner]:
            del self._owners[sink.owner]
        for channel in channels_of(sink):
            self._sinks[channel].discard(sink)
            if not self._sinks[channel]:
                del self._sinks[channel]
        self._changed.set()
        if not self._everyone:
            for task in self._tasks:
                task.cancel()
            self._tasks = set()
            self._confirmed.clear()
            self._healing = False

    def _start(self, coroutine: Any) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- Valkey -----------------------------------------------------------------------------------------------------
    async def _listen(self) -> None:
        """Subscribe, read, and begin again with every channel when the connection breaks."""
        while True:
            try:
                await self._subscription()
            except* (redis.RedisError, OSError, TimeoutError) as errors:
                log.warning("live subscription broken: %r", errors.exceptions[0])
            except* Exception:
                log.exception("live subscription failed")
            self._confirmed.clear()
            self._healing = True
            await asyncio.sleep(random.uniform(0.1, 0.5))  # noqa: S311 (jitter)

    async def _subscription(self) -> None:
        client = redis.asyncio.Redis.from_url(
            settings.VALKEY_URL, socket_timeout=5, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0)
        )
        try:
            async with client.pubsub() as pubsub, asyncio.TaskGroup() as group:
                wanted = set(self._sinks)
                await pubsub.subscribe(*wanted)
                self._heard = time.monotonic()
                group.create_task(self._steer(pubsub, wanted))
                group.create_task(self._read(pubsub))
        finally:
            await client.aclose()

    async def _steer(self, pubsub: PubSub, subscribed: set[str]) -> None:
        """Keep the subscribed channels equal to the wanted ones; ping an idle connection and give up a dead one."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), PING)
            self._changed.clear()
            wanted = set(self._sinks)
            if new := wanted - subscribed:
                await pubsub.subscribe(*new)
            if old := subscribed - wanted:
                self._confirmed -= old
                await pubsub.unsubscribe(*old)
            if not new and not old:
                if time.monotonic() - self._heard > 2.5 * PING:
                    raise TimeoutError("Valkey is silent")
                await pubsub.ping()
            subscribed = wanted

    async def _read(self, pubsub: PubSub) -> None:
        while True:
            message = await pubsub.get_message(timeout=None)
            self._heard = time.monotonic()
            if message is None:
                continue
            if message["type"] == "message":
                self._deliver(message["channel"].decode(), message["data"].decode())
            elif message["type"] == "subscribe":
                await self._confirm(message["channel"].decode())

    def _deliver(self, channel: str, text: str) -> None:
        for sink in tuple(self._sinks.get(channel, ())):
            sink.poke(channel, text)

    async def _confirm(self, channel: str) -> None:
        self._confirmed.add(channel)
        async with self._moved:
            self._moved.notify_all()
        if self._healing and self._confirmed >= set(self._sinks):
            self._healing = False
            self._start(self._healed())

    # -- Numbers ----------------------------------------------------------------------------------------------------
    async def _beat(self) -> None:
        """Every 15 s tell each socket where its streams stand: a lost poke is found within one beat."""
        while True:
            await asyncio.sleep(BEAT)
            await self._announce("beat")

    async def _healed(self) -> None:
        """Tell every socket at once, and again when publishers that had given up have surely begun anew."""
        await self._announce("check")
        await asyncio.sleep(SETTLED)
        await self._announce("check")

    async def _announce(self, kind: str) -> None:
        for studio, sinks in self._by_studio().items():
            try:
                at = await studio_call(studio, where, _follows_of(sinks))
            except Exception:  # the next beat tries again; one studio must not stop the others
                log.exception("no positions for %s", studio.schema_name)
                continue
            for sink in sinks:
                if sink in self._everyone:
                    tell_positions(sink, kind, at)

    def _by_studio(self) -> dict[Any, list[Sink]]:
        studios: dict[Any, list[Sink]] = defaultdict(list)
        for sink in self._everyone:
            studios[sink.studio].append(sink)
        return studios


def tell_positions(sink: Sink, kind: str, at: dict[str, Position]) -> None:
    """Send the sink the positions of the streams that it follows."""
    told = {f.name: sink.standing(f.channel, at[f.channel]) for f in sink.follows if f.channel in at}
    sink.tell({"type": kind, "at": told})


def dumps(message: dict[str, Any]) -> str:
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False)


def _follows_of(sinks: Iterable[Sink]) -> list[Follow]:
    return list({follow.channel: follow for sink in sinks for follow in sink.follows}.values())


_hubs: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop: one per process under Daphne."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub())
