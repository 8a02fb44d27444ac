"""The two studios of the demo, from empty to a Sunday in the season."""

import datetime as dt
import itertools
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from core.catalog import services as catalog
from core.catalog.models import Package
from core.kernel import clock
from core.orders import services as orders
from core.orders.enums import Stage
from core.orders.models import Order
from core.people import services as people
from core.people.models import Customer
from core.studios import services as studios
from core.studios.models import Branch
from infra.seed import (
    album,
    booking,
    brand,
    cast,
    company,
    contracts,
    delivery,
    money,
    money_more,
    pay,
    plans,
    prices,
    retouch,
    rights,
    scheduling,
    shelf,
)
from infra.seed.pictures import BURST, EVERY, SMALL
from infra.seed.story import Teller
from selection.culling import services as culling
from selection.culling.enums import MAX_MARKS
from selection.models import Gallery
from selection.services import galleries, placements, suggestions
from selection.services.notes import save_note
from selection.services.parts import sign_part
from selection.services.picks import Op, apply_picks
from selection.services.placements import Put
from tenants.accounts.models import User
from tenants.context import in_studio
from tenants.models import Studio
from tenants.services import open_studio

FIRST, SECOND = "guangying", "hupan"
COUPLE = ("陈晓雨", "林一舟")
COUPLE_PHONE, FAMILY_PHONE, RETOUCH_PHONE, ALBUM_PHONE = "13800002611", "13800002612", "13800002613", "13800002614"
DELIVERY_PHONE = "13800002615"
PAST_ORDERS, PAST_DAYS = 6 if SMALL else 60, 175
Say = Callable[[str], None]

# stage: for each order standing there now, days from today to its shoot
NOW = {
    Stage.ENQUIRY: [24, 30, 19, 27],
    Stage.SIGNING: [16, 22, 26, 13, 31],
    Stage.PREPARATION: [3, 5, 6, 8, 9, 12, 2, 15],
    Stage.SHOOT: [0, 0, -1],
    Stage.SELECTION: [-2, -3, -4, -5, -6, -8, -9, -12],
    Stage.PRODUCTION: [-9, -12, -15, -18, -20, -23, -26, -30, -33],
    Stage.DELIVERY: [-27, -29, -31, -34],
    Stage.AFTER_SALES: [-34, -40, -47, -52, -60],
}
LEAD = {Stage.ENQUIRY: 0, Stage.SIGNING: 2, Stage.PREPARATION: 9}  # days since the sale, for stages before the shoot
ISSUES = [
    (Stage.PREPARATION, "试纱时发现主纱尺码偏大,需要改腰围"),
    (Stage.SELECTION, "客户反映部分照片眼镜反光,精修时注意"),
    (Stage.PRODUCTION, "相册封面有划痕,已退回加工商重做"),
    (Stage.DELIVERY, "客户希望改成顺丰保价邮寄"),
]


def open_first(pictures: Sequence[Path], dice: random.Random, now: dt.datetime, say: Say) -> None:
    """光影映画: a chain of four branches with two quarters behind it."""
    boss = cast.STAFF[0]
    studio = open_studio(
        name="光影映画",
        slug=FIRST,
        owner_name=boss[1],
        owner_username=boss[0],
        owner_password=cast.PASSWORD,
        owner_phone=cast.phone_of(boss[0]),
        branch_name=cast.BRANCHES[0][1],
    )
    with in_studio(studio):
        owner = User.objects.get(username=boss[0])
        pay.open_routes(studio, owner, say)
        branches = _branches(owner)
        filler, packages = shelf.Filler(pictures, dice), _packages(owner)
        prices.tell_prices(owner, branches, packages)
        teller = Teller(dice, _desks(_staff(owner, branches)), branches, packages, filler, set())
        _past(teller, now, say)
        _present(teller, now)
        say("  orders on every stage of the board")
        _retouch(teller, filler, now)
        say("  retouch jobs in every round")
        _albums(teller, filler, now)
        say("  an album in its second round, one approved")
        _deliveries(teller, filler, now)
        say("  photographs delivered")
        prices.tell_coupons(owner, packages)
        prices.tell_drafts(owner, packages)
        scheduling.tell_calendar(branches.values(), teller.desk, dice, now)
        say("  dates, rosters and a waiting list")
        money.tell_money({code: rows[0] for code, rows in teller.desks.items()}, owner, dice, now)
        say("  books with deposits, balances and a few arrears")
        contracts.tell_contracts(owner, teller, now)
        say("  contracts signed, waiting, declined")
        booking.tell_bookings(branches.values(), owner, teller.desk("NS"), now)
        say("  bookings in every state, wishes and shooting plans")
        money_more.tell_more(owner, now)
        say("  commissions, stored value, receipts, settlements between branches")
        plans.subscribe(studio, owner, say)
        plans.use(studio)
        brand.wear(studio, boss[1], brand.aperture)


