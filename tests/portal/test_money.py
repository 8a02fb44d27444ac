"""The customer's bill: what is owed and why, paying, receipts, "I have paid"."""

import pytest

from core.finance.models import Account, Invoice, PayAttempt, PaymentClaim
from core.finance.selectors import statement_of
from core.finance.services import (
    apply_report,
    charge,
    give_discount,
    online,
    record_payment,
    settle_cancellation,
    trigger,
)
from core.finance.services.charging import line
from core.kernel.money import format_minor
from tests.core.finance.books import Provider, assert_books, make_account, paid
from tests.factories import make_branch, make_staff
from tests.jobs import run_jobs, waiting_jobs
from tests.portal.test_pages import english, text


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture(autouse=True)
def _books_add_up(db):
    yield
    for account in Account.objects.all():
        assert_books(account)


@pytest.fixture
def provider(monkeypatch):
    found = Provider()
    monkeypatch.setattr(online, "gateway", found)
    return found


@pytest.fixture
def account(customer):
    made = make_account(branch=make_branch("南山店", code="NS"), customer=customer)
    trigger(account=made, when="signing")
    return made


def bill(account):
    return f"orders/{account.code}/bill/"


def pay(door, account, **data):
    return door.post(f"{bill(account)}payment/", {"route": "stripe", "instalment": "1", **data})


def test_the_bill_says_what_why_when_and_what_was_paid(inside, account, provider):
    charge(account=account, source="submission.1", lines=[line("@album_page", 9000, 3, 3000)], kind="extras")
    record_payment(actor=make_staff("receptionist", account.branch), account=account, amount_minor=50000, method="cash")
    page = text(english(inside).get(bill(account)))
    for shown in ("¥4,090", "3 × ¥30", "¥700", "¥500 of ¥4,090 paid", "NS-R", "Album pages", "On delivery"):
        assert shown in page
    assert "Bill and payment" in text(inside.get(f"orders/{account.code}/"))


def test_paying_leads_to_the_provider_and_back_to_a_page_that_knows(inside, account, provider):
    answer = pay(english(inside), account)
    attempt = PayAttempt.objects.get()
    assert answer.url == f"{inside.prefix}payments/{attempt.reference}/?go=1"
    assert (attempt.amount_minor, attempt.customer) == (120000, account.customer)
    there = inside.get(f"payments/{attempt.reference}/?go=1")
    assert there["Refresh"] == "0; url=https://pay.example/stripe"
    assert "Waiting for your payment" in text(inside.get(f"payments/{attempt.reference}/"))
    provider.reports[attempt.reference] = paid(attempt)
    assert ("finance.check_attempt", {"attempt": attempt.pk}) in waiting_jobs()
    run_jobs()
    assert "Your payment has arrived" in text(inside.get(f"payments/{attempt.reference}/"))
    assert "¥1,200 of ¥4,000 paid" in text(inside.get(bill(account)))


def test_the_provider_sends_the_payer_back_to_the_same_door(inside, account, provider):
    pay(inside, account)
    asked = provider.asked[0][1]
    assert asked.paid_url.endswith(f"{inside.prefix}payments/{asked.reference}/")
    assert asked.back_url.endswith(f"{inside.prefix}{bill(account)}")


def test_everything_can_be_paid_at_once(inside, account, provider):
    pay(inside, account, instalment="0")
    assert PayAttempt.objects.get().amount_minor == 400000


def test_a_provider_that_refuses_is_said_in_words(inside, account, provider):
    provider.fails = online.PayRefused("pay.rejected")
    page = english(inside)
    assert pay(page, account).status_code == 302
    assert "Please choose another one" in text(inside.get(bill(account)))


def test_an_unknown_route_is_not_taken(inside, account, provider):
    assert pay(inside, account, route="cash").status_code == 422
    assert PayAttempt.objects.count() == 0


def test_without_routes_the_bill_says_how_to_pay(inside, account, provider, monkeypatch):
    monkeypatch.setattr(provider, "routes_of", lambda _studio: [])
    assert "Please pay in the branch" in text(english(inside).get(bill(account)))


