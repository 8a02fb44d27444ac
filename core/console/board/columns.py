"""The board as eight columns of faces; long columns show their most urgent cards and load the rest when looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import ngettext

from core.console.board.faces import Face, Faces, sort_key
from core.console.board.filters import BoardFilter
from core.orders import selectors
from core.orders.enums import Stage
from core.orders.selectors import Card, ColumnCount
from core.people.enums import Capability

SHOWN = 20  # cards of a column in the first page, and in each further part: more than a screen holds


@dataclass(frozen=True)
class Rest:
    """The part of a column that is not shown yet."""

    url: str
    text: str


@dataclass(frozen=True)
class Column:
    stage: str
    label: str
    count: ColumnCount
    faces: list[Face]
    rest: Rest | None = None


def board_of(staff: Any, wanted: BoardFilter) -> list[Column]:
    """All columns, the first and the last stage too."""
    maker, asked = faces_for(staff), wanted.asked(staff)
    found, counts = selectors.board_cards(**asked), selectors.board_counts(**asked)
    return [column_of(Stage(stage), cards, counts[stage], wanted, maker) for stage, cards in found.items()]


def column_of(
    stage: Stage, cards: Sequence[Card], count: ColumnCount, wanted: BoardFilter, maker: Faces, after: str = ""
) -> Column:
    """A column from the card behind `after` (a sort key) on."""
    left = [card for card in cards if sort_key(card.due_on, card.id) > after]
    shown, hidden = left[:SHOWN], len(left) - SHOWN
    rest = _rest(stage, shown[-1], hidden, wanted) if hidden > 0 else None
    return Column(str(stage), str(stage.label), count, [*map(maker.face, shown)], rest)


def _rest(stage: Stage, last: Card, hidden: int, wanted: BoardFilter) -> Rest:
    query = urlencode({"after": sort_key(last.due_on, last.id)})
    url = f"{reverse('console:board-column', args=[stage])}?{wanted.query()}&{query}"
    return Rest(url, ngettext("%(n)d more", "%(n)d more", hidden) % {"n": hidden})


def faces_for(staff: Any) -> Faces:
    """Faces with a menu where the viewer may move orders, and with what is paid where they see money."""
    return Faces(
        lambda branch_id: staff.may(Capability.MOVE_ORDER, branch_id),
        lambda branch_id: staff.may(Capability.VIEW_MONEY, branch_id),
    )