def open_second(pictures: Sequence[Path], dice: random.Random, now: dt.datetime, say: Say) -> None:
    """湖畔影像: one branch, so that two studios are always there to be kept apart."""
    studio = open_studio(
        name="湖畔影像",
        slug=SECOND,
        owner_name="沈青禾",
        owner_username="shenqinghe",
        owner_password=cast.PASSWORD,
        branch_name="西湖店",
    )
    with in_studio(studio):
        brand.wear(studio, "沈青禾", brand.shore, hue=200)
        owner = User.objects.get(username="shenqinghe")
        pay.open_routes(studio, owner, say, wallets=False)
        pay.join_platform(studio, owner, say)
        plans.on_trial(studio)
        branch = studios.change_branch(actor=owner, branch=Branch.objects.get(), code="XH", city="杭州")
        jobs = [("receptionist", branch.pk), ("photographer", branch.pk), ("selection_adviser", branch.pk)]
        people.add_staff(actor=owner, username="xuanye", name="宣叶", password=cast.PASSWORD, memberships=jobs)
        desks = {"XH": [User.objects.get(username="xuanye")]}
        teller = Teller(dice, desks, {"XH": branch}, list(Package.objects.all()), shelf.Filler(pictures, dice), set())
        for days in (70, 52, 40, 33, 21, 12, 6, 1):
            order = teller.order(code="XH", package=dice.choice(teller.packages), taken=now - dt.timedelta(days=days))
            teller.tell(order, None, now)
        main = teller.order(
            code="XH",
            package=teller.packages[-1],
            taken=now - dt.timedelta(days=20),
            shoot_on=(now - dt.timedelta(days=2)).date(),
            names=("顾南乔", ""),
            phone=FAMILY_PHONE,
        )
        teller.bring(main, Stage.SELECTION, now)
        scheduling.tell_calendar([branch], teller.desk, dice, now)
        money.tell_money({"XH": owner}, desks["XH"][0], dice, now)
        money_more.tell_more(owner, now)
        say("  湖畔影像: one branch")


def _branches(owner: Any) -> dict[str, Branch]:
    rows = {}
    first = Branch.objects.get()
    for code, name, city, address, _weight in cast.BRANCHES:
        fields = {"code": code, "city": city, "address": address}
        if name == first.name:
            rows[code] = studios.change_branch(actor=owner, branch=first, **fields)
        else:
            rows[code] = studios.add_branch(actor=owner, name=name, **fields)
    return rows


def _staff(owner: Any, branches: dict[str, Branch]) -> dict[str, Any]:
    found = {owner.username: owner}
    for username, name, jobs in cast.STAFF[1:]:
        memberships = [(role, branches[code].pk if code else None) for role, code in jobs]
        told: dict[str, Any] = {"username": username, "name": name, "phone": cast.phone_of(username)}
        found[username] = people.add_staff(actor=owner, password=cast.PASSWORD, memberships=memberships, **told)
    return found


def _desks(staff: dict[str, Any]) -> dict[str, list[Any]]:
    """Who takes orders in each branch."""
    found: dict[str, list[Any]] = {}
    for username, _name, jobs in cast.STAFF:
        for role, code in jobs:
            if role in {"receptionist", "sales_consultant"}:
                found.setdefault(code, []).append(staff[username])
    return found


