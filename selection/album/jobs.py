"""Entry points of the worker."""

from selection.album.intake import SPREADS, process_spread
from selection.album.services import remind_drafts
from selection.services import sweep_uploads
from tenants.jobs import periodic_each_studio, studio_job

__all__ = ["process_spread", "remind", "sweep_spreads"]


@periodic_each_studio(cron="3-58/5 * * * *")
@studio_job(queue="bulk", name="selection.sweep_spreads", retry=0)
def sweep_spreads() -> None:
    """Settle what browsers and workers left behind of spreads."""
    sweep_uploads(SPREADS)


@periodic_each_studio(cron="41 2 * * *")  # 10:41 in China: messages at an hour at which people read them
@studio_job(queue="bulk", name="selection.remind_drafts", retry=2)
def remind() -> None:
    """Remind customers of drafts that wait for their word."""
    remind_drafts()
