"""Every URL of the studio host × every kind of visitor: role, branch, customer, stranger, foreign studio.

What is expected follows from the view's declaration and from whose object is asked for (samples/). Whoever is
turned away has changed nothing: no INSERT, UPDATE or DELETE reached the database.
"""

import json
import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any
from zlib import crc32

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.template import Template
from django.test import Client
from django.test.utils import _TestState
from django.urls import URLResolver, get_resolver, reverse, set_script_prefix

from core.people.enums import Capability, Role
from core.people.models import Membership
from core.people.staff import Staff, staff_of
from tenants.access import Access, access_of
from tenants.accounts.models import User
from tenants.context import in_studio
from tests.architecture.samples import SAMPLES, Sample
from tests.architecture.tree import SURFACES, python_files
from tests.architecture.tree import name as name_of
from tests.architecture.world import World, build
from tests.conftest import throwaways

IN = "in"  # the view answered
LOGIN = "login"  # shown to the login page, or 401
FORBIDDEN = "forbidden"  # 403: sees it but may not
UNSEEN = "unseen"  # 404: is not there for this visitor
ANSWERS = {200, 201, 204, 302, 303, 304, 400, 409, 422, 429}
SHOWN_TO_BOSS = [
    "console:board", "console:orders:detail", "console:customers:list", "console:packages:list", "console:staff:list",
    "selection:gallery",
]  # fmt: skip
SHOWN_TO_CUSTOMER = ["portal:home", "portal:order"]
WRITE = re.compile(r"^\s*(INSERT|UPDATE|DELETE|TRUNCATE|SELECT .* nextval)\b", re.IGNORECASE)


