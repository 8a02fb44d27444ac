"""The job that does long work, and the nightly look at dates. Outside every studio: the studio may not exist."""

from typing import Any

from procrastinate.contrib.django import app

from tenants.life import closing, domains, erasing, exporting, restoring, support, tasks
from tenants.life.models import TaskKind

WORKS: dict[str, Any] = {
    TaskKind.EXPORT: exporting.run_export,
    TaskKind.RESTORE: restoring.run_restore,
    TaskKind.ERASE: erasing.run_erase,
}


def work(task: int) -> None:
    """Run a task or go on with it."""
    tasks.run(task, WORKS)


def keep_dates(timestamp: int) -> None:
    """Reminders, closing, erasing; archives whose days are over; visits that ran out; own addresses once more."""
    closing.keep_dates()
    exporting.forget_old_exports()
    support.end_expired()
    domains.check_all()


if tasks.JOB not in app.tasks:
    app.task(name=tasks.JOB, queue="bulk")(work)
    app.periodic(cron="23 * * * *", periodic_id="tenants.life.dates")(
        app.task(name="tenants.life.dates", queue="fast", queueing_lock="tenants.life.dates")(keep_dates)
    )
