"""What a choice costs, with the coupon that was typed: the price is shown before anything is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from core.catalog.quotes import Quote, quote
from core.kernel import limits
from core.kernel.address import client_address
from core.kernel.errors import Refusal
from portal.book.forms import sentence

GUESSES = "60 per hour"  # codes from one address: nobody should find coupons by trying


@dataclass(frozen=True, slots=True)
class Priced:
    """The price, and `full_minor` without a coupon; `coupon`: the code that counts in it; `typed`, `refusal`: what was
    typed and why it does not.
    """

    quote: Quote
    full_minor: int
    coupon: str = ""
    typed: str = ""
    refusal: str = ""


def priced(
    request: HttpRequest, version: Any, branch: Any, at: Any, addons: Sequence[tuple[str, int]], coupon: str = ""
) -> Priced:
    """`coupon` counts if it may be used here by this person; else the price is the one without it."""
    typed = coupon.strip()[:24]
    if typed:
        try:
            limits.spend(GUESSES, "coupon.address", client_address(request), code="coupon.too_often")
        except Refusal as refusal:
            full = quote(version, branch, at, addons)
            return Priced(full, full.total_minor, "", typed, sentence(refusal))
    return _with(typed, version, branch, at, addons, request.customer or None)


def _with(typed: str, version: Any, branch: Any, at: Any, addons: Sequence[tuple[str, int]], customer: Any) -> Priced:
    full = quote(version, branch, at, addons)
    if not typed:
        return Priced(full, full.total_minor)
    try:
        return Priced(quote(version, branch, at, addons, typed, customer), full.total_minor, typed, typed)
    except Refusal as refusal:
        if not refusal.code.startswith("coupon."):
            raise
        return Priced(full, full.total_minor, "", typed, sentence(refusal))


def price_of_draft(found: Any, version: Any, at: Any) -> Priced:
    """The price of a draft at a start; a coupon that does not count any more is left out."""
    addons = [(one, count) for one, count in found.addons]
    return _with(found.coupon, version, found.branch, at, addons, found.customer)
