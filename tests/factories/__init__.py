"""Rows for tests, made by the product's own verbs."""

import datetime as dt
import itertools
from typing import Any

from core.catalog import services as catalog
from core.catalog.models import Package
from core.orders import services as orders
from core.orders.enums import Stage
from core.orders.furnish import STAGES
from core.orders.models import Order, StageSetting
from core.people import services as people
from core.people.models import Customer
from core.studios import services as studios
from core.studios.models import Branch

_count = itertools.count(1)
PASSWORD = "a-long-password-1"


def make_branch(name: str = "", **fields: Any) -> Branch:
    """An open branch. The trial plan allows five."""
    number = next(_count)
    code = fields.pop("code", "") or f"{chr(65 + number // 26 % 26)}{chr(65 + number % 26)}"
    return studios.add_branch(actor=None, name=name or f"Branch {number}", code=code, **fields)


def make_staff(role: str = "owner", branch: Branch | None = None, **fields: Any) -> Any:
    number = next(_count)
    return people.add_staff(
        actor=None,
        username=fields.pop("username", f"staff{number}"),
        name=fields.pop("name", f"Staff {number}"),
        password=PASSWORD,
        memberships=[(role, branch.pk if branch else None)],
    )


def make_customer(name: str = "", phone: str = "", **fields: Any) -> Customer:
    number = next(_count)
    return people.add_customer(
        actor=None, name=name or f"Customer {number}", phone=phone or f"1390000{number:04d}", **fields
    )


def make_package(**fields: Any) -> Package:
    """A package with a published version. `slots`, `extras` and `more` as `save_package` takes them."""
    number, slots, more = next(_count), fields.pop("slots", ()), fields.pop("more", None)
    extras = fields.pop("extras", [("One more outfit", 30000)])
    defaults = {
        "name": f"Package {number}",
        "kind": "wedding",
        "price_minor": 399900,
        "photos_taken": 200,
        "retouched_included": 50,
        "extra_photo_minor": 6000,
        "outfits": 3,
        "scenes": 2,
    }
    package = catalog.save_package(
        actor=None,
        fields={**defaults, **fields},
        products=[("album", "Album 12 inch", 1)],
        extras=extras,
        slots=slots,
        more=more,
    )
    catalog.publish_package(actor=None, package=package)
    return package


def make_order(
    branch: Branch | None = None, actor: Any = None, stage: str = Stage.ENQUIRY, package: Any = None, **fields: Any
) -> Order:
    """An order, moved stage by stage to `stage`."""
    furnish_stages()
    branch = branch or make_branch()
    actor = actor or make_staff("receptionist", branch)
    order = orders.take_order(
        actor=actor,
        branch=branch,
        customer=fields.pop("customer", None) or make_customer(),
        package=package or make_package(),
        shoot_on=fields.pop("shoot_on", dt.date(2026, 12, 5)),
        **fields,
    )
    for target in list(Stage)[1 : Stage(stage).number + 1]:
        order = orders.move_order(actor=actor, order=order, target=target)
    return order


def furnish_stages() -> None:
    """The eight stage settings, as every opened studio has them."""
    if not StageSetting.objects.exists():
        StageSetting.objects.bulk_create(
            StageSetting(stage=stage, owner_role=role, due_days=days) for stage, (role, days) in STAGES.items()
        )
