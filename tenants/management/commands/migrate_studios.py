"""`manage.py migrate_studios`: shared tables, then the canary, then every studio. Exit code: 0 fine, 1 some studios
failed, 2 the canary failed and nobody else was touched, 3 another run is on, 4 `--check` found something to do.
"""

import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from tenants import fleet, migrator
from tenants.context import in_public
from tenants.models import Studio


class Command(BaseCommand):
    help = "Migrate the shared tables and every studio's schema."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", help="only these studios")
        parser.add_argument("--canary", default="", help="the studio to try first")
        parser.add_argument("--no-shared", action="store_true", help="leave the shared tables alone")
        parser.add_argument("--check", action="store_true", help="only say which studios are behind")

    def handle(self, *, slugs: list[str], canary: str, no_shared: bool, check: bool, **options: Any) -> None:
        if check:
            self._check()
            return
        if not no_shared and not slugs:
            call_command("migrate_schemas", shared=True, interactive=False, verbosity=options["verbosity"])
        with in_public():
            chosen = (
                list(Studio.objects.filter(slug__in=slugs).values_list("schema_name", flat=True)) if slugs else None
            )
        if slugs and len(chosen or ()) != len(set(slugs)):
            self.stderr.write("no such studio")
            sys.exit(1)
        try:
            report = fleet.migrate_studios(schemas=chosen, canary=canary, say=self.stdout.write)
        except fleet.AlreadyRunning:
            self.stderr.write("another run is on")
            sys.exit(3)
        for schema, error in report.failed.items():
            self.stderr.write(f"{schema}: {error}")
        if not report.ok:
            sys.exit(2 if report.untouched else 1)

    def _check(self) -> None:
        with in_public():
            schemas = set(Studio.objects.values_list("schema_name", flat=True))
        behind = sorted(schemas - migrator.current_schemas())
        self.stdout.write("\n".join(behind) or "every studio is current")
        if behind:
            sys.exit(4)
