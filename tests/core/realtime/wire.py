"""A browser's end of a socket, in process: the product's whole ASGI application below it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from channels.testing import WebsocketCommunicator

from tests.core.realtime.people import House


class Wire:
    """Connects, acknowledges like live.js, and hands out messages one by one."""

    def __init__(
        self,
        house: House,
        path: str,
        cookies: dict[str, str] | None = None,
        *,
        host: str = "",
        origin: str | None = None,
    ) -> None:
        from config.asgi import application

        self.host = host or house.host
        headers = [(b"host", self.host.encode())]
        if origin != "":
            headers.append((b"origin", (origin or f"http://{self.host}").encode()))
        if cookies:
            headers.append((b"cookie", "; ".join(f"{k}={v}" for k, v in cookies.items()).encode()))
        self.socket = WebsocketCommunicator(application, path, headers=headers)
        self.received = 0

    async def open(self) -> dict[str, Any]:
        """Open and answer the first message, or {"closed": code}."""
        await self.socket.connect(timeout=10)
        return await self.next()

    async def next(self, seconds: float = 20, *, beats: bool = False) -> dict[str, Any]:
        """The next message; beats (which a slow machine brings at any time) only when asked for."""
        while True:
            output = await self.socket.receive_output(seconds)
            if output["type"] == "websocket.close":
                return {"closed": output["code"]}
            self.received += 1
            await self.say({"ack": self.received})
            message = json.loads(output["text"])
            if beats or message["type"] != "beat":
                return message

    async def say(self, message: dict[str, Any]) -> None:
        await self.socket.send_json_to(message)

    async def silent(self, seconds: float = 0.3) -> bool:
        return await self.socket.receive_nothing(seconds)

    async def close(self) -> None:
        await self.socket.disconnect(timeout=10)


def run(scene: Callable[[], Awaitable[Any]]) -> Any:
    """Play a scene on an event loop of its own; nothing may be left running."""

    async def main() -> Any:
        answer = await asyncio.wait_for(scene(), 60)
        await asyncio.sleep(0)
        return answer

    return asyncio.run(main())
