"""PostgreSQL, Valkey and S3 start from nothing, keep their data and secrets, and survive a killed run."""

import os
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from infra.processes import ServiceError
from infra.services import Ports, Services
from tests.infra.conftest import client_of


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("services")
    yield folder
    Services(folder, durable=False).stop()


def start(home: Path, **options: Any) -> Services:
    services = Services(home, durable=False, **options)
    services.start()
    return services


def setting(url: str, name: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
        assert row is not None
        return str(row[0])


def test_started_from_nothing_they_answer_and_keep_their_data(home: Path) -> None:
    services = start(home)
    url = services.env()["DATABASE_URL"]
    assert setting(url, "server_version").startswith("18")
    assert (setting(url, "max_locks_per_transaction"), setting(url, "max_connections")) == ("256", "200")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (name text)")
        connection.execute("INSERT INTO kept VALUES ('光影')")
    assert redis.Redis.from_url(services.env()["VALKEY_URL"]).ping()
    client_of(services.s3).put_object(Bucket="yinglou", Key="kept.jpg", Body=b"photo")
    services.stop()

    again = start(home)
    try:
        assert again.env()["SECRET_KEY"] == services.env()["SECRET_KEY"]
        with psycopg.connect(again.env()["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT name FROM kept").fetchall() == [("光影",)]
        assert client_of(again.s3).get_object(Bucket="yinglou", Key="kept.jpg")["Body"].read() == b"photo"
    finally:
        again.stop()


def test_killed_run_is_cleaned_up(home: Path) -> None:
    killed = start(home)
    for daemon in killed.daemons()[:2]:  # two die with their run, S3 lives on
        assert daemon.popen is not None
        os.kill(daemon.popen.pid, signal.SIGKILL)
        daemon.popen.wait()
    said: list[str] = []
    again = start(home, say=said.append)
    try:
        assert said == ["stopped s3, left over from a killed earlier run"]
        assert setting(again.env()["DATABASE_URL"], "fsync") == "off"
    finally:
        again.stop()
    for daemon in killed.daemons():
        assert daemon.popen is not None
        daemon.popen.wait()


def test_strangers_need_the_passwords(home: Path) -> None:
    services = start(home)
    try:
        env = services.env()
        secret = env["DATABASE_URL"].split(":")[2].split("@")[0]
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(env["DATABASE_URL"].replace(secret, "guess"))
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=services.ports.valkey, retry=Retry(NoBackoff(), 0)).ping()
        for name in ("secrets.json", "valkey/valkey.conf"):
            assert stat.S_IMODE((home / name).stat().st_mode) == 0o600
    finally:
        services.stop()


def test_busy_fixed_port_is_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with pytest.raises(ServiceError, match=f"Port {port}"):
            Services(tmp_path, Ports(valkey=port, fixed=True)).start()


def test_lock_file_with_a_reused_pid_does_not_stop_the_database(home: Path) -> None:
    start(home).stop()
    lock = home / "pg" / "data" / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{home}/pg/data\n1\n5432\n\n127.0.0.1\n0 0\n")
    if os.geteuid() == 0:
        owner = (home / "pg" / "data").stat()
        os.chown(lock, owner.st_uid, owner.st_gid)
    services = start(home)
    services.stop()
