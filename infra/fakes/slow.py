"""A provider that does what it was asked and answers late: the caller has given up by then."""

from __future__ import annotations

import asyncio
from typing import Any

OWN = "/_control"


class Slow:
    """ASGI. The next `times` requests of a provider are answered after `seconds`; the pages of payers, too."""

    def __init__(self, app: Any) -> None:
        self.app, self.seconds, self.times = app, 0.0, 0

    def begin(self, seconds: float, times: int) -> None:
        self.seconds, self.times = seconds, times

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"].startswith(OWN) or self.times <= 0:
            await self.app(scope, receive, send)
            return
        self.times -= 1
        kept: list[Any] = []

        async def keep(message: Any) -> None:
            kept.append(message)

        await self.app(scope, receive, keep)  # the work is done at once
        await asyncio.sleep(self.seconds)
        for message in kept:
            await send(message)
