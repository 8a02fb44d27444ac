"""Bringing every studio's schema to the code's migrations: the canary first, the rest in spite of errors.

One run at a time (advisory lock); a studio that is current costs nothing but its share of one query; what happened to
each studio is recorded in `SchemaState`.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from tenants import migrator
from tenants.context import in_public
from tenants.models import SchemaState, Studio

log = logging.getLogger(__name__)
LOCK = (0x59696E67, 1)  # "Ying": two-key advisory locks are ours alone
Say = Callable[[str], None]


class AlreadyRunning(RuntimeError):
    """Another process migrates."""


@dataclass(slots=True)
class Report:
    """What a run did, by schema."""

    current: list[str] = field(default_factory=list)
    migrated: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    untouched: list[str] = field(default_factory=list)  # the canary failed before their turn

    @property
    def ok(self) -> bool:
        return not self.failed and not self.untouched


def migrate_studios(*, schemas: list[str] | None = None, canary: str = "", say: Say = log.info) -> Report:
    """Migrate every studio (or `schemas`) that is behind. Raises AlreadyRunning; a studio's error is in the report.

    The canary is the studio named by slug or schema, else `settings.CANARY_STUDIO`, else the oldest behind. When it
    fails no other studio is touched.
    """
    with _alone():
        studios = _ordered(schemas, canary or settings.CANARY_STUDIO)
        done = migrator.current_schemas()
        report = Report(current=[s.schema_name for s in studios if s.schema_name in done])
        behind = [s for s in studios if s.schema_name not in done]
        _record_current(studios, done)
        say(f"{len(studios)} studios: {len(report.current)} current, {len(behind)} behind")
        for number, studio in enumerate(behind, 1):
            error = _migrate_one(studio, f"[{number}/{len(behind)}]", say)
            if error:
                report.failed[studio.schema_name] = error
            else:
                report.migrated.append(studio.schema_name)
            if error and number == 1:
                report.untouched = [s.schema_name for s in behind[1:]]
                say(f"canary {studio.schema_name} failed: {len(report.untouched)} studios left as they are")
                break
    return report


def _migrate_one(studio: Studio, label: str, say: Say) -> str:
    """The error, or nothing."""
    started = time.monotonic()
    try:
        count = migrator.apply(studio.schema_name, lambda step: say(f"{label} {step}"))
    except Exception as failure:
        error = f"{type(failure).__name__}: {failure}".strip()
        log.exception("studio %s not migrated", studio.schema_name)
        say(f"{label} {studio.schema_name}: FAILED {error.splitlines()[0]}")
    else:
        error = ""
        say(f"{label} {studio.schema_name}: {count} migrations in {time.monotonic() - started:.1f} s")
    _record(studio, error)
    return error


def _record(studio: Studio, error: str) -> None:
    holds = migrator.applied(studio.schema_name) if error else migrator.wanted()
    with in_public():
        SchemaState.objects.update_or_create(
            studio=studio, defaults={"fingerprint": migrator.fingerprint(holds), "error": error[:2000]}
        )


def _record_current(studios: list[Studio], current: set[str]) -> None:
    """Heal records that say otherwise (a restored schema, an error that was mended by hand)."""
    fingerprint = migrator.fingerprint()
    with in_public():
        fine = set(SchemaState.objects.filter(fingerprint=fingerprint, error="").values_list("studio_id", flat=True))
    for studio in studios:
        if studio.schema_name in current and studio.pk not in fine:
            _record(studio, "")


def _ordered(schemas: list[str] | None, canary: str) -> list[Studio]:
    with in_public():
        studios = list(
            Studio.objects.order_by("pk") if schemas is None else Studio.objects.filter(schema_name__in=schemas)
        )
    return sorted(studios, key=lambda studio: canary not in {studio.slug, studio.schema_name})


@contextmanager
def _alone() -> Iterator[None]:
    with in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", LOCK)
        if not cursor.fetchone()[0]:
            raise AlreadyRunning
    try:
        yield
    finally:
        with in_public(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", LOCK)
