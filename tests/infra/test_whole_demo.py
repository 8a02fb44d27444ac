"""`make demo` comes up whole: every builder of its story runs and fills its room, every printed address answers, Ctrl-C
ends it.
"""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from infra.paths import ROOT
from infra.processes import free_ports

# What nobody in the first studio has: only a wish, a refusal or a log-in of the reader's own makes it
NOBODYS = {
    *("accounts_passkey", "core_calendarrules", "core_coupon_branches", "core_couponuse", "core_customersession"),
    *("core_dispute", "core_secondsteprule", "core_valuerule", "selection_albumgrant", "selection_filegrant"),
    *("selection_originalaccess", "selection_pindoor", "selection_practice", "selection_roundgrant"),
    "selection_sitting",
}
STANDING = {"guangying": "active", "hupan": "trialing", "shiguang": "past_due", "heye": "trialing"}
LIMIT = 400  # seconds; it takes about 40 on two free cores


def addresses(told: Any) -> set[str]:
    """Every address in demo.json, wherever it stands."""
    if isinstance(told, dict):
        return set().union(*map(addresses, told.values()), set())
    if isinstance(told, list):
        return set().union(*map(addresses, told), set())
    return {told} if isinstance(told, str) and told.startswith("http") else set()


def status(address: str) -> int:
    """What a visitor without a login is told first; by number, since not every machine resolves *.localhost."""
    parts = urlsplit(address)
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", parts.port, timeout=30)) as line:
        line.request("GET", parts.path or "/", headers={"Host": parts.netloc})
        return line.getresponse().status


def database(data: Path) -> psycopg.Connection[Any]:
    """A connection to the demo's own PostgreSQL, whose port is the fourth line of its lock."""
    port = (data / "pg" / "data" / "postmaster.pid").read_text().splitlines()[3]
    password = json.loads((data / "secrets.json").read_text())["postgres"]
    return psycopg.connect(host="127.0.0.1", port=port, user="yinglou", password=password, dbname="yinglou")


def empty_tables(db: psycopg.Connection[Any], schema: str) -> set[str]:
    """The product's tables without a row in this studio."""
    asked = "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename ~ '^(accounts|core|selection)_'"
    tables = [row[0] for row in db.execute(asked, [schema]).fetchall()]
    assert len(tables) > 100
    is_empty = sql.SQL("SELECT NOT EXISTS (SELECT FROM {}.{})")
    return {
        table
        for table in tables
        if db.execute(is_empty.format(sql.Identifier(schema), sql.Identifier(table))).fetchone() == (True,)
    }


def standing(db: psycopg.Connection[Any]) -> dict[str, str]:
    """Studio and state of its subscription."""
    asked = "SELECT t.slug, s.state FROM billing_subscription s JOIN tenants_studio t ON t.id = s.studio_id"
    return dict(db.execute(asked).fetchall())


def test_the_demo_comes_up_whole_and_ends(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    data, log = tmp_path / "demo", tmp_path / "demo.log"
    env = {**os.environ, "YL_DATA": str(data), "YL_DEMO_SMALL": "1", "PYTHONUNBUFFERED": "1"}
    with log.open("wb") as out:
        run = subprocess.Popen(
            [sys.executable, "-m", "infra.demo", "--port", str(free_ports(1)[0])],
            cwd=ROOT,
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            told = _story(run, log, data / "demo.json")
            wrong = {address: code for address in sorted(addresses(told)) if (code := status(address)) >= 400}
            assert not wrong
            with database(data) as db:
                assert empty_tables(db, "s_guangying") <= NOBODYS
                assert not {"core_order", "core_payment", "selection_photo"} & empty_tables(db, "s_hupan")
                assert standing(db) == STANDING
            run.send_signal(signal.SIGINT)
            assert run.wait(60) == 0, log.read_text()
        finally:
            if run.poll() is None:
                run.terminate()
                run.wait(60)


def _story(run: subprocess.Popen[bytes], log: Path, found: Path) -> dict[str, Any]:
    """demo.json once the demo says that it runs; fails with the log when it ends before."""
    for _ in range(LIMIT * 2):
        if "is running (ready in" in log.read_text():
            return dict(json.loads(found.read_text()))
        try:
            run.wait(0.5)
        except subprocess.TimeoutExpired:
            continue
        break
    raise AssertionError(log.read_text())
