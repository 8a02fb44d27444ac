"""`manage.py selftest`: looks at the real database and pooler. Exit code 1 when something is wrong."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from tenants import selftest


class Command(BaseCommand):
    help = "Check the walls in the database: pooler, extensions, tables of every studio."
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        found = selftest.problems()
        for problem in found:
            self.stderr.write(problem)
        if found:
            sys.exit(1)
        self.stdout.write("walls: fine")
