"""A Chromium for the browser tests: on PATH, playwright's own, or installed from Debian's packages when we are root."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from infra.processes import ServiceError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def _runs(program: str) -> bool:
    """Whether it really starts: on some systems `chromium-browser` only advises to install a snap."""
    try:
        asked = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0 and ("Chrom" in asked.stdout)


def find() -> str | None:
    """The path of a working Chromium, None when there is none. `CHROME_PATH` wins."""
    given = os.environ.get("CHROME_PATH")
    candidates = [given, *(shutil.which(name) for name in NAMES)]
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    candidates += [str(path) for path in sorted(cache.glob("chromium-*/chrome-linux*/chrome"), reverse=True)]
    candidates += ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"]
    return next((path for path in candidates if path and Path(path).exists() and _runs(path)), None)


def ensure() -> str:
    """Like `find`, but tries to install one; raises ServiceError that says what to do when it cannot."""
    found = find()
    if found:
        return found
    advice = "Install Chromium (Debian: apt-get install chromium) or set CHROME_PATH; the browser tests need it."
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise ServiceError(f"No Chromium was found. {advice}")
    print("· installing Chromium for the browser tests (apt-get, about a minute)", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]):
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, stdin=subprocess.DEVNULL)
        if done.returncode and command[1] == "install":
            raise ServiceError(f"Chromium could not be installed. {advice}\n\n{done.stderr.strip()[-800:]}")
    found = find()
    if not found:
        raise ServiceError(f"Chromium was installed but does not start. {advice}")
    return found
