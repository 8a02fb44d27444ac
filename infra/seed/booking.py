"""Bookings of the demo in every state, wishes and shooting plans, told by the product's own verbs."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from core.booking import offers
from core.booking.enums import Origin
from core.booking.models import Booking
from core.booking.selectors import suggested_looks
from core.booking.services import briefs, changing, firming, plans, proposing, shifting
from core.booking.services.holding import Choice, begin_booking, hold_booking
from core.catalog.selectors import offered_versions
from core.contracts.finishing import finish_contract
from core.contracts.selectors import contract_of
from core.finance.services import record_payment
from core.kernel import clock
from core.orders.enums import OrderState, Stage, Wish
from core.orders.models import Order
from core.people import services as people
from core.scheduling import services as calendar
from core.scheduling.enums import ResourceKind
from core.scheduling.models import Appointment
from core.scheduling.services import expire_holds
from infra.seed import contracts as paperwork

BOOK_PHONE = "13800002617"  # holds a date: sign, pay, firm
FIRM_PHONE = "13800002618"  # has a firm date: move it, cancel it, tell wishes
GOWNS = ["主纱 A12", "主纱 B07", "晚礼服 C03", "秀禾 X01"]
CLEANING = 8 * 60
PEOPLE = ["顾念晚", "黎知微", "温以宁", "傅星野", "许南絮", "江晚舟", "沈清禾", "陆清欢"]
WISHES = [
    (
        ["forest", "film"],
        ["white", "green"],
        ["woods", "garden"],
        "想要自然光，抓拍多一点",
        "不要液化太多",
        "父母一起来",
    ),
    (["minimal", "night"], ["black", "champagne"], ["studio", "city"], "夜景一定要有", "不要蕾丝头纱", ""),
    (
        ["chinese", "palace"],
        ["red", "champagne"],
        ["old_town", "church"],
        "奶奶想看中式",
        "不要道具团扇",
        "奶奶坐轮椅",
    ),
]


def tell_bookings(branches: Iterable[Any], owner: Any, clerk: Any, now: dt.datetime) -> None:
    """Gowns for every branch; in the first one a booking in each state, wishes, and plans on their way."""
    found = list(branches)
    for branch in found:
        _gowns(branch, owner)
    _wishes(found[0], clerk, now)
    version = offered_versions()[0]
    _every_state(found[0], version, clerk, now)


def _gowns(branch: Any, owner: Any) -> None:
    for i, name in enumerate(GOWNS):
        told: dict[str, Any] = {"kind": ResourceKind.GOWN, "name": name, "after": CLEANING, "position": 20 + i}
        calendar.save_resource(actor=owner, branch=branch, **told)


def _wishes(branch: Any, clerk: Any, now: dt.datetime) -> None:
    """Three couples have sent wishes: one plan is confirmed, one is with the customer, one is still to be written."""
    rows = Order.objects.filter(branch=branch, state=OrderState.OPEN, stage=Stage.PREPARATION)
    for step, order in enumerate(rows.select_related("customer", "branch").order_by("pk")[:3]):
        styles, colours, places, wishes, taboos, company = WISHES[step]
        told: dict[str, Any] = {
            "styles": styles,
            "colours": colours,
            "places": places,
            "wishes": wishes,
            "taboos": taboos,
        }
        with clock.at(now - dt.timedelta(days=2, hours=step)):
            brief = briefs.send_brief(customer=order.customer, order=order, **told, company=company)
        if step == 2:
            continue
        with clock.at(now - dt.timedelta(hours=20 - step)):
            looks = suggested_looks(order, brief, "造型 %(n)s")
            plan = plans.write_plan(actor=clerk, order=order, looks=looks, note="带上婚戒和身份证；妆前不要敷面膜。")
            plan = plans.send_plan(actor=clerk, plan=plan)
        if step == 0:
            with clock.at(now - dt.timedelta(hours=12)):
                plans.confirm_plan(customer=order.customer, plan=plan, digest=plans.digest_of(plan))


def _every_state(branch: Any, version: Any, clerk: Any, now: dt.datetime) -> None:
    """Held, signed, firm (one asked for another date, one moved), lapsed, stranded, cancelled, and a draft."""
    first = clock.today(branch.timezone) + dt.timedelta(days=16)
    starts = _one_a_day(branch, version, first)
    soon = dt.timedelta(hours=48)
    with clock.at(now - dt.timedelta(hours=3)):
        _held(branch, version, next(starts), clerk, PEOPLE[0], BOOK_PHONE, soon)
        signed = _held(branch, version, next(starts), clerk, PEOPLE[1], "", soon)
        firm = _held(branch, version, next(starts), clerk, PEOPLE[2], FIRM_PHONE, soon)
        gone = _held(branch, version, next(starts), clerk, PEOPLE[3], "", dt.timedelta(minutes=15))
        over = _held(branch, version, next(starts), clerk, PEOPLE[4], "", soon)
        start = next(starts)
        late = _held(branch, version, start, clerk, PEOPLE[5], "", dt.timedelta(minutes=15))
        moved = _held(branch, version, next(starts), clerk, PEOPLE[6], "", soon)
        shifted = _held(branch, version, next(starts), clerk, PEOPLE[7], "", soon)
    _sign(signed, now - dt.timedelta(hours=2))
    for row in (firm, late, moved, shifted):
        _sign(row, now - dt.timedelta(hours=2, minutes=57))
    with clock.at(now - dt.timedelta(hours=1)):
        _pay(firm, clerk)
        changing.cancel_booking(customer=over.customer, booking=over, reason="婚期推迟到明年", seen_minor=0)
        expire_holds()
        firming.lapse_bookings()
        _taken(branch, version, start, clerk)
        _pay(late, clerk)
    with clock.at(now - dt.timedelta(minutes=20)):
        _ask(firm, clerk)
        _move(moved, clerk)
        _shift(shifted, clerk)
        begin_booking(choice=_choice(branch, version, next(starts)), name="陆遥", phone="+8613800002690")
    assert gone.state == "held", "lapsed since, in the database"


def _one_a_day(branch: Any, version: Any, first: dt.date) -> Iterator[offers.Start]:
    """The first free start of each day."""
    for n in range(60):
        yield from offers.starts(branch, version, first + dt.timedelta(days=n))[:1]


def _choice(branch: Any, version: Any, start: offers.Start) -> Choice:
    return Choice(branch, version.package, start.starts_at, start.price_minor)


def _held(
    branch: Any, version: Any, start: offers.Start, clerk: Any, name: str, phone: str, expires: dt.timedelta
) -> Booking:
    number = phone or f"1390000{6200 + PEOPLE.index(name):04d}"
    customer = people.add_customer(actor=clerk, name=name, phone=number, source="online", city=branch.city)
    origin = {"origin": Origin.DESK, "taken_by": clerk} if phone == BOOK_PHONE else {"origin": Origin.ONLINE}
    draft = begin_booking(choice=_choice(branch, version, start), customer=customer, **origin)
    return hold_booking(actor=customer, booking=draft, customer=customer, expires=expires)


def _sign(row: Booking, at: dt.datetime) -> None:
    order: Any = row.order  # taken when the date was held
    contract: Any = contract_of(order)
    paperwork._everybody(contract, at)
    with clock.at(at + dt.timedelta(minutes=1)):
        firming.follow_booking(booking=row)


def _pay(row: Booking, clerk: Any) -> None:
    order = Order.objects.select_related("account").get(pk=row.order_id)
    amount = firming.deposit_missing(order)
    record_payment(actor=clerk, account=order.account, amount_minor=amount, method="transfer", note="招行转账 2611")
    firming.follow_booking(booking=row)


def _taken(branch: Any, version: Any, start: offers.Start, clerk: Any) -> None:
    """Somebody else has the very time by now, with everybody who could serve it."""
    day = start.starts_at.astimezone(clock.zone(branch.timezone)).date()
    for _n in range(6):
        found = offers.slots(branch, version, day, day + dt.timedelta(days=1)).slots
        slot = next((one for one in found if one.starts_at == start.starts_at), None)
        if slot is None:
            return
        told = {"actor": clerk, "branch": branch, "kind": "shoot", "title": "企业年会跟拍"}
        calendar.book(**told, plan=slot.plan())


def _move(row: Booking, clerk: Any) -> None:
    """The couple takes the cheapest start of the following weeks by themselves: the annex is there, sealed."""
    _pay(row, clerk)
    row.refresh_from_db()
    order: Any = row.order
    day = row.starts_at.astimezone(clock.zone(row.branch.timezone)).date()
    found = [
        one for n in range(1, 15) for one in offers.starts(row.branch, order.package_version, day + dt.timedelta(n))
    ]
    start = min(found, key=lambda one: (one.price_minor, one.starts_at))
    changing.move_booking(customer=row.customer, booking=row, starts_at=start.starts_at, evidence=paperwork.PHONE)
    for annex in order.contracts.exclude(parent=None):
        finish_contract(contract=annex.pk)


def _shift(row: Booking, clerk: Any) -> None:
    """The studio moves a signed date without asking: the annex tells it, with the reason and what can be done."""
    _pay(row, clerk)
    row.refresh_from_db()
    order: Any = row.order
    appointment = Appointment.objects.get(pk=row.appointment_id)
    day = appointment.starts_at.astimezone(clock.zone(row.branch.timezone)).date() + dt.timedelta(days=1)
    slots = offers.slots(row.branch, order.package_version, day, day + dt.timedelta(days=14)).slots
    if slots:
        told: dict[str, Any] = {"plan": slots[0].plan(), "reason": "当天影棚停电检修", "wish": Wish.STUDIO}
        shifting.shift_date(actor=clerk, appointment=appointment, **told)
        for annex in order.contracts.exclude(parent=None):
            finish_contract(contract=annex.pk)


def _ask(row: Booking, clerk: Any) -> None:
    """The studio asks for the day after, at the same hour or the first one that is free."""
    order = Order.objects.select_related("branch", "customer").get(pk=row.order_id)
    appointment = Appointment.objects.get(pk=row.appointment_id)
    day = appointment.starts_at.astimezone(clock.zone(order.branch.timezone)).date() + dt.timedelta(days=1)
    found = offers.slots(order.branch, order.package_version, day, day + dt.timedelta(days=14)).slots
    if found:
        told = {
            "appointment": appointment,
            "plan": found[0].plan(),
            "reason": "周航那天要去云南外拍，换一天由他亲自为您拍摄",
        }
        proposing.propose_date(actor=clerk, order=order, **told)
