"""What an order costs: one price for page, contract and order. How it is made up: `core.catalog.rates`."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from core.catalog import selectors
from core.catalog.rates import Moment, Quote, QuoteLine, price
from core.catalog.terms import Terms

__all__ = ["Quote", "QuoteLine", "quote"]


def quote(
    package_version: Any,
    branch: Any,
    shoot_at: dt.datetime | dt.date | None = None,
    addons: Sequence[tuple[str, int]] = (),
    coupon: Any = None,
    customer: Any = None,
    *,
    rules: Sequence[Any] | None = None,
    currency: str = "",
) -> Quote:
    """What the version costs at the branch when the shoot begins at `shoot_at` (an instant; a day while the hour is
    open; None while all is open), with `addons` [(code, how many)] and a coupon (its code, or the row).

    One query for the rules, three for a coupon's code. `customer` lets a coupon's limit per customer speak. Changes
    nothing: using the coupon up is `services.redeem_coupon`. Refusal addon.… | coupon.….
    """
    terms = Terms.of(package_version.terms)
    rules = selectors.price_rules() if rules is None else rules
    if isinstance(coupon, str):
        asked = {"branch": branch, "package_id": package_version.package_id, "customer": customer}
        coupon = selectors.coupon_for(coupon, **asked) if coupon.strip() else None
    return price(
        terms,
        rules,
        branch=branch,
        package_id=package_version.package_id,
        moment=Moment.of(shoot_at, branch.timezone),
        addons=addons,
        coupon=coupon,
        currency=currency or selectors.currency(),
    )
