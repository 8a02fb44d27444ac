"""Entry points of the worker."""

from selection.delivery.services import tend_deliveries
from selection.delivery.services.preparing import prepare
from tenants.jobs import periodic_each_studio, studio_job

__all__ = ["prepare", "tend"]


@periodic_each_studio(cron="23 2 * * *")  # 10:23 in China: messages at an hour at which people read them
@studio_job(queue="bulk", name="selection.tend_deliveries", retry=2)
def tend() -> None:
    """Warn of ends that are near, archive what is past."""
    tend_deliveries()
