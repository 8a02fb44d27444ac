"""The inbox: what a provider tells is verified, stored once, answered; a job applies it inside the right studio.

The studio follows from the account that the provider names (Stripe) or from the secret part of the address (the
wallets), never from what the notification says about itself: marks that name another studio are kept for operators.
"""

import datetime as dt
import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from billing.enums import NoticeKind, NoticeState, PayRoute
from billing.exchange import Forged, PayRefused, Told
from billing.models import MerchantAccount, Notice, Subscription
from tenants.context import in_public, in_studio

log = logging.getLogger(__name__)
LOST = dt.timedelta(minutes=15)  # a job that has not run by then will not
APPLIED = {NoticeKind.PAYMENT, NoticeKind.REFUND, NoticeKind.DISPUTE, NoticeKind.ACCOUNT}


def receive_stripe(body: bytes, headers: Mapping[str, str], *, connect: bool) -> None:
    """An event of Stripe for its Connect endpoint or for the platform's own. Raises Forged."""
    from billing import stripe_events

    if not connect:
        _receive_own(stripe_events.told_own(body, headers, settings.STRIPE_WEBHOOK_SECRETS), body)
        return
    told = stripe_events.told(body, headers, settings.STRIPE_CONNECT_SECRETS)
    account = _stripe_account(told.account)
    schema = account.studio.schema_name if account else ""
    foreign = bool(account and told.marked not in {"", schema})
    _store(
        PayRoute.STRIPE, told, account.studio if account else None, told.account, body,
        foreign=foreign, state=_first_state(told, account, foreign=foreign),
    )  # fmt: skip


def _receive_own(told: Told, body: bytes) -> None:
    """About our own subscriptions: the studio follows from the customer, which we made; one that is not ours (another
    product of the platform's account) is kept and left alone.
    """
    with in_public():
        customers = Subscription.objects.select_related("studio").exclude(customer_ref="")
        row = customers.filter(customer_ref=told.reference).first()
    studio = row.studio if row else None
    foreign = bool(studio and told.marked not in {"", studio.schema_name})
    state = NoticeState.NEW if studio and told.kind == NoticeKind.PLAN else NoticeState.IGNORED
    _store(PayRoute.STRIPE, told, studio, "", body, foreign=foreign, state=NoticeState.UNKNOWN if foreign else state)


def receive_wallet(route: PayRoute, key: str, body: bytes, headers: Mapping[str, str]) -> None:
    """A notification of WeChat Pay or Alipay for the merchant whose address has `key`. Raises Forged."""
    from billing.gateway import adapter

    with in_public():
        account = MerchantAccount.objects.select_related("studio").filter(route=route, key=key).first()
    if account is None:
        raise Forged("address")  # without a merchant nothing can be verified
    told = adapter(route).told(account, body, headers)
    state = _first_state(told, account, foreign=told.foreign)
    _store(route, told, account.studio, account.key, body, foreign=told.foreign, state=state)


def _stripe_account(external: str) -> MerchantAccount | None:
    with in_public():
        accounts = MerchantAccount.objects.select_related("studio").exclude(external="")
        return accounts.filter(route=PayRoute.STRIPE, external=external).first()


def _store(
    route: PayRoute, told: Told, studio: Any, name: str, body: bytes, *, foreign: bool, state: NoticeState
) -> None:
    """Once, with its job in the same transaction. What came before is not stored and not applied again."""
    with in_public(), transaction.atomic():
        row, is_new = Notice.objects.get_or_create(  # its INSERT in a savepoint: of two at once, one is new
            route=route,
            account=name[:64],
            event_id=told.event_id[:128],
            defaults={
                "studio": studio,
                "event": told.event[:80],
                "kind": told.kind,
                "reference": told.reference[:64],
                "provider_ref": told.provider_ref[:128],
                "payload": body.decode(errors="replace"),
                "state": state,
                "fault": "foreign" if foreign else "",
            },
        )
        if is_new and state == NoticeState.NEW:
            _enqueue(studio, row.pk, "plan" if told.kind == NoticeKind.PLAN else "")
    if is_new and state == NoticeState.UNKNOWN:
        log.error("a notice of %s is nobody's: account %s, event %s", route, name, told.event_id)


def _first_state(told: Told, account: MerchantAccount | None, *, foreign: bool) -> NoticeState:
    if foreign or (account is None and told.account):
        return NoticeState.UNKNOWN
    if account is None or told.kind not in APPLIED or not (told.reference or told.kind == NoticeKind.ACCOUNT):
        return NoticeState.IGNORED
    return NoticeState.NEW


def _enqueue(studio: Any, notice: int, lock: str) -> None:
    """`lock`: readings of one subscription take turns, or an older one could be written last."""
    from billing.jobs import apply_notice

    with in_studio(studio):
        apply_notice.defer(lock=lock, notice=notice)


def apply(notice: int) -> None:
    """What the job does, inside the studio. Raises what the handler raised, so that the job is tried again; a refusal
    for good is written down and not tried again.
    """
    with in_public():
        row = Notice.objects.select_related("studio").filter(pk=notice).first()
    if row is None or row.state not in {NoticeState.NEW, NoticeState.FAILED}:
        return
    try:
        _hand_over(row)
    except PayRefused as refusal:
        _done(row, NoticeState.FAILED, refusal.code)
    except Exception as error:
        _done(row, NoticeState.FAILED, type(error).__name__)
        raise
    else:
        _done(row, NoticeState.APPLIED, "")


def _hand_over(row: Notice) -> None:
    if row.kind == NoticeKind.ACCOUNT:
        from billing.services import check_account

        check_account(studio=row.studio, route=row.route)
        return
    if row.kind == NoticeKind.PLAN:
        from billing.dunning import remind
        from billing.subscribing import refresh

        remind(refresh(studio=row.studio), studio=row.studio)  # a failed payment is not news of tomorrow
        return
    handler = import_string(settings.PAY_NOTICE_HANDLER)
    handler(route=row.route, reference=row.reference, kind=row.kind)


def _done(row: Notice, state: NoticeState, fault: str) -> None:
    with in_public():
        Notice.objects.filter(pk=row.pk).update(
            state=state, fault=fault, applied_at=timezone.now() if state == NoticeState.APPLIED else None
        )


def stuck(studio: Any) -> list[int]:
    """Notices whose job was lost: new for a quarter of an hour."""
    before = timezone.now() - LOST
    with in_public():
        rows = Notice.objects.filter(studio_id=studio.pk, state=NoticeState.NEW, received_at__lt=before)
        return list(rows.order_by("pk").values_list("pk", flat=True)[:100])
