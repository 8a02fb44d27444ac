"""What a studio may use: its plan's limits, the trial's without a plan; asked from inside the studio."""

import pytest
from django.db import IntegrityError, transaction

from billing.models import GIB, Plan, Subscription
from billing.selectors import TRIAL, Entitlements, entitlements_of, standing_of
from tenants import directory
from tenants.context import current_schema, in_public
from tenants.directory import studio_at


@pytest.fixture
def chain_plan(db):
    with in_public():
        return Plan.objects.create(code="ours", name="Chain", branches=12, seats=80, storage_bytes=500 * GIB)


def test_studio_without_a_plan_is_on_trial(db, studio):
    assert entitlements_of(studio) == TRIAL


def test_plan_sets_the_limits_of_its_studio_only(studio, other_studio, chain_plan):
    with in_public():
        Subscription.objects.create(studio=studio, plan=chain_plan)
    assert entitlements_of(studio) == Entitlements(12, 80, 500 * GIB, 1000)
    assert entitlements_of(other_studio) == TRIAL
    assert current_schema() == studio.schema_name


def test_asking_is_one_query(studio, chain_plan, django_assert_max_num_queries):
    with in_public():
        Subscription.objects.create(studio=studio, plan=chain_plan)
    with django_assert_max_num_queries(2, info="the search path and the question"):
        entitlements_of(studio)


def test_plan_with_nothing_in_it_is_impossible(db):
    with in_public(), pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.create(code="none", name="None", branches=0, seats=1, storage_bytes=1)


def test_rows_name_themselves(studio, chain_plan):
    with in_public():
        assert str(chain_plan) == "Chain"
        assert str(Subscription(studio=studio, plan=chain_plan)) == f"{studio.pk}: {chain_plan.pk}"


def test_a_request_asks_once(studio, other_studio, chain_plan, django_assert_num_queries):
    with in_public():
        Subscription.objects.create(studio=studio, plan=chain_plan)
        mine, others = studio_at("", studio.slug), studio_at("", other_studio.slug)
    assert (entitlements_of(mine).branches, entitlements_of(others)) == (12, TRIAL)
    with django_assert_num_queries(0):
        assert (entitlements_of(mine).branches, entitlements_of(others)) == (12, TRIAL)
        assert standing_of(mine).may_write
    with in_public():
        Subscription.objects.filter(studio=studio).update(plan=Plan.objects.get(code="solo"))
    directory.forget(mine)
    assert entitlements_of(mine).branches == 1, "a change is believed at once"
