"""`make demo` comes up whole: every builder of its story runs, every printed address answers, Ctrl-C ends it."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from infra.paths import ROOT
from infra.processes import free_ports

LIMIT = 400  # seconds; it takes about 40 on two free cores
PAST = 6  # of the demo's sixty past orders: more of the same, told by the same builders


def addresses(told: Any) -> set[str]:
    """Every address in demo.json, wherever it stands."""
    if isinstance(told, dict):
        return set().union(*map(addresses, told.values()), set())
    if isinstance(told, list):
        return set().union(*map(addresses, told), set())
    return {told} if isinstance(told, str) and told.startswith("http") else set()


def status(address: str) -> int:
    """What a visitor without a login is told first; by number, since not every machine resolves *.localhost."""
    parts = urlsplit(address)
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", parts.port, timeout=30)) as line:
        line.request("GET", parts.path or "/", headers={"Host": parts.netloc})
        return line.getresponse().status


def test_the_demo_comes_up_whole_and_ends(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    data, log = tmp_path / "demo", tmp_path / "demo.log"
    env = {**os.environ, "YL_DATA": str(data), "YL_DEMO_PAST": str(PAST), "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as out:
        run = subprocess.Popen(
            [sys.executable, "-m", "infra.demo", "--port", str(free_ports(1)[0])],
            cwd=ROOT,
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            told = _story(run, log, data / "demo.json")
            wrong = {address: code for address in sorted(addresses(told)) if (code := status(address)) >= 400}
            assert not wrong
            run.send_signal(signal.SIGINT)
            assert run.wait(60) == 0, log.read_text()
        finally:
            if run.poll() is None:
                run.terminate()
                run.wait(60)


def _story(run: subprocess.Popen[bytes], log: Path, found: Path) -> dict[str, Any]:
    """demo.json once the demo says that it runs; fails with the log when it ends before."""
    for _ in range(LIMIT * 2):
        if "is running (ready in" in log.read_text():
            return dict(json.loads(found.read_text()))
        try:
            run.wait(0.5)
        except subprocess.TimeoutExpired:
            continue
        break
    raise AssertionError(log.read_text())
