"""What no page may do: break the CSP, throw, log an error, fail with 5xx, talk to a foreign host."""

import re
from typing import Any
from urllib.parse import urlsplit

TELL = """
addEventListener("securitypolicyviolation", (event) => window.__violation?.(
  `${event.violatedDirective} ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber} ${event.sample}`));
"""


class Guard:
    """Watches every page of a browser context. `allow(pattern)` excuses what a test provokes on purpose."""

    def __init__(self, context: Any) -> None:
        self.offences: list[str] = []
        self._excused: list[re.Pattern[str]] = []
        context.expose_binding("__violation", lambda _source, text: self._note("CSP", text))
        context.add_init_script(TELL)
        context.on("console", self._console)
        context.on("weberror", lambda error: self._note("page error", str(error.error)))
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("requestfailed", self._failed)

    def allow(self, *patterns: str) -> None:
        self._excused += [re.compile(pattern) for pattern in patterns]

    def check(self) -> None:
        """Fail with everything that was seen since the last check and not excused."""
        offences, self.offences = self.offences, []
        seen = [each for each in offences if not any(pattern.search(each) for pattern in self._excused)]
        assert not seen, "\n".join(["pages misbehaved:", *dict.fromkeys(seen)])

    def _note(self, kind: str, text: str) -> None:
        self.offences.append(f"{kind}: {text}")

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self._note("console", f"{message.text} ({message.location.get('url', '')})")

    def _request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and not _ours(parts.hostname or ""):
            self._note("foreign host", request.url)

    def _response(self, response: Any) -> None:
        if response.status >= 500:
            self._note("answer", f"{response.status} {response.request.method} {response.url}")

    def _failed(self, request: Any) -> None:
        if request.failure != "net::ERR_ABORTED":  # a page left before its pictures came, a fetch that was replaced
            self._note("request failed", f"{request.failure} {request.url}")


def _ours(host: str) -> bool:
    return host in {"localhost", "127.0.0.1"} or host.endswith(".localhost")
