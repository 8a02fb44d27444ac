"""Subscriptions against the fake: Checkout, changes, failing cards, years by wallet, and notices in any order."""

import datetime as dt
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from billing import catalog, subscribing
from billing.enums import BillState, Collection, PlanState
from billing.exchange import PayRefused
from billing.models import Bill, Notice, Plan, Subscription
from billing.selectors import entitlements_of, standing_of
from core.messaging.models import OutboxMessage
from core.people.enums import Role
from tenants.context import in_public
from tests.factories import make_branch, make_staff
from tests.jobs import run_jobs

URLS = ("https://studio.test/back/", "https://studio.test/")


@pytest.fixture
def shelf(pay_fake, db):
    """The catalogue at Stripe."""
    catalog.sync()
    return pay_fake


def plan(code):
    with in_public():
        return Plan.objects.get(code=code)


def row(studio):
    with in_public():
        return Subscription.objects.select_related("plan").get(studio=studio)


def start(fake, studio, code="solo", interval="month", **form):
    url = subscribing.subscribe(actor=None, studio=studio, plan=plan(code), interval=interval, urls=URLS)
    fake.press(url, act="pay", **form)
    return subscribing.refresh(studio=studio)


def lapse_trial(studio):
    with in_public():
        Subscription.objects.filter(studio=studio).update(trial_ends_at=timezone.now() - dt.timedelta(days=1))


def test_a_trial_becomes_a_subscription_and_its_free_days_stay(shelf, studio, other_studio):
    subscribing.begin_trial(studio=studio)
    subscribing.begin_trial(studio=other_studio)
    found = start(shelf, studio)
    assert (found.state, found.collection, found.plan.code) == (PlanState.ACTIVE, Collection.CARD, "solo")
    assert found.provider_state == "trialing"
    assert abs(found.period_ends_at - found.trial_ends_at) < dt.timedelta(seconds=2)
    assert entitlements_of(studio).branches == 1
    assert row(other_studio).state == PlanState.TRIALING
    assert row(other_studio).customer_ref == ""
    shelf.control("advance", days=15)
    found = subscribing.refresh(studio=studio)
    assert found.provider_state == "active"
    with in_public():
        bill = Bill.objects.get(studio=studio)
    assert (bill.amount_minor, bill.currency, bill.state) == (19900, "CNY", BillState.PAID)


def test_a_trial_subscribes_also_after_days_went_by_at_the_fake(shelf, studio):
    subscribing.begin_trial(studio=studio)
    shelf.control("advance", days=30)
    assert start(shelf, studio).provider_state == "trialing"


def test_after_the_trial_it_is_paid_at_once_with_a_coupon(shelf, studio):
    subscribing.begin_trial(studio=studio)
    lapse_trial(studio)
    assert not standing_of(studio).may_write
    found = start(shelf, studio, coupon="YINGLOU20")
    assert (found.provider_state, standing_of(studio).may_write) == ("active", True)
    with in_public():
        assert Bill.objects.get(studio=studio).amount_minor == 19900 * 80 // 100


def test_nobody_subscribes_twice(shelf, studio):
    start(shelf, studio)
    with pytest.raises(PayRefused, match="plan.has_one"):
        subscribing.subscribe(actor=None, studio=studio, plan=plan("chain"), interval="month", urls=URLS)


def test_an_older_page_cannot_be_paid_any_more(shelf, studio):
    first = subscribing.subscribe(actor=None, studio=studio, plan=plan("solo"), interval="month", urls=URLS)
    subscribing.subscribe(actor=None, studio=studio, plan=plan("chain"), interval="month", urls=URLS)
    shelf.press(first, act="pay")
    assert subscribing.refresh(studio=studio).collection == Collection.NONE


