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

# Three runs side by side, each with services of its own, so that none hears another's pokes or finds another's
# objects. One process waits for PostgreSQL or a browser half of its time: two cores are busier with three.
COVERED = ["--cov", "--cov-report=", "--cov-fail-under=0"]  # the whole is judged when all are done
APART = ("selection", "portal", "tenants")
LANES = [
    ["tests", *(f"--ignore=tests/{folder}" for folder in ("e2e", *APART)), *COVERED],
    [*(f"tests/{folder}" for folder in APART), *COVERED],
    ["tests/e2e"],
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


def environment(services: Services, home: Path, *, whole: bool) -> dict[str, str]:
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
    if found := chromium.find(whole=whole):
        env["CHROME_PATH"] = found
    return env


def prepare(*, everything: bool, whole: bool) -> None:
    """Fetch what the browser tests need; only a full run insists on it. `whole`: the browser with its windows."""
    try:
        assets.webtest()
        chromium.ensure(whole=whole)
    except ServiceError as error:
        if everything:
            raise
        print(f"warning: {error}", file=sys.stderr)


def run(kind: str, args: list[str]) -> int:
    """Start services, run pytest or the bench, stop services; the exit code."""
    prepare(everything=not args, whole=kind == "bench")
    words.compile_all()
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(scratch())
        if args or kind == "bench":
            env = served(stack, home, durable=kind == "bench")
            return watched([["-m", "tests.bench" if kind == "bench" else "pytest", *args]], [env], home)
        envs = [served(stack, home / f"lane{number}") for number, _ in enumerate(LANES)]
        lanes = [["-m", "pytest", "-p", "no:cacheprovider", "--durations=12", *lane] for lane in LANES]
        return max(watched(lanes, envs, home), covered(home))


def served(stack: contextlib.ExitStack, home: Path, *, durable: bool = False) -> dict[str, str]:
    """Services of its own below `home` until the stack closes; the environment that reads them."""
    home.mkdir(exist_ok=True)
    home.chmod(0o711)
    begun = time.monotonic()
    services = Services(home, durable=durable)
    stack.callback(services.stop)
    services.start()
    print(f"· PostgreSQL, Valkey and S3 ready ({time.monotonic() - begun:.1f} s)", flush=True)
    return environment(services, home, whole=durable)


def covered(home: Path) -> int:
    """What all lanes ran together: prints what was left out; fails below the limit of pyproject.toml."""
    data = {**os.environ, "COVERAGE_FILE": str(home / "coverage")}
    for command in (["combine", "--quiet", *map(str, home.glob("coverage.*"))], ["report"]):
        code = subprocess.run([sys.executable, "-m", "coverage", *command], cwd=ROOT, env=data, check=False).returncode
        if code:
            return code
    return 0


def watched(commands: list[list[str]], envs: list[dict[str, str]], home: Path) -> int:
    """Run Python commands side by side; the first speaks now, the others when they are done. The worst exit code."""
    with contextlib.ExitStack() as stack:
        logs = [None, *(home / f"run{i}.log" for i, _ in enumerate(commands[1:]))]
        children: list[subprocess.Popen[bytes]] = []
        for number, (command, env, log) in enumerate(zip(commands, envs, logs, strict=True)):
            out = stack.enter_context(log.open("wb")) if log else None
            own = {"YL_TEST_DB": f"yl_test_{number}", "COVERAGE_FILE": str(home / f"coverage.{number}")}
            child = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env={**os.environ, **env, **own},
                stdout=out,
                stderr=out and subprocess.STDOUT,
            )
            stack.callback(_end, child)
            children.append(child)
        codes = []
        for child, command, log in zip(children, commands, logs, strict=True):
            if log:
                print(f"· {' '.join(command)}", flush=True)
            codes.append(abs(child.wait()))  # killed by a signal: a negative number
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
