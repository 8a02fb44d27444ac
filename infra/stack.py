"""The whole product on one machine: page workers, socket server, job worker, fakes and proxy, supervised.

    with Stack(services.env(), data, port=0) as stack:
        requests to stack.url, a studio at stack.studio_url("guangying")

`start` returns when a page comes through the proxy (`/healthz`) and Daphne listens. `watch` restarts what dies, with a
growing pause, and says so; `stop` ends everything in order: door first, then workers.
"""

from __future__ import annotations

import http.client
import os
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

from infra import proxy
from infra.fakes import daemon as fakes
from infra.processes import Daemon, ServiceError, free_ports, port_is_free, stop_leftovers

PAGE_WORKERS = 2
PAGE_THREADS = 2  # more share a processor less fairly: 4 have the same mean and a worse p95 (picks_c32_p95_ms)
PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # before the next restart of something that keeps dying
STEADY_SECONDS = 60.0  # alive this long: the next death starts with the shortest pause again


@dataclass
class Supervised:
    """A daemon and the memory of its deaths."""

    daemon: Daemon
    deaths: int = 0
    restart_at: float = 0.0
    started_at: float = field(default_factory=time.monotonic)

    def tend(self, say: Callable[[str], None]) -> None:
        """Notice a death and restart when its pause is over."""
        if self.daemon.alive():
            return
        now = time.monotonic()
        if not self.restart_at:
            self.deaths = 0 if now - self.started_at > STEADY_SECONDS else self.deaths
            pause = PAUSES[min(self.deaths, len(PAUSES) - 1)]
            self.deaths += 1
            self.restart_at = now + pause
            say(f"{self.daemon.name} stopped unexpectedly; starting it again in {pause:g} s (log: {self.daemon.log})")
        elif now >= self.restart_at:
            self.daemon.stop()  # its children, if it left any
            self.daemon.start()
            self.restart_at, self.started_at = 0.0, now


