"""Publishing asks the branches: nowhere plannable is refused, partly is confirmed; and who gets money back when."""

import pytest

from core.booking.plannable import plannable
from core.booking.services.publishing import publish_planned
from core.catalog.enums import Who
from core.catalog.models import PackageVersion
from core.catalog.services import save_package
from core.catalog.standard import standard_terms
from core.console.packages.further import Further
from core.contracts import facts, tables
from core.finance.refundtable import percent_of
from core.kernel.errors import Refusal
from core.scheduling.services import save_resource
from tests.core.booking.make import BLOCKS, team
from tests.core.console.conftest import browser
from tests.factories import make_branch, make_staff


@pytest.fixture
def branch(db):
    found = make_branch("南山店", code="NS")
    team(found)
    return found


def terms(*blocks):
    return {"blocks": [{"name": "x", "minutes": 60, "offset": 0, **block} for block in blocks]}


def test_enough_of_everything_is_plannable(branch):
    assert plannable({"blocks": BLOCKS}).lacks == ()
    assert plannable({}).lacks == (), "the usual shoot"


def test_what_is_missing_is_named(branch):
    found = plannable(terms({"needs": ["photographer", "photographer", "car"]}))
    assert found.is_nowhere
    (lack,) = found.lacks
    assert [(one.kind, one.needed, one.there) for one in lack.short] == [("photographer", 2, 1), ("car", 1, 0)]
    found = plannable(terms({"needs": [{"kind": "photographer", "skill": "水下"}]}))
    assert found.lacks[0].short[0].skill == "水下"


def test_one_after_the_other_needs_one_person_at_once_needs_two(branch):
    apart = terms({"needs": ["photographer"]}, {"needs": ["photographer"], "offset": 60})
    assert plannable(apart).lacks == ()
    assert plannable(terms({"needs": ["photographer"]}, {"needs": ["photographer"]})).is_nowhere


def test_somebody_with_two_crafts_is_one_person(db):
    branch = make_branch("福田店", code="FT")
    told = {"actor": None, "branch": branch, "name": "阿杰"}
    save_resource(**told, kind="photographer", also=["makeup_artist"])
    both = terms({"needs": ["photographer", "makeup_artist"]})
    assert plannable(both).lacks[0].clash
    save_resource(**{**told, "name": "小美"}, kind="makeup_artist")
    assert plannable(both).lacks == ()


def test_a_shoot_longer_than_the_day_is_too_long(branch):
    assert plannable(terms({"minutes": 700, "needs": ["photographer"]})).lacks[0].minutes == 700


@pytest.fixture
def package(branch):
    fields = {"name": "海岸", "kind": "wedding", "price_minor": 399900, "photos_taken": 100, "retouched_included": 30}
    fields["extra_photo_minor"] = 6000
    return save_package(actor=None, fields=fields, more={"blocks": BLOCKS})


def test_nowhere_is_refused_partly_is_confirmed(package):
    owner = make_staff("owner")
    save_resource(actor=None, branch=make_branch("福田店", code="FT"), kind="photographer", name="阿杰")
    with pytest.raises(Refusal, match=r"package\.partly") as refusal:
        publish_planned(actor=owner, package=package)
    assert refusal.value.facts["names"] == ["福田店"]
    save_package(actor=None, package=package, fields={}, more={"blocks": [{**BLOCKS[0], "needs": ["car"]}]})
    with pytest.raises(Refusal, match=r"package\.unplannable"):
        publish_planned(actor=owner, package=package, accepted=True)
    assert not PackageVersion.objects.exists()
    save_package(actor=None, package=package, fields={}, more={"blocks": BLOCKS})
    assert publish_planned(actor=owner, package=package, accepted=True).number == 1


def test_a_studio_without_a_calendar_is_only_told(db):
    make_branch("南山店", code="NS")
    found = plannable({"blocks": BLOCKS})
    assert (len(found.lacks), found.is_nowhere, found.is_partly) == (1, False, False)


def test_the_page_says_why_beside_the_field_and_lets_nobody_publish(studio, package):
    client = browser(studio, make_staff("owner"))
    page = f"/console/packages/{package.pk}/"
    save_package(actor=None, package=package, fields={}, more={"blocks": [{**BLOCKS[0], "needs": ["car"]}]})
    text = client.get(f"{page}publication/").content.decode()
    assert "南山店" in text
    assert f"{page}#shoot" in text
    assert "btn-primary" not in text.split('class="dock"')[1]
    assert "南山店" in client.get(page).content.decode().split('id="shoot"')[1]
    client.post(f"{page}publication/", {"seen": "?"})
    assert not PackageVersion.objects.exists()


def test_the_page_asks_when_some_branches_cannot(studio, package):
    client = browser(studio, make_staff("owner"))
    make_branch("福田店", code="FT")
    page = f"/console/packages/{package.pk}/publication/"
    text = client.get(page).content.decode()
    assert 'name="accepted"' in text
    seen = text.split('name="seen" value="')[1].split('"')[0]
    client.post(page, {"seen": seen})
    assert not PackageVersion.objects.exists()
    client.post(page, {"seen": seen, "accepted": "on"})
    assert PackageVersion.objects.get().package == package


# -- The refund matrix ------------------------------------------------------------------------------------------------
DAYS = {"undated": None, "early": 45, "month": 20, "week": 8, "eve": 1, "day": 0, "after": -1, "long after": -300}
MATRIX = {
    Who.CUSTOMER: [100, 100, 50, 20, 0, 0, 0, 0],
    Who.STUDIO: [100] * 8,
    Who.FORCE_MAJEURE: [100, 100, 100, 100, 100, 100, 0, 0],
}


@pytest.mark.parametrize("who", list(Who))
def test_the_standard_table_says_who_gets_what_back_when(db, who):
    rows = standard_terms("wedding", "CNY")["refunds"]
    assert [percent_of(rows, who, days) for days in DAYS.values()] == MATRIX[who]


def test_the_contract_states_the_studios_row_after_the_shoot(db):
    rows = facts.refunds_of(standard_terms("wedding", "CNY"))
    shot = {row["who"]: row["percent"] for row in rows if row["state"] == "shot"}
    assert shot == {"customer": 0, "studio": 100, "force_majeure": 0}
    (table,) = tables.refunds({"refunds": rows})
    assert len({tuple(row[:2]) for row in table["rows"]}) == len(table["rows"])


def test_the_form_keeps_the_studio_s_row_after_the_shoot(db):
    rows = standard_terms("wedding", "CNY")["refunds"]
    shown = Further(None, {"refunds": rows}, "CNY").refunds
    data = {name: field for row in shown for name, field in ((bound.html_name, bound.value()) for bound in row)}
    data = {name: "" if value is None else str(value) for name, value in data.items()}
    further = Further({**data, **management(len(rows) + 1)}, {}, "CNY")
    assert further.is_valid(), further.refunds.errors
    assert further.values()["refunds"] == rows


def management(count):
    told = {"blocks": 0, "schedule": 0, "refunds": count}
    return {f"{name}-{part}": n for name, n in told.items() for part in ("TOTAL_FORMS", "INITIAL_FORMS")}
