"""`manage.py studio <verb> …`: a studio's life for operators without a browser. Runs at once, in this process.

  export guangying [--files] [--to FILE]      restore --from CODE|FILE [--as new-slug]
  confirm-restore guangying                    take-back-restore guangying
  suspend guangying --reason … [--shut]        resume guangying
  close guangying [--days 30]                  cancel-closing guangying
  erase guangying --yes guangying              again CODE
  owners guangying                             who decides about it, who of them has a second step
  reset-step guangying --user NAME --reason … --yes guangying [--untold]

Exit code 1 and a code such as `task.open` when it cannot be done.
"""

import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tenants.context import in_public, in_studio
from tenants.life import closing, erasing, exporting, rescuing, restoring, tasks
from tenants.life.models import StudioTask, TaskState
from tenants.models import Studio
from tenants.names import NameRefused
from tenants.services import StudioBusy


class Command(BaseCommand):
    help = "Export, restore, suspend, close or erase one studio; let an owner in again."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=sorted(VERBS))
        parser.add_argument("slug", nargs="?", default="", help="the studio, or a task's code for `again`")
        parser.add_argument("--files", action="store_true", help="export: photographs too")
        parser.add_argument("--to", default="", help="export: also write the archive to this file")
        parser.add_argument("--from", dest="source", default="", help="restore: code of an export, or a file")
        parser.add_argument("--as", dest="new", default="", help="restore: beside, at this new address")
        parser.add_argument("--reason", default="")
        parser.add_argument("--shut", action="store_true", help="suspend: customers too")
        parser.add_argument("--days", type=int, default=closing.GRACE_DAYS)
        parser.add_argument("--yes", default="", help="erase, reset-step: the studio's address again")
        parser.add_argument("--user", default="", help="reset-step: which owner")
        parser.add_argument("--untold", action="store_true", help="reset-step: even when no owner has an address")

    def handle(self, *, verb: str, slug: str, **options: Any) -> None:
        self.actor = f"shell:{getpass.getuser()}"
        try:
            VERBS[verb](self, slug, options)
        except (tasks.LifeRefused, StudioBusy, NameRefused, Studio.DoesNotExist, StudioTask.DoesNotExist) as refused:
            self.stderr.write(str(refused))
            sys.exit(1)

    def export(self, slug: str, options: dict[str, Any]) -> None:
        task = self._run(
            exporting.ask_export(studio=_studio(slug), actor=self.actor, with_files=bool(options["files"]))
        )
        if options["to"]:
            with in_studio(task.schema), Path(options["to"]).open("wb") as file:
                file.writelines(tasks.store().stream(exporting.archive_key(task)))

    def restore(self, slug: str, options: dict[str, Any]) -> None:
        with in_public():
            source = StudioTask.objects.filter(code=options["source"]).first()
        path = "" if source else str(Path(options["source"]).resolve(strict=True))
        self._run(restoring.ask_restore(actor=self.actor, source=source, path=path, slug=options["new"]))

    def confirm(self, slug: str, _options: dict[str, Any]) -> None:
        restoring.confirm_restore(studio=_studio(slug), actor=self.actor)

    def take_back(self, slug: str, _options: dict[str, Any]) -> None:
        restoring.take_back_restore(studio=_studio(slug), actor=self.actor)

    def suspend(self, slug: str, options: dict[str, Any]) -> None:
        closing.suspend(
            studio=_studio(slug), actor=self.actor, reason=options["reason"], keeps_customers=not options["shut"]
        )

    def resume(self, slug: str, _options: dict[str, Any]) -> None:
        closing.resume(studio=_studio(slug), actor=self.actor)

    def close(self, slug: str, options: dict[str, Any]) -> None:
        closing.ask_closing(studio=_studio(slug), actor=self.actor, days=options["days"])

    def cancel(self, slug: str, _options: dict[str, Any]) -> None:
        closing.cancel_closing(studio=_studio(slug), actor=self.actor)

    def erase(self, slug: str, options: dict[str, Any]) -> None:
        self._run(erasing.ask_erasure(studio=_studio(slug), actor=self.actor, typed=options["yes"]))

    def owners(self, slug: str, _options: dict[str, Any]) -> None:
        for owner in rescuing.owners_of(_studio(slug)):
            step = "second step" if owner.has_step else "no second step"
            self.stdout.write(f"{owner.username}\t{owner.name}\t{step}\taddresses: {owner.addresses}")

    def reset_step(self, slug: str, options: dict[str, Any]) -> None:
        told = rescuing.rescue_owner(
            studio=_studio(slug), username=options["user"], reason=options["reason"], typed=options["yes"],
            actor=self.actor, may_be_untold=bool(options["untold"]),
        )  # fmt: skip
        self.stdout.write(f"done; messages to owners: {told}")

    def again(self, slug: str, _options: dict[str, Any]) -> None:
        with in_public():
            task = StudioTask.objects.get(code=slug)
        tasks.again(task, actor=self.actor)
        self._run(task)

    def _run(self, task: StudioTask) -> StudioTask:
        """Here and now; the job that was enqueued with the task finds it finished."""
        from tenants.life.jobs import WORKS

        tasks.run(task.pk, WORKS)
        with in_public():
            task.refresh_from_db()
        facts = {name: value for name, value in task.facts.items() if not isinstance(value, dict)}
        self.stdout.write(f"{task.code} {task.state} {facts}")
        if task.state != TaskState.DONE:
            raise tasks.LifeRefused("task.failed")
        return task


VERBS: dict[str, Callable[[Command, str, dict[str, Any]], None]] = {
    "export": Command.export,
    "restore": Command.restore,
    "confirm-restore": Command.confirm,
    "take-back-restore": Command.take_back,
    "suspend": Command.suspend,
    "resume": Command.resume,
    "close": Command.close,
    "cancel-closing": Command.cancel,
    "erase": Command.erase,
    "again": Command.again,
    "owners": Command.owners,
    "reset-step": Command.reset_step,
}


def _studio(slug: str) -> Studio:
    with in_public():
        return Studio.objects.get(slug=slug)  # type: ignore[no-any-return]  # the stubs say Any
