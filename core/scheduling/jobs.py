"""Entry points of the worker."""

from core.scheduling.services import expire_holds
from core.scheduling.services.waiting import offer_job
from tenants.jobs import periodic_each_studio, studio_job

__all__ = ["offer_job", "sweep_holds"]


@periodic_each_studio(cron="* * * * *")
@studio_job(queue="fast", name="scheduling.sweep_holds", retry=0)
def sweep_holds() -> None:
    """Holds that have run out let go, so that calendars show it and whoever waits hears of it."""
    expire_holds()
