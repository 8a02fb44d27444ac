"""`make demo`: from nothing to a running product, and everything stopped again on Ctrl-C.

    python -m infra.demo [--port 8000] [--reset] [--photos FOLDER]

Data (database, photographs, logs, demo.json) stays in one folder (`python -m infra.demo --print-data-dir`); a second
start reuses it. A killed earlier run is cleaned up first; a second run at the same time is refused.
"""

from __future__ import annotations

import argparse
import errno
import fcntl
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from infra import words
from infra.code import code_of
from infra.paths import VAR, data_dir
from infra.processes import ServiceError, choose_port, port_is_free, stop_leftovers
from infra.product import Product
from infra.services import Ports, Services
from infra.stack import Stack, Supervised, answers

NEEDED_BYTES = 1_500_000_000  # a seeded demo with room for a few hundred uploads
LOW_BYTES = 300_000_000
PHONE_CODE = "246810"
SHOWN = ("gallery", "retouch", "album", "delivery")  # what a demo customer has before them


class Stopped(Exception):
    """Ctrl-C, SIGTERM or a closed terminal."""


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _on_signal(number: int, frame: FrameType | None) -> None:
    for each in SIGNALS:  # stopping takes a second; an impatient second Ctrl-C must not leave half of it running
        signal.signal(each, signal.SIG_IGN)
    raise Stopped(signal.Signals(number).name)


