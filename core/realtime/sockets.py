"""One open socket: authorise, follow, forward; a bounded queue outwards and few, small messages inwards.

Daphne never makes `send` wait (daphne#170), so a stuck reader is recognised by its missing acknowledgements: at most
WINDOW messages are under way, QUEUE more wait, then the socket closes with RESYNC and the client catches up by number.
"""

import asyncio
import json
import random
import secrets
import time
from collections import defaultdict
from contextlib import suppress
from typing import Any

from core.kernel import live
from core.people.logins import door_stream
from core.people.support import DOOR
from core.realtime import codes
from core.realtime.actors import actor_of, cookies_of
from core.realtime.hub import dumps, hub, tell_positions
from core.realtime.streams import Attendance, Follow, Position, Refused, missed, resolve, where
from core.realtime.withheld import Withheld
from tenants.context import studio_call
from tenants.sockets import is_active

QUEUE = 200
WINDOW = 200
SEND_TIMEOUT = 5.0
SILENCE = 60.0  # something is under way and nothing was acknowledged for so long: gone
RECHECK = 60.0
LIFE = 12 * 3600.0
BURST, PER_SECOND = 60.0, 4.0  # messages from the client…
FREE_ACK = 16  # …not counting acknowledgements of that many messages: a busy stream brings them


