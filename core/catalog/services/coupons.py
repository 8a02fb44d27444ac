"""Verbs on coupons. The last one goes to one customer only: the coupon's row is locked while it is used."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from core.catalog import selectors
from core.catalog.enums import CouponKind
from core.catalog.models import Coupon, CouponUse
from core.kernel import clock, events
from core.kernel.errors import Refusal
from core.kernel.events import Kind
from core.kernel.states import lock


@transaction.atomic
def save_coupon(
    *,
    actor: Any,
    coupon: Coupon | None = None,
    fields: dict[str, Any],
    packages: Iterable[Any] | None = None,
    branches: Iterable[Any] | None = None,
) -> Coupon:
    """Create or change a coupon (fields of Coupon); none of packages or branches: valid for all.

    Uses so far stay as they were. Event COUPON_SAVED. Refusal coupon.code_taken(taken) | coupon.unsound |
    coupon.limit_below_used(used).
    """
    row = lock(coupon) if coupon else Coupon()
    for name, value in fields.items():
        setattr(row, name, value)
    row.code = selectors.code_of(row.code)
    _refuse_unsound(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if not Coupon.objects.filter(code=row.code).exclude(pk=row.pk).exists():
            raise
        raise Refusal("coupon.code_taken", taken=row.code) from error
    if packages is not None:
        row.packages.set(packages)
    if branches is not None:
        row.branches.set(branches)
    events.record(Kind.COUPON_SAVED, row, actor, code=row.code, name=row.name)
    return row


def _refuse_unsound(row: Coupon) -> None:
    effects = {
        CouponKind.AMOUNT: (row.amount_minor or 0) > 0 and row.percent is None,
        CouponKind.PERCENT: 1 <= (row.percent or 0) <= 100 and row.amount_minor is None,
        CouponKind.ADDON: row.amount_minor is None and row.percent is None,
    }
    backwards = row.first_day and row.last_day and row.last_day < row.first_day
    limits = (row.total_limit, row.customer_limit)
    if not row.code or not effects.get(CouponKind(row.kind)) or backwards or row.minimum_minor < 0:
        raise Refusal("coupon.unsound")
    if any(limit is not None and limit < 1 for limit in limits):
        raise Refusal("coupon.unsound")
    if row.total_limit is not None and row.total_limit < row.used:
        raise Refusal("coupon.limit_below_used", used=row.used)


@transaction.atomic
def set_coupon_active(*, actor: Any, coupon: Coupon, is_active: bool) -> Coupon:
    """Stop a coupon, or let it count again. Event COUPON_SAVED."""
    return save_coupon(actor=actor, coupon=coupon, fields={"is_active": is_active})


@transaction.atomic
def redeem_coupon(
    *, actor: Any, coupon: Coupon, customer: Any, source: str, branch: Any, package_id: int, amount_minor: int
) -> CouponUse:
    """Use a coupon up on `source` (the thread of what it is used on, e.g. `order.12`); again on the same: no change.

    Call it in the transaction that sells, with the quote's `coupon_minor`. Takes the coupon's row lock until commit: of
    several who want the last one, one gets it. Event COUPON_USED on the source's thread. Refusal as
    `selectors.coupon_for`; coupon.unknown also for one that was stopped meanwhile.
    """
    row = lock(coupon)
    use = CouponUse.objects.filter(coupon=row, source=source).first()
    if use is not None and use.released_at is None:
        return use
    if not row.is_active:
        raise Refusal("coupon.unknown")
    selectors.refuse_unusable(row, branch=branch, package_id=package_id, customer=customer, source=source)
    row.used += 1
    row.save(update_fields=["used"])
    use = use or CouponUse(coupon=row, source=source)
    use.customer, use.amount_minor, use.at, use.released_at = customer, amount_minor, clock.now(), None
    use.save()
    facts: dict[str, Any] = {
        "code": row.code,
        "name": row.name,
        "amount_minor": amount_minor,
        "currency": selectors.currency(),
    }
    events.record(Kind.COUPON_USED, use, actor, **facts)
    return use


@transaction.atomic
def release_coupons(*, actor: Any, source: str) -> int:
    """Give back what was used on `source`, when the sale is undone. Event COUPON_RELEASED each. How many."""
    uses = list(CouponUse.objects.filter(source=source, released_at=None).order_by("coupon_id"))
    return sum(_release(use, actor) for use in uses)


def _release(standing: CouponUse, actor: Any) -> bool:
    coupon = lock(standing.coupon)
    use = lock(standing)
    if use.released_at is not None:
        return False
    coupon.used -= 1
    coupon.save(update_fields=["used"])
    use.released_at = clock.now()
    use.save(update_fields=["released_at"])
    events.record(Kind.COUPON_RELEASED, use, actor, code=coupon.code, name=coupon.name)
    return True
