"""What a card shows: one line of facts, one status with its word, one age. Plain values: templates stay fast."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext, pgettext, to_locale
from django.utils.translation import gettext as _

from core.catalog.enums import ShootKind
from core.orders.enums import TRANSITIONS, Stage
from core.orders.selectors import SHOWN_STATES, Card

NEVER = dt.date.max
AGE_ICONS = {"bad": "alert-triangle", "warn": "clock"}


@dataclass(frozen=True, slots=True)
class Status:
    """Word, tone and icon: never colour alone."""

    word: str = ""
    tone: str = "neutral"
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """An entry of the card's menu."""

    target: str
    label: str
    is_back: bool


@dataclass(frozen=True, slots=True)
class Face:
    """One card, ready to print. `attrs`: the list item's attributes, escaped once and not value by value."""

    id: int
    key: str
    attrs: str
    url: str
    move_url: str
    title: str
    owner: str
    sub: str
    chip: str
    tone: str
    icon: str
    age: str
    age_icon: str
    flag: str
    moves: tuple[Move, ...]
    paid: str = ""


ATTRS = 'id="order-{0}" data-id="{0}" data-rev="{1}" data-stage="{2}" data-key="{3}" data-move="{4}" data-moves="{5}"'


def sort_key(due_on: dt.date | None, order_id: int) -> str:
    """Cards stand by due day, the oldest order first: comparable as text, also in the browser."""
    return f"{(due_on or NEVER).isoformat()}.{order_id:010d}"


class Faces:
    """Makes faces. Addresses and names of stages are looked up once, not once a card."""

    def __init__(
        self, may_move: Callable[[int], bool], sees_money: Callable[[int], bool] = lambda _branch: False
    ) -> None:
        self.may_move, self.sees_money = may_move, sees_money
        self.url = reverse("console:orders:detail", args=["_"])
        self.move_url = reverse("console:orders:move", args=["_"])
        self.kinds = {str(kind): str(kind.label) for kind in ShootKind}
        self.moves = {stage: moves_from(stage) for stage in Stage}

    def face(self, card: Card) -> Face:
        status, (age, flag) = status_of(card), age_of_card(card)
        key, move_url = sort_key(card.due_on, card.id), self.move_url.replace("_", card.code)
        moves = self.moves[Stage(card.stage)] if self.may_move(card.branch_id) else ()
        targets = " ".join(move.target for move in moves)
        return Face(
            id=card.id,
            key=key,
            attrs=format_html(ATTRS, card.id, card.rev, card.stage, key, move_url, targets),
            url=self.url.replace("_", card.code),
            move_url=f"{move_url}?rev={card.rev}",
            title=card.title,
            owner=card.owner,
            sub=_photographs(card) or f"{self.kinds.get(card.kind, card.kind)} · {card.package}",
            chip=status.word,
            tone=status.tone,
            icon=status.icon,
            age=age,
            age_icon=AGE_ICONS.get(flag, ""),
            flag=flag,
            moves=moves,
            paid=paid_of(card.progress) if self.sees_money(card.branch_id) else "",
        )


def paid_of(progress: dict[str, Any]) -> str:
    """How much of the bill is paid, without amounts: guests see the screen, too."""
    charged, paid = int(progress.get("charged_minor") or 0), int(progress.get("paid_minor") or 0)
    if not charged:
        return ""
    return _("Paid") if paid >= charged else _("%(share)s paid") % {"share": f"{paid * 100 // charged}%"}


def moves_from(stage: Stage) -> tuple[Move, ...]:
    """Where an order may go from here, forward first."""
    targets = sorted((Stage(target) for target in TRANSITIONS[stage]), key=lambda to: -to.number)
    return tuple(Move(str(to), str(to.label), to.number < stage.number) for to in targets)


def age_of_card(card: Card) -> tuple[str, str]:
    """As `age_of`; an order whose photographs are delivered is not late, it stands."""
    if card.is_handed_over and (card.days_left or 0) < 0:
        return _("Production stands"), "warn"
    return age_of(card.days_left)


def age_of(days: int | None) -> tuple[str, str]:
    """(words, flag): how long until the stage is due; flag is bad when overdue, warn on the day."""
    if days is None:
        return "", ""
    if days < 0:
        return ngettext("%(n)d day late", "%(n)d days late", -days) % {"n": -days}, "bad"
    if days == 0:
        return _("Due today"), "warn"
    return ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}, ""


