"""My card on the phone: offers, terms, paying, what became of it; and my bill paid with it."""

import html
import re

import pytest

from core.finance.models import PayAttempt, Payment, TopUp
from core.finance.services import apply_report, online, set_gift, trigger
from core.finance.services.values import top_up
from core.finance.values import balances_of
from core.messaging.models import OutboxMessage
from tests.core.finance.books import Provider, assert_books, fresh, make_account, paid
from tests.factories import make_branch, make_customer
from tests.jobs import run_jobs
from tests.portal.doors import knock
from tests.portal.test_pages import english, text

VALUE = "me/value/"
NEW = f"{VALUE}top-ups/"
TAKE = {"least": "100000", "gift": "10000", "agreed": "on", "route": "stripe"}


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def provider(monkeypatch):
    found = Provider()
    monkeypatch.setattr(online, "gateway", found)
    return found


@pytest.fixture
def shop(db):
    set_gift(actor=None, least_minor=100000, gift_minor=10000, is_offered=True)
    set_gift(actor=None, least_minor=300000, gift_minor=50000)
    return make_branch("南山店", code="NS")


def test_the_card_shows_offers_and_their_terms_stand_before_paying(inside, shop, provider):
    page = text(english(inside).get(VALUE))
    assert "¥1,000" in page
    assert "¥3,000" not in page
    page = text(inside.get(f"{NEW}?least=100000"))
    for shown in ("paid back at any time", "the gift last", "expires", "¥5,000", "¥100", "Card, Alipay or WeChat Pay"):
        assert shown in page
    assert inside.get(f"{NEW}?least=300000").url == f"{inside.prefix}{VALUE}"
    answer = inside.post(NEW, {**TAKE, "branch": shop.pk, "agreed": ""})
    assert answer.status_code == 422
    assert "Please tick" in words(answer)
    assert not TopUp.objects.exists()


def test_a_top_up_is_paid_and_stands_on_the_card(inside, customer, shop, provider):
    answer = english(inside).post(NEW, {**TAKE, "branch": shop.pk})
    row = TopUp.objects.get()
    there = f"{NEW}{row.account.code}/"
    assert answer.url == f"{inside.prefix}{there}?go=1"
    assert inside.get(f"{there}?go=1")["Refresh"] == "0; url=https://pay.example/stripe"
    assert provider.asked[0][1].paid_url.endswith(f"{inside.prefix}{there}")
    waiting = inside.get(there)
    assert "Waiting for your payment" in text(waiting)
    assert waiting["Refresh"] == "6"
    attempt = PayAttempt.objects.get()
    provider.reports[attempt.reference] = paid(attempt)
    run_jobs()
    done = inside.get(there)
    assert "the value is on your card" in text(done)
    assert "Refresh" not in done
    assert "¥1,100" in text(inside.get(VALUE))
    assert "¥1,000" in text(inside.get(f"{there}receipt/"))
    assert row.terms[0].startswith("You pay ¥1,000")
    assert_books(row.account)


def test_a_changed_offer_takes_nothing_and_says_so(inside, shop, provider):
    answer = english(inside).post(NEW, {**TAKE, "branch": shop.pk, "gift": "20000"})
    assert answer.status_code == 422
    assert "offer has changed" in words(answer)
    assert provider.asked == []


def test_giving_up_needs_no_second_thought_and_a_stranger_sees_nothing(inside, studio, shop, provider):
    english(inside).post(NEW, {**TAKE, "branch": shop.pk})
    there = f"{NEW}{TopUp.objects.get().account.code}/"
    stranger = knock(studio, inside.form, make_customer("别人"))
    for path in (there, f"{there}receipt/"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"{there}end/").status_code == 404
    assert inside.post(f"{there}end/").url == f"{inside.prefix}{VALUE}"
    assert "You gave this up" in text(inside.get(there))


@pytest.fixture
def rich(customer, shop):
    account = make_account(branch=shop, customer=customer)
    trigger(account=account, when="signing")
    card = {"actor": None, "customer": customer, "branch": shop, "source": "t.1"}
    top_up(**card, principal_minor=100000, gift_minor=10000)
    return account


def words(refused):
    """What a page says that refused."""
    assert refused.status_code == 422
    return html.unescape(refused.content.decode())


def paying_code():
    return re.search(r"\d{6}", OutboxMessage.objects.filter(template="paying_code").latest("pk").facts["code"])[0]


def test_a_bill_is_paid_with_the_card_by_a_code_to_the_phone(inside, customer, rich, provider):
    there = f"orders/{rich.code}/bill/value/"
    assert "Pay with stored value (¥1,100)" in text(english(inside).get(f"orders/{rich.code}/bill/"))
    assert "¥1,100 at most" in text(inside.get(there))
    assert inside.post(f"{there}code/", {}).url == f"{inside.prefix}{there}?sent=1#code"
    code = paying_code()
    wrong = inside.post(there, {"amount": "900", "code": f"{(int(code) + 1) % 1000000:06d}", "once": "k"})
    assert (wrong.status_code, Payment.objects.count()) == (422, 0)
    assert "not right" in words(wrong)
    for _ in range(2):
        assert inside.post(there, {"amount": "900", "code": code, "once": "k"}).url.endswith(f"{rich.code}/bill/")
    row = Payment.objects.get()
    assert (row.method, row.amount_minor, row.recorded_by) == ("stored", 90000, None)
    assert (balances_of(customer)["principal"], fresh(rich).paid_minor) == (10000, 90000)


def test_more_than_the_card_holds_costs_no_code(inside, rich, provider):
    there = f"orders/{rich.code}/bill/value/"
    english(inside).post(f"{there}code/", {})
    answer = inside.post(there, {"amount": "1100.01", "code": paying_code()})
    assert (answer.status_code, Payment.objects.count()) == (422, 0)
    assert "not so much on your card" in words(answer)
    assert inside.post(there, {"amount": "1100", "code": paying_code()}).status_code == 302


def test_a_login_code_pays_nothing_and_neither_does_another_s_card(inside, customer, shop, provider):
    account = make_account(branch=shop, customer=make_customer("别人"))
    assert inside.get(f"orders/{account.code}/bill/value/").status_code == 404


def test_a_yes_that_comes_after_giving_up_is_said_to_go_back(inside, customer, shop, provider):
    english(inside).post(NEW, {**TAKE, "branch": shop.pk})
    row = TopUp.objects.get()
    inside.post(f"{NEW}{row.account.code}/end/")
    apply_report(report=paid(PayAttempt.objects.get()))
    run_jobs()
    page = text(inside.get(f"{NEW}{row.account.code}/"))
    assert "Given back" in page
    assert balances_of(customer)["principal"] == 0
