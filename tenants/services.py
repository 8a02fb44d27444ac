"""Verbs of a studio's life."""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.module_loading import import_string
from psycopg import sql

from tenants import directory, migrator, snapshot
from tenants.context import in_public, in_studio
from tenants.models import Domain, SchemaState, Studio, StudioStatus
from tenants.names import clean_slug, schema_of

log = logging.getLogger(__name__)


class AddressTaken(ValueError):
    """Another studio has this address."""


class StudioBusy(RuntimeError):
    """The verb is not for a studio in its present status."""


def open_studio(
    *,
    name: str,
    slug: str,
    owner_name: str = "",
    owner_username: str = "",
    owner_password: str = "",
    owner_phone: str = "",
    owner_email: str = "",
    branch_name: str = "",
    language: str = "zh-hans",
    currency: str = "CNY",
    timezone: str = "Asia/Shanghai",
) -> Studio:
    """Open a studio: row, address, schema, owner, first branch, stages, sample packages; active when this returns.

    One transaction: after an error nothing is left, and the same call may simply be made again. Without an owner the
    studio stays unfurnished (a restore brings its own rows). Raises names.NameRefused, AddressTaken, and whatever a
    furnisher refuses.
    """
    slug = clean_slug(slug)
    with in_public(), transaction.atomic():
        studio = Studio(
            name=name,
            slug=slug,
            schema_name=schema_of(slug),
            status=StudioStatus.ACTIVE,
            language=language,
            currency=currency,
            timezone=timezone,
        )
        _claim_address(studio)
        snapshot.build(studio.schema_name)
        SchemaState.objects.create(studio=studio, fingerprint=migrator.fingerprint())
        if owner_username:
            _furnish(
                studio,
                owner_name=owner_name,
                owner_username=owner_username,
                owner_password=owner_password,
                owner_phone=owner_phone,
                owner_email=owner_email,
                branch_name=branch_name,
            )
    log.info("studio %s opened", studio.schema_name)
    return studio


def suspend_studio(studio: Studio, *, reason: str = "", keeps_customers: bool = False) -> None:
    """Close the studio's doors: pages answer 503, periodic jobs skip it, its data stays.

    `keeps_customers`: its customers still reach what they paid for, and nothing else (StudioMiddleware).
    """
    studio.closed_reason, studio.keeps_customers = reason, keeps_customers
    _turn(studio, {StudioStatus.ACTIVE}, StudioStatus.SUSPENDED, "closed_reason", "keeps_customers")


def resume_studio(studio: Studio) -> None:
    """Open a suspended studio's doors again."""
    studio.closed_reason = ""
    _turn(studio, {StudioStatus.SUSPENDED}, StudioStatus.ACTIVE, "closed_reason")


def settle_studio(*, studio: Studio) -> None:
    """The owner has put the first steps away; harmless when they have already."""
    with in_public():
        Studio.objects.filter(pk=studio.pk).update(is_settled=True)
    studio.is_settled = True
    directory.forget()


def drop_studio(studio: Studio) -> None:
    """Delete a suspended studio for ever: waiting jobs, schema, addresses, row; no files (tenants.life.erasing: all).

    Raises StudioBusy for a studio that is not suspended: nothing is dropped while people work in it.
    """
    with in_public(), transaction.atomic():
        locked = Studio.objects.select_for_update().get(pk=studio.pk)
        if locked.status != StudioStatus.SUSPENDED:
            raise StudioBusy(locked.status)
        _cancel_jobs(locked.schema_name)
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(locked.schema_name)))
        locked.delete()
    directory.forget()
    log.warning("studio %s dropped", studio.schema_name)


def _claim_address(studio: Studio) -> None:
    domain = f"{studio.slug}.{settings.PLATFORM_HOST}"
    try:
        with transaction.atomic():
            studio.save(force_insert=True)
            Domain.objects.create(domain=domain, tenant=studio, is_primary=True)
    except (IntegrityError, ValidationError) as error:  # the latter by django-tenants, which looks before it leaps
        raise AddressTaken(studio.slug) from error


def _cancel_jobs(schema: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'cancelled' WHERE status = 'todo' AND args->>'_schema' = %s",
            [schema],
        )


def _furnish(studio: Studio, **owner: Any) -> None:
    with in_studio(studio):
        for path in settings.STUDIO_FURNISHERS:
            import_string(path)(studio=studio, **owner)


def _turn(studio: Studio, sources: set[StudioStatus], target: StudioStatus, *fields: str) -> None:
    with in_public(), transaction.atomic():
        locked = Studio.objects.select_for_update().get(pk=studio.pk)
        if locked.status not in sources:
            raise StudioBusy(locked.status)
        locked.status = studio.status = target
        for name in fields:
            setattr(locked, name, getattr(studio, name))
        locked.save(update_fields=["status", *fields])
    directory.forget()
    log.warning("studio %s is %s", studio.schema_name, target)
