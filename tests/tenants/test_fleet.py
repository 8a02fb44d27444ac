"""The fleet: canary first, on in spite of errors, recorded, alone, and never waiting long for a lock."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, migrations
from django.db.migrations.loader import MigrationLoader

from tenants import fleet, migrator
from tenants.context import in_public, in_studio
from tenants.models import SchemaState, Studio
from tenants.services import open_studio

NEXT = ("core", "9999_fleet_test")


class Future(migrations.Migration):
    """A column that only studios without a table `poison` can get."""

    operations = [
        migrations.RunSQL(
            "DO $$ BEGIN IF to_regclass('poison') IS NOT NULL THEN RAISE 'poisoned'; END IF; END $$;"
            "ALTER TABLE core_branch ADD COLUMN fleet integer;"
        )
    ]


@pytest.fixture
def five(db):
    """Five studios, oldest first, opened before the code moved on."""
    for n in range(3):
        open_studio(name=f"F{n}", slug=f"fleet-{n}a")
    with in_public():
        return list(Studio.objects.order_by("pk"))


@pytest.fixture
def future(five, monkeypatch):
    """The code has one more migration than the studios."""
    _add_future(monkeypatch)
    yield
    migrator.wanted.cache_clear()


def _add_future(monkeypatch):
    real = MigrationLoader.load_disk

    def load_disk(loader):
        real(loader)
        last = max(name for app, name in loader.disk_migrations if app == "core")
        Future.dependencies = [("core", last)]
        loader.disk_migrations[NEXT] = Future(NEXT[1], "core")

    monkeypatch.setattr(MigrationLoader, "load_disk", load_disk)
    migrator.wanted.cache_clear()


def poison(studio):
    with in_studio(studio), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE poison ()")


def has_column(studio):
    with in_public(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM information_schema.columns WHERE table_schema = %s AND column_name = 'fleet'",
            [studio.schema_name],
        )
        return cursor.fetchone()[0] == 1


def test_nothing_to_do_costs_a_handful_of_queries(five, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        report = fleet.migrate_studios()
    assert len(report.current) == 5
    assert not report.migrated


def test_one_failing_studio_does_not_stop_the_others(future, five):
    poison(five[2])
    lines = []
    report = fleet.migrate_studios(say=lines.append)
    assert list(report.failed) == [five[2].schema_name]
    assert [has_column(s) for s in five] == [True, True, False, True, True]
    with in_public():
        states = dict(SchemaState.objects.values_list("studio__schema_name", "error"))
        fingerprints = dict(SchemaState.objects.values_list("studio__schema_name", "fingerprint"))
    assert "poisoned" in states.pop(five[2].schema_name)
    assert set(states.values()) == {""}
    assert fingerprints.pop(five[2].schema_name) != migrator.fingerprint()
    assert set(fingerprints.values()) == {migrator.fingerprint()}
    assert any("[3/5]" in line and "FAILED" in line for line in lines)


def test_mended_studio_is_migrated_alone_by_the_next_run(future, five):
    poison(five[2])
    fleet.migrate_studios()
    with in_studio(five[2]), connection.cursor() as cursor:
        cursor.execute("DROP TABLE poison")
    report = fleet.migrate_studios()
    assert (len(report.current), report.migrated) == (4, [five[2].schema_name])
    with in_public():
        assert five[2].schema_state.error == ""


def test_failing_canary_stops_the_fleet(future, five):
    poison(five[4])
    report = fleet.migrate_studios(canary=five[4].slug)
    assert list(report.failed) == [five[4].schema_name]
    assert len(report.untouched) == 4
    assert not any(has_column(s) for s in five)


@pytest.mark.parametrize(("poisoned", "canary", "code"), [(None, "", 0), (2, "", 1), (0, "", 2)])
def test_exit_codes(future, five, poisoned, canary, code, capsys):
    if poisoned is not None:
        poison(five[poisoned])
    if code == 0:
        call_command("migrate_studios", no_shared=True)
        return
    with pytest.raises(SystemExit) as stop:
        call_command("migrate_studios", no_shared=True, canary=canary)
    assert stop.value.code == code


def test_check_names_the_studios_behind(future, five, capsys):
    with pytest.raises(SystemExit) as stop:
        call_command("migrate_studios", check=True)
    assert stop.value.code == 4
    assert five[0].schema_name in capsys.readouterr().out
    assert not has_column(five[0])


def test_migrate_schemas_takes_the_same_road(future, five):
    poison(five[2])
    with pytest.raises(CommandError, match=five[2].schema_name):
        call_command("migrate_schemas", tenant=True, verbosity=0)
    assert [has_column(s) for s in five] == [True, True, False, True, True]
    with pytest.raises(CommandError, match="as a whole"):
        call_command("migrate_schemas", tenant=True, fake=True, verbosity=0)


def test_second_run_is_refused(db, throwaway_lock):
    with pytest.raises(fleet.AlreadyRunning):
        fleet.migrate_studios()


@pytest.fixture
def throwaway_lock(db):
    """Another session holds the fleet's lock."""
    from psycopg import connect

    given = connection.settings_dict
    with connect(
        host=given["HOST"], port=given["PORT"], user=given["USER"], password=given["PASSWORD"], dbname=given["NAME"]
    ) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", fleet.LOCK)
        yield


def test_busy_table_is_tried_again_until_it_is_free(throwaway_studio, monkeypatch):
    """A session holds the table longer than one lock timeout; the migration waits in small doses and then succeeds."""
    monkeypatch.setattr(migrator, "LOCK_TIMEOUT", "200ms")
    monkeypatch.setattr(migrator, "PAUSE", 0.1)
    held, met = threading.Event(), threading.Event()
    _add_future(monkeypatch)

    def hear(step):
        if "busy" in step:
            met.set()

    def hold():
        from django.db import connection as own

        with in_studio(throwaway_studio), own.cursor() as cursor:
            cursor.execute("BEGIN; LOCK TABLE core_branch IN ACCESS SHARE MODE")
            held.set()
            met.wait(30)  # however slow the machine is: until the migration has met us
            cursor.execute("COMMIT")
        own.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(5)
    assert migrator.apply(throwaway_studio.schema_name, hear) == 1
    thread.join()
    migrator.wanted.cache_clear()
    assert met.is_set()
    with in_studio(throwaway_studio), connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


def test_studio_migrations_do_not_see_public(db, studio):
    """A migration that names a shared table fails instead of finding it behind the studio's schema."""

    class Reaching(migrations.Migration):
        operations = [migrations.RunSQL("SELECT count(*) FROM tenants_studio")]

    from tenants.state import Place, place

    token = place.set(Place(studio.schema_name, include_public=False))
    try:
        from django.db.utils import ProgrammingError

        with pytest.raises(ProgrammingError, match="tenants_studio"), connection.schema_editor() as editor:
            Reaching.operations[0].database_forwards("core", editor, None, None)
    finally:
        place.reset(token)
