"""The work behind `infra/setup`. Runs on any Python >= 3.9 with the standard library only.

Steps are skipped when their inputs have not changed (a fingerprint in `.venv/yl-setup`). Two runs at once wait for
each other. Every failure ends with a sentence that says what is missing; nothing half-made is mistaken for done.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VAR = ROOT / "var"
LOCKS = ROOT / "infra" / "locks"
PYTHON = "3.13"
STAMP = VENV / "yl-setup"


def say(text: str) -> None:
    print(f"· {text}", flush=True)


def give_up(text: str, detail: str = "") -> None:
    tail = "\n".join(detail.strip().splitlines()[-12:])
    print(f"\nSet-up stopped: {text}" + (f"\n\n{tail}" if tail else ""), file=sys.stderr)
    sys.exit(1)


def quiet_run(command: list, env: dict | None = None) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=env or environment(),
        stdin=subprocess.DEVNULL,
    )


def environment() -> dict:
    """The caller's environment without an active virtualenv, and with a cache that can be written."""
    env = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH"}}
    env["UV_NO_PROGRESS"] = "1"
    env["UV_NO_CONFIG"] = "1"
    home = Path(env.get("HOME") or "/nonexistent")
    if not os.access(home, os.W_OK):
        env.setdefault("UV_CACHE_DIR", str(VAR / "cache" / "uv"))
        env.setdefault("PIP_CACHE_DIR", str(VAR / "cache" / "pip"))
    return env


def fingerprint() -> str:
    digest = hashlib.sha256(PYTHON.encode())
    for path in (LOCKS / "all.txt", LOCKS / "demo.txt", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def venv_works() -> bool:
    check = f"import sys; sys.exit('%d.%d' % sys.version_info[:2] != '{PYTHON}')"
    with contextlib.suppress(OSError):
        return quiet_run([VENV / "bin" / "python", "-c", check]).returncode == 0
    return False


def find_uv() -> str:
    """A uv (>= 0.8) that really answers: a pyenv shim of that name may exist and only print advice."""
    own = VAR / "tools" / "bin" / "uv"
    for candidate in (shutil.which("uv"), str(Path.home() / ".local" / "bin" / "uv"), str(own)):
        if candidate and os.access(candidate, os.X_OK):
            answer = quiet_run([candidate, "--version"])
            found = re.match(r"uv (\d+)\.(\d+)", answer.stdout)
            if answer.returncode == 0 and found and (int(found[1]), int(found[2])) >= (0, 8):
                return candidate
    say("fetching uv, the package installer")
    shutil.rmtree(VAR / "tools", ignore_errors=True)
    made = quiet_run([sys.executable, "-m", "venv", VAR / "tools"])
    if made.returncode:
        give_up("this Python cannot make virtual environments (on Debian: apt install python3-venv).", made.stderr)
    pip = [VAR / "tools" / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    fetched = quiet_run([*pip, "--require-hashes", "-r", LOCKS / "uv.txt"])
    if fetched.returncode:
        give_up("uv could not be fetched. Is the Python package index reachable?", fetched.stderr)
    return str(own)


def with_index_of_pip(env: dict) -> dict:
    """Tell uv about the mirror that only pip was told about; uv does not read pip's configuration."""
    if not any(env.get(name) for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        asked = quiet_run([sys.executable, "-m", "pip", "config", "get", "global.index-url"])
        mirror = env.get("PIP_INDEX_URL") or (asked.stdout.strip() if asked.returncode == 0 else "")
        if mirror:
            env["UV_DEFAULT_INDEX"] = mirror
    return env


def uv_run(command: list, env: dict) -> subprocess.CompletedProcess:
    """Run uv; once more with the system's certificates where a company's proxy re-signs everything."""
    done = quiet_run(command, env)
    if done.returncode and "certificate" in done.stderr and "UV_SYSTEM_CERTS" not in env:
        env.update(UV_SYSTEM_CERTS="1", UV_NATIVE_TLS="1")
        done = quiet_run(command, env)
    return done


def make_venv(uv: str, env: dict) -> None:
    if venv_works():
        return
    say(f"making .venv with Python {PYTHON}")
    made = uv_run([uv, "venv", "--quiet", "--clear", "--python", PYTHON, VENV], env)
    if made.returncode:
        give_up(
            f"Python {PYTHON} was not found here and could not be downloaded. Install it (a package of your system, "
            f"pyenv, or `uv python install {PYTHON}` where the network allows it) so that python{PYTHON} is on PATH.",
            made.stderr,
        )


def install(uv: str, env: dict) -> None:
    say("installing the locked Python packages")
    pip = [uv, "pip", "install", "--quiet", "--python", VENV / "bin" / "python", "--require-hashes"]
    for extra in (["-r", LOCKS / "all.txt"], ["--no-deps", "-r", LOCKS / "demo.txt"]):
        done = uv_run([*pip, *extra], env)
        if done.returncode:
            give_up("the Python packages could not be installed. Is the package index reachable?", done.stderr)


def assets() -> int:
    return subprocess.run([str(VENV / "bin" / "python"), "-m", "infra.assets"], cwd=ROOT, check=False).returncode


def main() -> int:
    started = time.monotonic()
    VAR.mkdir(exist_ok=True)
    with (VAR / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = fingerprint()
        current = STAMP.exists() and STAMP.read_text() == wanted and venv_works()
        if not current:
            uv = find_uv()
            env = with_index_of_pip(environment())
            make_venv(uv, env)
            install(uv, env)
            STAMP.write_text(wanted)
        failed = assets()
    if not failed and not current:
        say(f"environment ready ({time.monotonic() - started:.0f} s)")
    return failed


if __name__ == "__main__":
    try:
        sys.exit(main())
    except PermissionError as error:
        give_up(
            f"{error.filename} cannot be written. Was it made by another user (root)? Remove it or change its owner."
        )
    except OSError as error:
        give_up("the disk is full." if error.errno == 28 else str(error))
