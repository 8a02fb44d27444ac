"""Entry points of the worker."""

from core.booking.models import Booking
from core.booking.services.firming import follow_booking, give_up_bookings, lapse_bookings
from core.booking.services.proposing import end_proposals
from tenants.jobs import periodic_each_studio, studio_job


@studio_job(queue="fast", name="booking.follow_money")
def follow_money(*, account: int) -> None:
    """Money of an account has changed (settings.MONEY_LISTENERS)."""
    row = Booking.objects.filter(order__account_id=account).first()
    if row is not None:
        follow_booking(booking=row)


@studio_job(queue="fast", name="booking.follow_contract")
def follow_contract(*, thread: str) -> None:
    """A contract of the order with this history was signed (settings.EVENT_FOLLOWERS)."""
    row = Booking.objects.filter(order_id=int(thread.removeprefix("order."))).first()
    if row is not None:
        follow_booking(booking=row)


@periodic_each_studio(cron="* * * * *")
@studio_job(queue="fast", name="booking.sweep", retry=0)
def sweep() -> None:
    """Holds that ran out, proposals nobody answered, drafts nobody came back to."""
    lapse_bookings()
    end_proposals()
    give_up_bookings()
