import pytest

from billing.models import Plan, Subscription
from core.kernel.errors import Refusal
from core.studios import services
from core.studios.models import Branch
from tenants.context import in_public
from tests.factories import make_branch, make_order


@pytest.fixture
def two_allowed(studio):
    with in_public():
        plan = Plan.objects.create(code="two", name="Two", branches=2)
        Subscription.objects.create(studio=studio, plan=plan)


def test_codes_are_found_for_those_who_chose_none(db):
    first, second = (services.add_branch(actor=None, name=name) for name in ("南山店", "福田店"))
    assert (first.code, second.code) == ("MA", "MB")
    assert [first.position, second.position] == [0, 1]


def test_free_codes_do_not_end_with_the_letters(db):
    for letter in services.LETTERS:
        Branch.objects.create(name=letter, code=f"M{letter}", is_active=False)
    assert services.free_code() == "AA"


@pytest.mark.parametrize(("change", "field"), [({"name": "南山店"}, "name"), ({"code": "NS"}, "code")])
def test_name_and_code_are_each_taken_once(db, change, field):
    make_branch("南山店", code="NS")
    with pytest.raises(Refusal, match="branch.taken") as refusal:
        services.add_branch(actor=None, **({"name": "福田店", "code": "FT"} | change))
    assert refusal.value.facts == {"field": field}
    assert Branch.objects.count() == 1


def test_plan_limits_open_branches_also_on_reopening(two_allowed):
    first, second = make_branch(), make_branch()
    with pytest.raises(Refusal, match="plan.branches") as refusal:
        make_branch()
    assert refusal.value.facts == {"limit": 2}
    services.change_branch(actor=None, branch=second, is_active=False)
    make_branch()
    with pytest.raises(Refusal, match="plan.branches"):
        services.change_branch(actor=None, branch=second, is_active=True)
    assert Branch.objects.filter(is_active=True).count() == 2
    services.change_branch(actor=None, branch=first, city="深圳")  # an open one may change while the plan is full


def test_code_is_free_until_an_order_carries_it(db):
    branch = make_branch(code="NS")
    services.change_branch(actor=None, branch=branch, code="NA")
    make_order(branch)
    with pytest.raises(Refusal, match="branch.code_in_use"):
        services.change_branch(actor=None, branch=branch, code="NB", city="深圳")
    branch.refresh_from_db()
    assert (branch.code, branch.city) == ("NA", "")


def test_the_only_open_branch_stays_open(db):
    branch = make_branch()
    with pytest.raises(Refusal, match="branch.last_open"):
        services.change_branch(actor=None, branch=branch, is_active=False)
    assert Branch.objects.get().is_active


def test_a_closed_branch_takes_no_orders(db):
    branch, _other = make_branch(), make_branch()
    services.change_branch(actor=None, branch=branch, is_active=False)
    with pytest.raises(Refusal, match="branch.closed"):
        make_order(Branch.objects.get(pk=branch.pk))


def test_unknown_fields_are_a_mistake_in_the_code(db):
    with pytest.raises(TypeError):
        services.add_branch(actor=None, name="南山店", colour="red")
