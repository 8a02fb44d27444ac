"""Entry points of the worker."""

import logging

from billing.gateway import PayUnreachable
from core.finance import selectors
from core.finance.ledger import faults_of
from core.finance.models import Account, PayAttempt, Payment, Refund
from core.finance.services import catching_up, disputes, online, points, refunding
from core.finance.values import faults_of_card
from core.kernel.errors import Refusal
from core.people.models import Customer
from tenants.context import current_studio
from tenants.jobs import periodic_each_studio, studio_job

log = logging.getLogger(__name__)


def apply_notice(*, route: str, reference: str, kind: str) -> None:
    """A provider has said that something happened to `reference` (settings.PAY_NOTICE_HANDLER): ask it what, and book
    that. The notice itself is not believed. Raises PayUnreachable: the caller tries again.
    """
    if kind == "refund":
        refunds = Refund.objects.select_related("account", "payment__attempt")
        refund = refunds.filter(reference=reference, payment__attempt__route=route).first()
        if refund is None:
            log.warning("notice about an unknown refund %s", reference)
            return
        request = refunding.request_of(refund)
        report = online.gateway.fetch_refund(current_studio(), route, request, refund.provider_ref)
        refunding.apply_refund_report(report=report)
        return
    if kind == "dispute":
        _apply_dispute(route, reference)
        return
    attempt = PayAttempt.objects.filter(reference=reference, route=route).first()
    if attempt is None:
        log.warning("notice about an unknown payment %s", reference)
        return
    online.apply_report(report=online.gateway.fetch(current_studio(), route, reference, attempt.provider_ref))


def _apply_dispute(route: str, reference: str) -> None:
    """Ask how the dispute stands, find its payment by the provider's number, book it."""
    told = online.gateway.fetch_dispute(current_studio(), route, reference)
    found = Payment.objects.select_related("account__branch").filter(attempt__route=route)
    payment = found.filter(attempt__transaction=told.transaction).first() if told.transaction else None
    if payment is None or payment.account.currency != told.currency:
        log.error("dispute %s is about no payment that is known", reference)
        return
    disputes.apply_dispute(
        payment=payment, provider_ref=told.reference, amount_minor=told.amount_minor, state=told.state,
        reason=told.reason, due_at=told.due_at,
    )  # fmt: skip


@studio_job(queue="fast", name="finance.send_refund", retry=8)
def send_refund(*, refund: int) -> None:
    """Send one refund to its provider; again later while the provider is silent."""
    row = Refund.objects.select_related("account", "payment__attempt").filter(pk=refund).first()
    if row is not None:
        refunding.send_refund(refund=row)


@studio_job(queue="fast", name="finance.give_back_rest")
def give_back_rest(*, account: int) -> None:
    """Money came for a sale that was given up, or a dispute about it is over."""
    row = Account.objects.filter(pk=account).first()
    if row is not None:
        refunding.give_back_rest(account=row)


@studio_job(queue="fast", name="finance.check_attempt", retry=3)
def check_attempt(*, attempt: int) -> None:
    """Ask how one try stands: the payer has come back, or its time is over."""
    row = PayAttempt.objects.select_related("account").filter(pk=attempt).first()
    if row is not None:
        online.ask_provider(attempt=row)


@periodic_each_studio(cron="*/10 * * * *")
@studio_job(queue="bulk", name="finance.tend_payments", retry=0)
def tend_payments() -> None:
    """Settle tries whose time is over and refunds on their way; one silent provider does not stop the others."""
    for attempt in selectors.overdue_attempts():
        try:
            online.ask_provider(attempt=attempt)
        except (PayUnreachable, Refusal):
            log.warning("payment %s could not be settled", attempt.reference, exc_info=True)
    for refund in selectors.refunds_under_way():
        try:
            refunding.send_refund(refund=refund)
        except PayUnreachable:
            log.warning("refund %s could not be sent", refund.reference, exc_info=True)


@periodic_each_studio(cron="17 17 * * *")
@studio_job(queue="bulk", name="finance.expire_points", retry=0)
def expire_points() -> None:
    """Points whose last day is over, shortly after midnight in China."""
    points.expire_points()


@periodic_each_studio(cron="41 19 * * *")
@studio_job(queue="bulk", name="finance.prove_books", retry=0)
def prove_books() -> None:
    """Look every night whether all books add up; what does not is logged as an error. Before, what older versions left
    without a day gets one.
    """
    booked = catching_up.book_undated_refunds()
    if booked:
        log.info("%s refunds without a day are booked now", booked)
    for account in Account.objects.order_by("pk").iterator():
        faults = faults_of(account)
        if faults:
            log.error("books of %s do not add up: %s", account.code, ", ".join(faults))
    for customer in Customer.objects.filter(balances__isnull=False).distinct().order_by("pk").iterator():
        purses = faults_of_card(customer)
        if purses:
            log.error("card of customer %s does not add up: %s", customer.pk, ", ".join(purses))
