"""The self-test sees what it is for: a mixing pooler, stray extensions, tables in the wrong schema."""

import pytest
from django.core.management import call_command
from django.db import connection

from tenants import selftest
from tenants.context import in_public
from tenants.models import Studio


def sql(statement):
    with in_public(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_all_is_well(db):
    assert selftest.problems() == []


def test_mixing_pooler_is_caught(db):
    from psycopg import connect

    given = connection.settings_dict
    login = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
    with connect(dbname=given["NAME"], autocommit=True, **login) as backend:
        # what a pooler in transaction mode does to two clients that take turns
        assert selftest.paths_mixed({"selftest_one": backend, "selftest_other": backend})


def test_studio_table_in_public_is_caught(db):
    sql("CREATE TABLE public.core_customer (id bigint)")
    assert selftest.public_table_problems() == ["table public.core_customer belongs into studios only"]


def test_tables_of_both_lists_are_allowed_in_public(db):
    assert selftest.shared_tables() == {
        *("accounts_user", "accounts_loginsession", "accounts_totpkey", "accounts_passkey", "accounts_recoverycode"),
    }


def test_missing_table_is_caught(db, studio):
    sql(f"DROP TABLE {studio.schema_name}.core_counter")
    assert selftest.schema_problems() == [f"schema {studio.schema_name} lacks core_counter"]


def test_orphans_and_lost_schemas_are_caught(db, studio):
    sql("CREATE SCHEMA s_orphan")
    with in_public():
        Studio(name="x", slug="lost", schema_name="s_lost").save()
    assert set(selftest.schema_problems()) == {"schema s_orphan has no studio", "studio s_lost has no schema"}


def test_extension_outside_its_schema_is_caught(db, studio):
    sql(f"CREATE EXTENSION citext SCHEMA {studio.schema_name}")
    assert selftest.extension_problems() == [f"extension citext lives in {studio.schema_name}: move it to `extensions`"]


def test_command_tells_by_exit_code(db, capsys):
    call_command("selftest")
    sql("CREATE SCHEMA s_orphan")
    with pytest.raises(SystemExit) as stop:
        call_command("selftest")
    assert stop.value.code == 1
    assert "s_orphan" in capsys.readouterr().err