def test_i_have_paid_waits_for_staff(inside, account, provider):
    told = {"amount": "1200", "method": "transfer", "note": "尾号 8812"}
    assert inside.post(f"{bill(account)}claim/", told).status_code == 302
    assert inside.post(f"{bill(account)}claim/", told).status_code == 422
    assert PaymentClaim.objects.get().amount_minor == 120000
    assert Account.objects.get().paid_minor == 0
    assert "We are looking for it" in text(english(inside).get(bill(account)))


def test_i_have_paid_more_than_is_owed_is_asked_about(inside, account, provider):
    told = {"amount": "99999999", "method": "transfer", "note": "尾号 8812"}
    answer = english(inside).post(f"{bill(account)}claim/", told)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "No more than ¥4,000 is open" in page
    assert "尾号 8812" in page, "what was typed stays"
    assert not PaymentClaim.objects.exists()


def test_the_plan_is_what_is_to_be_paid_when_a_discount_sits_in_it(inside, account, provider):
    """The rows add up to what it costs, and a row that a credit has taken away says so."""
    charge(account=account, source="submission.1", lines=[line("@album_page", 9000, 3, 3000)], kind="extras")
    whole = Account.objects.get().charged_minor
    give_discount(actor=make_staff("owner"), account=account, amount_minor=2000, reason="老客户")
    rows = statement_of(Account.objects.get()).instalments
    assert sum(one.payable_minor for one in rows) == whole - 2000
    assert sum(one.open_minor for one in rows) == whole - 2000
    credited = next(one for one in rows if one.credited_minor)
    page = text(english(inside).get(bill(account)))
    assert format_minor(credited.payable_minor, "CNY", "en") in page
    settle_cancellation(actor=None, account=Account.objects.get(), who="studio", shoot_on=None, reason="x")
    assert "No longer due" in text(inside.get(bill(account)))


def test_an_invoice_is_asked_for_what_was_paid(inside, account, provider):
    asked = {"kind": "special", "title": "影像有限公司", "tax_id": "", "email": ""}
    assert inside.post(f"{bill(account)}invoice/", asked).status_code == 422
    record_payment(actor=make_staff("receptionist", account.branch), account=account, amount_minor=50000, method="pos")
    asked["tax_id"] = "91440300ma5xxxxx1k"
    assert inside.post(f"{bill(account)}invoice/", asked).status_code == 302
    made = Invoice.objects.get()
    assert (made.amount_minor, made.tax_id, made.state) == (50000, "91440300MA5XXXXX1K", "asked")


def test_a_receipt_can_be_printed(inside, account, provider):
    clerk = make_staff("receptionist", account.branch, name="王蕾")
    payment = record_payment(actor=clerk, account=account, amount_minor=50000, method="pos")
    page = text(english(inside).get(f"{bill(account)}receipts/{payment.receipt}/"))
    assert payment.receipt in page
    assert "王蕾" in page


def test_somebody_else_s_bill_does_not_exist(inside, account, provider):
    other = make_account()
    made, _ = online.start_payment(account=other, route="stripe", paid_url="https://x/", back_url="https://x/")
    payment = apply_report(report=paid(made))
    for path in (bill(other), f"payments/{made.reference}/", f"{bill(other)}receipts/{payment.receipt}/"):
        assert inside.get(path).status_code == 404
    assert pay(inside, other).status_code == 404
    assert inside.get(f"{bill(account)}receipts/{payment.receipt}/").status_code == 404
    assert inside.post(f"{bill(other)}claim/", {"amount": "1", "method": "cash"}).status_code == 404


def test_the_bill_asks_as_much_for_many_rows_as_for_one(inside, account, provider, django_assert_max_num_queries):
    clerk = make_staff("receptionist", account.branch)
    for n in range(4):
        charge(account=account, source=f"other.{n}", lines=[line("x", 100)])
        record_payment(actor=clerk, account=account, amount_minor=100, method="cash")
    with django_assert_max_num_queries(24):
        text(inside.get(bill(account)))
