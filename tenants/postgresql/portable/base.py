"""The `ORIGINAL_BACKEND` below django-tenants."""

from django.db.backends.postgresql import base

from tenants.postgresql.portable.schema import PortableSchemaEditor


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = PortableSchemaEditor
