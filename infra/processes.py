"""Child processes that are found again: started in their own group, recorded in a pid file, always stopped.

A pid alone is not proof (numbers are reused), so the file also holds the process's start time and the boot it
belongs to; `stop_leftovers` ends what a killed earlier run left behind and nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from infra.paths import ROOT


class ServiceError(RuntimeError):
    """Something a person has to know; the message is a whole sentence and says what to do."""


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    """True when nothing listens on the port and we may bind it."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


# Below the range from which Linux gives ports to outgoing connections: none of those can take one between our look
# and the server's start
SERVER_PORTS = range(20000, 32000)


def free_ports(count: int) -> list[int]:
    """`count` different ports that were free a moment ago, by chance so that two runs side by side hardly meet."""
    found: list[int] = []
    for port in random.SystemRandom().sample(SERVER_PORTS, len(SERVER_PORTS)):
        if len(found) == count:
            break
        if port_is_free(port):
            found.append(port)
    return found


def choose_port(wanted: int, taken: frozenset[int] = frozenset()) -> int:
    """The wanted port when it is free, otherwise any free one. 0 means any."""
    if wanted and wanted not in taken and port_is_free(wanted):
        return wanted
    return free_ports(1)[0]


def _birth(pid: int) -> str | None:
    """An identity for a living process, None when there is none (a zombie counts as gone)."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            after_name = stat.read_text().rpartition(")")[2].split()
        except OSError:
            return None
        if after_name[0] in {"Z", "X"}:
            return None
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{after_name[19]}"
    shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip() or None


def _signal_group(pid: int, number: signal.Signals) -> bool:
    """Send to the whole group; False when nobody is left to receive it."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return False
    except PermissionError as error:
        raise ServiceError(
            f"A process of an earlier run (pid {pid}) belongs to another user. Stop it as that user, or use another "
            "data folder: YL_DATA=<folder>."
        ) from error
    return True


@dataclass
class Daemon:
    """One child process with a log file and a pid file.

    `start` raises ServiceError when the program cannot be started at all; whether it is *ready* is the caller's
    question (`wait_ready`). `stop` sends `stop_signal` to the group, waits, then kills; it is safe to call twice.
    """

    name: str
    argv: Sequence[str]
    run_dir: Path
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = ROOT
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10.0
    popen: subprocess.Popen[bytes] | None = None
    asked: bool = False

    @property
    def pid_file(self) -> Path:
        return self.run_dir / f"{self.name}.pid"

    def start(self) -> None:
        self.run_dir.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.asked = False
        with self.log.open("ab") as log:
            try:
                self.popen = subprocess.Popen(
                    list(self.argv),
                    env={**os.environ, **self.env},
                    cwd=self.cwd,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                raise ServiceError(f"{self.name} could not be started ({self.argv[0]}): {error}") from error
        record = {"pid": self.popen.pid, "birth": _birth(self.popen.pid), "signal": int(self.stop_signal)}
        self.pid_file.write_text(json.dumps(record))

    def alive(self) -> bool:
        """Whether it was started and has not ended."""
        return self.popen is not None and self.popen.poll() is None

    def wait_ready(self, ready: Callable[[], bool], seconds: float = 30.0) -> None:
        """Return as soon as `ready()` is true; ServiceError with the log's tail when it dies or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.alive():
                raise ServiceError(
                    f"{self.name} stopped while starting. Its log ({self.log}) ends with:\n{self.tail()}"
                )
            if time.monotonic() > deadline:
                raise ServiceError(f"{self.name} was not ready after {seconds:.0f} s. Log {self.log}:\n{self.tail()}")
            time.sleep(0.03)

    def tail(self, lines: int = 15) -> str:
        if not self.log.exists():
            return "(no log)"
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 16_384))
            return "\n".join(log.read().decode("utf-8", "replace").splitlines()[-lines:])

    def ask_to_stop(self) -> None:
        """Send the stop signal to the leader, once, without waiting: lets several processes end at the same time."""
        if self.popen is not None and not self.asked:
            self.asked = True
            self.popen.send_signal(self.stop_signal)

    def stop(self) -> None:
        """End the whole group: ask the leader, wait, kill what is left. Safe to call twice."""
        if self.popen is None:
            return
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.popen.wait(self.stop_seconds)
        _signal_group(self.popen.pid, signal.SIGKILL)
        self.popen.wait()
        self.pid_file.unlink(missing_ok=True)
        self.popen = None


def stop_leftovers(run_dir: Path, seconds: float = 10.0) -> list[str]:
    """End every recorded process that still lives; the names of those that did. Stale pid files are removed."""
    ended = []
    for pid_file in sorted(run_dir.glob("*.pid")):
        try:
            record = json.loads(pid_file.read_text())
            pid, birth, number = int(record["pid"]), record["birth"], signal.Signals(record["signal"])
        except (ValueError, KeyError, TypeError):
            pid_file.unlink(missing_ok=True)
            continue
        now = _birth(pid)
        # The leader may be gone while its children live on: a group's number cannot be reused before they are gone too.
        if (now is None or now == birth) and _signal_group(pid, number):
            _wait_gone(pid, seconds)
            _signal_group(pid, signal.SIGKILL)
            _wait_gone(pid, 2.0)
            ended.append(pid_file.stem)
        pid_file.unlink(missing_ok=True)
    return ended


def _wait_gone(pid: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and _birth(pid) is not None:
        time.sleep(0.05)
