"""What comes too late: a hold that ran out on the pay page, money for a date that is gone, links to dead contracts.
Each ends with exact books, a kind sentence and a next step.
"""

import datetime as dt

import pytest

from core.booking.jobs import sweep
from core.booking.models import Booking
from core.contracts.models import Contract
from core.contracts.selectors import contract_of
from core.contracts.services import compose_contract, expire_contracts, send_contract
from core.finance.models import Account, PayAttempt, Refund
from core.finance.services import apply_report, online
from core.kernel import clock
from core.orders.services import cancel_order
from core.scheduling.services import expire_holds
from tenants.jobs import discover
from tests.core.booking.make import NOW, bookable, held, team
from tests.core.contracts.make import sign
from tests.core.finance.books import Provider, assert_books, paid
from tests.factories import furnish_stages, make_branch, make_customer, make_staff
from tests.jobs import run_jobs
from tests.portal.doors import knock
from tests.portal.test_booking import text

HALF_AN_HOUR = dt.timedelta(minutes=30)


@pytest.fixture(autouse=True)
def _monday(settings):
    settings.LANGUAGE_CODE = "en"
    discover()
    with clock.at(NOW):
        yield
    for account in Account.objects.all():
        assert_books(account)


@pytest.fixture
def provider(monkeypatch):
    found = Provider()
    monkeypatch.setattr(online, "gateway", found)
    return found


@pytest.fixture
def branch(db):
    furnish_stages()
    make_staff("owner")
    found = make_branch("南山店", code="NS", phone="0755-26112611")
    team(found)
    return found


@pytest.fixture
def clerk(branch):
    return make_staff("receptionist", branch, name="王蕾")


@pytest.fixture
def row(branch, customer):
    found = held(branch, bookable(), customer)
    sign(contract_of(found.order))
    run_jobs()
    return found


@pytest.fixture
def mine(studio, customer, branch):
    found = knock(studio, "path", customer)
    found.client.cookies["yl_language"] = "en"
    return found


def begun(mine, row):
    """On the way to the provider: the try's own page is open."""
    mine.post(f"orders/{row.order.code}/bill/payment/", {"route": "stripe", "instalment": "1"})
    return PayAttempt.objects.get(account=row.order.account)


def run_out():
    expire_holds()
    sweep()
    run_jobs()


def taken_by_others(branch, row):
    held(branch, row.package, make_customer("邻居"))


def test_the_pay_page_says_how_long_the_date_is_kept_and_when_that_is_over(mine, row, provider):
    attempt = begun(mine, row)
    assert "Your date is kept for you until 09:15" in text(mine.get(f"payments/{attempt.reference}/"))
    with clock.at(NOW + dt.timedelta(minutes=16)):  # the worker has not looked yet
        assert "The hold on your date has run out" in text(mine.get(f"payments/{attempt.reference}/"))
        run_out()
        assert "The hold on your date has run out" in text(mine.get(f"payments/{attempt.reference}/"))
        page = text(mine.get(f"orders/{row.order.code}/bill/"))
        assert f"bookings/{row.code}/" in page
        assert "Pay:" not in page
        tries = PayAttempt.objects.count()
        mine.post(f"orders/{row.order.code}/bill/payment/", {"route": "stripe", "instalment": "1"})
        assert PayAttempt.objects.count() == tries
    with clock.at(NOW + 2 * HALF_AN_HOUR):
        online.ask_provider(attempt=attempt)
        page = text(mine.get(f"payments/{attempt.reference}/"))
        assert "Nothing was paid" in page
        assert f"bookings/{row.code}/" in page


def test_money_after_the_hold_takes_a_free_date_back(mine, row, provider):
    attempt = begun(mine, row)
    with clock.at(NOW + HALF_AN_HOUR):
        run_out()
        apply_report(report=paid(attempt))
        assert "Whether your date is firm shows here" in text(mine.get(f"payments/{attempt.reference}/"))
        run_jobs()
        page = text(mine.get(f"payments/{attempt.reference}/"))
        assert "Your payment has arrived" in page
        assert "To my booking" in page
    assert Booking.objects.get(pk=row.pk).state == "firm"


