"""django-tenants' hook: `migrate` and `migrate_schemas` take the same road through the studios as `migrate_studios`."""

import sys
from typing import Any

from django.core.management.base import CommandError
from django_tenants.migration_executors.base import MigrationExecutor, run_migrations

from tenants import fleet, migrator

PARTIAL = ("app_label", "migration_name", "fake", "fake_initial", "prune", "plan", "check_unapplied")


class FleetExecutor(MigrationExecutor):
    """`public` is migrated by Django's own command, studios by `tenants.fleet`."""

    codename = "fleet"

    def run_migrations(self, tenants: Any = None) -> None:
        schemas = list(tenants or [])
        if self.PUBLIC_SCHEMA_NAME in schemas:
            if not any(self.options.get(option) for option in PARTIAL):
                migrator.apply_shared()
            run_migrations(self.args, self.options, self.codename, self.PUBLIC_SCHEMA_NAME)
            return
        for option in PARTIAL:
            if self.options.get(option):
                message = (
                    f"studios are migrated as a whole: `{option}` is not for them (see `manage.py migrate_studios`)"
                )
                raise CommandError(message)
        quiet = int(self.options.get("verbosity", 1)) < 1
        report = fleet.migrate_studios(schemas=schemas, say=_silent if quiet else _say)
        if not report.ok:
            message = f"studios not migrated: {', '.join([*report.failed, *report.untouched])}"
            raise CommandError(message)


def get_executor(codename: str | None = None) -> type[FleetExecutor]:
    return FleetExecutor


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _silent(line: str) -> None:
    """Nothing."""
