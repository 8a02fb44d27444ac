"""No secret of a studio stands in what its owner downloads; a restore brings all of them back."""

import json
import re
import zipfile

import pytest
from django.db import connection

from core.kernel import storage
from core.messaging.models import OutboxMessage
from tenants.accounts.models import User
from tenants.context import in_public, in_studio
from tenants.life import sealing, tables
from tenants.life.exporting import archive_key
from tenants.life.models import TaskState
from tenants.life.restoring import ask_restore
from tests.jobs import run_jobs
from tests.tenants.life.test_export import export, opened

GUESS = re.compile(r"passw|secret|token|openid|digits|private|share_code|code_hash|session_data|credential")


@pytest.fixture
def guarded(pair):
    """Each studio with a second step, a code, a feed and a letter that lets in; the words that must not be seen."""
    words = []
    for number, studio in enumerate(pair):
        mark = f"hush{number}"
        with in_studio(studio), connection.cursor() as cursor:
            boss = User.objects.get(username="boss")
            cursor.execute(
                "INSERT INTO accounts_totpkey (user_id, secret, made_at, last_step) VALUES (%s, %s, now(), 0)",
                [boss.pk, f"{mark}-totp"],
            )
            OutboxMessage.objects.create(
                route="sms", template="studio_life", to="+8613900000000", facts={"link": f"{mark}-letter"}
            )
            words += [boss.password, f"{mark}-totp", f"{mark}-letter"]
    return words


def test_no_secret_stands_in_the_archive(one, guarded):
    archive = opened(one, export(one, with_files=False))
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert [word for word in guarded if word.encode() in everything] == []
    assert "tables/accounts_totpkey.csv" not in archive.namelist()
    assert "password" not in archive.read("tables/accounts_user.csv").decode().split("\n")[0]
    assert "boss@example.com" in archive.read("tables/accounts_user.csv").decode(), "the people stay readable"


def test_every_column_that_sounds_secret_is_decided_on(one):
    with in_public():
        found = tables.tables_of(one.schema_name)
    open_columns = {
        (table.name, name)
        for table in (sealing.readable(each) for each in found)
        if table
        for name, _type in table.columns
        if GUESS.search(name)
    }
    assert open_columns == set()
    known = {table.name: {name for name, _type in table.columns} for table in found}
    for name, columns in sealing.SECRETS.items():
        assert columns <= known[name], f"{name} has no such columns"


def test_only_the_platform_opens_it(one, guarded, untouched, tmp_path, settings):
    """Under another key nothing is restored."""
    task = export(one, with_files=False)
    path = tmp_path / "a.zip"
    with in_studio(one):
        path.write_bytes(storage.get(archive_key(task)))
    settings.CREDENTIAL_KEYS = ["another platform's key"]
    task = ask_restore(actor="op", path=str(path))
    run_jobs(failures=True)
    with in_public():
        task.refresh_from_db()
    assert (task.state, "archive.foreign" in task.error) == (TaskState.FAILED, True)
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert {table["name"] for table in manifest["tables"] if table.get("sealed")} == set(sealing.SECRETS)
