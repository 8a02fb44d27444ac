"""What a studio finds in its rooms on the first day: its boss, a branch, the eight stages, two sample packages."""

from typing import Any

from core.catalog import services as catalog
from core.catalog.enums import ProductKind, ShootKind
from core.orders.enums import Stage
from core.orders.models import StageSetting
from core.people import services as people
from core.people.enums import Role
from core.studios import services as studios

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

# R097–R099; 3999 = 200 photos + 50 retouched + 3 outfits is the trade's own example (R098)
SAMPLE_PACKAGES: list[dict[str, Any]] = [
    {
        "fields": {
            "name": "经典婚纱 3999",
            "kind": ShootKind.WEDDING,
            "price_minor": 399900,
            "photos_taken": 200,
            "retouched_included": 50,
            "extra_photo_minor": 4800,
            "outfits": 3,
            "scenes": 2,
            "retouch_rounds": 2,
            "delivery_days": 30,
        },
        "products": [(ProductKind.ALBUM, "12 寸相册", 1), (ProductKind.TABLE_STAND, "10 寸摆台", 1)],
        "extras": [("加一套服装", 30000), ("底片全送", 50000)],
    },
    {
        "fields": {
            "name": "百日纪念",
            "kind": ShootKind.CHILDREN,
            "price_minor": 128000,
            "photos_taken": 80,
            "retouched_included": 15,
            "extra_photo_minor": 3500,
            "outfits": 2,
            "scenes": 2,
            "retouch_rounds": 2,
            "delivery_days": 21,
        },
        "products": [(ProductKind.ALBUM, "8 寸成长册", 1)],
        "extras": [("加一套造型", 16000)],
    },
]


def furnish_studio(
    *,
    studio: Any,
    owner_name: str,
    owner_username: str,
    owner_password: str,
    owner_phone: str = "",
    branch_name: str = "",
) -> None:
    """Furnish a newly opened studio; runs inside it and inside the opening's transaction."""
    owner = people.add_staff(
        actor=None,
        username=owner_username,
        name=owner_name,
        password=owner_password,
        phone=owner_phone,
        memberships=[(Role.OWNER, None)],
    )
    studios.add_branch(actor=owner, name=branch_name or studio.name, timezone=studio.timezone)
    StageSetting.objects.bulk_create(
        StageSetting(stage=stage, owner_role=role, due_days=days) for stage, (role, days) in STAGES.items()
    )
    for sample in SAMPLE_PACKAGES:
        catalog.save_package(actor=owner, **sample)
