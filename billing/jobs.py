"""Later: what providers told is applied inside the studio; what was left behind is found again."""

from django.conf import settings

from billing import catalog, dunning, inbox
from tenants.context import current_studio
from tenants.jobs import periodic_each_studio, periodic_once, studio_job


@studio_job(name="billing.apply_notice", retry=8)  # 4 s … 18 h: as long as a provider may be away
def apply_notice(notice: int) -> None:
    inbox.apply(notice)


@periodic_each_studio(cron="*/15 * * * *")
@studio_job(name="billing.sweep_notices", queue="bulk")
def sweep_notices() -> None:
    """Enqueue notices whose job was lost."""
    for notice in inbox.stuck(current_studio()):
        apply_notice.defer(key=f"notice.{notice}", notice=notice)


@periodic_each_studio(cron="20 1 * * *")
@studio_job(name="billing.review_day", queue="bulk", retry=5)
def review_day() -> None:
    """The subscription's daily look; hooks.billing_status and `watch` tell when it does not happen."""
    dunning.review(studio=current_studio())


@periodic_once(cron="40 * * * *", name="billing.watch")
def watch(timestamp: int) -> None:
    """An error in the log, every hour, while daily reviews are missing."""
    dunning.alarm()


@periodic_once(cron="50 2 * * *", name="billing.check_catalogue")
def check_catalogue(timestamp: int) -> None:
    """The daily look at Stripe's catalogue; watching.catalogue_trouble tells what it found, and when it is missing."""
    if settings.STRIPE_SECRET_KEY:
        catalog.check()
