"""Running the product's own commands with the environment of this machine's services."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from infra import npm
from infra.paths import ROOT, VAR
from infra.processes import ServiceError

SERVED = re.compile(r"\.[0-9a-f]{12}\.(css|js|svg)$")  # what pages name; the plain copies are for people
SMALL = 500  # bytes that compression would not make fewer packets
MAKERS = ("infra/locks/runtime.txt", "config/settings.py", "core/kernel/staticfiles.py", "infra/compress.mjs")


@dataclass
class Product:
    """`manage.py` as a function. `say` gets each line a command prints, so that long steps show progress."""

    env: Mapping[str, str]
    log: Path
    say: Callable[[str], None] = lambda _: None

    def manage(self, *args: str, quiet: bool = False) -> str:
        """Run one `manage.py` command; otherwise as `run`."""
        return self.run("manage.py", *args, quiet=quiet)

    def run(self, *args: str, quiet: bool = False) -> str:
        """Run Python with the arguments to its end; its output. Raises ServiceError with the last lines on failure."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        lines = []
        with (
            self.log.open("a") as log,
            subprocess.Popen(
                [sys.executable, *args],
                cwd=ROOT,
                env={**os.environ, **self.env, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            ) as process,
        ):
            try:
                for line in process.stdout or ():
                    log.write(line)
                    lines.append(line.rstrip())
                    if not quiet and not line.startswith((" ", "Traceback")):  # a traceback is for the log
                        self.say(line.rstrip())
            except BaseException:
                process.terminate()
                raise
        if process.returncode:
            shown = "\n".join(lines[-20:])
            raise ServiceError(f"`{' '.join(args)}` failed (log: {self.log}):\n{shown}")
        return "\n".join(lines)

    def collect_static(self, target: Path) -> bool:
        """Fill `target` with hashed names and compressed twins unless nothing changed; whether it did something."""
        stamp, wanted = target / ".collected", _sources_fingerprint()
        if stamp.exists() and stamp.read_text() == wanted:
            return False
        self.manage("collectstatic", "--noinput", "--clear", "--verbosity", "0", quiet=True)
        served = (path for path in target.rglob("*") if SERVED.search(path.name))
        compress([path for path in served if path.stat().st_size > SMALL])
        stamp.write_text(wanted)
        return True


def compress(paths: list[Path]) -> None:
    """`.br` and `.gz` beside each file, at the best level: done once, sent for ever. Equal input gives equal bytes."""
    done = subprocess.run(
        [npm.find("node"), str(ROOT / "infra" / "compress.mjs")],
        input="".join(f"{path}\n" for path in paths),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ServiceError(f"The static files could not be compressed:\n{done.stderr.strip()[-800:]}")


def _sources_fingerprint() -> str:
    digest = hashlib.sha256()
    for name in MAKERS:
        digest.update((ROOT / name).read_bytes())
    folders = [path for path in ROOT.glob("*/static") if path.is_dir()] + [VAR / "vendor"]
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        stat = path.stat()
        digest.update(f"{path}:{stat.st_size}:{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
