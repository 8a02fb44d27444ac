"""What the demo's packages say beyond their figures, what they cost when and where, and the coupons going round."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from core.catalog import services as catalog
from core.catalog.models import Coupon, Package
from core.catalog.standard import chained, standard_terms
from core.kernel import clock

PROMISED = {"wedding": 30}
USUAL_PROMISE = 28
PARTS = {
    "wedding": [
        ("化妆造型", 120, ["makeup_artist", "gown_master", "gown"]),
        ("外景拍摄", 180, ["photographer", "makeup_artist", "assistant", "car"]),
        ("内景拍摄", 60, ["photographer", "makeup_artist", "room"]),
    ],
    "portrait": [("化妆造型", 60, ["makeup_artist"]), ("棚拍", 90, ["photographer", "room"])],
    "children": [("换装预热", 30, ["assistant"]), ("棚拍", 90, ["photographer", "assistant", "room"])],
    "family": [("妆发整理", 45, ["makeup_artist"]), ("棚拍", 60, ["photographer", "assistant", "room"])],
    "maternity": [("化妆造型", 75, ["makeup_artist", "gown_master"]), ("棚拍", 90, ["photographer", "room"])],
}
GOWNS = "礼服当日归还。轻微污渍免费清洗；破损、无法清洗的污渍按实际维修费用赔付，以本表所列上限为限。"
PUBLISHING = "不公开；如需用于样片展示，须另行征得客户书面同意。"
TRIAL = {"name": "试妆体验", "price_minor": 26800, "unit": "once", "most": 1}
UNITS = {
    "加一套服装": ("outfit", 3),
    "加一套造型": ("outfit", 3),
    "全家福加人(每位)": ("person", 6),
    "六人以上(每位)": ("person", 6),
}
LATER = {"外景交通(超出市区)", "宝宝百日照抵用", "目的地住宿"}  # named, not booked with the order


def terms_for(kind: str) -> dict[str, Any]:
    """Further terms of a kind of shoot."""
    more = standard_terms(kind, "CNY")
    gowns = more["gown_terms"]
    return {
        **more,
        "promised_days": PROMISED.get(kind, USUAL_PROMISE),
        "publishing": PUBLISHING,
        "blocks": chained(PARTS[kind]),
        "gown_terms": gowns | ({"text": GOWNS, "couture_pieces": 1} if kind == "wedding" else {"text": ""}),
    }


def extras_for(kind: str, costs: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
    """The cast's extras with what they are counted by; weddings can book a make-up trial."""
    rows = []
    for name, minor in costs:
        unit, most = UNITS.get(name, ("once", 2))
        rows.append({"name": name, "price_minor": minor, "unit": unit, "most": most, "is_bookable": name not in LATER})
    return [*rows, dict(TRIAL)] if kind == "wedding" else rows


def tell_prices(owner: Any, branches: dict[str, Any], packages: list[Package]) -> None:
    """Seasons, Saturday afternoons, a dearer weekend morning, and what Guangzhou asks for two packages."""
    year = clock.today("Asia/Shanghai").year
    by_name = {package.name: package for package in packages}

    def rule(kind: str, name: str, **fields: Any) -> None:
        catalog.save_rule(actor=owner, fields={"kind": kind, "name": name, **fields})

    for name, price in (("经典婚纱 3999", 429900), ("晨雾森林 · 婚纱", 859900)):
        rule("place", "广州价", package=by_name[name], city="广州", price_minor=price)
    rule("place", "旗舰店价", package=by_name["东方艺术照"], branch=branches["NS"], price_minor=139900)
    for name, first, last, percent in (
        ("国庆旺季", (9, 25), (10, 8), 10),
        ("五一旺季", (4, 25), (5, 5), 10),
        ("春节淡季", (1, 10), (2, 20), -8),
    ):
        days = {"first_day": dt.date(year, *first), "last_day": dt.date(year, *last), "is_yearly": True}
        rule("season", name, percent=percent, shoot_kind="wedding", **days)
    hours = {"starts_at": dt.time(14), "ends_at": dt.time(18)}
    rule("off_peak", "周末快拍 8 折", weekdays=[5], percent=-20, shoot_kind="portrait", **hours)
    rule("off_peak", "周中下午 9 折", weekdays=[1, 2, 3], percent=-10, starts_at=dt.time(13), ends_at=dt.time(18))
    rule("peak", "周末上午加价", weekdays=[5, 6], change_minor=30000, shoot_kind="wedding", ends_at=dt.time(12),
         starts_at=dt.time(8))  # fmt: skip


def tell_coupons(owner: Any, packages: list[Package]) -> None:
    """Three that count, one that is over."""
    today = clock.today("Asia/Shanghai")
    trial = next(
        row["code"] for package in packages for row in package.terms()["addons"] if row["name"] == TRIAL["name"]
    )
    weddings = [package for package in packages if package.kind == "wedding"]
    month: dict[str, Any] = {"first_day": today - dt.timedelta(days=12), "last_day": today + dt.timedelta(days=48)}

    def coupon(code: str, name: str, kind: str, chosen: Iterable[Package] = (), **fields: Any) -> Coupon:
        fields = {"code": code, "name": name, "kind": kind, **fields}
        return catalog.save_coupon(actor=owner, fields=fields, packages=chosen)

    coupon("NEW300", "新客立减 300", "amount", amount_minor=30000, minimum_minor=300000, total_limit=200, **month)
    coupon("TRIAL", "试妆体验券", "addon", weddings, addon_code=trial, total_limit=50, **month)
    coupon("LAOKE95", "老客 95 折", "percent", percent=5, customer_limit=None)
    over = coupon("SUMMER", "夏日写真 88 折", "percent", percent=12, last_day=today - dt.timedelta(days=40))
    catalog.set_coupon_active(actor=owner, coupon=over, is_active=False)


def tell_drafts(owner: Any, packages: list[Package]) -> None:
    """One package is being changed, one was never published (R104)."""
    changed = packages[1]
    fields = {"price_minor": changed.price_minor + 20000, "retouched_included": changed.retouched_included + 5}
    rows: dict[str, Any] = {
        "products": list(changed.products.values_list("kind", "name", "quantity")),
        "extras": list(changed.extras.values("code", "name", "price_minor", "unit", "most", "is_bookable")),
        "slots": [slot.terms() for slot in changed.slots.all()],
    }
    catalog.save_package(actor=owner, package=changed, fields=fields, **rows)
    draft = {
        "name": "萌宠写真", "kind": "portrait", "price_minor": 89900, "photos_taken": 50, "retouched_included": 10,
        "extra_photo_minor": 3500, "outfits": 1, "scenes": 2, "is_offered": False,
    }  # fmt: skip
    catalog.save_package(actor=owner, fields=draft, more=terms_for("portrait"), extras=[("加一只宠物", 20000)])
