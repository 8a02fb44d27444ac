"""Questions about a studio's life."""

from typing import Any

from django.conf import settings
from django.db import ProgrammingError, connection
from django.utils.module_loading import import_string

from tenants import migrator
from tenants.context import in_public, in_studio
from tenants.life import tables
from tenants.life.models import StudioAct, StudioTask, TaskKind
from tenants.models import Studio

SHOWN = 20


def exports_of(studio: Studio, limit: int = SHOWN) -> list[StudioTask]:
    with in_public():
        return list(
            StudioTask.objects.filter(schema=studio.schema_name, studio=studio, kind=TaskKind.EXPORT).order_by("-pk")[
                :limit
            ]
        )


def export_of(studio: Studio, code: str) -> StudioTask | None:
    with in_public():
        found: StudioTask | None = StudioTask.objects.filter(studio=studio, kind=TaskKind.EXPORT, code=code).first()
    return found


def tasks_of(studio: Studio, limit: int = SHOWN) -> list[StudioTask]:
    with in_public():
        return list(StudioTask.objects.filter(schema=studio.schema_name).order_by("-pk")[:limit])


def acts_of(studio: Studio, limit: int = 50) -> list[StudioAct]:
    with in_public():
        return list(StudioAct.objects.filter(slug=studio.slug, at__gte=studio.created_at).order_by("-pk")[:limit])


def storage_of(studio: Studio) -> dict[str, int]:
    """Bytes of tables, and of files as the studio's own rows count them: a list of a million objects takes minutes."""
    try:
        with in_studio(studio):
            size = int(import_string(settings.USAGE_METERS["storage_bytes"])())
    except ProgrammingError:  # its tables go at this moment
        size = 0
    with in_public():
        return {"tables": tables.size_of(studio.schema_name), "bytes": size}


def jobs_of(studio: Studio) -> dict[str, int]:
    """Status → how many jobs of the studio."""
    with in_public(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text, count(*) FROM procrastinate_jobs WHERE args->>'_schema' = %s GROUP BY 1 ORDER BY 1",
            [studio.schema_name],
        )
        return dict(cursor.fetchall())


def schema_of(studio: Studio) -> dict[str, Any]:
    """Whether the schema is where the code is."""
    with in_public():
        is_current = studio.schema_name in migrator.current_schemas()
        state = getattr(studio, "schema_state", None)
    return {"is_current": is_current, "error": state.error if state else "", "at": state.at if state else None}
