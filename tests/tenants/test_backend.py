"""The schema editor writes DDL that Citus accepts as well (tenancy.md §3.4)."""

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext, isolate_apps


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