def _packages(owner: Any) -> list[Package]:
    for sample in Package.objects.all():
        catalog.set_offered(actor=owner, package=sample, is_offered=False)
    rows: list[Package] = []
    for name, kind, price, taken, retouched, extra, outfits, scenes, rounds, days, products, extras in cast.PACKAGES:
        existing = Package.objects.filter(name=name).first()
        fields = {
            "name": name,
            "kind": kind,
            "price_minor": price * 100,
            "photos_taken": taken,
            "retouched_included": retouched,
            "extra_photo_minor": extra * 100,
            "outfits": outfits,
            "scenes": scenes,
            "retouch_rounds": rounds,
            "delivery_days": days,
            "is_offered": True,
            "position": len(rows),
        }
        tiers, originals, slots = cast.SLOTS.get(name, ([], None, []))
        fields["retouched_tiers"] = [{"from": start, "price_minor": each * 100} for start, each in tiers]
        fields["all_originals_minor"] = None if originals is None else originals * 100
        costs = [(label, amount * 100) for label, amount in extras]
        made: dict[str, Any] = {
            "products": products,
            "extras": prices.extras_for(kind, costs),
            "slots": [_slot(slot) for slot in slots],
        }
        rows.append(
            catalog.save_package(actor=owner, package=existing, fields=fields, more=prices.terms_for(kind), **made)
        )
        catalog.publish_package(actor=owner, package=rows[-1])
    return rows


def _slot(told: tuple[Any, ...]) -> dict[str, Any]:
    """Fields of a PackageSlot from a line of the cast."""
    kind, name, included, least, most, shape, each, must = told
    return {
        "kind": kind,
        "name": name,
        "included": included,
        "minimum": least,
        "maximum": most or None,
        "ratio": shape,
        "extra_price_minor": each * 100,
        "is_required": must,
    }


def _past(teller: Teller, now: dt.datetime, say: Say) -> None:
    """Two quarters of sales, a little more in each month, weekends first."""
    codes, weights = [b[0] for b in cast.BRANCHES], [b[4] for b in cast.BRANCHES]
    for i in range(PAST_ORDERS):
        days = PAST_DAYS - int((PAST_DAYS - 26) * (i / PAST_ORDERS) ** 0.85) + teller.dice.randint(-2, 2)
        taken = now - dt.timedelta(days=days, hours=teller.dice.randint(-4, 5), minutes=teller.dice.randint(0, 59))
        code = teller.dice.choices(codes, weights)[0]
        order = teller.order(code=code, package=teller.dice.choice(teller.packages), taken=taken)
        teller.tell(order, None, now)
        if i % 25 == 24:
            say(f"  {i + 1} of {PAST_ORDERS} past orders")


def _present(teller: Teller, now: dt.datetime) -> None:
    """What is on the boards this morning, with a few problems still open."""
    codes, weights = [b[0] for b in cast.BRANCHES], [b[4] for b in cast.BRANCHES]
    today = clock.today("Asia/Shanghai")
    for stage, shoots in NOW.items():
        for days in shoots:
            age = LEAD.get(stage, 20 - days) + teller.dice.randint(0, 1)
            code = teller.dice.choices(codes, weights)[0]
            order = teller.order(
                code=code,
                package=teller.dice.choice(teller.packages),
                taken=now - dt.timedelta(days=age, hours=3),
                shoot_on=today + dt.timedelta(days=days),
            )
            order = teller.bring(order, stage, now)
            for where, text in ISSUES:
                if order.stage == where and teller.dice.random() < 0.2:
                    orders.raise_issue(actor=teller.desk(code), order=order, stage=where, text=text)
    shoot_on = today - dt.timedelta(days=1)
    taken = now - dt.timedelta(days=30)
    main = teller.order(
        code="NS", package=teller.packages[0], taken=taken, shoot_on=shoot_on, names=COUPLE, phone=COUPLE_PHONE
    )
    teller.bring(main, Stage.SHOOT, now)


