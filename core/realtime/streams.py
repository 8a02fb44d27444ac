"""What a socket may follow, and where each stream stands. Rooms above core register their own (`gallery`)."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from core.kernel import events, live
from core.people.models import Customer
from core.people.staff import Staff
from core.realtime.codes import UNKNOWN

Message = dict[str, Any]
Lens = Callable[[Message], Message | None]  # None: this reader hears nothing of it
Position = list[Any]  # [epoch, seq]; the seq of a thread is an opaque mark


class Refused(Exception):
    """The socket may not follow what it asked for; `code` closes it."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is at the other end. Both may be set: staff look at the portal in the same browser."""

    staff: Staff | None = None
    customer: Customer | None = None
    only: str = ""  # what alone the customer's session opens; empty: everything of theirs
    visit_ends: dt.datetime | None = None  # set for a support visitor


class Attendance(Protocol):
    """Somebody whose being here is told to others. Called inside the studio, in a thread; `token` names the socket."""

    def arrive(self, token: str) -> Message | None:
        """The socket is open; answers what it is told first."""

    def stay(self, token: str) -> None:
        """About once a minute while it is open, on the newest answer of the resolver."""

    def leave(self, token: str) -> None:
        """It is closed."""


@dataclass(frozen=True, slots=True)
class Follow:
    """One followed stream: its name for the client, its Valkey channel, and how to say where it stands.

    `stream` is numbered (core.kernel.events): clients catch up by number. Without it `mark` answers an opaque value
    that changes with the object, and clients simply load again. `lens` hides what this reader must not see; on a
    message that is caught up with (`past`) it may ask the database. With `attend` others may learn that this reader is
    here.
    """

    name: str
    channel: str
    stream: str = ""
    mark: Callable[[], str] | None = field(default=None, compare=False)
    lens: Lens | None = field(default=None, compare=False)
    attend: Attendance | None = field(default=None, compare=False)


def follow_stream(stream: str, lens: Lens | None = None) -> Follow:
    """Follow an event stream. Call inside the studio."""
    return Follow(stream, live.channel(stream), stream, lens=lens)


def follow_thread(thread: str, name: str, mark: Callable[[], str]) -> Follow:
    """Follow one object's thread under a `name` that does not tell its number. Call inside the studio."""
    return Follow(name, live.channel(thread), mark=mark, lens=lambda _message: {"stream": name, "type": "changed"})


Resolver = Callable[[Actor, str], list[Follow]]
_resolvers: dict[str, Resolver] = {}


def register(kind: str, resolver: Resolver) -> None:
    """Sockets at `/ws/<kind>/<name>/` follow what `resolver(actor, name)` answers.

    It runs inside the studio and raises Refused(4401 | 4403 | 4404). It is asked again every minute: what it no longer
    answers is closed.
    """
    _resolvers[kind] = resolver


def resolve(kind: str, actor: Actor, name: str) -> list[Follow]:
    """The streams that the actor may follow there. Raises Refused."""
    if kind not in _resolvers:
        raise Refused(UNKNOWN)
    if actor.only and actor.only != f"{kind}.{name}":
        actor = replace(actor, customer=None)
    return _resolvers[kind](actor, name)


def where(follows: list[Follow]) -> dict[str, Position]:
    """Where each followed stream stands now, by channel: one query for all numbered ones."""
    numbered = events.positions([follow.stream for follow in follows if follow.stream])
    return {
        follow.channel: list(numbered[follow.stream]) if follow.stream else [1, follow.mark() if follow.mark else ""]
        for follow in follows
    }


def missed(follow: Follow, epoch: Any, seq: Any) -> Message:
    """The answer to a client that has seen everything up to `seq`: the events after it, or "take a snapshot"."""
    at = where([follow])[follow.channel]
    answer: Message = {"type": "snapshot", "stream": follow.name, "epoch": at[0], "seq": at[1]}
    if not follow.stream or epoch != at[0] or not isinstance(seq, int) or not 0 <= seq <= at[1]:
        return answer
    found = events.since(follow.stream, seq, limit=200)
    if found is None or [event.seq for event in found] != list(range(seq + 1, seq + 1 + len(found))):
        return answer
    messages = [_message(event, at[0]) for event in found]
    last = found[-1].seq if found else at[1]
    seen = [follow.lens({**message, "past": True}) for message in messages] if follow.lens else messages
    return {**answer, "type": "events", "seq": last, "events": [message for message in seen if message]}


def _message(event: events.Event, epoch: int) -> Message:
    return {
        "stream": event.stream,
        "type": event.kind,
        "seq": event.seq,
        "epoch": epoch,
        "thread": event.thread,
        "subject": event.subject,
    }


def only(kinds: Collection[str]) -> Callable[[Message], Message]:
    """A lens for customers: kinds outside `kinds` arrive as a bare number, and no message tells object numbers."""

    def look(message: Message) -> Message:
        kind = message.get("type", "")
        seen: Message = {name: message[name] for name in ("stream", "seq", "epoch") if name in message}
        return {**seen, "type": kind if kind in kinds else "other"}

    return look
