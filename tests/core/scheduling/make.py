"""Resources, plans and appointments for tests."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from core.scheduling.chains import Block, Need
from core.scheduling.models import Resource
from core.scheduling.services import book, hold, save_resource
from core.scheduling.solver import PlannedBlock

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2027, 3, 1, 1, 0, tzinfo=dt.UTC)  # Monday, 09:00 in Shanghai
CHAIN = (
    Block("化妆", 60, (Need("makeup_artist"),)),
    Block("拍摄", 120, (Need("photographer"), Need("room"))),
)


def crew(branch: Any) -> dict[str, Resource]:
    """One of each that CHAIN needs, without buffers."""
    kinds = {"photo": "photographer", "face": "makeup_artist", "room": "room"}
    return {key: resource(branch, kind, f"{branch.code} {key}") for key, kind in kinds.items()}


def resource(branch: Any, kind: str, name: str = "", **fields: Any) -> Resource:
    return save_resource(actor=None, branch=branch, kind=kind, name=name or kind, **fields)


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> dt.datetime:
    """By the wall clock in Shanghai."""
    return dt.datetime(2027, month, day, hour, minute, tzinfo=SHANGHAI)


def one(start: dt.datetime, minutes: int, *resources: Resource, name: str = "拍摄") -> PlannedBlock:
    needs = [{"kind": each.kind, "skill": "", "count": 1} for each in resources]
    end = start + dt.timedelta(minutes=minutes)
    return PlannedBlock(name, start, end, tuple(each.pk for each in resources), needs)


def held(branch: Any, plan: list[PlannedBlock], **more: Any) -> Any:
    return hold(**({"actor": None, "branch": branch, "kind": "shoot", "title": "晓雨", "plan": plan} | more))


def booked(branch: Any, plan: list[PlannedBlock], **more: Any) -> Any:
    return book(**({"actor": None, "branch": branch, "kind": "shoot", "title": "晓雨", "plan": plan} | more))


def overlaps() -> int:
    """Pairs of standing claims on one resource that overlap, as SQL counts them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM core_resourceclaim a JOIN core_resourceclaim b "
            "ON a.resource_id = b.resource_id AND a.id < b.id AND a.during && b.during WHERE a.active AND b.active"
        )
        return int(cursor.fetchone()[0])
