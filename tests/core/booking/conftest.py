"""An order before its shoot, its customer, a colleague."""

from typing import Any

import pytest

from core.booking.services.plans import send_plan, write_plan
from core.studios.models import Branch
from tests.factories import make_branch, make_customer, make_order, make_staff

LOOKS = [
    {
        "title": "主纱",
        "style": "forest",
        "scene": "仙湖植物园",
        "gown": "轻纱 A12",
        "makeup": "清透",
        "photo": "逆光长焦",
    },
    {"title": "中式", "style": "chinese", "scene": "内景屏风", "gown": "秀禾", "makeup": "盘发", "photo": "低光"},
]


@pytest.fixture
def branch(db: None) -> Branch:
    make_staff("owner")
    return make_branch("南山店", code="NS")


@pytest.fixture
def clerk(branch: Branch) -> Any:
    return make_staff("receptionist", branch, name="王蕾")


@pytest.fixture
def customer(db: None) -> Any:
    return make_customer("陈晓雨")


@pytest.fixture
def order(branch: Branch, clerk: Any, customer: Any) -> Any:
    return make_order(branch, clerk, stage="preparation", customer=customer, title="陈晓雨 & 林一舟")


def sent_plan(order: Any, clerk: Any, looks: Any = None, seen: tuple[int, int] = (0, 0)) -> Any:
    return send_plan(actor=clerk, plan=write_plan(actor=clerk, order=order, looks=looks or LOOKS, seen=seen))
