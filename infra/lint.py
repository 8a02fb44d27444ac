"""`make lint`: every static check, two at a time, all of them even after a failure; exit code 1 when one failed.

python -m infra.lint [name …]      only the named checks
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from infra.paths import ROOT, VENV

# Nothing here talks to a service; the addresses only let the settings be read.
ENV = {
    "DATABASE_URL": "postgresql://lint:lint@127.0.0.1:1/lint",
    "VALKEY_URL": "redis://127.0.0.1:1/0",
    "S3_ENDPOINT_URL": "http://127.0.0.1:1",
    "S3_BUCKET": "lint",
    "S3_ACCESS_KEY": "lint",
    "S3_SECRET_KEY": "lint",
    "SECRET_KEY": "lint-" + "x" * 60,
    "DJANGO_SETTINGS_MODULE": "config.settings_test",  # without the pool: it would wait for the database
    "DEBUG": "0",
    "DEMO": "0",
}
CODE = ["config", "tenants", "billing", "core", "selection", "portal", "infra"]
CHECKS: dict[str, list[str]] = {
    "ruff": ["ruff", "check", "--quiet", "."],
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "imports": ["lint-imports", "--no-cache"],
    "types": ["mypy", "--no-error-summary", *CODE],
    "templates": ["djlint", "--quiet", "--lint", *CODE],  # not ".": package caches may lie in var/
    "migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run", "--verbosity", "1"],
    "repository": ["python", "-m", "infra.repository"],
}


def main() -> int:
    """Run the wanted checks; the exit code."""
    wanted = sys.argv[1:] or list(CHECKS)
    env = {**os.environ, **ENV, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    wanted.sort(key=lambda name: name != "types")  # as long as all the others together: begins first
    with ThreadPoolExecutor(2) as pool:
        return max(pool.map(lambda name: check(name, env), wanted))


def check(name: str, env: dict[str, str]) -> int:
    """Run one check and say how it went; 1 when it failed."""
    begun = time.monotonic()
    done = subprocess.run(CHECKS[name], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    said = f"{'FAIL' if done.returncode else 'ok  '} {name:<12} {time.monotonic() - begun:5.1f} s\n"
    print(said + (f"{(done.stdout + done.stderr).strip()}\n" if done.returncode else ""), end="", flush=True)
    return 1 if done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