def test_an_upgrade_is_paid_for_the_days_left_and_counts_at_once(shelf, studio):
    subscribing.begin_trial(studio=studio)
    lapse_trial(studio)
    start(shelf, studio)
    due, at = subscribing.quote(studio=studio, plan=plan("chain"), interval="month")
    assert subscribing.refresh(studio=studio).plan.code == "solo"  # asking changes nothing
    found = subscribing.change_plan(actor=None, studio=studio, plan=plan("chain"), interval="month", at=at)
    assert found.plan.code == "chain"
    assert entitlements_of(studio).branches == 5
    with in_public():
        newest = Bill.objects.filter(studio=studio).order_by("-pk")[0]
    assert newest.amount_minor == due == pytest.approx(40000, abs=5)
    with pytest.raises(PayRefused, match="plan.same"):
        subscribing.change_plan(actor=None, studio=studio, plan=plan("chain"), interval="month")


def test_what_is_cheaper_leaves_a_credit_and_another_interval_is_paid_whole(shelf, studio):
    subscribing.begin_trial(studio=studio)
    start(shelf, studio)
    assert subscribing.quote(studio=studio, plan=plan("chain"), interval="month")[0] == 0  # days of the trial are left
    lapse_trial(studio)
    shelf.control("advance", days=15)
    subscribing.refresh(studio=studio)
    month, year = plan("solo").monthly_minor, plan("solo").yearly_minor
    due, _at = subscribing.quote(studio=studio, plan=plan("solo"), interval="year")
    assert year - month <= due < year
    subscribing.change_plan(actor=None, studio=studio, plan=plan("chain"), interval="month")
    due, _at = subscribing.quote(studio=studio, plan=plan("solo"), interval="month")
    assert due < 0


def test_a_quote_holds_for_an_hour(shelf, studio):
    start(shelf, studio)
    now = int(time.time())
    for at in (now - 3700, now + 3700):
        with pytest.raises(PayRefused, match="plan.quote_old"):
            subscribing.change_plan(actor=None, studio=studio, plan=plan("chain"), interval="month", at=at)
    assert subscribing.refresh(studio=studio).plan.code == "solo"


def test_a_declined_upgrade_changes_nothing_and_can_be_tried_again(shelf, studio):
    subscribing.begin_trial(studio=studio)
    lapse_trial(studio)
    found = start(shelf, studio)
    shelf.control("card", customer=found.customer_ref, card="bad")
    with pytest.raises(PayRefused, match="pay.rejected"):
        subscribing.change_plan(actor=None, studio=studio, plan=plan("chain"), interval="month")
    assert subscribing.refresh(studio=studio).plan.code == "solo"
    shelf.control("card", customer=found.customer_ref, card="good")
    assert subscribing.change_plan(actor=None, studio=studio, plan=plan("chain"), interval="month").plan.code == "chain"


def test_a_smaller_plan_says_what_must_go_first(shelf, studio):
    start(shelf, studio, "chain")
    for name in ("一", "二", "三"):
        make_branch(name=name)
    with pytest.raises(PayRefused, match="plan.too_small") as refused:
        subscribing.change_plan(actor=None, studio=studio, plan=plan("solo"), interval="month")
    assert [(line.name, line.over) for line in refused.value.facts["lines"]] == [("branches", 2)]
    assert subscribing.refresh(studio=studio).plan.code == "chain"


def test_a_failing_card_ends_in_read_only_and_a_payment_opens_all_at_once(shelf, studio):
    found = start(shelf, studio)
    shelf.control("card", customer=found.customer_ref, card="bad")
    shelf.control("advance", days=15)
    found = subscribing.refresh(studio=studio)
    assert (found.state, standing_of(studio).state) == (PlanState.PAST_DUE, "past_due")
    shelf.control("advance", days=20)
    found = subscribing.refresh(studio=studio)
    assert (found.provider_state, standing_of(studio).may_write) == ("unpaid", False)
    with pytest.raises(PayRefused, match="plan.has_one"):  # nor a second one beside what is owed
        subscribing.subscribe(actor=None, studio=studio, plan=plan("solo"), interval="month", urls=URLS)
    with in_public():
        bill = Bill.objects.filter(studio=studio, state=BillState.OPEN).first()
    assert f'href="{URLS[0]}"' in shelf.open(bill.page_url).text, "the demo's page leads back to the studio"
    shelf.press(bill.page_url, act="pay")
    found = subscribing.refresh(studio=studio)
    assert (found.state, found.past_due_since, found.ended_at) == (PlanState.ACTIVE, None, None)
    assert standing_of(studio).may_write


