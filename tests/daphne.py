"""The product's socket server as a real process on the test database, and the barest client that can watch it."""

import asyncio
import base64
import contextlib
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from infra.paths import ROOT
from infra.processes import choose_port, port_is_free


@dataclass
class Daphne:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]

    def memory(self) -> int:
        """Resident bytes."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        return 0


def database_url() -> str:
    """The database that this process uses, as a URL for another one."""
    given = connection.settings_dict
    host = f"{given['HOST']}:{given['PORT']}"
    return f"postgresql://{quote(given['USER'])}:{quote(given['PASSWORD'])}@{host}/{given['NAME']}"


@contextlib.contextmanager
def daphne(log: Path, **env: str) -> Iterator[Daphne]:
    """Daphne with the product's settings, as infra starts it; killed afterwards."""
    port = choose_port(0)
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "--no-server-name"]
    variables = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database_url(),
        "VALKEY_URL": settings.VALKEY_URL,
        **env,
    }
    with log.open("ab") as out:
        process = subprocess.Popen(
            [*command, "config.asgi:application"], cwd=ROOT, env=variables, stdout=out, stderr=out
        )
        try:
            ends = time.monotonic() + 30
            while port_is_free(port) and process.poll() is None and time.monotonic() < ends:
                time.sleep(0.05)
            yield Daphne(port, process)
        finally:
            process.kill()
            process.wait()


class RawSocket(asyncio.Protocol):
    """A websocket client that only notes when each text frame arrived. `pause` makes it a reader that never reads."""

    def __init__(self, host: str, path: str, cookie: str) -> None:
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nCookie: {cookie}\r\n\r\n"
        ).encode()
        self._buffer = b""
        self._shaken = False
        self.frames: list[tuple[float, bytes]] = []
        self.code: int | None = None
        self.lost = asyncio.Event()
        self.hello = asyncio.Event()
        self.transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        self._buffer += data
        if not self._shaken:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            assert b" 101 " in head.split(b"\r\n", 1)[0], head
            self._shaken, self._buffer = True, rest
        while frame := self._frame():
            self._take(now, *frame)

    def _frame(self) -> tuple[int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        size, start = buffer[1] & 127, 2
        if size > 125:
            width = 2 if size == 126 else 8
            size, start = int.from_bytes(buffer[2 : 2 + width]), 2 + width
        if len(buffer) < start + size:
            return None
        self._buffer = buffer[start + size :]
        return buffer[0] & 15, buffer[start : start + size]

    def _take(self, now: float, opcode: int, payload: bytes) -> None:
        if opcode == 8:
            self.code = int.from_bytes(payload[:2])
        elif opcode == 1 and payload.startswith(b'{"type":"hello"'):
            self.hello.set()
        elif opcode == 1 and b'"at":' not in payload:
            self.frames.append((now, payload))

    def say(self, text: str) -> None:
        """A masked text frame below 126 bytes."""
        payload = text.encode()
        self.transport.write(bytes([0x81, 0x80 | len(payload), 0, 0, 0, 0]) + payload)

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.set()


async def raw_socket(server: Daphne, host: str, path: str, cookies: dict[str, str]) -> RawSocket:
    """Connected and greeted."""
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    loop = asyncio.get_running_loop()
    _, client = await loop.create_connection(lambda: RawSocket(host, path, cookie), "127.0.0.1", server.port)
    await asyncio.wait_for(client.hello.wait(), 30)
    return client


async def until(condition: Callable[[], bool], seconds: float = 20) -> bool:
    """Wait for something that another process does; whether it came."""
    ends = time.monotonic() + seconds
    while not condition() and time.monotonic() < ends:  # noqa: ASYNC110 (nothing here could set an event)
        await asyncio.sleep(0.005)
    return condition()
