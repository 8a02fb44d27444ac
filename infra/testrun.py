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

# Jobs side by side, each worker with services of its own, so that none hears another's pokes or finds another's
# objects. A process waits for PostgreSQL or a browser for a good part of its time: two cores are busy with four.
WORKERS = 4
COVERED = ["--cov", "--cov-report=", "--cov-fail-under=0"]  # the whole is judged when all are done
# Whoever is free takes the next of these, the longest first, so that all end together; the rest of `tests` is the last.
FOLDERS = [
    *("e2e", "architecture", "selection", "tenants", "core/console", "portal", "core/finance", "billing", "infra"),
    *("selection/delivery", "selection/retouch", "core/booking", "core/messaging", "core/realtime", "core/contracts"),
]
KINDNESS = 5  # niceness of all but the browser, which is the longest and waits most: it goes on as soon as it can


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
            return watched(["-m", "tests.bench" if kind == "bench" else "pytest", *args], env)
        envs = [served(stack, home / f"worker{number}") for number in range(WORKERS)]
        return max(worked_off(jobs(), envs, home), covered(home))


def jobs() -> list[list[str]]:
    """Arguments of pytest for each job; together they run every test once."""
    found = []
    for folder in (*FOLDERS, ""):
        inside = f"{folder}/" if folder else ""
        inner = [f"--ignore=tests/{other}" for other in FOLDERS if other.startswith(inside)]
        found.append([f"tests/{folder}".rstrip("/"), *inner, *([] if folder == "e2e" else COVERED)])
    return found


def worked_off(todo: list[list[str]], envs: list[dict[str, str]], home: Path) -> int:
    """Run all jobs, one to a worker at a time; each speaks when it is done. The worst exit code."""
    queue, worst = list(enumerate(todo)), 0
    running: dict[int, Job] = {}
    with contextlib.ExitStack() as stack:
        while queue or running:
            for worker, env in enumerate(envs):
                if worker not in running and queue:
                    number, args = queue.pop(0)
                    running[worker] = Job(args, number, worker, env, home)
                    stack.callback(_end, running[worker].child)
            time.sleep(0.2)
            for worker in [worker for worker, job in running.items() if job.child.poll() is not None]:
                worst = max(worst, running.pop(worker).report())
    return worst


class Job:
    """One pytest at work."""

    def __init__(self, args: list[str], number: int, worker: int, env: dict[str, str], home: Path) -> None:
        self.args, self.begun, self.log = args, time.monotonic(), home / f"job{number}.log"
        own = {"YL_TEST_DB": f"yl_test_{worker}", "COVERAGE_FILE": str(home / f"coverage.{number}")}
        with self.log.open("wb") as out:
            self.child = subprocess.Popen(
                [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--durations=8", *args],
                cwd=ROOT,
                env={**os.environ, **env, **own},
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        if COVERED[0] in args:
            os.setpriority(os.PRIO_PROCESS, self.child.pid, KINDNESS)

    def report(self) -> int:
        """Print what it said; its exit code."""
        print(f"· pytest {' '.join(self.args)} ({time.monotonic() - self.begun:.0f} s)", flush=True)
        print(self.log.read_text(errors="replace"), flush=True)
        return abs(self.child.returncode)  # killed by a signal: a negative number


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


def watched(command: list[str], env: dict[str, str]) -> int:
    """Run one Python command, which speaks as it goes; the exit code."""
    with contextlib.ExitStack() as stack:
        child = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env={**os.environ, **env, "YL_TEST_DB": "yl_test_0"}
        )
        stack.callback(_end, child)
        return abs(child.wait())


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
