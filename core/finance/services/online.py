"""Paying by a provider: a try is committed before anybody is asked, and what came is booked exactly once.

`billing.gateway` is called outside every transaction. Reports may come doubled, in any order, late, with another amount
or in another currency; the books say what really came.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string

from billing import gateway as _gateway
from billing.gateway import PayRefused, PayReport, PayRequest, PayStart, PayState, PayUnreachable
from core.finance.books import next_open_book
from core.finance.enums import AttemptState, Method
from core.finance.ledger import held
from core.finance.models import Account, Instalment, PayAttempt, Payment
from core.finance.services.recording import book_payment, received
from core.finance.services.topups_in import hold_card, put_on_card
from core.finance.telling import thank
from core.finance.tries import ask_about, is_spent, payable_minor
from core.kernel import clock, codes, events
from core.kernel.errors import Refusal
from core.kernel.states import lock
from tenants.context import current_schema, current_studio

gateway: Any = _gateway  # its functions come with the providers
OPEN_FOR = dt.timedelta(minutes=30)
REST = "core.finance.jobs.give_back_rest"  # by name: jobs stand above services
BY_PAYER = "jsapi"  # WeChat makes such a request for one payer: nobody else's phone can pay it
ROOM_TO_PAY = dt.timedelta(minutes=5)  # an open try is used again while so much of it is left


def start_payment(
    *,
    account: Account,
    route: str,
    paid_url: str,
    back_url: str,
    instalment: Instalment | None = None,
    amount_minor: int | None = None,
    method: str = "",
    customer: Any = None,
    openid: str = "",
    client_ip: str = "",
    language: str = "zh-hans",
) -> tuple[PayAttempt, PayStart]:
    """Begin to pay an instalment, or `amount_minor`, or all that is owed. Never call it inside a transaction.

    `{reference}` in the addresses becomes the try's reference. The same wish within its time is the same try. Refusal
    pay.nothing_owed | pay.refused(reason) | pay.unreachable (nothing was taken; ask again, it is the same try).
    """
    wish = {"route": route, "method": method, "customer": customer}
    attempt = _attempt(account, instalment, amount_minor, **wish)
    if attempt.start and attempt.provider_ref:
        return attempt, PayStart(provider_ref=attempt.provider_ref, **attempt.start)
    request = PayRequest(
        reference=attempt.reference,
        amount_minor=attempt.amount_minor,
        currency=account.currency,
        subject=f"{current_studio().name} {account.code}"[:120],
        expires_at=attempt.expires_at,
        paid_url=paid_url.replace("{reference}", attempt.reference),
        back_url=back_url.replace("{reference}", attempt.reference),
        method=method,
        openid=openid,
        client_ip=client_ip,
        language=language,
        metadata={"studio": current_schema(), "order": account.code},
    )
    try:
        start: PayStart = gateway.start(current_studio(), route, request)
    except PayRefused as refused:
        _give_up(attempt, refused.code)
        raise Refusal("pay.refused", reason=refused.code) from refused
    except PayUnreachable as silent:
        raise Refusal("pay.unreachable") from silent
    return _begun(attempt, start), start


@transaction.atomic
def _attempt(
    account: Account, instalment: Instalment | None, amount_minor: int | None, *, route: str, method: str, customer: Any
) -> PayAttempt:
    """The open try for this wish, or a new row."""
    account = held(account)
    if instalment is not None:
        instalment = account.instalments.get(pk=instalment.pk)
    payable = payable_minor(account)
    most = instalment.open_minor if instalment else payable
    amount = most if amount_minor is None else amount_minor
    if amount <= 0 or amount > payable:
        raise Refusal("pay.nothing_owed")
    now = clock.now()
    same = {"instalment": instalment, "amount_minor": amount, "route": route, "method": method}
    mine = {"customer": customer} if method == BY_PAYER else {}
    open_ones = account.attempts.filter(state=AttemptState.OPEN, expires_at__gt=now + ROOM_TO_PAY, **same, **mine)
    known: PayAttempt | None = open_ones.order_by("-pk").first()
    return known or PayAttempt.objects.create(
        account=account,
        reference=f"p{current_studio().pk}_{codes.random_code(18)}",
        expires_at=now + OPEN_FOR,
        created_at=now,
        customer=customer,
        **same,
    )


@transaction.atomic
def _begun(attempt: PayAttempt, start: PayStart) -> PayAttempt:
    row = lock(attempt)
    row.provider_ref = start.provider_ref
    row.start = {"kind": start.kind, "url": start.url, "params": start.params}
    row.save(update_fields=["provider_ref", "start"])
    return row


@transaction.atomic
def _give_up(attempt: PayAttempt, code: str) -> None:
    row = lock(attempt)
    if row.state == AttemptState.OPEN:
        row.state, row.code = AttemptState.FAILED, code[:60]
        row.save(update_fields=["state", "code"])


@transaction.atomic
def apply_report(*, report: PayReport) -> Payment | None:
    """Book what the provider says, once, whatever came before. The payment, or None when none came (yet).

    Money is never refused: late or with another amount it is booked as it came and flagged for a person; in another
    currency, or of no amount, the try becomes ODD and nothing counts. For a sale given up it goes back by itself,
    for a top-up it goes on the card.
    Records PAYMENT_RECEIVED or PAYMENT_ODD. Refusal pay.unknown when no try has this reference.
    """
    found = PayAttempt.objects.select_related("account").filter(reference=report.reference).first()
    if found is None:
        raise Refusal("pay.unknown", reference=report.reference)
    account = held(found.account)
    attempt = lock(found)
    known: Payment | None = Payment.objects.filter(attempt=attempt).first()
    if known is not None or attempt.state == AttemptState.ODD:
        return known
    if report.state != PayState.PAID:
        _note(attempt, report)
        return None
    attempt.received_minor, attempt.received_currency = report.amount_minor, report.currency.upper()[:3]
    attempt.transaction, attempt.code = report.transaction[:120], ""
    attempt.provider_ref = report.provider_ref or attempt.provider_ref
    flags = _flags(account, attempt, report)
    is_ours = attempt.received_currency == account.currency and report.amount_minor > 0
    attempt.state = AttemptState.PAID if is_ours else AttemptState.ODD
    attempt.save()
    if not is_ours:
        money: dict[str, Any] = {
            "price_minor": report.amount_minor,
            "currency": attempt.received_currency or account.currency,
        }
        events.record(events.Kind.PAYMENT_ODD, account, None, reference=attempt.reference, **money)
        return None
    top_up = hold_card(account)
    payment = book_payment(
        account,
        next_open_book(account.branch),
        method=Method.ONLINE,
        attempt=attempt,
        amount_minor=report.amount_minor,
        instalment=attempt.instalment,
        flags=flags,
    )
    if top_up is not None:
        put_on_card(account, top_up, payment)
    thank(account, payment)
    if account.ended_at:
        import_string(REST).defer(account=account.pk, key=f"rest.{account.pk}")
    return received(account, payment, attempt.customer)


def _flags(account: Account, attempt: PayAttempt, report: PayReport) -> list[str]:
    """What a person should look at: it came late, it is another amount, more than was owed of what it was for."""
    late = attempt.state != AttemptState.OPEN or (report.paid_at or clock.now()) > attempt.expires_at
    said = {
        "late": late,
        "amount": report.amount_minor != attempt.amount_minor,
        "double": report.amount_minor > payable_minor(account) or is_spent(attempt),
    }
    return [name for name, is_so in said.items() if is_so]


def _note(attempt: PayAttempt, report: PayReport) -> None:
    """Not paid: the try ends only if it was still open; a provider's later yes overrules it."""
    if attempt.state == AttemptState.OPEN and report.state in {PayState.FAILED, PayState.EXPIRED}:
        attempt.state = AttemptState.FAILED if report.state == PayState.FAILED else AttemptState.EXPIRED
        attempt.save(update_fields=["state"])


