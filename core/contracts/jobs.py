"""Entry points of the worker."""

from core.contracts.files import store_document
from core.contracts.finishing import finish_contract
from core.contracts.services import expire_contracts, remind_signers
from tenants.jobs import periodic_each_studio, studio_job

__all__ = ["expire", "finish_contract", "remind", "store_document"]


@periodic_each_studio(cron="*/10 * * * *")
@studio_job(queue="bulk", name="contracts.expire")
def expire() -> None:
    """What was not signed in time ends."""
    expire_contracts()


@periodic_each_studio(cron="15 2 * * *")
@studio_job(queue="bulk", name="contracts.remind")
def remind() -> None:
    """Those who have not signed hear from us, in the morning of the studios' zones (10:15 in China)."""
    remind_signers()
