"""The order board: the page, one column's further cards, some cards again, and the revisions to compare."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from core.catalog.enums import ShootKind
from core.console.access import requires
from core.console.board.columns import Column, board_of, column_of, faces_for
from core.console.board.faces import Face
from core.console.board.filters import EVERY_BRANCH, BoardFilter, read_filter
from core.console.sentences import moved_sentence
from core.kernel import events
from core.kernel.htmx import page
from core.orders import selectors
from core.orders.enums import Stage
from core.orders.selectors import ColumnCount
from core.people.enums import Capability, Role

MOST_IDS = 200


@requires(Capability.VIEW_BOARD)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Everything that is under way, filtered by the URL."""
    wanted = read_filter(request)
    staff: Any = request.staff
    at = events.positions([branch.board_stream for branch in wanted.branches])
    columns = board_of(staff, wanted)
    socket = f"/ws/board/{wanted.branch.pk if wanted.branch else EVERY_BRANCH}/"
    context = {"columns": columns, "filter": wanted, "socket": socket, "at": at, "words": {"look": _("Look")}}
    return page(request, "console/board/board.html", context | _head(wanted, columns))


def _head(wanted: BoardFilter, columns: list[Column]) -> dict[str, Any]:
    return {
        "branch_links": _branch_links(wanted),
        "mine_query": wanted.query(me="" if wanted.mine else "1"),
        "kinds": ShootKind.choices,
        "roles": Role.choices,
        "alarms": _alarms([column.count for column in columns]),
    }


def _alarms(counts: list[ColumnCount]) -> list[dict[str, str]]:
    """What the whole board has to say: guests who may come in vain (R057), what is late, what is due today."""
    vain, late, due = (sum(getattr(count, name) for count in counts) for name in ("in_vain", "overdue", "due"))
    found = [
        (vain, "bad", ngettext("%(n)d guest may come in vain", "%(n)d guests may come in vain", vain)),
        (late, "bad", ngettext("%(n)d order late", "%(n)d orders late", late)),
        (due, "warn", ngettext("%(n)d order due today", "%(n)d orders due today", due)),
    ]
    return [{"label": words % {"n": number}, "tone": tone} for number, tone, words in found if number]


def _branch_links(wanted: BoardFilter) -> list[dict[str, Any]]:
    links = [
        {"label": branch.name, "query": wanted.query(branch=branch.pk), "current": branch == wanted.branch}
        for branch in wanted.branches
    ]
    every = {"label": _("All branches"), "query": wanted.query(branch=EVERY_BRANCH), "current": wanted.branch is None}
    return [*links, every]


@requires(Capability.VIEW_BOARD)
@require_safe
def column(request: HttpRequest, stage: str) -> HttpResponse:
    """The further cards of a column; without htmx a page with the whole column."""
    if stage not in Stage.values:
        raise Http404
    wanted = read_filter(request)
    staff: Any = request.staff
    asked, after = wanted.asked(staff), request.GET.get("after", "")
    cards, count = selectors.board_cards(**asked)[stage], selectors.board_counts(**asked)[stage]
    found = column_of(Stage(stage), cards, count, wanted, faces_for(staff), after)
    template = "console/board/cards.html" if request.headers.get("HX-Request") else "console/board/column.html"
    context = {"faces": found.faces, "rest": found.rest, "column": found, "back": wanted.query()}
    return page(request, template, context)


@requires(Capability.VIEW_BOARD)
@require_safe
def cards(request: HttpRequest) -> HttpResponse:
    """`?ids=1,2`: these orders' cards as the filter leaves them, fresh counts, and who moved those in `?moved=`."""
    staff: Any = request.staff
    asked, maker = read_filter(request).asked(staff), faces_for(staff)
    faces = {card.id: maker.face(card) for card in selectors.cards(_ids(request, "ids"), **asked)}
    moved = [pk for pk in _ids(request, "moved") if pk in faces]
    counts = selectors.board_counts(**asked)
    answer = {
        "html": render_to_string("console/board/cards.html", {"faces": faces.values()}, request),
        "counts": {stage: {"n": count.number, "late": count.overdue} for stage, count in counts.items()},
        "alarms": render_to_string("console/board/alarms.html", {"alarms": _alarms([*counts.values()])}),
        "said": _said(faces, moved, staff.user),
    }
    return JsonResponse(answer)


def _said(faces: dict[int, Face], moved: list[int], viewer: Any) -> list[dict[str, Any]]:
    """What colleagues did: sentences for everyone but the one who did it."""
    said = []
    for event in selectors.last_moves(moved) if moved else []:
        face = faces[int(event.thread.partition(".")[2])]
        if (event.actor_kind, event.actor_id) != ("staff", viewer.pk):
            said.append({"id": face.id, "url": face.url, "text": moved_sentence(event, face.title)})
    return said


@requires(Capability.VIEW_BOARD)
@require_safe
def revs(request: HttpRequest) -> HttpResponse:
    """[[order, revision], …] of everything the filter leaves: what a screen compares after a broken connection."""
    wanted = read_filter(request)
    return JsonResponse(selectors.board_revs(**wanted.asked(request.staff)), safe=False)


def _ids(request: HttpRequest, name: str) -> list[int]:
    parts = request.GET.get(name, "").split(",")[:MOST_IDS]
    return [int(part) for part in parts if part.isdecimal() and len(part) < 19]
