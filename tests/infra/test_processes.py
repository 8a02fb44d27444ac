"""Children are found again after a kill, and nobody else's process is ever touched."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from infra.processes import Daemon, ServiceError, choose_port, free_ports, port_is_free, stop_leftovers

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
PARENT = [
    sys.executable,
    "-c",
    "import subprocess, sys, time; print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)",
]


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def daemon(folder: Path, argv: list[str], name: str = "sleeper") -> Daemon:
    return Daemon(name, argv, folder / "run", folder / "log" / f"{name}.log", stop_seconds=3)


def child_of(started: Daemon) -> int:
    started.wait_ready(lambda: bool(started.tail().strip()), 10)
    return int(started.tail())


def test_stop_ends_the_whole_group_and_removes_the_pid_file(tmp_path: Path) -> None:
    one = daemon(tmp_path, PARENT)
    one.start()
    child = child_of(one)
    one.stop()
    one.stop()
    time.sleep(0.1)
    assert not alive(child)
    assert not one.pid_file.exists()


def test_leftovers_of_a_killed_run_are_ended(tmp_path: Path) -> None:
    one = daemon(tmp_path, PARENT)
    one.start()
    child = child_of(one)
    assert one.popen is not None
    os.kill(one.popen.pid, signal.SIGKILL)  # the leader dies alone; its child lives on
    one.popen.wait()
    assert alive(child)
    assert stop_leftovers(tmp_path / "run", 3) == ["sleeper"]
    time.sleep(0.1)
    assert not alive(child)
    assert stop_leftovers(tmp_path / "run") == []


def test_pid_that_now_belongs_to_another_process_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen(SLEEP, start_new_session=True)
    try:
        pid_file = tmp_path / "postgres.pid"
        pid_file.write_text(json.dumps({"pid": stranger.pid, "birth": "an older one", "signal": 15}))
        (tmp_path / "broken.pid").write_text("not json")
        assert stop_leftovers(tmp_path) == []
        assert alive(stranger.pid)
        assert list(tmp_path.glob("*.pid")) == []
    finally:
        stranger.kill()
        stranger.wait()


def test_death_while_starting_shows_the_log(tmp_path: Path) -> None:
    one = daemon(tmp_path, [sys.executable, "-c", "print('no luck'); raise SystemExit(3)"])
    one.start()
    with pytest.raises(ServiceError, match="no luck"):
        one.wait_ready(lambda: False, 10)
    one.stop()


def test_missing_program_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="could not be started"):
        daemon(tmp_path, ["/no/such/program"]).start()


def test_stubborn_process_is_killed(tmp_path: Path) -> None:
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    one = Daemon("deaf", [sys.executable, "-c", code], tmp_path / "run", tmp_path / "deaf.log", stop_seconds=0.5)
    one.start()
    one.wait_ready(lambda: "deaf" in one.tail(), 10)
    assert one.popen is not None
    pid = one.popen.pid
    one.stop()
    assert not alive(pid)


def test_ports() -> None:
    import socket

    ports = free_ports(3)
    assert len(set(ports)) == 3
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        taken = busy.getsockname()[1]
        assert not port_is_free(taken)
        assert choose_port(taken) != taken
    assert choose_port(ports[0]) == ports[0]
