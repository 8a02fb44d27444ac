"""A lapsed studio: every URL that can write has a declared behaviour, and behaves so; nothing else was touched.

Staff: every verb refused but the few marked `open_when_lapsed`. Everybody else: one table, config/lapsed.py.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from billing.models import Plan, Subscription
from tenants import directory
from tenants.access import GOES_ON, SHUT, access_of
from tenants.context import in_public
from tests.architecture.samples import SAMPLES
from tests.architecture.test_access import VIEWS, ask, text
from tests.architecture.world import World, build
from tests.conftest import throwaways

OTHERS = sorted(name for name, view in VIEWS.items() if access_of(view).kind != "staff")
STAFF = sorted(name for name, view in VIEWS.items() if access_of(view).kind == "staff")
OPEN_TO_STAFF = {  # paying, leaving, taking data away, ending a visit: nobody is held hostage
    "console:subscription:choose", "console:subscription:reading", "console:subscription:portal",
    "console:subscription:cancellation", "console:studio:export", "console:studio:export-again",
    "console:studio:closing", "console:studio:cancel-closing", "console:studio:end-visit",
}  # fmt: skip
PAUSED = ("portal/book/closed.html", "studio.paused")


@pytest.fixture(scope="module")
def worlds(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[World, World]]:
    """Two studios that are the same but that the first has lapsed."""
    with throwaways(django_db_blocker) as open_one:
        lapsed, paying = build(open_one(), "Lapsed"), build(open_one(), "Paying")
        with in_public():
            plan = Plan.objects.get(code="solo")
            for world, state in ((lapsed, "ended"), (paying, "active")):
                Subscription.objects.update_or_create(
                    studio=world.studio, defaults={"plan": plan, "state": state, "ended_at": timezone.now()}
                )
        directory.forget()
        yield lapsed, paying


def methods_of(world: World, name: str) -> list[str]:
    """The methods beside looking that the view answers in a studio that pays."""
    visitor = world.clients["customer" if access_of(VIEWS[name]).kind == "customer" else "anonymous"]
    return [m for m in ("post", "put", "delete") if ask(visitor, name, SAMPLES[name], world, m)[0].status_code != 405]


def is_paused(response: Any) -> bool:
    return PAUSED[1] in text(response) or PAUSED[0] in [one.name for one in getattr(response, "templates", [])]


def test_the_table_names_addresses_that_exist_and_knows_two_rules():
    assert not set(settings.WHEN_LAPSED) - set(OTHERS), "these URLs are gone, or are the staff's"
    assert set(settings.WHEN_LAPSED.values()) == {GOES_ON, SHUT}


def test_what_stays_open_to_staff_is_known_by_name():
    assert {name for name in STAFF if getattr(VIEWS[name], "open_when_lapsed", False)} >= OPEN_TO_STAFF


@pytest.mark.parametrize("name", OTHERS)
def test_whoever_is_no_staff(worlds, name):
    """Undeclared is a fault even where nothing happens; shut means no look and no write; open means as if paid."""
    lapsed, paying = worlds
    methods, rule = methods_of(paying, name), settings.WHEN_LAPSED.get(name)
    if methods:
        assert rule, "it can write: say in config/lapsed.py what becomes of it, and why"
    visitor = "customer" if access_of(VIEWS[name]).kind == "customer" else "anonymous"
    for method in {"get", *methods}:
        response, writes = ask(lapsed.clients[visitor], name, SAMPLES[name], lapsed, method)
        assert is_paused(response) == (rule == SHUT), method
        assert not (rule == SHUT and writes), method
        expected, _writes = ask(paying.clients[visitor], name, SAMPLES[name], paying, method)
        same = len({response.status_code, expected.status_code} - {429}) < 2  # 429: this test itself asks often
        assert rule == SHUT or same, method


@pytest.mark.parametrize("name", STAFF)
def test_the_boss(worlds, name):
    lapsed, _paying = worlds
    if getattr(VIEWS[name], "open_when_lapsed", False):
        response, _writes = ask(lapsed.clients["owner@everywhere"], name, SAMPLES[name], lapsed, "post")
        assert response.status_code != 403
        return
    for method in ("post", "put", "delete"):
        response, writes = ask(lapsed.clients["owner@everywhere"], name, SAMPLES[name], lapsed, method)
        assert (response.status_code, writes) == (403, []), method


def test_an_address_without_a_line_is_shut(worlds, settings):
    settings.WHEN_LAPSED = {name: rule for name, rule in settings.WHEN_LAPSED.items() if name != "portal:language"}
    for world, status in zip(worlds, (403, 302), strict=True):
        response, _writes = ask(world.clients["customer"], "portal:language", SAMPLES["portal:language"], world)
        assert response.status_code == status


def test_the_closed_page_tells_nothing_internal(worlds):
    lapsed, paying = worlds
    page = ask(lapsed.clients["anonymous"], "portal:shop", SAMPLES["portal:shop"], lapsed)[0]
    assert page.headers["X-Robots-Tag"] == "noindex"
    for word in ("subscription", "trial", "paid for.", "订阅", "套餐", "Yinglou"):
        assert word not in text(page), word
    assert not is_paused(ask(paying.clients["anonymous"], "portal:shop", SAMPLES["portal:shop"], paying)[0])