class Closed(Exception):
    """The socket ends; `code` None when the client has left."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class Socket:
    """A plain ASGI websocket below StudioSocketMiddleware. Implements core.realtime.hub.Sink."""

    def __init__(self, scope: dict[str, Any], receive: Any, send: Any, *, kind: str, name: str) -> None:
        self.studio = scope["studio"]
        self.owner = ""
        self.door = ""  # the channel that says: ask again whether this person may be here
        self._token = secrets.token_hex(6)
        self._attending: list[Attendance] = []
        self.follows: list[Follow] = []
        self._kind, self._name, self._by_path = kind, name, bool(scope.get("by_path"))
        self._cookies = cookies_of(scope)
        self._receive, self._send = receive, send
        self._queue: asyncio.Queue[str] = asyncio.Queue(QUEUE)
        self._lenses: dict[str, Any] = {}
        self._withheld: dict[str, Withheld] = defaultdict(Withheld)
        self._doom = asyncio.Event()
        self._room = asyncio.Event()
        self._knock = asyncio.Event()
        self._visit_ends = 0.0  # of a support visitor, as time.time()
        self._sent = self._acked = 0
        self._acked_at = time.monotonic()
        self._allowance, self._spent_at = BURST, time.monotonic()

    async def run(self) -> None:
        """Serve until the client leaves or the socket must close."""
        await self._receive()  # websocket.connect
        await self._send({"type": "websocket.accept"})  # browsers see a close code only after an accept
        try:
            self.follows = await self._authorise()
            code = await self._live() if hub().has_room(self.owner) else codes.TOO_MANY
        except Refused as refused:
            code = refused.code
        finally:
            hub().leave(self)
        if code is not None:
            await asyncio.wait_for(self._send({"type": "websocket.close", "code": code}), SEND_TIMEOUT)
        for attendance in self._attending:
            await studio_call(self.studio, attendance.leave, self._token)

    async def _live(self) -> int | None:
        """Runs until a task says Closed; answers its code."""
        self._lenses = {follow.channel: follow.lens for follow in self.follows if follow.lens}
        code = None
        try:
            async with asyncio.TaskGroup() as group:
                for task in (self._doomed(), self._hello(), self._read(), self._write(), self._watch()):
                    group.create_task(task)
        except* Closed as closed:
            found = [error.code for error in closed.exceptions if isinstance(error, Closed)]
            code = None if None in found else found[0]
        return code

    # -- What the hub calls -------------------------------------------------------------------------------------------
    def poke(self, channel: str, text: str) -> None:
        """A text of Valkey, passed on untouched unless this reader has a lens for the channel."""
        if channel == self.door:
            self._knock.set()
            return
        lens = self._lenses.get(channel)
        if lens is None:
            self._offer(text)
            return
        message, withheld = json.loads(text), self._withheld[channel]
        if (seen := lens(message)) is None:
            withheld.add(message)
        else:
            self._offer(dumps(withheld.bridge(seen)))

    def standing(self, channel: str, position: Position) -> Position:
        """Where the stream of a channel stands for this reader."""
        return self._withheld[channel].standing(position) if channel in self._withheld else position

    def tell(self, message: dict[str, Any]) -> None:
        self._offer(dumps(message))

    def _offer(self, text: str) -> None:
        try:
            self._queue.put_nowait(text)
        except asyncio.QueueFull:
            self._doom.set()

    # -- Tasks --------------------------------------------------------------------------------------------------------
    async def _doomed(self) -> None:
        await self._doom.wait()
        raise Closed(codes.RESYNC)

    async def _hello(self) -> None:
        """First subscribe, then read the positions: whatever happens in between arrives as a poke."""
        await hub().join(self)
        at = await studio_call(self.studio, where, self.follows)
        tell_positions(self, "hello", at)
        self._attending = [follow.attend for follow in self.follows if follow.attend]
        for attendance in self._attending:
            if message := await studio_call(self.studio, attendance.arrive, self._token):
                self.tell(message)

    async def _write(self) -> None:
        while True:
            text = await self._queue.get()
            while self._sent - self._acked >= WINDOW:
                self._room.clear()
                await self._room.wait()
            try:
                await asyncio.wait_for(self._send({"type": "websocket.send", "text": text}), SEND_TIMEOUT)
            except TimeoutError:
                raise Closed(codes.RESYNC) from None
            self._sent += 1

    async def _read(self) -> None:
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                raise Closed(None)
            data = _parsed(message.get("text") or "")
            if "ack" in data:
                self._acknowledge(data["ack"])
                continue
            self._spend()
            if "since" in data:
                await self._catch_up(data)

    def _acknowledge(self, count: Any) -> None:
        if not isinstance(count, int) or not self._acked <= count <= self._sent:
            raise Closed(codes.BAD_MESSAGE)
        if count - self._acked < FREE_ACK:
            self._spend()
        self._acked, self._acked_at = count, time.monotonic()
        self._room.set()

    def _spend(self) -> None:
        """A client that talks without pause is closed: each question costs a query."""
        now = time.monotonic()
        self._allowance = min(BURST, self._allowance + (now - self._spent_at) * PER_SECOND) - 1
        self._spent_at = now
        if self._allowance < 0:
            raise Closed(codes.TOO_MANY)

    async def _catch_up(self, data: dict[str, Any]) -> None:
        name = data.get("stream")
        follow = next((f for f in self.follows if f.name == name or (name is None and len(self.follows) == 1)), None)
        if follow is None:
            raise Closed(codes.BAD_MESSAGE)
        self.tell(await studio_call(self.studio, missed, follow, data.get("epoch"), data["since"]))

    async def _watch(self) -> None:
        """Ask again, every minute and at a knock, whether this socket may be here; end a silent or an old one."""
        ends = time.monotonic() + LIFE * random.uniform(0.8, 1)  # noqa: S311 (jitter)
        while True:
            await self._pause(RECHECK * random.uniform(0.8, 1.2))  # noqa: S311 (jitter)
            now = time.monotonic()
            if now > ends or (self._sent > self._acked and now - self._acked_at > SILENCE):
                raise Closed(codes.RESYNC)
            try:
                follows = await self._authorise()
            except Refused as refused:
                raise Closed(refused.code) from None
            if follows != self.follows:
                raise Closed(codes.RESYNC)
            for follow in follows:
                if follow.attend:
                    await studio_call(self.studio, follow.attend.stay, self._token)

    async def _pause(self, seconds: float) -> None:
        """Until it is time to ask again: at once when somebody knocks, and when a support visit's time is over."""
        if self._visit_ends:
            seconds = min(seconds, max(0.01, self._visit_ends - time.time()))
        with suppress(TimeoutError):
            await asyncio.wait_for(self._knock.wait(), seconds)
        self._knock.clear()

    async def _authorise(self) -> list[Follow]:
        return await studio_call(self.studio, self._authorised)

    def _authorised(self) -> list[Follow]:
        """Runs inside the studio. Raises Refused."""
        if not is_active(self.studio):
            raise Refused(codes.UNKNOWN)
        actor = actor_of(self._cookies, by_path=self._by_path)
        people = [("staff", actor.staff and actor.staff.user.pk), ("customer", actor.customer and actor.customer.pk)]
        if actor.staff:  # kept when they are sent away: the hub must still know which channel to leave
            self.door = live.channel(DOOR if actor.visit_ends else door_stream(actor.staff.user.pk))
            self._visit_ends = actor.visit_ends.timestamp() if actor.visit_ends else 0.0
        self.owner = f"{self.studio.schema_name}:" + ",".join(f"{kind} {pk}" for kind, pk in people if pk)
        return resolve(self._kind, actor, self._name)


def _parsed(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise Closed(codes.BAD_MESSAGE)
    return data
