"""Entry points of the worker."""

from selection.processing import process_photo
from selection.services import sweep_uploads
from tenants.jobs import periodic_each_studio, studio_job

__all__ = ["process_photo", "sweep"]


@periodic_each_studio(cron="*/5 * * * *")
@studio_job(queue="bulk", name="selection.sweep", retry=0)
def sweep() -> None:
    """Settle what browsers and workers left behind."""
    sweep_uploads()
