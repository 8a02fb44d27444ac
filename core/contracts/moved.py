"""What an annex about another date says, in the contract's language."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import formats, translation
from django.utils.translation import gettext, ngettext

from core.contracts.models import Contract
from core.kernel import clock
from core.orders.enums import Wish
from core.orders.moves import OBJECTION_DAYS


@dataclass(frozen=True, slots=True)
class Move:
    """What an annex about another date says. `share`: the percentage of a later refund at most, where it is lowered."""

    was: dt.datetime
    at: dt.datetime
    wish: str
    reason: str
    minor: int
    share: int | None
    is_agreed: bool = True


def moved_words(main: Contract, move: Move) -> tuple[str, list[dict[str, Any]], list[dict[str, Any]]]:
    """Title, blocks and lines, in the contract's language and on the branch's wall clock."""
    with translation.override(main.language):
        return gettext("New shoot date"), _moved_blocks(main, move), _moved_lines(move.minor)


def _moved_blocks(main: Contract, move: Move) -> list[dict[str, Any]]:
    branch = main.order.branch
    zone = clock.zone(branch.timezone)
    rows = [[gettext("Former shoot date"), _written(move.was.astimezone(zone))]]
    rows.append([gettext("New shoot date"), _written(move.at.astimezone(zone))])
    rows.append([gettext("Branch"), branch.name])
    rows.append([gettext("Whose wish"), str(Wish(move.wish).label)])
    if move.reason:
        rows.append([gettext("Reason"), " ".join(move.reason.split())])
    body: list[dict[str, Any]] = [{"kind": "pairs", "rows": rows}]
    said = [gettext("The price stays as it was signed.")] if not move.minor else []
    if move.share is not None:
        text = gettext("If the customer gives the order up later, at most %(share)s of what was paid comes back.")
        said.append(text % {"share": f"{move.share}%"})
    said += _unasked(move)
    return [*body, *({"kind": "text", "text": text} for text in said)]


def _unasked(move: Move) -> list[str]:
    if move.is_agreed:
        return []
    said = [gettext("The studio has moved the date and informs the customer by this annex; nobody has signed it.")]
    if move.wish == Wish.STUDIO:
        text = ngettext(
            "Whoever cannot come then may give the order up within %(n)d day: that counts as the studio’s reason in "
            "the refund table.",
            "Whoever cannot come then may give the order up within %(n)d days: that counts as the studio’s reason in "
            "the refund table.",
            OBJECTION_DAYS,
        )
        said.append(text % {"n": OBJECTION_DAYS})
    return said


def _moved_lines(minor: int) -> list[dict[str, Any]]:
    return [annex_line(gettext("Price difference of the new date"), minor)] if minor else []


def _written(at: dt.datetime) -> str:
    """A day alone where no time was fixed."""
    if at.time() == dt.time.min:
        return str(formats.date_format(at.date(), "DATE_FORMAT"))
    return f"{formats.date_format(at.date(), 'DATE_FORMAT')} {at:%H:%M}"


def annex_line(name: str, minor: int) -> dict[str, Any]:
    return {"kind": "annex", "name": name, "quantity": 1, "each_minor": minor, "total_minor": minor}
