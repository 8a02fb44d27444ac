"""PostgreSQL, Valkey and S3 together, in one data folder, with the environment the product reads.

As a program it runs them detached: `python -m infra.services start|stop|env --data DIR [--pg 5544 …] [--forgetful]`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from infra.postgres import Postgres, bin_dir
from infra.processes import Daemon, ServiceError, choose_port, port_is_free, stop_leftovers
from infra.s3 import S3
from infra.valkey import Valkey

BUCKET = "yinglou"
REGION = "us-east-1"


@dataclass(frozen=True)
class Ports:
    """Where the services listen. 0 = any free port; `fixed` = exactly these or an error."""

    postgres: int = 0
    valkey: int = 0
    s3: int = 0
    fixed: bool = False

    def settle(self) -> Ports:
        chosen: dict[str, int] = {}
        for name in ("postgres", "valkey", "s3"):
            wanted = getattr(self, name)
            if self.fixed and wanted and not port_is_free(wanted):
                raise ServiceError(f"Port {wanted} (for {name}) is in use by another program.")
            chosen[name] = choose_port(wanted, frozenset(chosen.values()))
        return Ports(**chosen, fixed=self.fixed)


@dataclass
class Services:
    """The three services below `data`. A second start reuses what is there, passwords included.

    `start` first ends what a killed earlier run left in this folder, then starts all three and returns when they
    answer. `durable=False` is for throw-away instances: no fsync anywhere.
    """

    data: Path
    ports: Ports = field(default_factory=Ports)
    durable: bool = True
    cors: str = ".*"
    say: Callable[[str], None] = lambda _: None

    def __post_init__(self) -> None:
        self.run_dir = self.data / "run"
        self.secrets_file = self.data / "secrets.json"
        self.running: list[Postgres | Valkey | S3] = []

    def start(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        made_by = self.secrets_file.stat().st_uid if self.secrets_file.exists() else os.geteuid()
        if made_by != os.geteuid():
            raise ServiceError(
                f"The data folder {self.data} was made by another user (uid {made_by}). Run as that user, or use "
                "another folder: YL_DATA=<folder>."
            )
        for name in stop_leftovers(self.run_dir):
            self.say(f"stopped {name}, left over from a killed earlier run")
        self.ports = self.ports.settle()
        keys = self._secrets()
        log = self.data / "log"
        self.postgres = Postgres(
            self.data / "pg", self.run_dir, log / "postgres.log", self.ports.postgres, keys["postgres"], self.durable
        )
        self.valkey = Valkey(self.data / "valkey", self.run_dir, log / "valkey.log", self.ports.valkey, keys["valkey"])
        self.s3 = S3(
            self.data / "s3", self.run_dir, log / "s3.log", self.ports.s3, keys["s3_access"], keys["s3_secret"],
            BUCKET, REGION, self.cors, self.durable,
        )  # fmt: skip
        for each in (self.postgres, self.valkey, self.s3):
            self.running.append(each)
            each.start()

    def stop(self) -> None:
        """Stop what was started, the database last; never raises for one that is already gone."""
        while self.running:
            self.running.pop().stop()

    def daemons(self) -> list[Daemon]:
        return [each.daemon for each in self.running if each.daemon is not None]

    def env(self) -> dict[str, str]:
        """What the product reads about its services, plus PGBIN for people."""
        keys = self._secrets()
        return {
            "DATABASE_URL": self.postgres.url(),
            "VALKEY_URL": self.valkey.url,
            "S3_ENDPOINT_URL": f"http://127.0.0.1:{self.ports.s3}",
            "S3_PUBLIC_URL": f"http://localhost:{self.ports.s3}",
            "S3_BUCKET": BUCKET,
            "S3_REGION": REGION,
            "S3_ACCESS_KEY": keys["s3_access"],
            "S3_SECRET_KEY": keys["s3_secret"],
            "SECRET_KEY": keys["django"],
            "PGBIN": str(bin_dir()),
        }

    def _secrets(self) -> dict[str, str]:
        """Random, made once per data folder, readable by its owner only."""
        path = self.secrets_file
        if not path.exists():
            names = ("postgres", "valkey", "s3_access", "s3_secret", "django")
            path.touch(mode=0o600)
            path.write_text(json.dumps({name: secrets.token_hex(16 if name == "s3_access" else 32) for name in names}))
        found: dict[str, str] = json.loads(path.read_text())
        return found


@contextlib.contextmanager
def throw_away(data: Path) -> Iterator[Services]:
    """Fast, forgetful services on random ports, stopped at the end whatever happens."""
    services = Services(data, durable=False)
    try:
        services.start()
        yield services
    finally:
        services.stop()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.services", description=__doc__)
    parser.add_argument("action", choices=["start", "stop"])
    parser.add_argument("--data", type=Path, required=True)
    for name in ("postgres", "valkey", "s3"):
        parser.add_argument(f"--{name}", type=int, default=0, help="port; 0 = any free one")
    parser.add_argument("--forgetful", action="store_true", help="no fsync: for data that may be lost")
    parser.add_argument("--env-file", type=Path, help="write `export NAME=value` lines here")
    args = parser.parse_args()
    if args.action == "stop":
        print("stopped:", ", ".join(stop_leftovers(args.data.resolve() / "run")) or "nothing was running")
        return 0
    fixed = Ports(args.postgres, args.valkey, args.s3, fixed=True)
    services = Services(args.data.resolve(), fixed, durable=not args.forgetful, say=print)
    begun = time.monotonic()
    try:
        services.start()
    except ServiceError as error:
        services.stop()
        print(error, file=sys.stderr)
        return 1
    lines = [f"export {name}={shlex.quote(value)}" for name, value in services.env().items()]
    if args.env_file:
        args.env_file.write_text("\n".join(lines) + "\n")
    print("\n".join(lines), f"\n# ready in {time.monotonic() - begun:.1f} s; they go on running")
    return 0


if __name__ == "__main__":
    sys.exit(main())
