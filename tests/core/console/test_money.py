"""Money in the console: the order's panel, deeds, the queue, arrears, forecast, the day's close."""

import datetime as dt

import pytest

from core.finance.models import Account, DayBook, Invoice, Payment, Refund
from core.finance.services import apply_dispute, claim_payment, record_payment, refund, trigger
from core.kernel import clock
from tests.core.console.conftest import browser
from tests.core.console.test_new_order import sale
from tests.core.finance.books import assert_books, fresh, make_account
from tests.factories import make_package, make_staff


@pytest.fixture(autouse=True)
def _books_add_up(db, settings):
    settings.LANGUAGE_CODE = "en"
    yield
    for account in Account.objects.all():
        assert_books(account)


@pytest.fixture
def account(branch):
    made = make_account(branch=branch, title="陈晓雨 & 林一舟")
    trigger(account=made, when="signing")
    return made


@pytest.fixture
def clerk(branch):
    return make_staff("receptionist", branch, name="王蕾")


@pytest.fixture
def desk(studio, clerk):
    return browser(studio, clerk)


def today(account):
    return clock.today(account.branch.timezone)


def take(desk, account, amount="1200", **more):
    told = {"amount": amount, "method": "cash", "day": today(account).isoformat(), "once": "k1", **more}
    return desk.post(f"/console/money/orders/{account.code}/payments/", told)


