"""`manage.py sync_plans [--check]`: make Stripe's catalogue ours, or only say what differs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing import catalog
from billing.exchange import PayRefused, PayUnreachable


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; exit code 1 when something differs")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            look = catalog.check()
            if look.fault:
                raise CommandError(f"Stripe: {look.fault}")
            found = look.found
        else:
            try:
                found = [str(difference) for difference in catalog.sync()]
            except (PayRefused, PayUnreachable) as trouble:
                raise CommandError(f"Stripe: {trouble}") from trouble
        for difference in found:
            self.stdout.write(difference)
        if options["check"] and found:
            raise CommandError(f"{len(found)} differences")
        self.stdout.write("in order" if not found else f"{len(found)} differences put right")