def test_cancelling_ends_when_the_paid_time_is_over(shelf, studio):
    start(shelf, studio)
    assert subscribing.cancel(actor=None, studio=studio).cancels_at is not None
    assert subscribing.cancel(actor=None, studio=studio, is_on=False).cancels_at is None
    assert subscribing.cancel(actor=None, studio=studio).cancels_at is not None
    shelf.control("advance", days=40)
    assert subscribing.refresh(studio=studio).state == PlanState.ENDED
    assert not standing_of(studio).may_write
    again = start(shelf, studio)
    assert (again.state, again.cancels_at) == (PlanState.ACTIVE, None)


def test_a_year_is_bought_with_a_wallet_and_renewed_from_its_end(shelf, studio):
    url = subscribing.buy_year(actor=None, studio=studio, plan=plan("solo"), urls=URLS)
    shelf.press(url, act="pay", method="wechat_pay")
    found = subscribing.refresh(studio=studio)
    assert (found.state, found.collection) == (PlanState.ACTIVE, Collection.INVOICE)
    ends = found.period_ends_at
    assert subscribing.refresh(studio=studio).period_ends_at == ends, "a bill is applied once"
    with pytest.raises(PayRefused, match="plan.at_renewal"):
        subscribing.buy_year(actor=None, studio=studio, plan=plan("solo"), urls=URLS)
    with in_public():
        Subscription.objects.filter(studio=studio).update(period_ends_at=timezone.now() + dt.timedelta(days=9))
    url = subscribing.buy_year(actor=None, studio=studio, plan=plan("solo"), urls=URLS)
    shelf.press(url, act="pay", method="alipay")
    found = subscribing.refresh(studio=studio)
    assert (found.period_ends_at - timezone.now()).days in {373, 374}


def test_a_larger_year_takes_what_is_left_of_the_smaller(shelf, studio):
    shelf.press(subscribing.buy_year(actor=None, studio=studio, plan=plan("solo"), urls=URLS), act="pay")
    subscribing.refresh(studio=studio)
    url = subscribing.buy_year(actor=None, studio=studio, plan=plan("chain"), urls=URLS)
    with in_public():
        bill = Bill.objects.get(studio=studio, state=BillState.OPEN)
    assert bill.amount_minor == pytest.approx(400000, abs=600)
    shelf.press(url, act="pay")
    assert subscribing.refresh(studio=studio).plan.code == "chain"


def test_an_operator_marks_a_transfer_once(shelf, studio):
    subscribing.buy_year(actor=None, studio=studio, plan=plan("solo"), urls=URLS)
    with in_public():
        bill = Bill.objects.get(studio=studio)
    subscribing.mark_paid(actor=None, bill=bill)
    ends = row(studio).period_ends_at
    subscribing.mark_paid(actor=None, bill=bill)
    assert row(studio).period_ends_at == ends


def test_a_complimentary_account_outlives_what_stripe_says(shelf, studio):
    found = start(shelf, studio)
    subscribing.give(actor=None, studio=studio, plan=plan("group"))
    shelf.control("card", customer=found.customer_ref, card="bad")
    shelf.control("advance", days=90)
    assert subscribing.refresh(studio=studio).state == PlanState.COMPLIMENTARY
    assert entitlements_of(studio).branches == 20


