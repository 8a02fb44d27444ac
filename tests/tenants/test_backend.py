"""The schema editor writes DDL that Citus accepts as well (tenancy.md §3.4)."""

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext, isolate_apps

from core.kernel import rows
from tenants.context import in_studio


@isolate_apps("core")
def test_check_of_a_new_column_is_a_named_statement_of_its_own(db, studio):
    class Thing(models.Model):
        class Meta:
            app_label = "core"

    count = models.PositiveIntegerField(default=1)
    count.set_attributes_from_name("count")
    with CaptureQueriesContext(connection) as queries, connection.schema_editor() as editor:
        editor.create_model(Thing)
        editor.add_field(Thing, count)
    added = [q["sql"] for q in queries if "ADD COLUMN" in q["sql"]]
    named = [q["sql"] for q in queries if "ADD CONSTRAINT" in q["sql"]]
    assert added
    assert not any("CHECK" in statement for statement in added)
    assert len(named) == 1
    assert "CHECK" in named[0]
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("INSERT INTO core_thing (count) VALUES (-1)")


@isolate_apps("core")
def test_column_without_a_check_is_added_as_django_does(db, studio):
    class Thing(models.Model):
        class Meta:
            app_label = "core"

    name = models.CharField(max_length=10, default="x")
    name.set_attributes_from_name("name")
    with connection.schema_editor() as editor:
        editor.create_model(Thing)
        editor.add_field(Thing, name)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO core_thing (name) VALUES ('y')")


def test_ddl_lands_in_the_current_studio(db, studio):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE somewhere ()")
        cursor.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'somewhere'")
        assert cursor.fetchone() == (studio.schema_name,)


def test_a_kept_plan_answers_for_the_studio_that_asks(db, studio, other_studio):
    """The same statement, prepared in one studio, on the same connection: another studio's rows, other column types."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (what varchar(20))")
        cursor.execute("INSERT INTO kept VALUES ('ours')")
    with in_studio(other_studio), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (what integer)")
        cursor.execute("INSERT INTO kept VALUES (7)")
    ask = "SELECT what FROM kept WHERE %s > 0"
    ours = [rows.run(ask, [1]).fetchone() for _ in range(7)]
    with in_studio(other_studio):
        theirs = [rows.run(ask, [1]).fetchone() for _ in range(7)]
    again = rows.run(ask, [1]).fetchone()
    assert (set(ours), set(theirs), again) == ({("ours",)}, {(7,)}, ("ours",))
