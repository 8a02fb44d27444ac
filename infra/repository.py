"""Checks of the repository itself: no registry addresses in committed files, nothing generated is committed."""

from __future__ import annotations

import re
import subprocess
import sys

from infra.paths import ROOT

# Written in pieces so that this file passes its own check.
REGISTRIES = re.compile(
    "|".join([r"pypi\." + "org", r"python" + r"hosted\.org", r"registry\.npm" + "js", r"npm" + "mirror"])
)


def main() -> int:
    """Print every offence; the exit code."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    offences = []
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
