import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import Plan, Subscription
from core.console.zones import zone_choices
from core.studios.models import Branch
from tenants import directory
from tenants.context import in_public, in_studio
from tests.core.console.conftest import browser
from tests.factories import make_branch, make_order, make_staff

LIST, NEW = "/console/branches/", "/console/branches/new/"


@pytest.fixture
def chief(studio, branch):
    """The boss's browser."""
    return browser(studio, make_staff())


def form(**changes):
    return {"name": "福田店", "code": "ft", "city": "深圳", "timezone": "Asia/Shanghai", "is_active": "on"} | changes


def test_a_new_branch(chief):
    assert chief.post(NEW, form())["Location"] == LIST
    branch = Branch.objects.get(name="福田店")
    assert (branch.code, branch.city, branch.is_active) == ("FT", "深圳", True)


def test_a_code_is_found_when_none_is_typed(chief):
    chief.post(NEW, form(code=""))
    assert Branch.objects.get(name="福田店").code == "MA"


def test_a_new_branch_starts_in_the_studios_zone(chief, studio):
    type(studio).objects.filter(pk=studio.pk).update(timezone="Asia/Taipei")
    directory.forget()
    assert '<option value="Asia/Taipei" selected' in chief.get(NEW).content.decode()


def test_zones_have_names_that_people_know(chief, branch):
    page = chief.get(f"{LIST}{branch.pk}/").content.decode()
    assert '<option value="Asia/Shanghai" selected>上海</option>' in page
    assert "上海" in chief.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "南山店"}, "name"),
        ({"code": "NS"}, "code"),
        ({"code": "F"}, "code"),
        ({"code": "F1"}, "code"),
        ({"code": "福田"}, "code"),
        ({"code": "ABCDE"}, "code"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
    ],
)
def test_faults_stand_beside_their_field(chief, change, field):
    answer = chief.post(NEW, form(address="福华一路 98 号", **change))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert "福华一路 98 号" in answer.content.decode()
    assert Branch.objects.count() == 1


def test_the_code_stays_once_orders_carry_it(chief, branch):
    url = f"{LIST}{branch.pk}/"
    chief.post(url, form(name="南山店", code="NA"))
    branch.refresh_from_db()
    assert branch.code == "NA"
    make_order(branch)
    chief.post(url, form(name="南山旗舰店", code="NB"))
    branch.refresh_from_db()
    assert (branch.name, branch.code) == ("南山旗舰店", "NA")


def test_the_only_branch_stays_open(chief, branch):
    answer = chief.post(f"{LIST}{branch.pk}/", {"name": "南山店", "code": "NS", "timezone": "Asia/Shanghai"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["is_active"]
    branch.refresh_from_db()
    assert branch.is_active


def test_the_plan_ends_new_branches_with_a_sentence(chief, studio):
    with in_public():
        Subscription.objects.create(studio=studio, plan=Plan.objects.create(code="one", name="One", branches=1))
    assert NEW not in chief.get(LIST).content.decode()
    assert "/console/subscription/plans/" in chief.get(NEW).text.split("<main")[1], "told before anything is typed"
    answer = chief.post(NEW, form())
    assert answer.status_code == 422
    assert "1" in str(answer.context["form"].non_field_errors())
    assert Branch.objects.count() == 1


def test_the_boss_of_one_branch_manages_that_one(studio, branch, far_branch):
    little = browser(studio, make_staff("owner", branch))
    assert list(little.get(LIST).context["branches"]) == [branch]
    assert NEW not in little.get(LIST).content.decode()
    assert little.get(f"{LIST}{branch.pk}/").status_code == 200
    assert little.get(f"{LIST}{far_branch.pk}/").status_code == 404
    assert little.post(f"{LIST}{far_branch.pk}/", form(name="x")).status_code == 404
    assert little.post(NEW, form(name="龙岗店", code="LG")).status_code == 403
    assert sorted(Branch.objects.values_list("name", flat=True)) == ["南山店", "福田店"]


def test_managers_open_no_branches(client, branch):
    assert client.get(LIST).status_code == 403
    assert client.post(NEW, form()).status_code == 403
    assert client.post(f"{LIST}{branch.pk}/", form()).status_code == 403
    assert list(Branch.objects.values_list("name", flat=True)) == ["南山店"]


def test_branches_of_another_studio_do_not_exist(chief, other_studio):
    with in_studio(other_studio):
        foreign = [make_branch() for _ in range(3)][-1]
    assert chief.get(f"{LIST}{foreign.pk}/").status_code == 404
    assert chief.post(f"{LIST}{foreign.pk}/", form()).status_code == 404
    with in_studio(other_studio):
        assert Branch.objects.get(pk=foreign.pk).name == foreign.name


def test_queries_do_not_grow_with_branches(chief):
    counts = []
    for _ in range(3):
        make_order(make_branch())
        chief.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            chief.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[-1]


def test_zones_are_named_in_the_language_of_the_page(chief):
    page = chief.get(f"{LIST}new/").content.decode()
    assert '<optgroup label="欧洲">' in page
    assert '<option value="Europe/Berlin">德国 · 柏林</option>' in page
    assert page.index('value="Asia/Shanghai"') < page.index("<optgroup")
    assert "Africa/" not in re.sub(r'value="[^"]*"', "", page)


def test_a_zone_of_an_older_name_stays_choosable():
    told = zone_choices("Asia/Calcutta")
    assert "Asia/Calcutta" in {value for value, _name in told}
    names = [name for _part, found in told if isinstance(found, list) for _zone, name in found]
    assert len(names) > 300


def test_what_no_contract_can_print_is_refused_beside_its_field(chief):
    for wrong in ({"name": "福田 😀"}, {"city": "深圳 🏙"}, {"address": "海德三道 ☎ 18 号"}):
        page = chief.post(NEW, form(**wrong))
        assert page.status_code == 422
        assert set(page.context["form"].errors) == set(wrong)
    assert not Branch.objects.filter(name__startswith="福田").exists()