def _retouch(teller: Teller, filler: shelf.Filler, now: dt.datetime) -> None:
    """Retouch jobs: one with a customer who can log in, in the middle of the first round; others all along the way."""
    portrait = next(package for package in teller.packages if package.kind == "portrait")
    taken, shoot_on = now - dt.timedelta(days=30), (now - dt.timedelta(days=13)).date()
    main = teller.order(
        code="NS", package=portrait, taken=taken, shoot_on=shoot_on, names=("许知夏", ""), phone=RETOUCH_PHONE
    )
    main = teller.bring(main, Stage.PRODUCTION, now)
    standing = Gallery.objects.filter(state="submitted", order__stage=Stage.PRODUCTION, order__state="open")
    standing = standing.select_related("order__branch").exclude(order=main).order_by("included", "pk")
    retoucher, shown = User.objects.get(username="linzhou"), Gallery.objects.get(order=main)
    others = list(standing[:5])
    retouch.tell_rounds(filler.shelf, retoucher, shown, others, now)
    rights.tell_consents(User.objects.get(username="zhouhang"), shown, others[1:3], now)
    waiting = Gallery.objects.filter(state="submitted", order__stage=Stage.PRODUCTION, order__state="open").exclude(
        pk__in=[one.pk for one in others]
    )
    rights.tell_changes(User.objects.get(username="linhui"), shown, list(waiting.order_by("-pk")[:1]), now)


def _albums(teller: Teller, filler: shelf.Filler, now: dt.datetime) -> None:
    """Album proofs: one before a customer who can log in, in the second round; one approved."""
    taken, shoot_on = now - dt.timedelta(days=44), (now - dt.timedelta(days=24)).date()
    told = {"code": "NS", "package": teller.packages[0], "taken": taken, "shoot_on": shoot_on}
    shown, other = (
        teller.bring(teller.order(**told, names=names, phone=phone), Stage.PRODUCTION, now)
        for names, phone in ((("宋雨荷", "程亦川"), ALBUM_PHONE), (("叶清欢", "沈知行"), ""))
    )
    designer, galleries_of = User.objects.get(username="fangli"), Gallery.objects.select_related("order__branch")
    found = [galleries_of.get(order=order) for order in (shown, other)]
    album.tell_albums(filler.shelf, designer, found[0], found[1], now)


def _deliveries(teller: Teller, filler: shelf.Filler, now: dt.datetime) -> None:
    """Three galleries handed over; the first one's customer can log in."""
    portrait = next(package for package in teller.packages if package.kind == "portrait")
    made = []
    for names, phone, days in [
        (("沈听澜", ""), DELIVERY_PHONE, 45),
        (("梁可安", ""), "", 80),
        (("陆清和", ""), "", 110),
    ]:
        taken = now - dt.timedelta(days=days)
        shoot_on = (taken + dt.timedelta(days=15)).date()
        order = teller.order(code="NS", package=portrait, taken=taken, shoot_on=shoot_on, names=names, phone=phone)
        order = teller.bring(order, Stage.PRODUCTION, now)
        made.append(Gallery.objects.get(order=order))
    retoucher, adviser = User.objects.get(username="linzhou"), User.objects.get(username="hejing")
    delivery.tell_deliveries(retouch.Darkroom(filler.shelf), made, [retoucher, adviser], now)


def fill_open_gallery(pictures: Sequence[Path], say: Say) -> None:
    """The couple's gallery: real photographs by the real way, published, half chosen."""
    with in_studio(Studio.objects.get(slug=FIRST)):
        order = Order.objects.get(customer__phone__endswith=COUPLE_PHONE)
        photographer = User.objects.get(username="zhouhang")
        gallery = galleries.create_gallery(actor=photographer, order=order)
        shelf.upload(gallery, photographer, pictures, say)
        shelf.wait_until_ready(gallery, say)
        gallery.refresh_from_db()
        _cull(gallery, photographer)
        deadline = clock.today(order.branch.timezone) + dt.timedelta(days=6)
        galleries.publish_gallery(actor=User.objects.get(username="hejing"), gallery=gallery, deadline=deadline)
        chooser = gallery.choosers.get(is_main=True)
        numbers = list(gallery.photos.filter(state="ready").order_by("number").values_list("number", flat=True))
        said = dict.fromkeys(numbers[:24:2], "yes") | dict.fromkeys(numbers[1:24:5], "maybe")
        ops = [Op(i, number, value, clock.now()) for i, (number, value) in enumerate(said.items(), start=1)]
        apply_picks(chooser=chooser, device="demo", ops=ops)
        if numbers:
            _half_placed(gallery, chooser, [number for number, value in said.items() if value == "yes"])
            company.bring_company(gallery, chooser, numbers, User.objects.get(username="hejing"))
            _asked(chooser, numbers)
            sign_part(chooser=chooser, numbers=numbers[:6:2], beyond_minor=0, signed_name=chooser.customer.name)


