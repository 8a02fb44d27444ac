"""The download door: an ASGI application of its own beside the sockets, so that hours of slow phones hold no worker.

Who may take what is asked in a thread, inside the studio, and its database connection is given back before the first
byte leaves. Bytes come from storage bit by bit, the next while the last is sent. Daphne never makes `send` wait
(daphne#170), so its own request is asked to pause us: Twisted's producer interface, the one thing here that knows it.
"""

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

from core.kernel import storage
from selection.delivery.models import Download
from selection.delivery.parcels import Parcel, Shut, parcel_for
from selection.delivery.ranges import CHUNK, Reply, pieces, reply_to
from selection.delivery.services import begin_download, end_download
from selection.media.handing import headers_of
from tenants.context import call_in_studio, studio_call

log = logging.getLogger(__name__)
type Scope = dict[str, Any]
type Receive = Callable[[], Awaitable[Any]]
type Send = Callable[[dict[str, Any]], Awaitable[None]]
ADDRESS = re.compile(r"/d/(?P<code>[a-z0-9]{4,16})/(?P<given>[\w.-]{8,60})/(?P<what>z?[fov]\d{1,6})/[^/]{1,300}")
STUCK_SECONDS = 90  # a phone that takes nothing for so long is gone; it resumes by a range
MOST_STREAMS = 200
readers = ThreadPoolExecutor(8, "download")  # of their own: slow storage must not hold up who logs in on a socket


class Stuck(Exception):
    """The other side takes nothing any more."""


class Flow:
    """Makes a sender wait while Daphne's buffer is full; under another server, which waits by itself, does nothing."""

    def __init__(self, send: Send, gone: "asyncio.Future[None]") -> None:
        self._gone = gone
        self._free = asyncio.Event()
        self._free.set()
        self.is_gone = False
        request = next(iter(getattr(send, "args", ())), None)  # daphne passes partial(handle_reply, request)
        self._request = request if hasattr(request, "registerProducer") else None

    def __enter__(self) -> "Flow":
        if self._request is not None:
            self._request.registerProducer(self, True)
        return self

    def __exit__(self, *_error: object) -> None:
        if self._request is not None:
            with contextlib.suppress(Exception):  # the connection may be gone, and with it what there was to undo
                self._request.unregisterProducer()

    def pauseProducing(self) -> None:  # noqa: N802 (Twisted's name)
        self._free.clear()

    def resumeProducing(self) -> None:  # noqa: N802 (as above)
        self._free.set()

    def stopProducing(self) -> None:  # noqa: N802 (as above)
        self.is_gone = True
        self._free.set()

    async def wait(self) -> None:
        """Until there is room. Raises Stuck."""
        try:
            await asyncio.wait_for(self._free.wait(), STUCK_SECONDS)
        except TimeoutError as error:
            raise Stuck from error
        if self.is_gone or self._gone.done():
            raise Stuck

    def cut(self) -> None:
        """Break the connection off: a body that ends early must not look whole."""
        if self._request is not None and not self.is_gone:
            self._request.transport.abortConnection()


class DownloadDoor:
    """Streams what may be taken; everything else, refusals too, is Django's to answer."""

    def __init__(self, find_studio: Callable[[Scope], Awaitable[tuple[Any, str]]], otherwise: Any) -> None:
        self.find_studio, self.otherwise = find_studio, otherwise
        self.streams = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.streams >= MOST_STREAMS:
            head = [(b"retry-after", b"60"), (b"content-length", b"0")]
            await send({"type": "http.response.start", "status": 503, "headers": head})
            await send({"type": "http.response.body"})
            return
        opened = await self._open(scope)
        if opened is None:
            await self.otherwise(scope, receive, send)
            return
        studio, parcel, reply, row = opened
        head = [(name.encode(), value.encode("latin-1")) for name, value in reply.headers.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": head})
        if row is None:
            await send({"type": "http.response.body"})
            return
        self.streams += 1
        try:
            await self._stream(studio, parcel, reply, row, receive, send)
        finally:
            self.streams -= 1

    async def _open(self, scope: Scope) -> tuple[Any, Parcel, Reply, Download | None] | None:
        if scope["method"] not in {"GET", "HEAD"}:
            return None
        studio, path = await self.find_studio(scope)
        found = ADDRESS.fullmatch(path)
        if studio is None or found is None:
            return None
        try:
            return await studio_call(studio, _opened, studio, scope, found)
        except Shut:
            return None

    async def _stream(
        self, studio: Any, parcel: Parcel, reply: Reply, row: Download, receive: Receive, send: Send
    ) -> None:
        sent = 0
        gone = asyncio.ensure_future(_until_gone(receive))
        with Flow(send, gone) as flow:
            try:
                async with contextlib.aclosing(_chunks(studio, parcel, reply)) as chunks:
                    async for chunk in chunks:
                        await flow.wait()
                        await send({"type": "http.response.body", "body": chunk, "more_body": True})
                        sent += len(chunk)
                await flow.wait()
            except Exception as error:  # noqa: BLE001 (storage, network, phone: the body ends early and must show it)
                log.warning("download %s broke off after %s bytes: %r", row.pk, sent, error)
                flow.cut()
            finally:
                gone.cancel()
                await asyncio.shield(studio_call(studio, end_download, download_id=row.pk, sent=sent))
        if sent == reply.size:
            await send({"type": "http.response.body"})


def _opened(studio: Any, scope: Scope, found: re.Match[str]) -> tuple[Any, Parcel, Reply, Download | None]:
    """Inside the studio, in a thread. Raises Shut."""
    parcel = parcel_for(found["code"], found["given"], found["what"])
    asked = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    inline = "show" in parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    told = headers_of(parcel, inline=inline)
    reply = reply_to(scope["method"], asked, total=parcel.total, etag=parcel.etag, headers=told)
    if not reply.size:
        return studio, parcel, reply, None
    address = (scope.get("client") or [None])[0]
    row = begin_download(parcel=parcel, reply=reply, address=address, agent=asked.get("user-agent", ""))
    return studio, parcel, reply, row


async def _chunks(studio: Any, parcel: Parcel, reply: Reply) -> AsyncGenerator[bytes]:
    """The body bit by bit; the next bit is read while the last one is sent."""
    loop = asyncio.get_running_loop()
    for piece in pieces(parcel.segments, reply.first, reply.last):
        if isinstance(piece, bytes):
            yield piece
            continue
        wanted = (studio, storage.window, piece.key, piece.first, piece.last)
        window = await loop.run_in_executor(readers, call_in_studio, *wanted)
        ahead = loop.run_in_executor(readers, window.read, CHUNK)
        try:
            while chunk := await ahead:
                ahead = loop.run_in_executor(readers, window.read, CHUNK)
                yield chunk
        finally:
            await asyncio.wait([ahead])  # nobody closes what a thread still reads
            window.close()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
