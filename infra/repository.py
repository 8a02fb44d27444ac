"""Checks of the repository itself: no registry addresses, nothing generated, locks that know every dependency."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

from infra.paths import ROOT

# Written in pieces so that this file passes its own check.
REGISTRIES = re.compile(
    "|".join([r"pypi\." + "org", r"python" + r"hosted\.org", r"registry\.npm" + "js", r"npm" + "mirror"])
)


def _name(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")


def unlocked() -> list[str]:
    """Dependencies of pyproject.toml that the lock they belong to does not have."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    wanted = {
        "runtime.txt": project["project"]["dependencies"],
        "all.txt": [*project["project"]["dependencies"], *groups["infra"], *groups["dev"]],
        "demo.txt": groups["demo"],
    }
    offences = []
    for lock, requirements in wanted.items():
        locked = {_name(line) for line in (ROOT / "infra" / "locks" / lock).read_text().splitlines() if "==" in line}
        missing = sorted({_name(each) for each in requirements} - locked)
        offences += [f"infra/locks/{lock}: lacks {name}; run `make lock`" for name in missing]
    return offences


def main() -> int:
    """Print every offence; the exit code."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    offences = unlocked()
    for name in filter(None, listed.stdout.split("\0")):
        if name.startswith(("var/", ".venv/", "node_modules/")):
            offences.append(f"{name}: generated files are not committed")
        path = ROOT / name
        if not path.is_file():
            continue
        for number, line in enumerate(path.read_text(errors="ignore").splitlines(), 1):
            if REGISTRIES.search(line):
                offences.append(f"{name}:{number}: names a package registry's host")
    print("\n".join(offences))
    return 1 if offences else 0


if __name__ == "__main__":
    sys.exit(main())
