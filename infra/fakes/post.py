"""Notifications of the fakes: kept in order, signed anew at each delivery, tried again until they are taken.

With `deliver` off (tests) nothing is sent: whoever tests takes them from `/_control/outbox` and posts them in the
order, and as often, as the test wants.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import requests

from infra.fakes.store import Store, Thing, new_id

PAUSES = (2.0, 5.0, 15.0, 60.0, 300.0)
Signer = Callable[[Thing], tuple[dict[str, str], str]]


class Post:
    """`signers`: how each provider turns a letter into headers and a body."""

    def __init__(self, store: Store, *, deliver: bool) -> None:
        self.store, self.deliver = store, deliver
        self.signers: dict[str, Signer] = {}
        self.pool = ThreadPoolExecutor(2, thread_name_prefix="post")

    def send(self, provider: str, url: str, payload: Thing) -> None:
        """Keep a notification and, where delivery is on, send it at once and again until somebody takes it."""
        number = len(self.store.all("letter"))
        letter = {
            "id": new_id("n_"),
            "number": number,
            "provider": provider,
            "url": url,
            "payload": payload,
            "taken": 0,
        }
        self.store.put("letter", letter)
        if self.deliver and url:
            self.pool.submit(self._try, letter, 0)

    def again(self, letter: Thing) -> None:
        """One more delivery, whatever became of the others."""
        self.pool.submit(self._try, letter, len(PAUSES))

    def signed(self, letter: Thing) -> tuple[dict[str, str], str]:
        return self.signers[letter["provider"]](letter["payload"])

    def _try(self, letter: Thing, tries: int) -> None:
        headers, body = self.signed(letter)
        with contextlib.suppress(requests.RequestException):
            answer = requests.post(letter["url"], data=body.encode(), headers=headers, timeout=10)
            if answer.status_code < 300:
                letter["taken"] += 1
                return
        if tries < len(PAUSES):
            later = threading.Timer(PAUSES[tries], self._try, (letter, tries + 1))
            later.daemon = True
            later.start()

    def after(self, seconds: float, fn: Callable[[], object]) -> None:
        """Do something later, where time passes by itself (the demo)."""
        if self.deliver:
            later = threading.Timer(seconds, fn)
            later.daemon = True
            later.start()