@dataclass
class Stack:
    """The application processes below `data` (pid files, logs, proxy state), speaking to the services named in `env`.

    `port=0` takes a free one. `env` needs DATABASE_URL, VALKEY_URL, S3_* and SECRET_KEY; PLATFORM_URL is set here.
    `static` is a folder filled by collectstatic. `bind` are the addresses of the proxy, loopback unless told.
    """

    env: Mapping[str, str]
    data: Path
    static: Path
    port: int = 0
    bind: list[str] = field(default_factory=proxy.loopbacks)
    worker: bool = True
    fakes_port: int = 0  # of the pay providers' fakes (infra.fakes), 0 takes a free one
    say: Callable[[str], None] = lambda _: None

    def __post_init__(self) -> None:
        sockets, chosen, fake, *pages = free_ports(3 + PAGE_WORKERS)
        self.port, self.fakes_port = self.port or chosen, self.fakes_port or fake
        self.pages, self.sockets = [f"127.0.0.1:{port}" for port in pages], f"127.0.0.1:{sockets}"
        self.run_dir = self.data / "run-app"
        self.supervised: list[Supervised] = []

    @property
    def base_port(self) -> int:
        return self.port

    @property
    def url(self) -> str:
        """The platform's address."""
        return f"http://localhost:{self.port}"

    @property
    def fakes_url(self) -> str:
        """Where the pay providers' fakes answer, and browsers find their pages."""
        return f"http://localhost:{self.fakes_port}"

    def studio_url(self, slug: str) -> str:
        """A studio's own address."""
        return f"http://{slug}.localhost:{self.port}"

    def product_env(self) -> dict[str, str]:
        """What every product process reads; `manage.py` commands get the same."""
        return {
            **self.env,
            **fakes.leading_env(self.env, self.fakes_url, self.data),
            "PLATFORM_URL": self.url,
            "STATIC_ROOT": str(self.static),
            "MEDIA_ACCEL": "1",
            "PYTHONUNBUFFERED": "1",
        }

    def _daemon(self, name: str, *argv: str, **extra: str) -> Daemon:
        env = {**self.product_env(), "SERVICE_NAME": f"yinglou-{name}", **extra}
        return Daemon(name, [sys.executable, *argv], self.run_dir, self.data / "log" / f"{name}.log", env)

    def daemons(self) -> list[Daemon]:
        """Every process in the order of starting: the proxy last."""
        pages = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--workers", "1"]
        pages += ["--blocking-threads", str(PAGE_THREADS), "--no-ws", "--http", "1"]
        pages += ["--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "5"]
        pages += ["--log-level", "warning", "config.wsgi:application"]
        sockets = ["-m", "daphne", "--bind", "127.0.0.1", "--port", self.sockets.split(":")[1], "--proxy-headers"]
        sockets += ["--websocket_timeout", "-1", "--ping-interval", "20", "--no-server-name", "--verbosity", "0"]
        sockets += ["config.asgi:application"]  # no --http-timeout: it would cut off downloads on slow lines
        text = proxy.caddyfile(
            port=self.port,
            bind=self.bind,
            upstreams=proxy.Upstreams(self.pages, self.sockets, self.env["S3_ENDPOINT_URL"]),
            static=self.static,
            home=self.data / "caddy",
        )
        door = proxy.daemon(text, home=self.data / "caddy", run_dir=self.run_dir, log=self.data / "log" / "caddy.log")
        worker = [self._daemon("worker", "manage.py", "worker")] if self.worker else []
        pay = fakes.daemon(self.env, self.fakes_url, self.url, self.data, self.run_dir)
        workers = [
            self._daemon(name, *pages, "--port", address.rpartition(":")[2], PROVIDER_LINES=str(PAGE_THREADS - 1))
            for name, address in self._page_workers()
        ]
        return [pay, *workers, self._daemon("sockets", *sockets), *worker, door]

    def _page_workers(self) -> list[tuple[str, str]]:
        """(name, address) of each: they share no port, so that the proxy can give a request to the one less busy.

        Workers that accept from one socket do not share the load: whoever woke first got nearly every kept connection,
        and the other processor rested (measured: picks_c32).
        """
        return [(f"pages{number}", address) for number, address in enumerate(self.pages, 1)]

    def start(self, seconds: float = 60.0) -> None:
        """Start everything, or raise ServiceError with the log of what failed (and stop the rest)."""
        for name in stop_leftovers(self.run_dir):
            self.say(f"stopped {name}, left over from a killed earlier run")
        if not port_is_free(self.port):
            raise ServiceError(f"Port {self.port} is in use by another program. Choose another: make demo PORT=8100")
        try:
            for daemon in self.daemons():
                self.supervised.append(Supervised(daemon))
                daemon.start()
            for each in self.supervised:
                each.daemon.wait_ready(self._readiness(each.daemon.name), seconds)
        except ServiceError:
            self.stop()
            raise

    def _readiness(self, name: str) -> Callable[[], bool]:
        checks: dict[str, Callable[[], bool]] = {
            "fakes": lambda: answers(f"{self.fakes_url}/_control/"),
            **{page: partial(answers, f"http://{address}/healthz") for page, address in self._page_workers()},
            "sockets": lambda: listens(self.sockets),
            "caddy": lambda: answers(f"{self.url}/healthz"),
        }
        return checks.get(name, lambda: True)

    def tend(self) -> None:
        """One round of supervision: restart what died and whose pause is over."""
        for each in self.supervised:
            each.tend(self.say)

    def kill(self, name: str) -> None:
        """Kill one process the hard way, as a test of everybody's patience; `tend` brings it back."""
        for each in self.supervised:
            if each.daemon.name == name and each.daemon.popen:
                os.killpg(each.daemon.popen.pid, 9)
                each.daemon.popen.wait()

    def stop(self) -> None:
        """Close the door, then ask all others at once and wait for them."""
        for each in self.supervised[:-1]:
            each.daemon.ask_to_stop()
        while self.supervised:
            self.supervised.pop().daemon.stop()

    def __enter__(self) -> Stack:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def listens(address: str) -> bool:
    """True when something accepts connections at `host:port`."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def answers(url: str, timeout: float = 5.0) -> bool:
    """True when a GET is answered with 200."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=timeout)
    try:
        connection.request("GET", parts.path, headers={"Host": parts.netloc})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