def shown(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_order_page_loads_its_money(desk, account):
    page = shown(desk.get(f"/console/orders/{account.code}/"))
    assert f"/console/money/orders/{account.code}/" in page
    panel = shown(desk.get(f"/console/money/orders/{account.code}/", headers={"hx-request": "true"}))
    assert "¥4,000" in panel
    assert "¥1,200" in panel
    assert "<html" not in panel


def test_money_is_taken_once_and_audited_by_somebody_else(desk, client, account, manager):
    assert take(desk, account).url == f"/console/orders/{account.code}/#order-money"
    take(desk, account)
    payment = Payment.objects.get()
    assert (payment.amount_minor, fresh(account).paid_minor) == (120000, 120000)
    assert desk.post(f"/console/money/payments/{payment.pk}/audit/").status_code == 403
    assert payment.receipt in shown(client.get("/console/money/"))
    client.post(f"/console/money/payments/{payment.pk}/audit/", {"next": "/console/money/"})
    payment.refresh_from_db()
    assert payment.audited_by == manager
    assert payment.receipt not in shown(client.get("/console/money/"))


def test_a_refused_payment_keeps_what_was_typed(desk, account):
    """Zero is an amount to the form; the books refuse it beside the field."""
    answer = take(desk, account, amount="0", note="尾号 8812")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "尾号 8812" in page
    assert "field-error" in page
    assert not Payment.objects.exists()


@pytest.mark.parametrize("amount", ["", "0", "-5", "1e3", "12.345"])
def test_an_amount_that_is_none_is_not_taken(desk, account, amount):
    assert take(desk, account, amount).status_code == 422
    assert Payment.objects.count() == 0


def test_a_wrong_entry_is_taken_back_and_an_audited_one_only_by_those_who_audit(desk, client, account):
    take(desk, account)
    payment = Payment.objects.get()
    client.post(f"/console/money/payments/{payment.pk}/audit/")
    assert desk.post(f"/console/money/payments/{payment.pk}/correction/", {"reason": "录错"}).status_code == 403
    client.post(f"/console/money/payments/{payment.pk}/correction/", {"reason": "录错"})
    assert fresh(account).paid_minor == 0


def test_a_discount_beyond_the_job_s_limit_is_refused(desk, client, account):
    told = {"amount": "300", "reason": "老客户", "once": "d1"}
    desk.post(f"/console/money/orders/{account.code}/discounts/", told)
    assert fresh(account).charged_minor == 400000
    client.post(f"/console/money/orders/{account.code}/discounts/", told)
    assert fresh(account).charged_minor == 370000


def test_charge_refund_and_pay_out(desk, client, account, clerk):
    desk.post(f"/console/money/orders/{account.code}/charges/", {"name": "加急", "amount": "200", "once": "c1"})
    assert fresh(account).charged_minor == 420000
    record_payment(actor=clerk, account=account, amount_minor=420000, method="pos")
    url, told = f"/console/money/orders/{account.code}/refunds/", {"amount": "200", "reason": "未加急", "once": "r1"}
    assert desk.post(url, told).status_code == 403
    client.post(url, told)
    client.post(url, told)
    made = Refund.objects.get()
    assert "To pay out" in shown(client.get(f"/console/money/orders/{account.code}/")) or made.state == "pending"
    desk.post(f"/console/money/refunds/{made.pk}/payout/")
    client.post(f"/console/money/refunds/{made.pk}/audit/")
    made.refresh_from_db()
    assert (made.state, made.audited_at is not None) == ("done", True)


def test_the_refund_form_says_how_much_before_it_is_typed_and_keeps_what_was_typed(client, account, clerk):
    first = record_payment(actor=clerk, account=account, amount_minor=120000, method="pos")
    record_payment(actor=clerk, account=account, amount_minor=30000, method="cash")
    held = {"provider_ref": "dp_1", "amount_minor": 50000, "state": "open", "due_at": None}
    apply_dispute(payment=first, **held)
    url = f"/console/money/orders/{account.code}/refunds/"
    page = shown(client.get(url))
    assert "¥1,000 can be given back" in page
    assert "¥500 held by a dispute" in page
    assert ">¥700<" in page
    again = client.post(url, {"amount": "1000.01", "reason": "未加急", "once": "r1"})
    assert again.status_code == 422
    assert "At most ¥1,000 can be given back." in again.content.decode()
    assert "未加急" in again.content.decode()
    assert not Refund.objects.exists()
    client.post(url, {"amount": "1000", "reason": "未加急", "once": "r1"})
    assert [one.amount_minor for one in Refund.objects.order_by("pk")] == [70000, 30000]
    assert "Nothing can be given back now" in shown(client.get(url))


def test_cancelling_says_what_waits_for_a_dispute(client, account, clerk):
    payment = record_payment(actor=clerk, account=account, amount_minor=120000, method="pos")
    apply_dispute(payment=payment, provider_ref="dp_1", amount_minor=50000, state="open", due_at=None)
    url = f"/console/orders/{account.code}/cancellation/"
    assert "¥500 of it only when a dispute is over" in shown(client.get(url))
    client.post(url, {"reason": "停业", "who": "studio:120000"})
    assert [one.amount_minor for one in Refund.objects.all()] == [70000]


def test_a_claim_is_confirmed_as_it_came_or_declined(desk, account):
    found = claim_payment(customer=account.customer, account=account, amount_minor=120000, method="transfer")
    url = f"/console/money/claims/{found.pk}/"
    assert desk.post(url, {"found": "yes", "amount": ""}).status_code == 422
    assert desk.post(url, {"found": "no", "answer": ""}).status_code == 422
    desk.post(url, {"found": "yes", "amount": "1199", "day": today(account).isoformat()})
    assert fresh(account).paid_minor == 119900
    other = claim_payment(customer=account.customer, account=account, amount_minor=100, method="transfer")
    desk.post(f"/console/money/claims/{other.pk}/", {"found": "no", "answer": "没有找到"})
    other.refresh_from_db()
    assert (other.state, other.answer) == ("declined", "没有找到")


def test_cancelling_shows_the_refund_before_the_tap(client, account, clerk):
    record_payment(actor=clerk, account=account, amount_minor=120000, method="cash")
    url = f"/console/orders/{account.code}/cancellation/"
    page = shown(client.get(url))
    assert 'value="studio:120000"' in page
    assert client.post(url, {"reason": "停业", "who": "studio:99999"}).status_code == 422
    assert client.post(url, {"reason": "停业"}).status_code == 422
    client.post(url, {"reason": "停业", "who": "studio:120000"})
    account = fresh(account)
    assert (account.charged_minor, account.paid_minor, Refund.objects.get().amount_minor) == (0, 0, 120000)


def test_arrears_are_listed_and_asked_for_once_a_day(client, account):
    with clock.at(clock.now() + dt.timedelta(days=20)):
        assert "¥1,200" in shown(client.get("/console/money/arrears/"))
        assert "陈晓雨" in shown(client.get("/console/"))
        for _ in range(2):
            client.post(f"/console/money/orders/{account.code}/reminder/", {"next": "/console/money/arrears/"})
    from core.messaging.models import OutboxMessage

    assert OutboxMessage.objects.filter(template="payment_due").count() == 1


def test_the_forecast_has_a_row_for_each_week_and_for_what_waits(client, account):
    page = shown(client.get("/console/money/forecast/"))
    assert "¥1,200" in page
    assert "¥1,600" in page


def test_a_day_is_counted_closed_and_locked(client, desk, account):
    take(desk, account)
    day = today(account).isoformat()
    url = f"/console/money/day/?branch={account.branch_id}&day={day}"
    counted = {"count_cash": "1190", "count_pos": "0", "count_transfer": "0", "once": "x"}
    assert client.post(url, counted).status_code == 422
    assert client.post(url, {**counted, "why_cash": "找零"}).status_code == 302
    assert DayBook.objects.get().counts.get(method="cash").counted_minor == 119000
    assert "找零" in shown(client.get(url))
    take(desk, account, once="k2")
    assert Payment.objects.count() == 1


def test_an_invoice_is_numbered_cancelled_and_issued_anew(client, account, clerk):
    record_payment(actor=clerk, account=account, amount_minor=120000, method="cash")
    told = {"kind": "ordinary", "title": "陈晓雨", "amount": "1200", "once": "i"}
    client.post(f"/console/money/orders/{account.code}/invoices/", told)
    first = Invoice.objects.get()
    client.post(f"/console/money/invoices/{first.pk}/number/")
    client.post(f"/console/money/invoices/{first.pk}/cancellation/", {"reason": "抬头错", "title": "影像公司"})
    second = Invoice.objects.exclude(pk=first.pk).get()
    client.post(f"/console/money/invoices/{second.pk}/number/")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.replaces) == ("cancelled", "issued", first)
    assert [one.number.split("-")[-1] for one in (first, second)] == ["00001", "00002"]


