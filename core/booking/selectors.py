"""Questions about wishes and plans."""

from dataclasses import dataclass
from typing import Any

from core.booking.enums import PlanState
from core.booking.models import Brief, ShootingPlan
from core.booking.styles import BY_CODE, StyleCard, cards_for
from core.orders.models import Order


def brief_of(order: Order) -> Brief | None:
    """The order's wishes, if anybody has sent some."""
    return Brief.objects.filter(order=order).select_related("sent_by").first()


def plans_of(order: Order) -> list[ShootingPlan]:
    """Every version, newest first."""
    return list(order.plans.select_related("written_by", "answered_by").order_by("-version"))


def shown_plan(order: Order) -> ShootingPlan | None:
    """What the customer is shown: the version before them, else the one they confirmed."""
    seen = {PlanState.SENT: 0, PlanState.RETURNED: 2, PlanState.CONFIRMED: 1}
    found = [plan for plan in plans_of(order) if plan.state in seen]
    return min(found, key=lambda plan: (seen[PlanState(plan.state)], -plan.version), default=None)


def confirmed_plan(order: Order) -> ShootingPlan | None:
    """The version that the crafts work by."""
    return order.plans.filter(state=PlanState.CONFIRMED).select_related("answered_by").first()


@dataclass(frozen=True, slots=True)
class Look:
    """A planned look with its style card, where it names one."""

    number: int
    title: str
    style: str
    scene: str
    gown: str
    makeup: str
    photo: str
    card: StyleCard | None


def looks_of(plan: ShootingPlan) -> list[Look]:
    """The plan's looks as people read them."""
    return [
        Look(
            number=number,
            title=look["title"],
            style=card.label if (card := BY_CODE.get(look.get("style", ""))) else "",
            scene=look.get("scene", ""),
            gown=look.get("gown", ""),
            makeup=look.get("makeup", ""),
            photo=look.get("photo", ""),
            card=card,
        )
        for number, look in enumerate(plan.looks, start=1)
    ]


def suggested_looks(order: Order, brief: Brief | None, title: str) -> list[dict[str, Any]]:
    """A first plan out of the wishes: as many looks as outfits are sold, styles in turn, the cards' hints per craft.

    `title` names a look, with `%(n)s`. Without wishes the kind's own styles are taken.
    """
    codes = list(brief.styles) if brief else [card.code for card in cards_for(order.kind)]
    cards = [BY_CODE[code] for code in codes if code in BY_CODE]
    outfits = max(1, min(int(order.terms.get("outfits") or 1), 8))
    looks = []
    for number in range(1, outfits + 1):
        card = cards[(number - 1) % len(cards)] if brief and cards else None
        hints = {name: str(getattr(card, name)) for name in ("scene", "gown", "makeup", "photo")} if card else {}
        looks.append({"title": title % {"n": number}, "style": card.code if card else "", **hints})
    return looks