def test_notices_doubled_reordered_and_late_end_right(shelf, studio, other_studio):
    boss = make_staff(Role.OWNER, name="陈思远")
    boss.email = "boss@example.com"
    boss.save()
    subscribing.begin_trial(studio=other_studio)
    url = subscribing.subscribe(actor=None, studio=studio, plan=plan("solo"), interval="month", urls=URLS)
    shelf.press(url, act="pay")
    shelf.control("card", customer=row(studio).customer_ref, card="bad")
    shelf.control("advance", days=15)
    letters = [one for one in shelf.notices() if one["url"].endswith("/hooks/stripe")]
    assert len(letters) > 4
    for letter in [*reversed(letters), *letters[:2]]:
        assert shelf.deliver(letter).status_code == 200
    run_jobs()
    assert row(studio).state == PlanState.PAST_DUE
    assert row(other_studio).state == PlanState.TRIALING
    with in_public():
        assert Notice.objects.filter(studio=studio, state="applied", kind="plan").count() == len(letters)
    told = OutboxMessage.objects.filter(template="plan_payment_due")
    assert [one.to for one in told] == ["boss@example.com"]  # at once, not with the next daily review; and once


def test_forged_notices_are_refused_and_strangers_ignored(shelf, studio):
    url = subscribing.subscribe(actor=None, studio=studio, plan=plan("solo"), interval="month", urls=URLS)
    shelf.press(url, act="pay")
    letter = next(one for one in shelf.notices() if one["url"].endswith("/hooks/stripe"))
    assert shelf.deliver(letter, body=letter["body"].replace("active", "paused") + " ").status_code == 400
    with in_public():
        assert not Notice.objects.exists()
        Subscription.objects.filter(studio=studio).update(customer_ref="cus_other")
    assert shelf.deliver(letter).status_code == 200
    with in_public():
        assert Notice.objects.get().state == "ignored"
    assert row(studio).collection == Collection.NONE


def test_a_subscription_of_another_studio_is_refused(shelf, studio, other_studio):
    found = start(shelf, studio)
    with in_public():
        Subscription.objects.filter(studio=studio).update(customer_ref="cus_gone")
        Subscription.objects.create(studio=other_studio, plan=plan("trial"), customer_ref=found.customer_ref)
    with pytest.raises(PayRefused, match="pay.foreign"):
        subscribing.refresh(studio=other_studio)
    assert row(other_studio).state == PlanState.TRIALING


def test_catalogue_drift_is_found_and_put_right(shelf, studio):
    assert catalog.drift() == []
    found = start(shelf, studio)
    with in_public():
        Plan.objects.filter(code="solo").update(monthly_minor=29900, name="Solo")
    assert {str(each) for each in catalog.drift()} == {
        "solo month: amount 19900", "solo month: name Single branch", "solo year: name Single branch",
    }  # fmt: skip
    catalog.sync()
    assert catalog.drift() == []
    assert subscribing.refresh(studio=studio).plan.code == "solo", "who subscribed at the old price stays"
    assert plan("solo").monthly_ref != ""
    assert found.provider_ref


def test_whoever_waits_for_the_row_finds_it_with_its_new_plan(throwaway_studio):
    """A locking read with a join drops a row whose plan was replaced while it waited (PostgreSQL rechecks the join)."""
    row = subscribing.begin_trial(studio=throwaway_studio)
    held = threading.Event()

    def replace():
        try:
            with in_public(), transaction.atomic():
                locked = subscribing._held(throwaway_studio.pk)
                held.set()
                time.sleep(0.3)  # the other one waits at the row by now
                locked.plan = Plan.objects.get(code="solo")
                locked.save(update_fields=["plan"])
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        done = other.submit(replace)
        assert held.wait(10)
        with in_public(), transaction.atomic():
            assert subscribing._held(throwaway_studio.pk).plan.code == "solo"
        done.result(10)
    assert row.plan.code == "trial"