def test_another_branch_s_money_does_not_exist(studio, account, far_branch):
    stranger = browser(studio, make_staff("manager", far_branch))
    payment = record_payment(actor=make_staff("owner"), account=account, amount_minor=100, method="cash")
    for path in (f"orders/{account.code}/", f"orders/{account.code}/receipts/{payment.receipt}/"):
        assert stranger.get(f"/console/money/{path}").status_code == 404
    assert take(stranger, account).status_code == 404
    assert stranger.post(f"/console/money/payments/{payment.pk}/audit/").status_code == 404
    assert payment.receipt not in shown(stranger.get("/console/money/"))


def test_a_photographer_sees_no_money(as_role, account):
    eyes = as_role("photographer")
    for path in ("", "arrears/", "forecast/", "day/", f"orders/{account.code}/"):
        assert eyes.get(f"/console/money/{path}").status_code == 403
    assert "order-money" not in shown(eyes.get(f"/console/orders/{account.code}/"))


def test_the_board_says_how_much_is_paid_without_amounts(desk, as_role, account, clerk):
    from tests.jobs import run_jobs

    record_payment(actor=clerk, account=account, amount_minor=100000, method="cash")
    run_jobs()
    assert "25%" in shown(desk.get("/console/board/"))
    assert "25%" not in shown(as_role("photographer").get("/console/board/"))


@pytest.mark.parametrize("path", ["", "arrears/", "forecast/"])
def test_lists_ask_as_much_for_six_as_for_one(client, account, clerk, path, django_assert_max_num_queries):
    def more():
        one = make_account(branch=account.branch)
        trigger(account=one, when="signing")
        record_payment(actor=clerk, account=one, amount_minor=100, method="cash")
        refund(actor=clerk, account=one, amount_minor=10, reason="x")

    more()
    client.get("/brand.css")  # the studio's row is remembered for two seconds
    with django_assert_max_num_queries(22) as first:
        client.get(f"/console/money/{path}")
        most = len(first)
    for _ in range(5):
        more()
    client.get("/brand.css")
    with django_assert_max_num_queries(most + 2):  # what is remembered for two seconds may be asked for again
        client.get(f"/console/money/{path}")


@pytest.mark.parametrize(("who", "price", "sold"), [("desk", "950", 1), ("desk", "949", 0), ("client", "800", 1)])
def test_the_desk_sells_no_lower_than_its_job_allows(request, branch, who, price, sold):
    package = make_package(price_minor=100000)
    request.getfixturevalue(who).post("/console/orders/new/", sale(branch, package, price=price))
    assert Account.objects.filter(order__package=package).count() == sold
