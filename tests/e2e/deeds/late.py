"""Inside the clerk: money that comes too late, or twice."""

import datetime as dt
from typing import Any

from tests.e2e.deeds.house import inside, user


def twice(*, studio: str, order: str) -> None:
    """The desk books the whole bill in cash while the payer's phone pays: the provider has the money before anybody
    can ask it not to take any.
    """
    from django.db import transaction

    from core.finance.models import PayAttempt
    from core.finance.services import record_payment
    from infra.seed.pay import pay_at_fake

    with inside(studio), transaction.atomic():
        attempt = PayAttempt.objects.select_related("account").get(account__code=order, state="open")
        account = attempt.account
        record_payment(actor=user("boss"), account=account, amount_minor=account.owed_minor, method="cash")
        assert pay_at_fake(attempt.provider_ref)


def gone(*, studio: str, phone: str) -> str:
    """The hold of this number's booking runs out, and a neighbour takes the date; the order's number."""
    from core.booking.models import Booking
    from core.booking.services.firming import lapse_bookings
    from core.kernel import clock
    from core.scheduling.models import Appointment
    from core.scheduling.services import expire_holds
    from tests.core.booking.make import held
    from tests.factories import make_customer

    with inside(studio):
        row = Booking.objects.select_related("appointment", "branch", "package", "order").get(
            customer__phone__endswith=phone
        )
        past = clock.now() - dt.timedelta(minutes=1)
        Appointment.objects.filter(pk=row.appointment_id).update(hold_expires_at=past)
        expire_holds()
        lapse_bookings()
        held(row.branch, row.package, make_customer("邻居", "13900002699"), at=row.starts_at)
        return str(row.order.code)


def books(*, studio: str, order: str) -> dict[str, Any]:
    """An order's books, and what is wrong with them."""
    from core.finance.ledger import faults_of
    from core.finance.models import Account

    with inside(studio):
        account = Account.objects.get(code=order)
        refunds = account.refunds.order_by("pk").values_list("amount_minor", flat=True)
        return {
            "faults": faults_of(account),
            "charged": account.charged_minor,
            "paid": account.paid_minor,
            "owed": account.owed_minor,
            "surplus": account.surplus_minor,
            "came": sorted(account.payments.values_list("amount_minor", flat=True)),
            "back": sorted(refunds),
        }
