"""Entry points of the worker."""

from selection.retouch.intake import FINALS, process_final
from selection.services import sweep_uploads
from tenants.jobs import periodic_each_studio, studio_job

__all__ = ["process_final", "sweep_finals"]


@periodic_each_studio(cron="2-57/5 * * * *")
@studio_job(queue="bulk", name="selection.sweep_finals", retry=0)
def sweep_finals() -> None:
    """Settle what browsers and workers left behind of finals."""
    sweep_uploads(FINALS)
