"""`make bench [ONLY=a,b]`: every module of this folder, a table, and bench.json in the data folder.

    python -m tests.bench [--only board,picks]

bench.json is `{name: {value, unit, baseline, ratio, note}}`; figures of modules that did not run this time are kept.
A module that fails is named and does not stop the others; the exit code is then 1.
"""

import argparse
import os
import sys
from pathlib import Path

import django

from tests.bench import runner


def main() -> int:
    known = runner.subjects()
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", default="", help=f"comma-separated, of: {', '.join(known)}")
    chosen = [name for name in parser.parse_args().only.split(",") if name] or known
    if unknown := sorted(set(chosen) - set(known)):
        print(f"No such bench: {', '.join(unknown)}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    with runner.database(os.environ["DATABASE_URL"]) as url:
        os.environ["DATABASE_URL"] = url
        django.setup()
        runner.migrate()
        figures, failed = runner.measure(chosen)
    print(runner.table(figures))
    print(runner.write(figures, Path(os.environ.get("YL_DATA", "var/demo"))))
    for name, reason in failed.items():
        print(f"{name} FAILED: {reason}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