def _photographs(card: Card) -> str:
    """How many there are and how many are chosen; nothing before there are any."""
    photos = int(card.progress.get("photos") or 0)
    if not photos:
        return ""
    taken = ngettext("%(n)d photo", "%(n)d photos", photos) % {"n": photos}
    if card.progress.get("gallery_state") not in SHOWN_STATES:
        return taken
    chosen = {"picked": card.progress.get("picked", 0), "included": card.progress.get("included", 0)}
    return f"{taken} · " + _("chosen %(picked)s/%(included)s") % chosen


def status_of(card: Card) -> Status:
    """The one thing worth knowing about the order in its stage."""
    if card.open_issues:
        word = ngettext("%(n)d problem", "%(n)d problems", card.open_issues) % {"n": card.open_issues}
        return Status(word, "bad", "alert-triangle")
    if card.stage == Stage.SELECTION:
        return _selection_status(card)
    if card.stage == Stage.PRODUCTION:
        return _retouch_status(card)
    if card.stage in {Stage.DELIVERY, Stage.AFTER_SALES}:
        return _delivery_status(card)
    if card.stage in {Stage.SIGNING, Stage.PREPARATION, Stage.SHOOT}:
        return _shoot_status(card)
    return Status()


def _shoot_status(card: Card) -> Status:
    if card.shoot_on is None:
        return Status(_("No shoot date"), "warn", "calendar")
    if card.shoot_on == card.today:
        return Status(_("Shoot today"), "info", "camera")
    tone = "warn" if card.shoot_on < card.today else "neutral"
    return Status(_("Shoot %(day)s") % {"day": day_month(card.shoot_on)}, tone, "camera")


def _selection_status(card: Card) -> Status:
    state = card.progress.get("gallery_state", "")
    if state == "submitted":
        return Status(pgettext("selection", "Submitted"), "ok", "check")
    if state == "open":
        if card.progress.get("picked"):
            return Status(_("Choosing"), "info", "heart")
        return Status(_("Waiting for the customer"), "neutral", "clock")
    tone = "bad" if card.is_in_vain else "warn"
    if card.progress.get("photos"):
        return Status(_("Not opened yet"), tone, "lock")
    return Status(_("Proofs not ready"), tone, "photo")


def _retouch_status(card: Card) -> Status:
    """How far the retouching is, from what the gallery reports."""
    state = card.progress.get("gallery_state", "")
    turn = f"{card.progress.get('retouch_round', 1)}/{card.progress.get('retouch_rounds', 1)}"
    words = {
        "submitted": Status(_("Retouch not started"), "neutral", "clock"),
        "retouching": Status(_("In retouch %(turn)s") % {"turn": turn}, "info", "palette"),
        "proofing": Status(_("Customer looks at %(turn)s") % {"turn": turn}, "warn", "eye"),
        "signed_off": Status(_("Photos signed off"), "ok", "check"),
        "delivered": Status(_("Photos delivered"), "ok", "truck-delivery"),
    }
    if state in {"retouching", "proofing"}:
        return words[state]
    return _album_status(card) or words.get(state, Status())


def _album_status(card: Card) -> Status | None:
    """How far the album is, once it is the album that is waited for."""
    turn = {"turn": f"{card.progress.get('album_round', 1)}/{card.progress.get('album_rounds', 1)}"}
    words = {
        "designing": Status(_("Album laid out %(turn)s") % turn, "info", "columns-2"),
        "proofing": Status(_("Customer looks at the album %(turn)s") % turn, "warn", "eye"),
        "approved": Status(_("Album approved"), "ok", "check"),
    }
    return words.get(str(card.progress.get("album_state", "")))


def _delivery_status(card: Card) -> Status:
    """Whether the photographs are handed over; of the products the stage itself tells."""
    words = {
        "signed_off": Status(_("Photos to deliver"), "warn", "photo-check"),
        "delivered": Status(_("Photos delivered"), "ok", "truck-delivery"),
        "archived": Status(_("Photos archived"), "neutral", "box"),
    }
    return words.get(card.progress.get("gallery_state", ""), Status())


def day_month(day: dt.date) -> str:
    """11/23 in Chinese, Nov 23 in English: short enough for a chip."""
    locale = to_locale(get_language() or "zh-hans")
    return format_date(day, "M/d" if locale.startswith("zh") else "MMM d", locale=locale)