def look_again(*, attempt: PayAttempt) -> None:
    """Have the worker ask how an open try stands: its payer is back."""
    if attempt.state == AttemptState.OPEN and attempt.start:
        ask_about(attempt)


def ask_provider(*, attempt: PayAttempt) -> Payment | None:
    """Ask how a try stands and book it. Past its time, or when its instalment is paid otherwise, and itself unpaid, it
    is cancelled there and expires here.

    Never inside a transaction. Raises PayUnreachable: the caller tries again.
    """
    is_over = attempt.expires_at < clock.now()
    if attempt.state == AttemptState.OPEN and not attempt.provider_ref:
        return _expire(attempt) if is_over else None
    names = (current_studio(), attempt.route, attempt.reference, attempt.provider_ref)
    try:
        report: PayReport = gateway.fetch(*names)
        payment = apply_report(report=report)
        if payment is None and report.state == PayState.PENDING and (is_over or is_spent(attempt)):
            payment = apply_report(report=gateway.cancel(*names))
    except PayRefused:  # it knows nothing of the try, or speaks with this studio no more
        payment = None
    if payment is None and is_over:
        _expire(attempt)
    return payment


@transaction.atomic
def _expire(attempt: PayAttempt) -> None:
    row = lock(attempt)
    if row.state == AttemptState.OPEN:
        row.state = AttemptState.EXPIRED
        row.save(update_fields=["state"])