def _asked(chooser: Any, numbers: list[int]) -> None:
    """What the couple has asked for so far, in words, chips and pins."""
    save_note(chooser=chooser, number=numbers[0], text="眼镜反光请处理一下", tags=[], device="demo", op=1)
    pins = [
        {"x": 480, "y": 300, "tag": "skin", "text": "黑眼圈淡一点", "rev": 1},
        {"x": 130, "y": 560, "tag": "background", "text": "后面的指示牌去掉", "rev": 1},
    ]
    second = numbers[min(2, len(numbers) - 1)]
    save_note(chooser=chooser, number=second, text="", tags=["natural", "moles"], pins=pins, device="demo", op=2)


def _half_placed(gallery: Gallery, chooser: Any, picked: list[int]) -> None:
    """The couple has begun with the album, has two pictures for the wall, and has followed one suggestion."""
    adviser = User.objects.get(username="hejing")
    photos = {photo.number: photo for photo in gallery.photos.filter(state="ready")}
    begun = [(number, 1) for number in picked[:9]] + [(picked[0], 2), (picked[1], 3)]
    puts = [Put(100 + i, number, slot, True, clock.now()) for i, (number, slot) in enumerate(begun)]
    placements.place_photos(chooser=chooser, device="demo", ops=puts)
    for number, slot in ((picked[2], 3), (picked[3], 4), (max(photos), 4)):
        suggestions.suggest_photo(actor=adviser, photo=photos[number], slot=slot)
    followed = [Put(200, picked[2], 3, True, clock.now())]
    placements.place_photos(chooser=chooser, device="demo", ops=followed)


def _cull(gallery: Gallery, actor: Any) -> None:
    """What the photographer did before the couple came: looks, stacks, the best ones recommended, the worst hidden."""
    numbers = list(gallery.photos.filter(state="ready").order_by("number").values_list("number", flat=True))
    per_look = max(1, -(-len(numbers) // len(cast.LOOKS)))
    for name, some in zip(cast.LOOKS, itertools.batched(numbers, per_look, strict=False), strict=False):
        look = culling.add_look(actor=actor, gallery=gallery, name=name)
        for part in itertools.batched(some, MAX_MARKS, strict=False):
            culling.assign_look(actor=actor, gallery=gallery, numbers=part, look=look.pk)
    culling.set_order(actor=actor, gallery=gallery, order="look")
    culling.build_stacks(actor=actor, gallery=gallery, gap=20, distance=14)
    soft = numbers[BURST - 1 :: EVERY][:2]
    best = [number for number in numbers[4::9] if number not in soft]
    marks = [culling.Mark(number, flag="reject", stars=1) for number in soft]
    marks += [culling.Mark(number, flag="keep", stars=4 + i % 2, recommended=True) for i, number in enumerate(best)]
    if marks:
        culling.set_marks(actor=actor, gallery=gallery, marks=marks)
        culling.set_cover(actor=actor, gallery=gallery, number=best[0] if best else numbers[0])


def upload_own(pictures: Sequence[Path], say: Say) -> None:
    """More photographs for the couple's gallery on a later start; those already there are not sent again."""
    with in_studio(Studio.objects.get(slug=FIRST)):
        gallery = Gallery.objects.get(order__customer__phone__endswith=COUPLE_PHONE)
        shelf.upload(gallery, User.objects.get(username="zhouhang"), pictures, say)
        shelf.wait_until_ready(gallery, say)


def customers_with_galleries() -> list[Customer]:
    """Who can log in to the demo with something to choose, to judge, to approve, to download or to sign."""
    wanted = [f"+86{phone}" for phone in (COUPLE_PHONE, FAMILY_PHONE, RETOUCH_PHONE, ALBUM_PHONE, DELIVERY_PHONE)]
    wanted += [f"+86{phone}" for phone in (contracts.SIGN_PHONE, booking.BOOK_PHONE, booking.FIRM_PHONE)]
    return list(Customer.objects.filter(phone__in=wanted).order_by("pk"))
