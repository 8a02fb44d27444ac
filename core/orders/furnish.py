"""What a studio finds in its rooms on the first day: its boss, a branch, the eight stages, two sample packages."""

import re
from decimal import Decimal
from typing import Any

from django.utils import translation

from core.catalog import services as catalog
from core.catalog.enums import ProductKind, ShootKind, SlotKind
from core.catalog.standard import standard_terms
from core.kernel.money import to_minor
from core.orders.enums import Stage
from core.orders.models import StageSetting
from core.people import services as people
from core.people.enums import Role
from core.studios import services as studios
from core.studios.models import Branch

FIRST_CODE = "MD"  # 门店, where the name gives no letters
CHINESE, TRADITIONAL, ENGLISH = 0, 1, 2
LANGUAGES = {"zh-hans": CHINESE, "zh-hant": TRADITIONAL}

# stage: (role that answers for it by default, days it may take)
STAGES = {
    Stage.ENQUIRY: (Role.RECEPTIONIST, 1),
    Stage.SIGNING: (Role.RECEPTIONIST, 3),
    Stage.PREPARATION: (Role.GOWN_MASTER, 14),
    Stage.SHOOT: (Role.PHOTOGRAPHER, 7),
    Stage.SELECTION: (Role.SELECTION_ADVISER, 7),
    Stage.PRODUCTION: (Role.RETOUCHER, 21),
    Stage.DELIVERY: (Role.RECEPTIONIST, 5),
    Stage.AFTER_SALES: (Role.AFTER_SALES, 30),
}

# R097–R099; 3999 = 200 photos + 50 retouched + 3 outfits is the trade's own example (R098). Names by language, money in
# major units of any currency: samples to change, not prices to keep.
SAMPLE_PACKAGES: list[dict[str, Any]] = [
    {
        "name": ("经典婚纱 3999", "經典婚紗 3999", "Classic wedding 3999"),
        "fields": {
            "kind": ShootKind.WEDDING,
            "photos_taken": 200,
            "retouched_included": 50,
            "outfits": 3,
            "scenes": 2,
            "retouch_rounds": 2,
            "delivery_days": 30,
        },
        "price": 3999,
        "extra_photo": 48,
        "products": [
            (ProductKind.ALBUM, ("12 寸相册", "12 吋相本", "12-inch album"), 1),
            (ProductKind.TABLE_STAND, ("10 寸摆台", "10 吋桌框", "10-inch table stand"), 1),
        ],
        "extras": [(("加一套服装", "加一套服裝", "One more outfit"), 300)],
        "originals": 500,
        "slots": [
            (SlotKind.ALBUM_PAGE, ("相册入册", "相本入冊", "Album pages"), 24, 25),
            (SlotKind.TABLE_STAND, ("10 寸摆台", "10 吋桌框", "10-inch table stand"), 1, 98),
        ],
    },
    {
        "name": ("百日纪念", "百日紀念", "Hundred days"),
        "fields": {
            "kind": ShootKind.CHILDREN,
            "photos_taken": 80,
            "retouched_included": 15,
            "outfits": 2,
            "scenes": 2,
            "retouch_rounds": 2,
            "delivery_days": 21,
        },
        "price": 1280,
        "extra_photo": 35,
        "products": [(ProductKind.ALBUM, ("8 寸成长册", "8 吋成長冊", "8-inch growth album"), 1)],
        "extras": [(("加一套造型", "加一套造型", "One more look"), 160)],
    },
]


def furnish_studio(
    *,
    studio: Any,
    owner_name: str,
    owner_username: str,
    owner_password: str,
    owner_phone: str = "",
    owner_email: str = "",
    branch_name: str = "",
) -> None:
    """Furnish a newly opened studio; runs inside it and inside the opening's transaction."""
    owner = people.add_staff(
        actor=None,
        username=owner_username,
        name=owner_name,
        password=owner_password,
        phone=owner_phone,
        email=owner_email,
        memberships=[(Role.OWNER, None)],
    )
    name = branch_name or _as_branch(studio.name)
    studios.add_branch(actor=owner, name=name, code=code_of(name), timezone=studio.timezone)
    StageSetting.objects.bulk_create(
        StageSetting(stage=stage, owner_role=role, due_days=days) for stage, (role, days) in STAGES.items()
    )
    for sample in SAMPLE_PACKAGES:
        with translation.override(studio.language):
            more = standard_terms(sample["fields"]["kind"], studio.currency)
        words = _in_words(sample, studio.language, studio.currency)
        package = catalog.save_package(actor=owner, more=more, **words)
        catalog.publish_package(actor=owner, package=package)


def _as_branch(name: str) -> str:
    """The studio's name as its first branch's: cut where a branch's name ends, which is earlier."""
    return name[: Branch._meta.get_field("name").max_length].strip()


def code_of(name: str) -> str:
    """Two to four letters for a branch's order numbers: initials of Latin words, else the start of the only one."""
    words = re.findall(r"[A-Za-z]+", name)
    letters = "".join(word[0] for word in words) if len(words) > 1 else "".join(words)[:2]
    return letters[:4].upper() if len(letters) >= 2 else FIRST_CODE


def _in_words(sample: dict[str, Any], language: str, currency: str) -> dict[str, Any]:
    """Arguments of `save_package` in the studio's language and currency."""
    said = LANGUAGES.get(language, ENGLISH)

    def minor(amount: int) -> int:
        return to_minor(Decimal(amount), currency)

    prices = {"price_minor": minor(sample["price"]), "extra_photo_minor": minor(sample["extra_photo"])}
    if "originals" in sample:
        prices["all_originals_minor"] = minor(sample["originals"])
    slots = [
        {"kind": kind, "name": names[said], "included": count, "extra_price_minor": minor(each)}
        for kind, names, count, each in sample.get("slots", [])
    ]
    return {
        "fields": {"name": sample["name"][said], **sample["fields"], **prices},
        "products": [(kind, names[said], quantity) for kind, names, quantity in sample["products"]],
        "extras": [(names[said], minor(amount)) for names, amount in sample["extras"]],
        "slots": slots,
    }
