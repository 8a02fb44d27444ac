"""A schema editor that never writes an unnamed CHECK into ADD COLUMN: Citus refuses it, and a name can be dropped."""

from typing import Any

from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.models import Model


class PortableSchemaEditor(DatabaseSchemaEditor):
    def add_field(self, model: type[Model], field: Any) -> None:
        """ADD COLUMN, then the column's CHECK (PositiveIntegerField and friends) as a second, named statement."""
        check = field.db_parameters(connection=self.connection).get("check")
        if not check:
            super().add_field(model, field)
            return
        plain = field.db_parameters

        def without_check(connection: Any) -> dict[str, Any]:
            return {**plain(connection), "check": None}

        field.db_parameters = without_check
        try:
            super().add_field(model, field)
        finally:
            del field.db_parameters
        name = self._create_index_name(model._meta.db_table, [field.column], suffix="_check")  # type: ignore[attr-defined]  # stubs
        self.execute(
            self.sql_create_check
            % {
                "table": self.quote_name(model._meta.db_table),
                "name": self.quote_name(name),
                "check": check,
            }
        )