def say(text: str) -> None:
    """One line for the person at the terminal."""
    print(text, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Announce a step before, and its duration after when it took long enough to wonder."""
    say(f"· {text}")
    begun = time.monotonic()
    yield
    if time.monotonic() - begun > 2:
        say(f"  done in {time.monotonic() - begun:.0f} s")


def free_bytes(path: Path) -> int:
    """Free space where `path` is or will be."""
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free


def lock(data: Path) -> Any:
    """Hold the data folder for this process; ServiceError when another demo has it."""
    data.mkdir(parents=True, exist_ok=True)
    handle = (data / "demo.lock").open("a")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise ServiceError(
            f"Another demo is running with the data folder {data}. Stop it (Ctrl-C there), or start this one with "
            "YL_DATA=<another folder> and PORT=<another port>."
        ) from error
    return handle


def reset(data: Path) -> None:
    """Delete what an earlier demo made; refuses a folder that no demo made."""
    for run in ("run-app", "run"):
        stop_leftovers(data / run)
    ours = (data / "secrets.json").exists()
    strangers = [path.name for path in data.iterdir() if path.name != "demo.lock"]
    if strangers and not ours:
        raise ServiceError(f"RESET=1 would delete {data}, which does not look like a demo's data folder.")
    for path in data.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != "demo.lock":
            path.unlink()


class Demo:
    """One run of the demo; `run` returns after it was told to stop."""

    def __init__(self, data: Path, port: int, photos: Path | None) -> None:
        self.data, self.photos = data, photos
        origins = rf"http://(([a-z0-9-]+\.)*localhost|127\.0\.0\.1):{port}"
        self.services = Services(data, Ports(s3=port + 1), cors=origins, say=self._note)
        self.port = port
        self.stack: Stack | None = None

    @staticmethod
    def _note(text: str) -> None:
        say(f"  {text}")

    def check(self) -> None:
        """Refuse early, in words, what would fail late."""
        # What a killed run left may hold the very port.
        for run in ("run-app", "run"):
            for name in stop_leftovers(self.data / run):
                self._note(f"stopped {name}, left over from a killed earlier run")
        if not port_is_free(self.port):
            raise ServiceError(
                f"Port {self.port} is in use by another program. Choose another one: make demo PORT={self.port + 100}"
            )
        free, fresh = free_bytes(self.data), not (self.data / "demo.json").exists()
        if free < (NEEDED_BYTES if fresh else LOW_BYTES):
            raise ServiceError(
                f"The disk is (nearly) full: {free // 1_000_000} MB free at {self.data}, "
                f"{(NEEDED_BYTES if fresh else LOW_BYTES) // 1_000_000} MB needed. Free some, or use YL_DATA=<folder>."
            )
        if self.photos is not None and not self.photos.is_dir():
            raise ServiceError(f"PHOTOS={self.photos} is not a folder.")

    def start(self) -> None:
        """Bring everything up; `self.stack` then answers."""
        with step("starting PostgreSQL, Valkey and S3"):
            self.services.start()
        env = {**self.services.env(), "DEMO": "1", "DEBUG": "0", "DEMO_PHONE_CODE": PHONE_CODE}
        env["DEMO_JSON"] = str(self.data / "demo.json")
        env["SHOWCASE_URL"] = f"http://guangying.localhost:{self.port}/works/"
        self.stack = Stack(
            env, self.data, self.data / "static", self.port, say=say, fakes_port=choose_port(self.port + 2)
        )
        product = Product(self.stack.product_env(), self.data / "log" / "manage.log", self._note)
        words.compile_all()
        with step("bringing the database and static files up to date"), ThreadPoolExecutor(1) as other:
            files = other.submit(product.collect_static, self.data / "static")
            product.manage("migrate_studios", "--verbosity", "0")
            files.result()
        with step("starting page workers, sockets, job worker and proxy"):
            self.stack.start()
        with step("filling in two studios with orders and photographs (the first time takes longest)"):
            photos = ["--photos", str(self.photos)] if self.photos else []
            product.run("-m", "infra.seed", *photos)
        if not answers(f"{self.stack.url}/readyz", timeout=20):
            raise ServiceError(
                f"The product is running but not well: {self.stack.url}/readyz. Logs: {self.data / 'log'}"
            )

    def run(self) -> None:
        """Start, print the addresses, watch until a signal."""
        begun = time.monotonic()
        self.check()
        self.start()
        assert self.stack is not None
        say(welcome(self.stack, self.data, time.monotonic() - begun))
        services, low = [Supervised(daemon) for daemon in self.services.daemons()], False
        while True:
            time.sleep(0.5)
            self.stack.tend()
            for service in services:
                service.tend(say)
            if (free_bytes(self.data) < LOW_BYTES) != low:
                low = not low
                say("The disk is nearly full: uploads will soon fail." if low else "The disk has room again.")

    def stop(self) -> None:
        """Stop what runs, in order."""
        if self.stack is not None:
            self.stack.stop()
        self.services.stop()


def welcome(stack: Stack, data: Path, seconds: float) -> str:
    """What to open and how to log in, from demo.json."""
    found = data / "demo.json"
    demo: dict[str, Any] = json.loads(found.read_text()) if found.exists() else {}
    lines = ["", f"影楼云 Yinglou is running (ready in {seconds:.0f} s).", "", f"  platform   {stack.url}/", ""]
    for studio in demo.get("studios", []):
        lines += [f"  {studio['name']}", f"    studio   {studio['url']}", f"    portal   {studio['path_url']}"]
        lines += [f"    {who['role']:<15} {who['username']} / {who['password']}" for who in studio["staff"]]
        for who in studio["staff"]:
            if secret := who.get("totp_secret"):
                shown = code_of(secret, time.time())
                lines.append(f"    {'':<15} {who['username']} is asked for an app's code: {shown}, later `make code`")
        for who in studio["customers"]:
            leads_to = next((who[f"{page}_url"] for page in SHOWN if who.get(f"{page}_url")), "")
            lines.append(f"    customer        {who['phone']}  code {who['code']}  {leads_to}")
            for one in who.get("pins", []):
                lines.append(f"      {one['name']:<13} PIN {one['pin']}  {who['pin_url']}")
        lines.append("")
    for one in demo.get("more_studios", []):
        lines.append(f"  {one['name']}  {one['url']}  {one['username']} / {one['password']}  ({one['standing']})")
    if who := demo.get("operator"):
        lines.append(f"  operators  {who['url']}  {who['username']} / {who['password']}")
    lines.append(f"  time, cards {stack.fakes_url}/_control/billing  (days go by, cards fail: subscriptions)")
    lines += [f"  for scripts {found}", f"  data, logs  {data}", "  Ctrl-C stops everything; the data stays.", ""]
    return "\n".join(lines)


def main() -> int:
    """Run the command line; the exit code."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--reset", action="store_true", help="start over: delete the data folder's content")
    parser.add_argument("--photos", type=Path, help="your own pictures instead of the samples")
    parser.add_argument("--print-data-dir", action="store_true")
    args = parser.parse_args()
    data = data_dir()
    if args.print_data_dir:
        print(data)
        return 0
    for number in SIGNALS:
        signal.signal(number, _on_signal)
    demo: Demo | None = None
    try:
        VAR.mkdir(exist_ok=True)
        held = lock(data)
        if args.reset:
            with step(f"starting over: emptying {data}"):
                reset(data)
        demo = Demo(data, args.port, args.photos.expanduser().resolve() if args.photos else None)
        demo.run()
    except Stopped:
        say("\n· stopping")
    except ServiceError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM}:
            raise
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        print(f"\n{'The disk is full' if full else 'Not allowed'}: {error.filename or data}", file=sys.stderr)
        return 1
    finally:
        if demo is not None:
            demo.stop()
    held.close()
    return 0


if __name__ == "__main__":
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    sys.exit(main())
