"""Inside the clerk: the calendar."""

import datetime as dt
from typing import Any

from tests.e2e.deeds.house import PASSWORD, inside, user


def book(*, studio: str, days: int = 1, hour: int = 10) -> dict[str, str]:
    """A firm shoot in some days for the photographer and a room of the first branch."""
    from core.kernel import clock
    from core.scheduling import services as calendar
    from core.scheduling.models import Resource
    from core.scheduling.solver import PlannedBlock
    from core.studios.models import Branch

    with inside(studio):
        branch, boss = Branch.objects.get(code="NS"), user("boss")
        told = {"actor": boss, "branch": branch}
        if not Resource.objects.exists():
            calendar.save_resource(**told, kind="photographer", name="周航", user=user("zhouhang"), lendable=True)
            calendar.save_resource(**told, kind="room", name="影棚 A", after=15)
            for kind, name in (("makeup_artist", "化妆"), ("gown_master", "礼服"), ("assistant", "助理")):
                calendar.save_resource(**told, kind=kind, name=name)
        day = clock.today(branch.timezone) + dt.timedelta(days=days)
        start = clock.day_start(day, branch.timezone) + dt.timedelta(hours=hour)
        crew = list(Resource.objects.order_by("pk")[:2])
        needs = [{"kind": one.kind} for one in crew]
        ids = tuple(one.pk for one in crew)
        plan = [PlannedBlock("拍摄", start, start + dt.timedelta(hours=2), ids, needs)]
        made = calendar.book(**told, kind="shoot", title="苏念 & 程远", plan=plan)
        return {"code": made.code, "day": day.isoformat(), "resource": str(crew[0].pk)}


def date(*, studio: str, code: str) -> dict[str, Any]:
    """When and with whom an appointment is now, by the branch's clock."""
    from core.kernel import clock
    from core.scheduling.models import Appointment

    with inside(studio):
        row = Appointment.objects.select_related("branch").get(code=code)
        names = row.claims.filter(active=True).order_by("pk").values_list("resource__name", flat=True)
        at = row.starts_at.astimezone(clock.zone(row.branch.timezone))
        return {"at": f"{at:%H:%M}", "state": row.state, "crew": sorted(set(names))}


def bookable(*, studio: str) -> dict[str, Any]:
    """A branch with one crew and one package with a deposit: whoever has its first Saturday has the last one."""
    from core.booking import offers
    from core.catalog.terms import MORE_DEFAULTS
    from core.kernel import clock
    from core.scheduling import services as calendar
    from tests.factories import make_branch, make_package

    with inside(studio):
        branch = make_branch("湾区店", code="WQ")
        told = {"actor": user("boss"), "branch": branch}
        for kind, name in (("photographer", "婚期摄影"), ("makeup_artist", "婚期化妆"), ("room", "婚期影棚")):
            calendar.save_resource(**told, kind=kind, name=name)
        package = make_package(name="周六婚纱", more={**MORE_DEFAULTS, "deposit": {"kind": "percent", "value": 30}})
        version: Any = offers.offered_version(package.pk)
        day = clock.today(branch.timezone) + dt.timedelta(days=40)
        saturday = day + dt.timedelta(days=(5 - day.weekday()) % 7)
        start = offers.starts(branch, version, saturday)[0]
        return {
            "branch": branch.code.lower(),
            "package": package.pk,
            "at": start.starts_at.isoformat(),
            "day": saturday.isoformat(),
        }


def booking(*, studio: str, phone: str) -> dict[str, Any]:
    """Where the bookings of the number stand, as PostgreSQL has it."""
    from core.booking.models import Booking

    with inside(studio):
        rows = Booking.objects.filter(customer__phone__endswith=phone).order_by("pk")
        return {"states": [row.state for row in rows], "orders": [row.order_id is not None for row in rows]}


def shop(*, slug: str) -> dict[str, Any]:
    """A studio of its own where everything about a booking is real: a crew, a package with deposit and refund table,
    Stripe open at the fake.
    """
    from core.catalog.terms import MORE_DEFAULTS
    from core.scheduling import services as calendar
    from core.studios.models import Branch
    from infra.seed.pay import open_routes
    from tenants.services import open_studio
    from tests.factories import make_package

    names = {"name": "海岸影像", "branch_name": "环岛路店", "owner_name": "林屿", "owner_username": "boss"}
    opened = open_studio(slug=slug, **names, owner_password=PASSWORD)
    deposit = {"kind": "percent", "value": 20}
    schedule = [{"when": "signing", "percent": 20, "days": 0}, {"when": "selection", "percent": 80, "days": 0}]
    refunds = [
        {"who": "customer", "until_days": days, "refund_percent": percent}
        for days, percent in ((30, 70), (7, 35), (0, 0))
    ]
    with inside(slug):
        branch, boss = Branch.objects.get(), user("boss")
        for kind, name in (("photographer", "江渡"), ("makeup_artist", "苏棠"), ("room", "海景棚")):
            calendar.save_resource(actor=boss, branch=branch, kind=kind, name=name)
        told = {"deposit": deposit, "schedule": schedule, "refunds": refunds}
        package = make_package(name="落日婚纱", more={**MORE_DEFAULTS, **told})
        said: list[str] = []  # the clerk's own output is the pipe
        open_routes(opened, boss, said.append, wallets=False)
        assert "open" in said[-1], said
        return {"package": package.pk, "name": "落日婚纱"}
