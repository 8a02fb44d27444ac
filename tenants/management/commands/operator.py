"""`manage.py operator <verb> …`: the platform's own people, for whoever runs the server.

  list                                          who they are, who has a second step
  reset-step NAME --reason … --yes NAME         second steps away, every login ended; the password still counts
  end-logins NAME

Each change stands in the operation log that all operators see. Exit code 1 and a code when it cannot be done.
(A new one: `manage.py createsuperuser`. A new password: `manage.py changepassword NAME`.)
"""

import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from tenants.accounts import sessions
from tenants.accounts.models import User
from tenants.accounts.steps import having
from tenants.context import in_public
from tenants.life.support import SHORTEST_REASON
from tenants.life.tasks import LifeRefused, note
from tenants.oplog import PLATFORM


class Command(BaseCommand):
    help = "The platform's operators: list them, take a lost second step away, end logins."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["list", "reset-step", "end-logins"])
        parser.add_argument("name", nargs="?", default="")
        parser.add_argument("--reason", default="")
        parser.add_argument("--yes", default="", help="reset-step: the name again")

    def handle(self, *, verb: str, name: str, **options: Any) -> None:
        self.actor = f"shell:{getpass.getuser()}"
        with in_public():
            try:
                if verb == "list":
                    self._list()
                elif verb == "reset-step":
                    self._reset(name, options["reason"], options["yes"])
                else:
                    self._end(name)
            except (LifeRefused, User.DoesNotExist) as refused:
                self.stderr.write(str(refused))
                sys.exit(1)

    def _list(self) -> None:
        for user in User.objects.filter(is_operator=True).order_by("username"):
            step = "second step" if having.has_step(user) else "no second step"
            self.stdout.write(f"{user.username}\t{user.name}\t{step}" + ("" if user.is_active else "\tmay not log in"))

    @transaction.atomic
    def _reset(self, name: str, reason: str, typed: str) -> None:
        user = User.objects.get(username=name, is_operator=True)
        if len(reason.strip()) < SHORTEST_REASON:
            raise LifeRefused("rescue.reason")
        if typed != name:
            raise LifeRefused("rescue.typed")
        if not having.forget_all(user=user):
            raise LifeRefused("rescue.none")
        ended = sessions.end_logins(user=user)
        note(PLATFORM, "operator.step_reset", self.actor, name=name, reason=reason.strip()[:200], count=ended)
        self.stdout.write(f"done; logins ended: {ended}")

    @transaction.atomic
    def _end(self, name: str) -> None:
        user = User.objects.get(username=name, is_operator=True)
        ended = sessions.end_logins(user=user)
        note(PLATFORM, "operator.logins_ended", self.actor, name=name, count=ended)
        self.stdout.write(f"done; logins ended: {ended}")
