"""The daily review: letters once, meters written down, trouble at Stripe put off; and the watch over all that."""

import datetime as dt
import logging

import pytest
from django.utils import timezone

from billing import dunning, jobs, subscribing
from billing.models import Plan, Subscription, UsageDay
from core.messaging.models import OutboxMessage
from core.people.enums import Role
from tenants.context import in_public
from tests.factories import make_branch, make_staff

DAY = dt.timedelta(days=1)


@pytest.fixture
def boss(db):
    return reachable(make_staff(Role.OWNER, name="陈思远"), "13800002611")


def reachable(user, phone):
    user.phone = phone
    user.save()
    return user


def trial_ends(studio, days):
    subscribing.begin_trial(studio=studio)
    with in_public():
        Subscription.objects.filter(studio=studio).update(trial_ends_at=timezone.now() + days * DAY)


def letters():
    return list(OutboxMessage.objects.filter(template__startswith="plan_").order_by("pk"))


def test_a_letter_is_sent_once_and_names_the_day(studio, other_studio, boss):
    trial_ends(studio, 2)
    for _twice in range(2):
        dunning.review(studio=studio)
    assert [(one.template, one.to) for one in letters()] == [("plan_trial_ending", "13800002611")]
    dunning.review(studio=studio, now=timezone.now() + 3 * DAY)
    assert [one.template for one in letters()] == ["plan_trial_ending", "plan_read_only"]
    assert "/console/subscription/" in letters()[0].facts["link"]


def test_an_address_for_mail_goes_before_the_phone_and_staff_are_left_alone(studio, boss):
    boss.email = "boss@example.com"
    boss.save()
    reachable(make_staff(Role.MANAGER, name="店长"), "13900002611")
    trial_ends(studio, 1)
    dunning.review(studio=studio)
    assert [(one.route, one.to) for one in letters()] == [("email", "boss@example.com")]


def test_use_is_told_at_four_fifths_and_when_it_is_up(studio, boss):
    with in_public():
        plan = Plan.objects.create(code="five", name="Five", branches=5)
        Subscription.objects.create(studio=studio, plan=plan, state="active")
    for number in range(4):
        make_branch(name=f"店{number}")
    dunning.review(studio=studio)
    dunning.review(studio=studio)
    assert [(one.template, one.facts["used"]) for one in letters()] == [("plan_usage_near", 4)]
    make_branch(name="店5")
    dunning.review(studio=studio)
    assert [one.template for one in letters()] == ["plan_usage_near", "plan_usage_full"]
    with in_public():
        days = UsageDay.objects.filter(studio=studio)
        assert [(day.branches, day.seats) for day in days] == [(5, 1)]


def test_a_studio_without_a_row_is_given_a_trial(studio, other_studio, boss):
    jobs.review_day()
    with in_public():
        row = Subscription.objects.get(studio=studio)
        assert not Subscription.objects.filter(studio=other_studio).exists()
    assert row.trial_ends_at > timezone.now() + 13 * DAY
    assert row.reviewed_at is not None


def test_silence_at_stripe_does_not_stop_the_review(studio, boss, settings, caplog):
    settings.STRIPE_SECRET_KEY = ""
    trial_ends(studio, 2)
    with in_public():
        Subscription.objects.filter(studio=studio).update(customer_ref="cus_1")
    dunning.review(studio=studio)
    assert len(letters()) == 1
    assert "not read today" in caplog.text


def test_the_watch_says_aloud_that_reviews_are_missing(studio, caplog):
    with in_public():
        type(studio).objects.update(created_at=timezone.now() - 9 * DAY)
    with caplog.at_level(logging.ERROR):
        jobs.watch(0)
    assert "late for" in caplog.text
