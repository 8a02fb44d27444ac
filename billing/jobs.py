"""Later: what providers told is applied inside the studio; what was left behind is found again."""

from billing import inbox
from tenants.context import current_studio
from tenants.jobs import periodic_each_studio, studio_job


@studio_job(name="billing.apply_notice", retry=8)  # 4 s … 18 h: as long as a provider may be away
def apply_notice(notice: int) -> None:
    inbox.apply(notice)


@periodic_each_studio(cron="*/15 * * * *")
@studio_job(name="billing.sweep_notices", queue="bulk")
def sweep_notices() -> None:
    """Enqueue notices whose job was lost."""
    for notice in inbox.stuck(current_studio()):
        apply_notice.defer(key=f"notice.{notice}", notice=notice)
