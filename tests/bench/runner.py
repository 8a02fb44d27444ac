"""Running the bench's modules one after the other, and telling what they found."""

import contextlib
import importlib
import json
import os
import pkgutil
import re
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

Figures = dict[str, dict[str, Any]]
COLUMNS = ("name", "value", "unit", "baseline", "ratio", "note")


def subjects() -> list[str]:
    """The modules that can measure, by name."""
    names = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])]
    return sorted(
        name
        for name in names
        if name not in {"__main__", "runner", "gallery_seed", "scene"} and not name.startswith("_")
    )


@contextlib.contextmanager
def database(url: str) -> Iterator[str]:
    """A database of the bench's own beside the given one; gone afterwards."""
    name = sql.Identifier(f"yl_bench_{os.getpid()}")
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(name))
        try:
            yield re.sub(r"/[^/]*$", f"/yl_bench_{os.getpid()}", url)
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def migrate() -> None:
    """The shared tables; studios are opened by those who need one."""
    from django.core.management import call_command

    call_command("migrate_studios", verbosity=0)


def measure(chosen: list[str]) -> tuple[Figures, dict[str, str]]:
    """(figures, why a module failed). Every module starts without open connections."""
    from django.db import connections

    figures: Figures = {}
    failed: dict[str, str] = {}
    for name in chosen:
        print(f"· {name}", flush=True)
        begun = time.monotonic()
        try:
            figures |= importlib.import_module(f"tests.bench.{name}").run()
        except Exception as error:  # noqa: BLE001 (the next subject does not depend on this one)
            traceback.print_exc()
            failed[name] = f"{type(error).__name__}: {error}"
        connections.close_all()
        print(f"  {time.monotonic() - begun:.0f} s", flush=True)
    return figures, failed


def table(figures: Figures) -> str:
    """The figures in columns, for people."""
    rows = [COLUMNS, *((name, *(_shown(row.get(column)) for column in COLUMNS[1:])) for name, row in figures.items())]
    widths = [max(len(row[i]) for row in rows) for i in range(len(COLUMNS) - 1)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]) for row in rows
    ]
    return "\n".join(["", *lines, ""])


def _shown(value: Any) -> str:
    return "–" if value is None else str(value)


def write(figures: Figures, folder: Path) -> Path:
    """bench.json with these figures; others in it stay."""
    path = folder / "bench.json"
    folder.mkdir(parents=True, exist_ok=True)
    old = json.loads(path.read_text()) if path.exists() else {}
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps({**old, **figures}, ensure_ascii=False, indent=2))
    partial.rename(path)
    return path
