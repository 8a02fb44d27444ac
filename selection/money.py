"""What choosing costs, in the order's books: each posting in the transaction of the verb that caused it."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from core.catalog.pricing import ORIGINALS
from core.finance.enums import ChargeKind
from core.finance.models import Account
from core.finance.services import charge, reverse
from core.finance.services.charging import line
from selection.amendments import Reopening
from selection.models import Gallery, Submission
from selection.rearranging import Place


def _account(gallery: Gallery) -> Account | None:
    found: Account | None = Account.objects.filter(order__pk=gallery.order_id).first()
    return found


def post_submission(gallery: Gallery, submission: Submission) -> None:
    """The extras of a signed list, line by line; due at once."""
    account = _account(gallery)
    if account is not None and submission.extra_total_minor:
        source, title = f"submission.{submission.pk}", gallery.title
        lines = [_line(told) for told in submission.lines if told["total_minor"]]
        charge(account=account, source=source, lines=lines, kind=ChargeKind.EXTRAS, title=title, tell=False)


def _line(told: dict[str, Any]) -> dict[str, Any]:
    """A line of the bill as books keep it; names of kinds are made where it is read."""
    quantity = 1 if told["slot"] == ORIGINALS else max(1, int(told.get("extra") or 1))
    total = int(told["total_minor"])
    each = total // quantity if total % quantity == 0 else 0  # 0: tiers, each had its own price
    return line(told.get("name") or f"@{told['kind']}", total, quantity, each)


def post_change(gallery: Gallery, found: Reopening, places: Sequence[Place]) -> None:
    """The price of a change after retouching began, as the customer agreed to it: the studio's, then use by use."""
    account = _account(gallery)
    if account is not None and found.total_minor:
        lines = [line("@change", found.price_minor)] if found.price_minor else []
        lines += [line(place.slot.name, place.due_minor) for place in places if place.due_minor]
        source = f"reopening.{found.pk}"
        charge(account=account, source=source, lines=lines, kind=ChargeKind.CHANGE, title=gallery.title, tell=False)


def post_round(gallery: Gallery, grant: Any) -> None:
    """A retouch round beyond the contract, as the customer agreed to it."""
    account = _account(gallery)
    if account is not None and grant.price_minor:
        lines = [line("@round", grant.price_minor)]
        source = f"grant.{grant.pk}"
        charge(account=account, source=source, lines=lines, kind=ChargeKind.ROUND, title=gallery.title, tell=False)


def take_back(gallery: Gallery, actor: Any) -> None:
    """The list is open again: what it and its changes cost is owed no more, until it is signed again."""
    account = _account(gallery)
    if account is None:
        return
    sources = [f"submission.{pk}" for pk in gallery.submissions.values_list("pk", flat=True)]
    sources += [f"reopening.{pk}" for pk in gallery.reopenings.values_list("pk", flat=True)]
    for posted in account.charges.filter(Q(source__in=sources), reversal__isnull=True).order_by("pk"):
        reverse(account=account, source=posted.source, actor=actor, tell=False)
