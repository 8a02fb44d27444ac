"""A Chromium for the browser tests: on PATH, playwright's own, or installed from Debian's packages when we are root.

Tests take the headless shell where there is one: the same engine without the browser's own windows, which cost a
renderer for each page that is opened. The bench takes the whole browser, as customers do.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from infra.processes import ServiceError

SHELL = "chromium-headless-shell"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def _runs(program: str) -> bool:
    """Whether it really starts: on some systems `chromium-browser` only advises to install a snap."""
    try:
        asked = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0 and ("Chrom" in asked.stdout)


def find(*, whole: bool) -> str | None:
    """The path of a working Chromium, None when there is none. `CHROME_PATH` wins; `whole`: not the headless shell."""
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    shells = [] if whole else [shutil.which(SHELL), *_newest(cache, "chromium_headless_shell-*/*/*headless*shell")]
    candidates = [os.environ.get("CHROME_PATH"), *shells, *(shutil.which(name) for name in NAMES)]
    candidates += _newest(cache, "chromium-*/chrome-linux*/chrome")
    candidates += ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"]
    return next((path for path in candidates if path and Path(path).exists() and _runs(path)), None)


def _newest(cache: Path, pattern: str) -> list[str]:
    return [str(path) for path in sorted(cache.glob(pattern), reverse=True)]


def ensure(*, whole: bool) -> str:
    """Like `find`, but tries to install one; raises ServiceError that says what to do when it cannot."""
    found = find(whole=whole)
    if found and (whole or shutil.which(SHELL) or not _is_debian_root()):
        return found
    package = "chromium" if whole else SHELL
    advice = "Install Chromium (Debian: apt-get install chromium) or set CHROME_PATH; the browser tests need it."
    if not _is_debian_root():
        raise ServiceError(f"No Chromium was found. {advice}")
    print("· installing Chromium for the browser tests (apt-get, about a minute)", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", package]):
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, stdin=subprocess.DEVNULL)
        if done.returncode and command[1] == "install" and not found:
            raise ServiceError(f"Chromium could not be installed. {advice}\n\n{done.stderr.strip()[-800:]}")
    found = find(whole=whole)
    if not found:
        raise ServiceError(f"Chromium was installed but does not start. {advice}")
    return found


def _is_debian_root() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None
