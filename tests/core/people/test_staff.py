import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from billing.models import Plan, Subscription
from core.kernel.errors import Refusal
from core.people import services
from core.people.models import Membership
from core.people.roster import grantable_roles, managed_users, may_grant
from core.people.staff import staff_of
from tenants.context import in_public, in_studio
from tests.factories import make_branch, make_staff

User = get_user_model()


def jobs_of(user):
    return sorted(Membership.objects.filter(user=user).values_list("role", "branch_id"), key=str)


def allow(studio, **limits):
    with in_public():
        plan = Plan.objects.create(code=f"plan-{studio.pk}", name="Plan", **limits)
        Subscription.objects.create(studio=studio, plan=plan)


def test_user_names_are_one_whatever_their_case(db):
    make_staff(username="Wang.Lei ")
    with pytest.raises(Refusal, match="staff.username_taken"):
        make_staff(username="wang.lei")
    assert User.objects.get().username == "wang.lei"


def test_jobs_are_replaced_and_kept_ones_keep_their_row(db):
    make_staff()
    here, there = make_branch(), make_branch()
    user = make_staff("photographer", here)
    kept = user.memberships.get().pk
    services.change_staff(
        actor=None, user=user, name=" 周航 ", memberships=[("photographer", here.pk), ("retoucher", there.pk)]
    )
    assert user.name == "周航"
    assert jobs_of(user) == [("photographer", here.pk), ("retoucher", there.pk)]
    assert user.memberships.get(role="photographer").pk == kept


def test_the_last_boss_stays(db):
    boss, branch = make_staff(), make_branch()
    with pytest.raises(Refusal, match="staff.last_owner"):
        services.change_staff(actor=boss, user=boss, name="王蕾", memberships=[("manager", branch.pk)])
    with pytest.raises(Refusal, match="staff.last_owner"):
        services.set_access(actor=None, user=boss, is_active=False)
    boss.refresh_from_db()
    assert boss.is_active
    assert boss.name != "王蕾"
    assert jobs_of(boss) == [("owner", None)]


def test_a_second_boss_frees_the_first(db):
    boss, other = make_staff(), make_staff()
    services.set_access(actor=other, user=boss, is_active=False)
    assert not User.objects.get(pk=boss.pk).is_active


def test_the_boss_of_one_branch_does_not_replace_the_boss_of_all(db):
    boss = make_staff()
    make_staff("owner", make_branch())
    with pytest.raises(Refusal, match="staff.last_owner"):
        services.set_access(actor=None, user=boss, is_active=False)


def test_nobody_takes_their_own_access(db):
    make_staff()
    boss = make_staff()
    with pytest.raises(Refusal, match="staff.self"):
        services.set_access(actor=boss, user=boss, is_active=False)


def test_seats_end_adding_and_giving_access_back(studio):
    allow(studio, seats=2)
    boss, gone = make_staff(), make_staff("photographer")
    services.set_access(actor=boss, user=gone, is_active=False)
    make_staff("assistant")
    with pytest.raises(Refusal, match="plan.seats") as refusal:
        make_staff("retoucher")
    assert refusal.value.facts == {"limit": 2}
    with pytest.raises(Refusal, match="plan.seats"):
        services.set_access(actor=boss, user=gone, is_active=True)
    assert User.objects.filter(is_active=True).count() == 2


def test_a_new_password_ends_every_session(db):
    boss, user = make_staff(), make_staff("photographer")
    before = user.get_session_auth_hash()
    services.set_password(actor=boss, user=user, password="paper-lantern-7")
    user.refresh_from_db()
    assert user.check_password("paper-lantern-7")
    assert user.get_session_auth_hash() != before


@pytest.fixture
def town(db):
    """A boss, two branches, and somebody of every kind."""
    here, there = make_branch(), make_branch()
    people = {
        "boss": make_staff(),
        "manager": make_staff("manager", here),
        "fellow": make_staff("manager", here),
        "area": make_staff("manager"),
        "mine": make_staff("photographer", here),
        "far": make_staff("photographer", there),
        "both": make_staff("retoucher", here),
        "everywhere": make_staff("production"),
        "little_boss": make_staff("owner", here),
        "jobless": make_staff("assistant", here),
    }
    services.change_staff(
        actor=None, user=people["both"], name="x", memberships=[("retoucher", here.pk), ("retoucher", there.pk)]
    )
    services.change_staff(actor=None, user=people["jobless"], name="x", memberships=[])
    return people, here, there


@pytest.mark.parametrize(
    ("who", "manages"),
    [
        ("manager", {"mine"}),
        ("little_boss", {"mine"}),
        ("area", {"mine", "far", "both", "everywhere"}),
        ("mine", set()),
        (
            "boss",
            {"boss", "manager", "fellow", "area", "mine", "far", "both", "everywhere", "little_boss", "jobless"},
        ),
    ],
)
def test_who_manages_whom(town, who, manages):
    people, _here, _there = town
    found = set(managed_users(staff_of(people[who])).values_list("pk", flat=True))
    assert {name for name, user in people.items() if user.pk in found} == manages


@pytest.mark.parametrize(
    ("who", "role", "place", "allowed"),
    [
        ("manager", "photographer", "here", True),
        ("manager", "photographer", "there", False),
        ("manager", "photographer", "all", False),
        ("manager", "manager", "here", False),
        ("manager", "owner", "here", False),
        ("area", "photographer", "all", True),
        ("area", "manager", "here", False),
        ("area", "owner", "all", False),
        ("little_boss", "manager", "here", False),
        ("boss", "owner", "all", True),
    ],
)
def test_who_may_give_what(town, who, role, place, allowed):
    people, here, there = town
    branch = {"here": here.pk, "there": there.pk, "all": None}[place]
    assert may_grant(staff_of(people[who]), [(role, branch)]) is allowed


def test_leading_roles_are_offered_to_the_boss_only(town):
    people, _here, _there = town
    offered = {who: {role for role, _label in grantable_roles(staff_of(people[who]))} for who in ("boss", "area")}
    assert offered["boss"] - offered["area"] == {"owner", "manager"}


def at_once(studio, jobs):
    """Each job in a thread of its own, all started together; the codes of refusals, None for success."""
    gate = threading.Barrier(len(jobs))

    def run(job):
        try:
            with in_studio(studio):
                gate.wait(30)
                job()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_two_bosses_cannot_dismiss_each_other_at_once(throwaway_studio):
    first, second = make_staff(), make_staff()
    codes = at_once(
        throwaway_studio,
        [
            lambda: services.set_access(actor=first, user=User.objects.get(pk=second.pk), is_active=False),
            lambda: services.set_access(actor=second, user=User.objects.get(pk=first.pk), is_active=False),
        ],
    )
    assert sorted(codes, key=str) == [None, "staff.last_owner"]
    assert User.objects.filter(is_active=True).count() == 1


def test_the_last_seat_is_given_once(throwaway_studio):
    allow(throwaway_studio, seats=3)
    make_staff()
    codes = at_once(throwaway_studio, [lambda i=i: make_staff("assistant", username=f"a{i}") for i in range(6)])
    assert codes.count(None) == 2
    assert set(codes) == {None, "plan.seats"}
    assert User.objects.count() == 3
