"""Entry points of the worker."""

from selection.album.intake import SPREADS, process_spread
from selection.services import sweep_uploads
from tenants.jobs import periodic_each_studio, studio_job

__all__ = ["process_spread", "sweep_spreads"]


@periodic_each_studio(cron="3-58/5 * * * *")
@studio_job(queue="bulk", name="selection.sweep_spreads", retry=0)
def sweep_spreads() -> None:
    """Settle what browsers and workers left behind of spreads."""
    sweep_uploads(SPREADS)
