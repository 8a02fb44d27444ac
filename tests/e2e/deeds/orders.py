"""Inside the clerk: orders, and what sign-up left."""

import datetime as dt
from typing import Any

from tests.e2e.deeds.house import inside, user


def order(
    *, studio: str, stage: str = "enquiry", name: str = "", phone: str = "", branch: str = "NS", title: str = ""
) -> dict[str, Any]:
    """An order taken by the branch's receptionist and moved to `stage`."""
    from core.catalog.models import Package
    from core.orders import services as orders
    from core.orders.enums import Stage
    from core.people import services as people
    from core.people.models import Customer
    from core.studios.models import Branch

    with inside(studio):
        number = Customer.objects.count() + 1
        customer = people.add_customer(
            actor=None, name=name or f"客户{number}", phone=phone or f"1370000{number:04d}", source="walk_in"
        )
        chosen = Branch.objects.filter(code=branch).first() or Branch.objects.get()
        taken = orders.take_order(
            actor=user("wanglei"),
            branch=chosen,
            customer=customer,
            package=Package.objects.order_by("-pk")[0],
            title=title or customer.name,
            shoot_on=dt.date(2027, 3, 6),
        )
        for target in list(Stage)[1 : Stage(stage).number + 1]:
            taken = orders.move_order(actor=user("wanglei"), order=taken, target=target)
        return {"id": taken.pk, "code": taken.code, "title": taken.title, "phone": customer.phone.removeprefix("+86")}


def move(*, studio: str, code: str, target: str) -> None:
    """A colleague moves the order, as the board does."""
    from core.orders import services as orders
    from core.orders.models import Order

    with inside(studio):
        orders.move_order(actor=user("linhui"), order=Order.objects.get(code=code), target=target)


def facts(*, studio: str, code: str) -> dict[str, Any]:
    """Where the order stands and what its gallery holds."""
    from core.orders.models import Order
    from selection.models import Gallery

    with inside(studio):
        found = Order.objects.get(code=code)
        gallery = Gallery.objects.filter(order=found).first()
        photos = list(gallery.photos.order_by("number").values_list("file_name", "state")) if gallery else []
        return {"stage": found.stage, "gallery": gallery.state if gallery else "", "photos": photos}


def studio(*, slug: str) -> dict[str, Any] | None:
    """What sign-up left: name, owner's user name, branches, stages, packages."""
    from core.catalog.models import Package
    from core.orders.models import StageSetting
    from core.studios.models import Branch
    from tenants.accounts.models import User
    from tenants.models import Studio

    found = Studio.objects.filter(slug=slug).first()
    if found is None:
        return None
    with inside(slug):
        return {
            "name": found.name,
            "users": list(User.objects.values_list("username", flat=True)),
            "branches": list(Branch.objects.values_list("name", flat=True)),
            "stages": StageSetting.objects.count(),
            "packages": Package.objects.count(),
        }
