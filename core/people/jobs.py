"""Entry points of the worker."""

from core.people import login
from tenants.accounts import sessions
from tenants.jobs import periodic_each_studio, studio_job


@periodic_each_studio(cron="17 19 * * *")
@studio_job(queue="bulk", name="people.forget_old_codes")
def forget_old_codes() -> None:
    """Old phone codes and ended sessions go."""
    login.forget_old_codes()
    sessions.forget_expired()