def named(urlconf: str) -> dict[str, Any]:
    """View name → view of every pattern of a map."""

    def walk(patterns: list[Any], prefix: str) -> Iterator[tuple[str, Any]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
                yield from walk(pattern.url_patterns, space)
            else:
                yield f"{prefix}{pattern.name}", pattern.callback

    return dict(walk(get_resolver(urlconf).url_patterns, ""))


VIEWS = named("config.urls")
CUSTOMER_VIEWS = named("config.urls_customer")


@pytest.fixture(scope="module")
def worlds(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[World, World]]:
    with throwaways(django_db_blocker) as open_one:
        yield build(open_one(), "Aardvark"), build(open_one(), "Bumblebee")


@pytest.fixture(scope="module")
def staffs(worlds: tuple[World, World]) -> dict[str, Staff]:
    """Visitor → their grants, for the working staff of the first world."""
    world, found = worlds[0], {}
    with in_studio(world.studio):
        for name, client in world.clients.items():
            user = User.objects.filter(pk=client.session.get("_auth_user_id") or 0, is_active=True).first()
            if user:
                found[name] = staff_of(user)
    return found


@pytest.fixture(scope="module")
def visitors(worlds: tuple[World, World], staffs: dict[str, Staff]) -> list[str]:
    """One visitor for each distinct set of grants, and everybody who is no staff.

    Roles that may do the same in the same branches are the same to a door: no surface asks for a role (tested below).
    """
    by_grants = {tuple(sorted(staff.grants.items(), key=str)): name for name, staff in staffs.items()}
    return [name for name in worlds[0].clients if name not in staffs or name in by_grants.values()]


@pytest.fixture(scope="module", autouse=True)
def _plain_rendering(django_test_environment: None) -> Iterator[None]:
    """Without the copies of every template's context that Django's test client keeps: only status and text count here,
    and nine thousand pages are asked for.
    """
    kept: Any = Template._render
    Template._render = _TestState.saved_data.template_render
    yield
    Template._render = kept


@pytest.fixture(autouse=True)
def _quiet(settings: Any) -> None:
    settings.MEDIA_ACCEL = True  # renditions are answered by name, without bytes in storage


def test_every_url_has_a_sample_and_every_sample_a_url():
    assert not set(VIEWS) - set(SAMPLES), "add a line per URL to tests/architecture/samples/"
    assert not set(SAMPLES) - set(VIEWS), "these URLs are gone: remove their lines"
    assert not [name for name in VIEWS if name.endswith("None")], "every URL has a name"
    assert set(CUSTOMER_VIEWS) <= set(VIEWS)


def test_declared_capabilities_exist():
    declared = {access.capability for view in VIEWS.values() if (access := access_of(view)) and access.capability}
    assert declared <= set(Capability)


def test_every_role_is_walked(worlds, staffs, visitors):
    walked = [staffs[name].grants for name in visitors if name in staffs]
    for role in Role:
        for place in ("here", "there"):
            assert staffs[f"{role}@{place}"].grants in walked


def test_no_surface_asks_for_a_role():
    """Doors ask for capabilities; otherwise the walk over distinct grants would not be a walk over every role."""
    found = [name_of(path) for path in python_files(*SURFACES) if ".roles" in path.read_text()]
    assert not found


def test_worlds_are_alike_to_the_last_key(worlds):
    assert worlds[0].ids() == worlds[1].ids()


def expected(access: Access, sample: Sample, visitor: str, staff: Staff | None, world: World) -> set[str]:
    """What the declaration and the object's owner say about this visitor."""
    if access.kind in {"anyone", "signed"}:
        return {UNSEEN} if sample.empty else {IN, LOGIN}  # (leaving or entering leads to the login page)
    if access.kind == "customer":
        if visitor == "by pin":  # this gallery alone, and only where the page says so
            here = access.within == "gallery" and sample.kwargs(world).get("code") == world.gallery.code
            return {IN} if here else {LOGIN}
        theirs = sample.of != "customer" or visitor == "customer"
        return ({IN} if theirs else {UNSEEN}) if visitor in {"customer", "stranger"} else {LOGIN}
    return expected_of_staff(access.capability, sample, staff, world) if staff else {LOGIN}


def expected_of_staff(capability: str, sample: Sample, staff: Staff, world: World) -> set[str]:
    """404 for what they do not see, 403 for what they see but may not do."""
    if capability and not staff.may(capability):
        return {FORBIDDEN}
    if sample.of == "studio" and staff.branches(capability) is not None:
        return {FORBIDDEN}
    if sample.of == "shared" and not staff.may(capability, world.here.pk):
        return {FORBIDDEN}
    if capability and sample.of == "branch" and not staff.may(capability, world.here.pk):
        sees_it = any(staff.may(c, world.here.pk) for c in (Capability.VIEW_BOARD, Capability.VIEW_GALLERIES))
        return {UNSEEN, FORBIDDEN} if sees_it else {UNSEEN}
    return {IN}


def ask(
    visitor: Client, name: str, sample: Sample, world: World, method: str = "", prefix: str = "/", host: str = ""
) -> tuple[Any, list[str]]:
    """(response, writes). The visitor's cookies and the database are as before afterwards."""
    set_script_prefix(prefix)
    try:
        urlconf = settings.ROOT_URLCONF if prefix == "/" else settings.CUSTOMER_URLCONF
        url = reverse(name, urlconf=urlconf, kwargs=sample.kwargs(world)) + sample.query
    finally:
        set_script_prefix("/")
    method = method or sample.method
    client = Client(headers={"host": host or visitor.defaults["HTTP_HOST"]}, raise_request_exception=False)
    client.cookies = SimpleCookie(visitor.cookies.output(header="", sep=";"))
    options: dict[str, Any] = {}
    if method != "get":
        data = sample.data(world)
        as_json = sample.json or method == "put"
        options = {"data": json.dumps(data), "content_type": "application/json"} if as_json else {"data": data}
    writes: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if WRITE.match(str(sql)) and "accounts_loginsession" not in str(sql) and context["cursor"].rowcount:
            writes.append(str(sql))
        return answer

    with transaction.atomic():
        with connection.execute_wrapper(note):
            response = getattr(client, method)(url, **options)
            text(response)
        transaction.set_rollback(True)
    return response, writes


def text(response: Any) -> str:
    """The body; a streamed one is read here, while its rows are still there."""
    if not hasattr(response, "read_once"):
        response.read_once = (response.getvalue() if response.streaming else response.content).decode(
            "utf-8", "replace"
        )
    return response.read_once  # type: ignore[no-any-return]  # DRF has no types


def verdict(response: Any) -> str:
    place = response.headers.get("Location", "") + response.headers.get("HX-Redirect", "")
    if response.status_code == 401 or re.match(r"(/s/[\w-]+)?/(console/)?login/", place):
        return LOGIN
    if response.status_code == 302 and "Allow" in response.headers:  # to the page that the verb's form stands on
        return "wrong method"
    known = {403: FORBIDDEN, 404: UNSEEN, 405: "wrong method"}
    return known.get(response.status_code, IN if response.status_code in ANSWERS else f"status {response.status_code}")


def in_turn(name: str, access: Access, visitors: list[str], staffs: dict[str, Staff], world: World) -> list[str]:
    """One visitor of each kind that this door tells apart; who stands for a kind changes from URL to URL.

    Doors ask for capabilities alone (tested above), so whoever may the same here is the same to this door. Asking all
    of some forty visitors at every URL took half of the whole test run.
    """
    alike: dict[Any, list[str]] = {}
    for visitor in visitors:
        staff, capability = staffs.get(visitor), access.capability
        kind: Any = visitor if staff is None else "staff"
        if staff is not None and capability:
            seen = [staff.may(c, world.here.pk) for c in (capability, Capability.VIEW_BOARD, Capability.VIEW_GALLERIES)]
            kind = (staff.may(capability), staff.branches(capability) is None, *seen)
        alike.setdefault(kind, []).append(visitor)
    return [same[crc32(name.encode()) % len(same)] for same in alike.values()]


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_url_for_every_visitor(worlds, staffs, visitors, name):
    sample, access, world = SAMPLES[name], access_of(VIEWS[name]), worlds[0]
    wrong = {}
    for visitor in in_turn(name, access, visitors, staffs, world):
        client = world.clients[visitor]
        wanted = expected(access, sample, visitor, staffs.get(visitor), world)
        response, writes = ask(client, name, sample, world)
        got = verdict(response)
        if got not in wanted or (IN not in wanted and writes):
            wrong[visitor] = (wanted, got, writes)
    assert not wrong


@pytest.mark.parametrize(
    "name", sorted(n for n, view in VIEWS.items() if access_of(view).kind in {"staff", "customer"})
)
def test_other_methods_open_no_other_door(worlds, staffs, name):
    """Who is turned away by one method is turned away by the others. The kinds of visitor take turns, as above."""
    sample, access, world = SAMPLES[name], access_of(VIEWS[name]), worlds[0]
    wrong, turn = {}, crc32(name.encode())
    pairs = (("jobless", "stranger", "customer"), ("retoucher@there", "lighting_technician@here"))
    for visitor in ("anonymous", *(kinds[turn % len(kinds)] for kinds in pairs)):
        wanted = expected(access, sample, visitor, staffs.get(visitor), world)
        if wanted == {IN}:
            continue
        for method in {"get", "post", "put"} - {sample.method}:
            response, writes = ask(world.clients[visitor], name, sample, world, method)
            if verdict(response) not in wanted | {"wrong method"} or writes:
                wrong[visitor, method] = (wanted, verdict(response), writes)
    assert not wrong


@pytest.mark.parametrize(
    "name", sorted(n for n, view in VIEWS.items() if access_of(view).kind in {"staff", "customer"})
)
def test_login_of_another_studio_is_no_login(worlds, name):
    """Cookies of the other studio's boss and of its customer, presented here."""
    here, other = worlds
    for visitor in ("owner@everywhere", "customer"):
        response, writes = ask(other.clients[visitor], name, SAMPLES[name], here, host=here.host)
        assert verdict(response) == LOGIN, visitor
        assert not writes


@pytest.mark.parametrize("name", sorted(n for n, sample in SAMPLES.items() if sample.method == "get" and n in VIEWS))
def test_same_keys_show_the_own_studio_only(worlds, name):
    """Primary keys, numbers and codes are equal in both studios: what comes back carries one studio's word only. Asked
    by whoever the door is for: others are shown the login page, or nothing (above).
    """
    doors = {"staff": ("owner@everywhere",), "customer": ("customer",)}
    for world, other in (worlds, worlds[::-1]):
        for visitor in doors.get(access_of(VIEWS[name]).kind, ("owner@everywhere", "customer")):
            response, _writes = ask(world.clients[visitor], name, SAMPLES[name], other)
            assert other.word not in text(response)


def test_the_words_do_show_in_their_own_studio(worlds):
    """Otherwise the test above would prove nothing."""
    shown = dict.fromkeys(SHOWN_TO_BOSS, "owner@everywhere") | dict.fromkeys(SHOWN_TO_CUSTOMER, "customer")
    for world in worlds:
        for name, visitor in shown.items():
            response, _writes = ask(world.clients[visitor], name, SAMPLES[name], world)
            assert world.word in text(response), name


@pytest.mark.parametrize("name", sorted(n for n, sample in SAMPLES.items() if sample.wrong))
def test_signed_address_of_somebody_else_is_nothing(worlds, name):
    sample, (here, other) = SAMPLES[name], worlds
    anonymous = here.clients["anonymous"]
    assert verdict(ask(anonymous, name, sample, here)[0]) == IN
    assert verdict(ask(anonymous, name, Sample(sample.wrong), here)[0]) == UNSEEN
    assert verdict(ask(anonymous, name, sample, other)[0]) == UNSEEN, "the other studio's signature of the same object"


@pytest.mark.parametrize("name", sorted(CUSTOMER_VIEWS))
def test_by_path_customers_only(worlds, name):
    """`/s/<slug>/…`: the own customer comes in, the other studio's does not, staff pages are not there."""
    sample, access, (here, other) = SAMPLES[name], access_of(VIEWS[name]), worlds
    prefix = f"/s/{here.studio.slug}/"
    wanted = {"customer": {IN}, "other customer": {LOGIN}, "boss": {LOGIN}}
    if access.kind != "customer":
        always = {UNSEEN} if access.kind == "staff" or sample.empty else {IN, LOGIN}
        wanted = dict.fromkeys(wanted, always)
    for visitor, world in (("customer", here), ("other customer", other), ("boss", here)):
        client = world.clients["owner@everywhere" if visitor == "boss" else "customer"]
        response, writes = ask(client, name, sample, here, prefix=prefix, host=settings.PLATFORM_HOST)
        assert verdict(response) in wanted[visitor], visitor
        assert wanted[visitor] == {IN} or IN in wanted[visitor] or not writes


def test_membership_rows_are_the_only_source_of_grants(worlds, staffs):
    """Taking the job takes the door, at the very next request."""
    world = worlds[0]
    client = world.clients["owner@everywhere"]
    with in_studio(world.studio), transaction.atomic():
        Membership.objects.filter(user_id=client.session["_auth_user_id"]).delete()
        assert client.get(reverse("console:staff:list", urlconf=settings.ROOT_URLCONF)).status_code == 403
        transaction.set_rollback(True)
