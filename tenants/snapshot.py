"""A studio's tables as one piece of SQL, so that a studio opens in a fraction of a second instead of by migrations.

`tenants/ddl/studio.sql` is made by `manage.py snapshot_schema` from a migrated schema and committed; a test compares
the catalogs of both. Names in it are unqualified: it is run with only the new schema on the search path.
"""

import os
import re
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

from django.db import connection
from psycopg import sql

from tenants import migrator
from tenants.state import Place, place

FILE = Path(__file__).parent / "ddl" / "studio.sql"
TEMPLATE = "s_yinglou_snapshot"  # the schema that is dumped; unlike anything else in the text
_KEPT = ("CREATE ", "ALTER TABLE", "ALTER SEQUENCE", "COMMENT ", "INSERT ")


class SnapshotStale(RuntimeError):
    """The file does not hold the code's migrations: run `manage.py snapshot_schema`."""


def build(schema: str) -> None:
    """Create the schema with every table, constraint, and migration row of a studio, in the running transaction."""
    token = place.set(Place(schema, include_public=False))
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
            cursor.execute(_script())
    finally:
        place.reset(token)


@lru_cache(maxsize=1)
def _script() -> str:
    text = FILE.read_text(encoding="utf-8")
    if text.splitlines()[0] != _first_line():
        raise SnapshotStale(str(FILE))
    return text


def _first_line() -> str:
    return f"-- migrations {migrator.fingerprint()}"


def write() -> int:
    """Write the file from the schema TEMPLATE of the connected database, which must be migrated; returns its size."""
    history = ",\n".join(f"('{app}', '{name}', now())" for app, name in sorted(migrator.wanted()))
    statements = [
        _first_line(),
        "-- made by `manage.py snapshot_schema`: do not edit",
        *_statements(_dump()),
        f"INSERT INTO django_migrations (app, name, applied) VALUES\n{history};",
    ]
    text = "\n\n".join(statements) + "\n"
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(text, encoding="utf-8")
    _script.cache_clear()
    return len(text)


def _statements(dump: str) -> list[str]:
    lines = (line for line in dump.splitlines() if line.strip() and not line.startswith(("--", "\\")))
    found = re.split(r"(?<=;)\n", "\n".join(lines))
    wanted = [s for s in found if s.startswith(_KEPT) and not s.startswith("CREATE SCHEMA")]
    return [s.replace(f"{TEMPLATE}.", "").replace(f"Schema: {TEMPLATE}", "") for s in wanted]


def _dump() -> str:
    """Structure and the rows that data migrations made, without the history (its times differ on every run)."""
    program = shutil.which("pg_dump", path=os.environ.get("PGBIN")) or shutil.which("pg_dump")
    if program is None:
        message = "pg_dump is needed: put it on PATH or name its folder in PGBIN"
        raise FileNotFoundError(message)
    given = connection.settings_dict
    command = [program, "--schema", TEMPLATE, "--no-owner", "--no-privileges", "--inserts"]
    command += ["--exclude-table-data", f"{TEMPLATE}.django_migrations"]
    environment = {
        **os.environ,
        "PGHOST": given["HOST"],
        "PGPORT": str(given["PORT"]),
        "PGUSER": given["USER"],
        "PGPASSWORD": given["PASSWORD"],
        "PGDATABASE": given["NAME"],
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout
