import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from billing.models import Plan, Subscription
from core.people import services
from core.people.models import Membership
from core.studios import services as studios
from tenants.context import in_public, in_studio
from tests.core.console.conftest import browser
from tests.factories import PASSWORD, make_branch, make_staff

User = get_user_model()
LIST, NEW = "/console/staff/", "/console/staff/new/"


@pytest.fixture
def boss(branch):
    return User.objects.get(memberships__role="owner")


@pytest.fixture
def chief(studio, boss):
    """The boss's browser."""
    return browser(studio, boss)


def form(*jobs, **changes):
    rows = {"jobs-TOTAL_FORMS": len(jobs), "jobs-INITIAL_FORMS": 0}
    for i, (role, branch) in enumerate(jobs):
        rows |= {f"jobs-{i}-role": role, f"jobs-{i}-branch": branch}
    return {"name": "周航", "username": "ZhouHang", "phone": "", "password": "velvet-curtain-9"} | rows | changes


def jobs_of(user):
    return sorted(Membership.objects.filter(user=user).values_list("role", "branch_id"), key=str)


def test_a_new_colleague_can_log_in(client, branch, studio):
    assert client.post(NEW, form(("photographer", branch.pk), ("", ""))).status_code == 302
    user = User.objects.get(username="zhouhang")
    assert jobs_of(user) == [("photographer", branch.pk)]
    login = browser(studio).post("/console/login/", {"username": "ZhouHang", "password": "velvet-curtain-9"})
    assert login["Location"] == "/console/"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"username": ""}, "username"),
        ({"username": "周 航"}, "username"),
        ({"username": "taken"}, "username"),
        ({"password": "short"}, "password"),
        ({"password": "12345678"}, "password"),
        ({"jobs-0-role": ""}, "__all__"),
    ],
)
def test_faults_stand_beside_their_field_and_nobody_is_added(client, branch, change, field):
    make_staff("assistant", branch, username="taken")
    people = User.objects.count()
    answer = client.post(NEW, form(("photographer", branch.pk), phone="138 0000 1234", **change))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert "138 0000 1234" in answer.content.decode()
    assert User.objects.count() == people


def test_a_job_needs_its_branch(chief, branch, far_branch):
    answer = chief.post(NEW, form(("photographer", "")))
    assert answer.status_code == 422
    assert [fault.label for fault in answer.context["forms"].faults] != []
    assert not User.objects.filter(username="zhouhang").exists()


@pytest.mark.parametrize(
    ("role", "place"),
    [("owner", "here"), ("manager", "here"), ("owner", "all"), ("photographer", "all"), ("photographer", "far")],
)
def test_a_manager_grants_nothing_beyond_his_own(client, branch, far_branch, role, place):
    people = User.objects.count()
    where = {"here": branch.pk, "far": far_branch.pk, "all": "all"}[place]
    answer = client.post(NEW, form((role, where)))
    assert answer.status_code == 422
    assert User.objects.count() == people
    mine = make_staff("assistant", branch)
    assert client.post(f"{LIST}{mine.pk}/", form((role, where))).status_code == 422
    assert jobs_of(mine) == [("assistant", branch.pk)]


def test_a_manager_sees_only_colleagues_of_his_branch(client, boss, manager, branch, far_branch):
    mine, far = make_staff("photographer", branch), make_staff("photographer", far_branch)
    both = make_staff("retoucher", branch)
    services.change_staff(
        actor=None, user=both, name="林舟", memberships=[("retoucher", branch.pk), ("retoucher", far_branch.pk)]
    )
    page = client.get(LIST)
    assert list(page.context["users"]) == [mine]
    for stranger in (far, both, boss, manager):
        before = jobs_of(stranger)
        assert client.get(f"{LIST}{stranger.pk}/").status_code == 404
        assert client.post(f"{LIST}{stranger.pk}/", form(("assistant", branch.pk))).status_code == 404
        assert client.post(f"{LIST}{stranger.pk}/password/", {"password": "velvet-curtain-9"}).status_code == 404
        assert client.post(f"{LIST}{stranger.pk}/access/", {"active": "0"}).status_code == 404
        stranger.refresh_from_db()
        assert stranger.is_active
        assert stranger.check_password(PASSWORD)
        assert jobs_of(stranger) == before


def test_a_manager_of_all_branches_is_no_boss(studio, boss, branch):
    area = browser(studio, make_staff("manager"))
    assert area.get(f"{LIST}{boss.pk}/").status_code == 404
    assert area.post(f"{LIST}{boss.pk}/password/", {"password": "velvet-curtain-9"}).status_code == 404
    assert area.post(NEW, form(("owner", "all"))).status_code == 422
    boss.refresh_from_db()
    assert boss.check_password(PASSWORD)
    assert area.post(NEW, form(("photographer", "all"))).status_code == 302


def test_the_last_boss_cannot_be_removed(chief, boss, branch):
    answer = chief.post(f"{LIST}{boss.pk}/", form(("manager", branch.pk), name="王蕾"))
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()
    assert chief.post(f"{LIST}{boss.pk}/access/", {"active": "0"}).status_code == 302
    boss.refresh_from_db()
    assert boss.is_active
    assert jobs_of(boss) == [("owner", None)]


def test_jobs_in_a_closed_branch_are_kept_not_moved(chief, branch, far_branch):
    person = make_staff("photographer", far_branch)
    studios.change_branch(actor=None, branch=far_branch, is_active=False)
    page = chief.get(f"{LIST}{person.pk}/").content.decode()
    assert f'value="{far_branch.pk}" selected' in page
    chief.post(f"{LIST}{person.pk}/", form(("photographer", far_branch.pk)))
    assert jobs_of(person) == [("photographer", far_branch.pk)]
    assert f'value="{far_branch.pk}"' not in chief.get(NEW).content.decode()


def test_seats_end_new_colleagues_with_a_sentence(client, studio, branch):
    with in_public():
        Subscription.objects.create(studio=studio, plan=Plan.objects.create(code="tiny", name="Tiny", seats=2))
    page = client.get(LIST).content.decode()
    assert NEW not in page
    answer = client.post(NEW, form(("photographer", branch.pk)))
    assert answer.status_code == 422
    assert "2" in str(answer.context["form"].non_field_errors())
    assert User.objects.count() == 2


def test_access_ends_at_once_and_comes_back(client, studio, branch):
    person = make_staff("photographer", branch)
    theirs = browser(studio, person)
    assert theirs.get("/console/").status_code == 200
    client.post(f"{LIST}{person.pk}/access/", {"active": "0"})
    assert theirs.get("/console/").status_code == 302
    client.post(f"{LIST}{person.pk}/access/", {"active": "1"})
    person.refresh_from_db()
    assert person.is_active


def test_a_new_password_logs_every_device_out(client, studio, branch):
    person = make_staff("photographer", branch)
    theirs = browser(studio, person)
    assert client.post(f"{LIST}{person.pk}/password/", {"password": "paper-lantern-7"}).status_code == 302
    assert theirs.get("/console/").status_code == 302
    person.refresh_from_db()
    assert person.check_password("paper-lantern-7")


def test_a_bad_password_is_said_beside_the_field(client, branch):
    person = make_staff("photographer", branch)
    answer = client.post(f"{LIST}{person.pk}/password/", {"password": "12345678"})
    assert answer.status_code == 422
    assert answer.context["password_form"].errors["password"]
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_ones_own_password_asks_for_the_old_one(chief, boss):
    answer = chief.post(f"{LIST}{boss.pk}/password/", {"password": "paper-lantern-7"})
    assert answer["Location"] == "/console/password/"
    boss.refresh_from_db()
    assert boss.check_password(PASSWORD)


def test_staff_of_another_studio_do_not_exist(chief, other_studio, branch):
    with in_studio(other_studio):
        make_staff()
        foreign = [make_staff("assistant") for _ in range(4)][-1]
    assert chief.get(f"{LIST}{foreign.pk}/").status_code == 404
    assert chief.post(f"{LIST}{foreign.pk}/password/", {"password": "paper-lantern-7"}).status_code == 404
    assert chief.post(f"{LIST}{foreign.pk}/access/", {"active": "0"}).status_code == 404
    with in_studio(other_studio):
        foreign.refresh_from_db()
        assert foreign.is_active
        assert foreign.check_password(PASSWORD)


@pytest.mark.parametrize("role", ["receptionist", "photographer"])
def test_staff_do_not_manage_staff(as_role, branch, role):
    visitor, people = as_role(role), User.objects.count()
    assert visitor.get(LIST).status_code == 403
    assert visitor.post(NEW, form(("photographer", branch.pk))).status_code == 403
    assert User.objects.count() == people


def test_queries_do_not_grow_with_people_and_jobs(chief, branch, far_branch):
    person, counts = make_staff("assistant", branch), []
    for jobs in ([("assistant", branch.pk)], [(role, far_branch.pk) for role in ("retoucher", "assistant", "manager")]):
        services.change_staff(actor=None, user=person, name="x", memberships=jobs)
        make_staff("photographer", make_branch())
        queries = []
        for url in (LIST, f"{LIST}{person.pk}/"):
            chief.get(url)
            with CaptureQueriesContext(connection) as captured:
                chief.get(url)
            queries.append(len(captured))
        counts.append(queries)
    assert counts[0] == counts[1]
