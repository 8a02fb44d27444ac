"""The queue's own housekeeping, outside every studio: jobs of dead workers run again, old jobs go.

Async tasks on the worker's own connection: they must work when every job thread is busy.
"""

import logging
from typing import Any

from django.conf import settings
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

log = logging.getLogger(__name__)
MAX_DEATHS = 5  # a job that keeps killing its worker (memory, a native crash) fails instead of circling for ever


async def rescue_stalled(context: Any, timestamp: int) -> None:
    """Put back every job whose worker stopped giving signs of life (tenancy.md §2.2)."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=settings.JOB_STALLED_SECONDS):
        try:
            if job.attempts >= MAX_DEATHS:
                await manager.finish_job(job=job, status=Status.FAILED, delete_job=False)
                log.error("job %s failed: its worker died %s times", job.call_string, job.attempts)
            else:
                await manager.retry_job(job=job)
                log.warning("job %s of a dead worker runs again", job.call_string)
        except Exception:  # noqa: BLE001 (another rescuer was faster)
            log.info("job %s was rescued already", job.id)
    await manager.prune_stalled_workers(settings.JOB_STALLED_SECONDS * 4)


async def forget_old(context: Any, timestamp: int) -> None:
    """Delete finished jobs after three days and failed ones after thirty."""
    manager = context.app.job_manager
    await manager.delete_old_jobs(nb_hours=settings.JOB_KEEP_DONE_HOURS, include_cancelled=True, include_aborted=True)
    await manager.delete_old_jobs(
        nb_hours=settings.JOB_KEEP_FAILED_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )


# No `lock` here: a rescuer that died holding it would block every later rescuer (procrastinate#1408).
for _task, _name, _cron in (
    (rescue_stalled, "tenants.rescue_stalled", settings.JOB_RESCUE_CRON),
    (forget_old, "tenants.forget_old", settings.JOB_RETENTION_CRON),
):
    app.periodic(cron=_cron, periodic_id=_name)(
        app.task(name=_name, queue="fast", queueing_lock=_name, pass_context=True, priority=10)(_task)
    )
