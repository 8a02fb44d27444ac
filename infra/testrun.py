"""`make test` and `make bench`: the same real services as the demo, thrown away afterwards.

    python -m infra.testrun pytest [pytest arguments]     python -m infra.testrun bench [--only a,b]

Without arguments pytest runs everything and measures coverage. The exit code is that of what was run; the services are
stopped whatever happens.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from infra import assets, chromium, words
from infra.paths import ROOT, data_dir
from infra.processes import ServiceError
from infra.services import Services

# Browser tests mostly wait, and the product they drive is not measured: they run beside the others, on databases of
# their own, which shortens the whole by a third on two cores.
EVERYTHING = [
    ["-m", "pytest", "--ignore=tests/e2e", "--cov", "--cov-report=term:skip-covered"],
    ["-m", "pytest", "tests/e2e", "-p", "no:cacheprovider"],
]


class Terminated(Exception):
    """SIGTERM or a closed terminal."""


def _terminated(number: int, frame: FrameType | None) -> None:
    raise Terminated


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A temporary folder that PostgreSQL's user may pass through; removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="yinglou-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def environment(services: Services, home: Path) -> dict[str, str]:
    """What tests and bench read: the services, the browser's tools, and where to put things."""
    env = {
        **services.env(),
        "PLATFORM_URL": "http://localhost:8000",
        "STATIC_ROOT": str(home / "static"),
        "DEMO": "0",
        "DEBUG": "0",
        "MEDIA_ACCEL": "0",
        "YL_SCRATCH": str(home),
        "YL_DATA": str(data_dir()),
        "WEBTEST": str(assets.WEBTEST),
    }
    if found := chromium.find():
        env["CHROME_PATH"] = found
    return env


def prepare(*, everything: bool) -> None:
    """Fetch what the browser tests need; only a full run insists on it."""
    try:
        assets.webtest()
        chromium.ensure()
    except ServiceError as error:
        if everything:
            raise
        print(f"warning: {error}", file=sys.stderr)


def run(kind: str, args: list[str]) -> int:
    """Start services, run pytest or the bench, stop services; the exit code."""
    prepare(everything=not args)
    with scratch() as home:
        services = Services(home, durable=kind == "bench")
        try:
            begun = time.monotonic()
            services.start()
            env = environment(services, home)
            words.compile_all()
            print(f"· PostgreSQL, Valkey and S3 ready ({time.monotonic() - begun:.1f} s)", flush=True)
            if kind == "bench":
                return watched([["-m", "tests.bench", *args]], env, home)
            return watched([["-m", "pytest", *args]] if args else EVERYTHING, env, home)
        finally:
            services.stop()


def watched(commands: list[list[str]], env: dict[str, str], home: Path) -> int:
    """Run Python commands side by side; the first speaks now, the others when they are done. The worst exit code."""
    with contextlib.ExitStack() as stack:
        logs = [None, *(home / f"run{i}.log" for i, _ in enumerate(commands[1:]))]
        children: list[subprocess.Popen[bytes]] = []
        for command, log in zip(commands, logs, strict=True):
            out = stack.enter_context(log.open("wb")) if log else None
            child = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env={**os.environ, **env, "YL_TEST_DB": f"yl_test_{len(children)}"},
                stdout=out,
                stderr=out and subprocess.STDOUT,
            )
            stack.callback(_end, child)
            children.append(child)
        codes = []
        for child, command, log in zip(children, commands, logs, strict=True):
            if log:
                print(f"· {' '.join(command)}", flush=True)
            codes.append(child.wait())
            if log:
                print(log.read_text(errors="replace"), flush=True)
    return max(codes)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(20)
        child.kill()


def main() -> int:
    """Run the command line; the exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _terminated)
    kind, *args = sys.argv[1:] or ["pytest"]
    try:
        return run(kind, args)
    except ServiceError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, Terminated):
        return 130


if __name__ == "__main__":
    sys.exit(main())
