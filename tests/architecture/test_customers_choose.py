"""There is no staff path to a pick: whatever staff ask of whatever URL, nobody's choices change, and no price rises."""

import re
from typing import Any

import pytest
from django.db import connection

from tenants.access import access_of
from tests.architecture.samples import SAMPLES
from tests.architecture.test_access import VIEWS, ask, worlds  # noqa: F401 (a fixture)
from tests.architecture.world import World

CHOICES = re.compile(r'\b(INSERT INTO|UPDATE|DELETE FROM)\s+"?selection_(pick|placement|photonote)\b', re.IGNORECASE)
PRICES = re.compile(
    r'\bUPDATE\s+"?selection_gallery(slot)?"?\s+SET\s[^;]*\b(extra_photo_minor|extra_price_minor|all_originals_minor)"?\s*=',
    re.IGNORECASE,
)
MAY_LOWER = "selection:prices"  # a verb that refuses to raise: tests/selection/test_prices.py


def statements(world: World, visitor: str, name: str, method: str) -> list[str]:
    """Every SQL statement that touched a row while the URL answered."""
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if context["cursor"].rowcount:
            seen.append(str(sql))
        return answer

    with connection.execute_wrapper(note):
        ask(world.clients[visitor], name, SAMPLES[name], world, method)
    return seen


@pytest.mark.parametrize("name", sorted(n for n, view in VIEWS.items() if access_of(view).kind == "staff"))
def test_no_staff_url_chooses_or_raises_a_price(worlds, name):  # noqa: F811 (the fixture)
    for method in dict.fromkeys([SAMPLES[name].method, "post", "put"]):
        seen = statements(worlds[0], "owner@everywhere", name, method)
        assert not [sql for sql in seen if CHOICES.search(sql)]
        assert name == MAY_LOWER or not [sql for sql in seen if PRICES.search(sql)]


def test_a_customers_own_tap_and_a_lower_price_are_noticed(worlds):  # noqa: F811 (the fixture)
    """Otherwise the test above would prove nothing."""
    for visitor, name, pattern in (
        ("customer", "selection-api:picks", CHOICES),
        ("customer", "selection-api:placements", CHOICES),
        ("owner@everywhere", MAY_LOWER, PRICES),
    ):
        assert [sql for sql in statements(worlds[0], visitor, name, "post") if pattern.search(sql)], name
