"""Today as sections of rows; each row says what it is, how urgent, and the one next thing to do."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.console.amounts import amount_text
from core.console.board.faces import age_of, age_of_card, status_of
from core.finance.selectors import Arrear, arrears
from core.orders.enums import OrderState, Stage
from core.orders.models import Order, StageIssue
from core.orders.selectors import Card, Today, asks_of
from core.people.enums import Capability

SHOWN = 12  # rows of a section; the board has the rest
NEXT: dict[str, Any] = {
    Stage.ENQUIRY: gettext_lazy("Follow up"),
    Stage.SIGNING: gettext_lazy("Finish signing"),
    Stage.PREPARATION: gettext_lazy("Confirm preparation"),
    Stage.SHOOT: gettext_lazy("Close the shoot"),
    Stage.SELECTION: gettext_lazy("Chase the selection"),
    Stage.PRODUCTION: gettext_lazy("Check production"),
    Stage.DELIVERY: gettext_lazy("Arrange the pickup"),
    Stage.AFTER_SALES: gettext_lazy("Return visit"),
}


@dataclass(frozen=True)
class Row:
    """One thing to do. `who` stands beside it and may be `me`; `is_mine`: I have to see to it. `flag` (bad · warn)
    colours the age, which also has a word and an icon.
    """

    title: str
    url: str
    facts: str
    who: str
    me: bool
    is_mine: bool
    chip: str
    tone: str
    icon: str
    age: str
    flag: str
    action: str
    action_url: str


@dataclass(frozen=True)
class Section:
    """`tone` bad: the guest might come in vain, or somebody waits for us."""

    key: str
    title: str
    tone: str
    icon: str
    rows: list[Row]
    more: int


def owing(staff: Any, *, mine: bool) -> list[Row]:
    """Orders with something overdue: who sees money asks politely, at the latest when photographs are chosen (R056)."""
    if not staff.may(Capability.VIEW_MONEY):
        return []
    rows = [row for row in arrears(staff) if row.days > 0]
    orders = {order.account_id: order for order in _orders_of(rows)}
    found = [(row, orders[row.account.pk]) for row in rows if row.account.pk in orders]
    return [_debt(row, order, staff.user.pk) for row, order in found if not mine or order.owner_id == staff.user.pk]


def _orders_of(rows: list[Arrear]) -> Any:
    open_ones = Order.objects.filter(account__in=[row.account.pk for row in rows], state=OrderState.OPEN)
    return open_ones.select_related("owner")


def _debt(row: Arrear, order: Order, user: int) -> Row:
    url = reverse("console:orders:detail", args=[order.code])
    age, flag = age_of(-row.days)
    return Row(
        title=order.title,
        url=url,
        facts=" · ".join([str(Stage(order.stage).label), row.account.branch.name]),
        who=order.owner.name,
        me=order.owner_id == user,
        is_mine=order.owner_id == user,
        chip=amount_text(row.due_minor, row.account.currency),
        tone="warn",
        icon="wallet",
        age=age,
        flag=flag,
        action=_("Take a payment"),
        action_url=f"{url}#order-money",
    )


def sections_of(day: Today, staff: Any, *, mine: bool) -> list[Section]:
    """The sections that have something, most urgent first."""
    user = staff.user.pk
    parts = [
        ("asks", _("Customers ask"), "bad", "message-circle", [_ask(c, user) for c in day.asks]),
        (
            "not_ready",
            _("Photographs not ready for selection"),
            "bad",
            "photo",
            [_upload(c, user) for c in day.not_ready],
        ),
        ("shoots", _("Shoots today"), "info", "camera", [_shoot(c, user) for c in day.shoots]),
        ("overdue", _("Overdue"), "bad", "alert-triangle", [_step(c, user) for c in day.overdue]),
        ("issues", _("Open problems"), "bad", "message-circle", [_issue(i, user, staff) for i in day.issues]),
        ("owing", _("Payments due"), "warn", "wallet", owing(staff, mine=mine)),
        ("due", _("Due today and tomorrow"), "warn", "clock", [_step(c, user) for c in day.due]),
        (
            "handed",
            _("Photos delivered, production not closed"),
            "warn",
            "truck-delivery",
            [_step(c, user) for c in day.handed],
        ),
        ("choosing", _("Selections waiting"), "info", "heart", [_watch(c, user) for c in day.choosing]),
    ]
    found = []
    for key, title, tone, icon, all_rows in parts:
        rows = [row for row in all_rows if row.is_mine or not mine]
        if rows:
            found.append(Section(key, title, tone, icon, rows[:SHOWN], max(0, len(rows) - SHOWN)))
    return found


def _row(card: Card, user: int, action: str, action_url: str = "") -> Row:
    status, (age, flag) = status_of(card), age_of_card(card)
    url = reverse("console:orders:detail", args=[card.code])
    return Row(
        title=card.title,
        url=url,
        facts=" · ".join([str(Stage(card.stage).label), card.package, card.branch]),
        who=card.owner,
        me=card.owner_id == user,
        is_mine=card.owner_id == user,
        chip=status.word,
        tone=status.tone,
        icon=status.icon,
        age=age,
        flag=flag,
        action=action,
        action_url=action_url or f"{url}#stage",
    )


def _step(card: Card, user: int) -> Row:
    if card.stage == Stage.SELECTION and card.progress.get("gallery_state") == "submitted":
        return _row(card, user, _("Hand to production"))
    return _row(card, user, str(NEXT[card.stage]))


def _shoot(card: Card, user: int) -> Row:
    return _row(card, user, _("Job sheet"), reverse("console:orders:sheet", args=[card.code]))


def _upload(card: Card, user: int) -> Row:
    return _row(card, user, _("Upload photos"), _gallery(card))


def _ask(card: Card, user: int) -> Row:
    """What a customer waits for, and where it is answered."""
    if asks_of(card.progress) == "rights":
        word, action, page = _("Consent to publish taken back"), _("See to it"), "selection:rights"
    else:
        word, action, page = _("Asks to change the selection"), _("Answer"), "selection:reopening"
    row = _row(card, user, action, _gallery(card, page))
    return dataclasses.replace(row, chip=word, tone="bad", icon="")


def _watch(card: Card, user: int) -> Row:
    return _row(card, user, _("Look at the selection"), _gallery(card))


def _gallery(card: Card, page: str = "selection:gallery") -> str:
    """The gallery's desk (or its `page`) if there is one, else the order page, where one is made."""
    try:
        return reverse(page, args=[card.progress["gallery"]])
    except (KeyError, NoReverseMatch):
        return reverse("console:orders:detail", args=[card.code]) + "#order-gallery"


def _issue(issue: StageIssue, user: int, staff: Any) -> Row:
    order = issue.order
    url = reverse("console:orders:detail", args=[order.code])
    may_close = staff.may(Capability.MOVE_ORDER, order.branch_id)
    return Row(
        title=order.title,
        url=url,
        facts=issue.text,
        who=issue.raised_by.name,
        me=issue.raised_by_id == user,
        is_mine=user in {issue.raised_by_id, order.owner_id},
        chip=str(issue.get_stage_display()),
        tone="neutral",
        icon="none",
        age="",
        flag="",
        action=_("Solve") if may_close else _("Look"),
        action_url=reverse("console:orders:issue-end", args=[order.code, issue.pk])
        if may_close
        else f"{url}#order-issues",
    )
