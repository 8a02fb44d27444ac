"""A studio leaves: its card is charged no more, our books stay without its name. And one that comes back from an
archive: its pay accounts are named again, but somebody has to open them anew.

Called by name (settings.STUDIO_LEAVERS, KEPT_AFTER_ERASURE, STUDIO_CARRIES): `tenants.life` knows no money.
"""

import logging
from typing import Any

from django.utils import timezone

from billing import stripe_plans
from billing.enums import BillState, Collection, PayRoute
from billing.exchange import PayRefused
from billing.models import Bill, MerchantAccount, Subscription
from billing.subscribing import refresh
from tenants.context import in_public

log = logging.getLogger(__name__)
RESTORED = "restored"  # the fault of an account that came out of an archive


def stop_charging(*, studio: Any) -> str:
    """End the card subscription at Stripe now and close pages where one could be paid; harmless when repeated.

    Returns "" or why Stripe would not (for the certificate); its no must not keep anybody's data from being erased.
    Raises PayUnreachable: try again.
    """
    with in_public():
        row = Subscription.objects.select_related("plan", "studio").filter(studio_id=studio.pk).first()
        sessions = list(
            Bill.objects.filter(studio_id=studio.pk, is_own=True, state=BillState.OPEN).values_list(
                "session_ref", flat=True
            )
        )
    if row is None or not row.customer_ref:
        return ""
    try:
        for session in (row.session_ref, *sessions):
            stripe_plans.close_session(session)
        found = stripe_plans.subscription_at(row) if row.collection != Collection.INVOICE or row.provider_ref else None
        if found and found.status in stripe_plans.LIVING:
            stripe_plans.end_now(found)
            log.info("subscription of %s ended at Stripe: it leaves", studio.schema_name)
            refresh(studio=studio)
    except PayRefused as refusal:
        log.exception("Stripe would not end the subscription of %s", studio.schema_name)
        return str(refusal)
    return ""


def keep_books(*, studio: Any, code: str) -> int:
    """Our invoices stay as the law wants them: number, amount, dates, plan, Stripe's reference. Name and addresses go;
    `code` is the certificate of erasure. What was never paid is void. Returns how many. In the caller's transaction.
    """
    bills = Bill.objects.filter(studio=studio)
    bills.filter(is_own=True, state=BillState.OPEN).update(state=BillState.VOID)
    return int(bills.update(studio=None, erased_as=code, session_ref="", page_url="", pdf_url=""))


def told_accounts(studio: Any) -> list[dict[str, Any]]:
    """The studio's pay accounts for an archive: what they are called, never a key."""
    with in_public():
        rows = MerchantAccount.objects.filter(studio_id=studio.pk).order_by("route")
        return [{"route": row.route, "external": row.external, "is_on": row.is_on} for row in rows]


def reopen_accounts(studio: Any, told: list[dict[str, Any]]) -> int:
    """The archive's accounts at a restored studio: named, without keys, not offered.

    They are not sealed again for it: the archive holds no key, and beside the studio it was taken from, a copy that can
    take and give back the same merchant's money would pay the same refund twice. The page says what was there and asks
    for the keys; a Stripe account is connected anew. An archive is a file: nothing in it is believed.
    """
    made = 0
    for one in told:
        if one.get("route") not in PayRoute.values or not one.get("external"):
            continue
        former = {"external": str(one["external"])[:64], "is_on": bool(one.get("is_on"))}
        MerchantAccount.objects.get_or_create(
            studio=studio,
            route=one["route"],
            defaults={"fault": RESTORED, "facts": {"former": former}, "checked_at": timezone.now()},
        )
        made += 1
    return made