def test_money_for_a_date_that_is_gone_is_safe_and_all_of_it_comes_back(mine, branch, row, provider):
    attempt = begun(mine, row)
    with clock.at(NOW + HALF_AN_HOUR):
        run_out()
        taken_by_others(branch, row)
        apply_report(report=paid(attempt))
        run_jobs()
        page = text(mine.get(f"payments/{attempt.reference}/"))
        assert "Your payment is safe" in page
        assert f"bookings/{row.code}/date/" in page
        assert f"bookings/{row.code}/cancellation/" in page
        told = text(mine.get(f"bookings/{row.code}/cancellation/"))
        assert f'value="{attempt.amount_minor}"' in told
        mine.post(f"bookings/{row.code}/cancellation/", {"reason": "换日子", "seen": str(attempt.amount_minor)})
        run_jobs()
    account = Account.objects.get(pk=row.order.account_id)
    assert (account.paid_minor, account.owed_minor, Refund.objects.get().amount_minor) == (0, 0, attempt.amount_minor)


def test_money_after_giving_up_goes_back_and_says_so(mine, row, clerk, provider):
    attempt = begun(mine, row)
    cancel_order(actor=clerk, order=row.order, reason="改主意")
    apply_report(report=paid(attempt))
    run_jobs()
    page = text(mine.get(f"payments/{attempt.reference}/"))
    assert "It goes back the way it came" in page
    assert "To my booking" not in page
    assert [(one.amount_minor, one.state) for one in Refund.objects.all()] == [(attempt.amount_minor, "done")]
    mine.post(f"orders/{row.order.code}/bill/payment/", {"route": "stripe", "instalment": "1"})
    assert PayAttempt.objects.count() == 1
    assert "This order was cancelled. Nothing was taken." in text(mine.get(f"orders/{row.order.code}/bill/"))


def test_a_link_to_a_contract_that_binds_nobody_leads_on(mine, branch, customer, clerk):
    row = held(branch, bookable(), customer)
    first = contract_of(row.order)
    second = send_contract(actor=clerk, contract=compose_contract(actor=clerk, order=row.order))
    page = text(mine.get(f"contracts/{first.code}/"))
    assert "The studio has sent a newer contract" in page
    assert f"contracts/{second.code}/" in page
    assert "tel:0755-26112611" in page
    with clock.at(second.expires_at + HALF_AN_HOUR):
        for _looked in (False, True):
            page = text(mine.get(f"contracts/{second.code}/"))
            assert "The time to sign is over" in page
            assert "Nothing binds you" in page
            assert f"bookings/{row.code}/" in page
            mine.post(f"contracts/{second.code}/signature/", {"seen": second.document_sha256})
            expire_contracts()
    assert not Contract.objects.filter(order=row.order, state="signed").exists()


def test_contract_and_bill_say_how_long_the_date_is_kept_and_stop_when_it_is_not(mine, branch, customer, provider):
    found = held(branch, bookable(), customer)
    contract = contract_of(found.order)
    until = found.appointment.hold_expires_at
    for address in (f"contracts/{contract.code}/", f"orders/{found.order.code}/bill/"):
        assert f'data-until="{until.astimezone(clock.zone(branch.timezone)).isoformat()}' in text(mine.get(address)), (
            address
        )
    with clock.at(until + dt.timedelta(seconds=1)):  # the worker has not looked yet
        page = text(mine.get(f"contracts/{contract.code}/"))
        assert "The hold has run out" in page
        assert 'id="submit"' not in page
        assert f"/bookings/{found.code}/" in page
        told = {"signature": customer.name, "signature_way": "type", "agreed": "on", "seen": contract.document_sha256}
        assert mine.post(f"contracts/{contract.code}/signature/", {**told, "code": "123456"}).status_code == 302
    assert not contract.trail.filter(kind="signed").exists()
