"""Entry points of the worker."""

from selection.delivery.clips import CLIPS, process_clip
from selection.delivery.services import tend_deliveries
from selection.delivery.services.preparing import prepare
from selection.services import sweep_uploads
from tenants.jobs import periodic_each_studio, studio_job

__all__ = ["prepare", "process_clip", "sweep_clips", "tend"]


@periodic_each_studio(cron="23 2 * * *")  # 10:23 in China: messages at an hour at which people read them
@studio_job(queue="bulk", name="selection.tend_deliveries", retry=2)
def tend() -> None:
    """Warn of ends that are near, archive what is past."""
    tend_deliveries()


@periodic_each_studio(cron="4-59/15 * * * *")
@studio_job(queue="bulk", name="selection.sweep_clips", retry=0)
def sweep_clips() -> None:
    """Settle what browsers and workers left behind of clips."""
    sweep_uploads(CLIPS)
