"""What happened in the demo studios before you arrived: orders told stage by stage through the product's own verbs."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.kernel import clock
from core.orders import services as orders
from core.orders.enums import PersonPart, Stage
from core.orders.models import Order
from core.people import services as people
from core.people.models import Customer
from infra.seed import cast
from selection.bills import slots_of
from selection.models import Gallery
from selection.selectors import counts
from selection.services.notes import save_note
from selection.services.picks import Op, apply_picks
from selection.services.placements import Put, place_photos
from selection.services.submissions import submit_selection

DAYS: dict[str, tuple[int, int]] = {
    Stage.ENQUIRY: (0, 4),
    Stage.SIGNING: (1, 3),
    Stage.PREPARATION: (8, 24),
    Stage.SHOOT: (0, 1),
    Stage.SELECTION: (3, 12),
    Stage.PRODUCTION: (11, 24),
    Stage.DELIVERY: (1, 6),
    Stage.AFTER_SALES: (6, 20),
}
STAGES = list(Stage)
NOTES = ["", "", "", "新娘对花粉过敏", "希望自然光", "宝宝午睡 12:30–14:00", "长辈同行，备座椅"]
WISHES: list[tuple[str, list[str]]] = [
    ("", ["spots", "teeth"]),
    ("少液化，保留脸上的痣", ["slim"]),
    ("背景的路人去掉", ["people"]),
    ("", ["hair"]),
    ("眼镜反光请处理一下", ["glare"]),
]
PINS: list[list[dict[str, Any]]] = [
    [],
    [{"x": 470, "y": 310, "tag": "skin", "text": "脸颊有一点红", "rev": 1}],
    [],
    [
        {"x": 180, "y": 620, "tag": "background", "text": "这里的电线去掉", "rev": 1},
        {"x": 520, "y": 280, "tag": "eyes", "text": "", "rev": 1},
    ],
    [{"x": 560, "y": 740, "tag": "body", "text": "裙摆褶皱抚平", "rev": 1}],
]
FillGallery = Callable[[Order, Any], Gallery | None]


@dataclass
class Teller:
    """Tells orders of one studio. `fill` makes the gallery of an order that was shot."""

    dice: random.Random
    desks: dict[str, list[Any]]
    branches: dict[str, Any]
    packages: list[Any]
    fill: FillGallery
    used_phones: set[str]

    def customer(self, actor: Any, name: str, phone: str = "") -> Customer:
        phone = phone or self._phone()
        return people.add_customer(
            actor=actor,
            name=name,
            phone=phone,
            city=self.dice.choice(cast.CITIES),
            source=self.dice.choice(cast.SOURCES),
            tags=self.dice.choice(cast.TAGS),
        )

    def _phone(self) -> str:
        while True:
            phone = f"13{self.dice.choice('5678')}{self.dice.randrange(10**8):08d}"
            if phone not in self.used_phones:
                self.used_phones.add(phone)
                return phone

    def desk(self, code: str) -> Any:
        """Somebody at the branch's reception desk."""
        return self.dice.choice(self.desks[code])

    def names(self, kind: str) -> tuple[str, str]:
        """(main contact, second person or "")."""
        first = self.dice.choice(cast.SURNAMES) + self.dice.choice(cast.GIVEN)
        second = self.dice.choice(cast.SURNAMES) + self.dice.choice(cast.GIVEN)
        return first, second if kind == "wedding" else ""

    def order(
        self,
        *,
        code: str,
        package: Any,
        taken: dt.datetime,
        shoot_on: dt.date | None = None,
        names: tuple[str, str] = ("", ""),
        phone: str = "",
    ) -> Order:
        """An order taken at the branch's desk at `taken`."""
        main, second = names if names[0] else self.names(package.kind)
        with clock.at(taken):
            actor = self.desk(code)
            first = self.customer(actor, main, phone)
            others = [(self.customer(actor, second), PersonPart.GROOM)] if second else []
            return orders.take_order(
                actor=actor,
                branch=self.branches[code],
                customer=first,
                package=package,
                title=f"{main} & {second}" if second else main,
                people=others,
                shoot_on=shoot_on or (taken + dt.timedelta(days=self.dice.randint(12, 30))).date(),
                note=self.dice.choice(NOTES),
            )

    def bring(self, order: Order, until: str, now: dt.datetime) -> Order:
        """Move an order of these weeks to stage `until`, on days that fit its shoot date."""
        shoot = dt.datetime.combine(order.shoot_on, dt.time(1), dt.UTC) if order.shoot_on else now
        entered = {
            Stage.SIGNING: order.taken_at + dt.timedelta(days=1),
            Stage.PREPARATION: order.taken_at + dt.timedelta(days=3),
            Stage.SHOOT: shoot,
            Stage.SELECTION: shoot + dt.timedelta(days=1),
            Stage.PRODUCTION: shoot + dt.timedelta(days=6),
            Stage.DELIVERY: shoot + dt.timedelta(days=25),
            Stage.AFTER_SALES: shoot + dt.timedelta(days=29),
        }
        while order.stage != until:
            moment = entered[STAGES[STAGES.index(Stage(order.stage)) + 1]]
            with clock.at(min(moment, now) - dt.timedelta(minutes=self.dice.randint(5, 170))):
                order = self._leave(order)
        return order

    def tell(self, order: Order, until: str | None, end: dt.datetime) -> Order:
        """Move the order along, days as in life, until stage `until` or until the story reaches `end`."""
        moment = order.taken_at
        while order.stage not in {until, Stage.AFTER_SALES}:
            low, high = DAYS[order.stage]
            moment += dt.timedelta(
                days=self.dice.randint(low, high), hours=self.dice.randint(0, 6), minutes=self.dice.randint(1, 55)
            )
            if moment >= end:
                break
            with clock.at(moment):
                order = self._leave(order)
        if order.stage == Stage.AFTER_SALES and moment + dt.timedelta(days=30) < end:
            with clock.at(moment + dt.timedelta(days=self.dice.randint(8, 29))):
                order = orders.finish_order(actor=self.desk(order.branch.code), order=order)
        return order

    def _leave(self, order: Order) -> Order:
        actor = self.desk(order.branch.code)
        if order.stage == Stage.SELECTION and self._choose(order):
            return Order.objects.select_related("branch").get(pk=order.pk)
        target = STAGES[STAGES.index(Stage(order.stage)) + 1]
        order = orders.move_order(actor=actor, order=order, target=target)
        if target == Stage.SELECTION:
            self.fill(order, actor)
        return Order.objects.select_related("branch").get(pk=order.pk)

    def _choose(self, order: Order) -> bool:
        """The customer picks about the quota, sometimes more, and submits. False when the order has no gallery."""
        gallery = Gallery.objects.filter(order=order, state="open").first()
        if gallery is None:
            return False
        chooser = gallery.choosers.get(is_main=True)
        numbers = list(gallery.photos.order_by("number").values_list("number", flat=True))
        extra = self.dice.choice([0, 0, 0, 1, 2, 4, 6, 9])
        chosen = self.dice.sample(numbers, min(len(numbers), gallery.included + extra))
        ops = [Op(i, number, "yes", clock.now()) for i, number in enumerate(chosen, start=1)]
        for start in range(0, len(ops), 200):
            apply_picks(chooser=chooser, device="demo", ops=ops[start : start + 200])
        _place(gallery, chooser, chosen)
        chooser.refresh_from_db()
        for i, number in enumerate(sorted(chosen)[: 2 + len(chosen) % 4]):
            text, tags = WISHES[(number + i) % len(WISHES)]
            pins = PINS[number % len(PINS)]
            save_note(chooser=chooser, number=number, text=text, tags=tags, pins=pins, device="demo", op=1)
        submit_selection(
            chooser=chooser,
            extra_total_minor=counts(gallery, chooser).extra_total_minor,
            signed_name=chooser.customer.name,
            note="",
            evidence={"device": "demo"},
        )
        return True


def _place(gallery: Gallery, chooser: Any, chosen: list[int]) -> None:
    """Every slot as full as the package has it; every fifth couple takes one more for the wall."""
    puts = []
    for slot in slots_of(gallery):
        more = 1 if slot.kind == "frame" and gallery.pk % 5 == 0 else 0
        puts += [(number, slot.number) for number in chosen[: slot.included + more]]
    ops = [Put(1000 + i, number, slot, True, clock.now()) for i, (number, slot) in enumerate(puts)]
    if ops:
        place_photos(chooser=chooser, device="demo", ops=ops)
