"""Inside the clerk: which studio, whose hand, and what every house of the tests begins with."""

from typing import Any

PASSWORD = "kamera-2611"
STAFF = [  # user name, name, jobs as (role, branch code or "" for all)
    ("linhui", "林慧", [("manager", "NS")]),
    ("wanglei", "王蕾", [("receptionist", "NS")]),
    ("zhouhang", "周航", [("photographer", "NS"), ("photographer", "FT")]),
    ("hejing", "何静", [("selection_adviser", "NS"), ("selection_adviser", "FT")]),
    ("zhaomin", "赵敏", [("receptionist", "FT")]),
]


def inside(slug: str) -> Any:
    from tenants.context import in_studio
    from tenants.models import Studio

    return in_studio(Studio.objects.get(slug=slug))


def user(username: str) -> Any:
    from tenants.accounts.models import User

    return User.objects.filter(username=username).first() or User.objects.get(username="boss")


def staff_and_branches() -> None:
    from core.people import services as people
    from core.studios import services as studios
    from core.studios.models import Branch

    boss = user("boss")
    first = studios.change_branch(actor=boss, branch=Branch.objects.get(), code="NS", city="深圳")
    branches = {"NS": first, "FT": studios.add_branch(actor=boss, name="福田店", code="FT", city="深圳")}
    for username, name, jobs in STAFF:
        memberships = [(role, branches[code].pk) for role, code in jobs]
        people.add_staff(actor=boss, username=username, name=name, password=PASSWORD, memberships=memberships)


def package() -> None:
    from core.catalog import services as catalog

    fields = {
        "name": "晨雾森林 · 婚纱", "kind": "wedding", "price_minor": 799900, "photos_taken": 40,
        "retouched_included": 12, "extra_photo_minor": 6000, "outfits": 4, "scenes": 3,
    }  # fmt: skip
    frame = {"kind": "frame", "name": "24 寸油画框", "included": 1, "minimum": 1, "extra_price_minor": 38000}
    package = catalog.save_package(
        actor=user("boss"),
        fields=fields | {"retouched_tiers": [{"from": 6, "price_minor": 4800}], "all_originals_minor": 128000},
        products=[("album", "12 寸水晶相册", 1)],
        extras=[("高定礼服加租", 68000)],
        slots=[frame],
    )
    catalog.publish_package(actor=user("boss"), package=package)
    catalog.save_package(actor=user("boss"), package=package, fields={"price_minor": 829900})  # a draft to publish
    rule = {"kind": "off_peak", "name": "周末快拍", "percent": -20, "weekdays": [5]}
    catalog.save_rule(actor=user("boss"), fields=rule)
    gift = {"code": "NEW300", "name": "新客立减", "kind": "amount", "amount_minor": 30000}
    catalog.save_coupon(actor=user("boss"), fields=gift)
