"""Verbs of a studio's life."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from tenants.context import in_public, in_studio
from tenants.models import Domain, Studio, StudioStatus


def open_studio(*, name: str, slug: str, **fields: Any) -> Studio:
    """Create a studio with its schema and domain; active when this returns."""
    with in_public():
        schema = "s_" + slug.replace("-", "_")
        with transaction.atomic():
            studio = Studio.objects.create(name=name, slug=slug, schema_name=schema, **fields)
            Domain.objects.create(domain=f"{slug}.{settings.PLATFORM_HOST}", tenant=studio, is_primary=True)
            with connection.cursor() as cursor:
                cursor.execute(f'CREATE SCHEMA "{schema}"')
        call_command("migrate_schemas", schema_name=schema, verbosity=0, interactive=False)
        studio.status = StudioStatus.ACTIVE
        studio.save(update_fields=["status"])
    with in_studio(studio):
        pass
    return studio
