"""What somebody wants to pay: an instalment or all of a bill, or a top-up."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core.finance.models import Account, TopUp
from portal.money.pages import addresses


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be paid, as `start_payment` wants it, and where its payer sees what became of it."""

    what: dict[str, Any]
    home: str  # of a top-up, whose page shows every try; "" for a sale, whose tries have pages of their own

    def page_of(self, reference: str) -> str:
        return self.home or reverse("portal:payment", args=[reference])


def order_wish(request: HttpRequest, account: Account, number: int) -> Wish:
    """The instalment of this number, or (0) everything."""
    instalment = account.instalments.filter(number=number).first() if number else None
    return Wish({"account": account, "instalment": instalment, **addresses(request, account.code)}, "")


def top_up_wish(request: HttpRequest, top_up: TopUp) -> Wish:
    home = reverse("portal:top-up", args=[top_up.account.code])
    there = request.build_absolute_uri("/")[:-1] + home
    return Wish({"account": top_up.account, "paid_url": there, "back_url": there}, home)
