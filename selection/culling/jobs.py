"""Entry points of the worker."""

from selection.culling import services
from tenants.jobs import periodic_each_studio, studio_job


@periodic_each_studio(cron="*/10 * * * *")
@studio_job(queue="bulk", name="selection.fill_facts", retry=0)
def fill_facts() -> None:
    """Measure photographs that were processed before measuring began."""
    services.fill_facts()
