"""Stored value, commissions, receipts and branches' settlements in the console."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.finance.commissions import Earner
from core.finance.models import (
    Account,
    CommissionRule,
    GiftTier,
    PayAttempt,
    Payment,
    PointRule,
    Refund,
    Settlement,
    ShootShare,
    ValueDeal,
    ValueRule,
)
from core.finance.services import (
    apply_report,
    ask_top_up,
    count_commissions,
    make_rule,
    pay_from_value,
    record_payment,
    sell_value,
    set_gift,
)
from core.finance.values import balances_of
from core.kernel import clock
from tests.core.console.conftest import browser
from tests.core.console.test_money import shown, take, today
from tests.core.finance.books import assert_books, fresh, make_account, paid
from tests.factories import make_branch, make_staff
from tests.portal.doors import knock

PICTURE = b"\xff\xd8\xff\xe0 a receipt"


@pytest.fixture(autouse=True)
def _books_add_up(db, settings):
    settings.LANGUAGE_CODE = "en"
    yield
    for account in Account.objects.all():
        assert_books(account)


@pytest.fixture
def account(branch):
    return make_account(branch=branch, title="陈晓雨 & 林一舟")


@pytest.fixture
def clerk(branch):
    return make_staff("receptionist", branch, name="王蕾")


@pytest.fixture
def desk(studio, clerk):
    return browser(studio, clerk)


@pytest.fixture
def boss(studio):
    return browser(studio, make_staff("owner"))


def top_up(door, account, **more):
    told = {"branch": account.branch_id, "amount": "2000", "method": "cash", "once": "k1", **more}
    return door.post(f"/console/money/values/{account.customer_id}/top-ups/", told)


def photo():
    return SimpleUploadedFile("slip.jpg", PICTURE, content_type="image/jpeg")


def test_a_card_is_topped_up_checked_and_spent_on_a_bill(desk, client, boss, account):
    boss.post("/console/money/values/gifts/", {"least": "2000", "gift": "300", "once": "g"})
    assert GiftTier.objects.get().gift_minor == 30000
    assert top_up(desk, account).status_code == 302
    top_up(desk, account)
    deal = ValueDeal.objects.get()
    assert deal.receipt in shown(client.get("/console/money/"))
    assert desk.post(f"/console/money/deals/{deal.pk}/audit/").status_code == 403
    client.post(f"/console/money/deals/{deal.pk}/audit/")
    deal.refresh_from_db()
    assert deal.audited_at is not None
    page = shown(desk.get(f"/console/money/values/{account.customer_id}/"))
    assert "¥2,300" in page
    panel = shown(desk.get(f"/console/money/orders/{account.code}/"))
    assert "Pay with stored value (¥2,300)" in panel
    desk.post(f"/console/money/orders/{account.code}/stored-value/", {"amount": "2200", "once": "s"})
    assert fresh(account).paid_minor == 220000
    assert balances_of(account.customer) == {"principal": 0, "gift": 10000, "points": 0}
    assert account.customer.name in shown(desk.get("/console/money/values/"))


def test_points_and_paying_out_are_for_those_who_may(desk, client, account, clerk):
    sell_value(actor=clerk, customer=account.customer, branch=account.branch, principal_minor=50000, method="cash")
    there = f"/console/money/values/{account.customer_id}"
    told = {"branch": account.branch_id, "amount": "100", "method": "cash", "reason": "急用", "once": "p"}
    assert desk.post(f"{there}/payouts/", told).status_code == 403
    assert client.post(f"{there}/payouts/", told).status_code == 302
    assert client.post(f"{there}/payouts/", {**told, "amount": "401", "once": "q"}).status_code == 422
    desk.post(f"{there}/points/", {"branch": account.branch_id, "points": "20", "reason": "生日", "once": "r"})
    assert balances_of(account.customer) == {"principal": 40000, "gift": 0, "points": 20}


def test_a_top_up_is_recorded_in_one_s_own_branch_only(studio, account, far_branch):
    stranger = browser(studio, make_staff("receptionist", far_branch))
    assert top_up(stranger, account).status_code == 422
    assert ValueDeal.objects.count() == 0
    assert top_up(stranger, account, branch=far_branch.pk).status_code == 302


def test_the_receipt_s_photograph_is_seen_while_checking(desk, client, account):
    take(desk, account, photo=photo())
    payment = Payment.objects.get()
    assert f"/console/money/payments/{payment.pk}/photo/" in shown(client.get("/console/money/"))
    seen = client.get(f"/console/money/payments/{payment.pk}/photo/")
    assert (seen.content, seen["Content-Type"], seen["X-Content-Type-Options"]) == (PICTURE, "image/jpeg", "nosniff")
    assert desk.get(f"/console/money/payments/{payment.pk}/photo/").status_code == 403


def test_a_photograph_can_come_later_until_it_was_checked(desk, client, account):
    take(desk, account)
    payment = Payment.objects.get()
    url = f"/console/money/payments/{payment.pk}/photo"
    assert client.get(f"{url}/").status_code == 404
    desk.post(f"{url}/new/", {"photo": SimpleUploadedFile("x.jpg", b"<html>", content_type="image/jpeg")})
    assert client.get(f"{url}/").status_code == 404
    desk.post(f"{url}/new/", {"photo": photo()})
    assert client.get(f"{url}/").content == PICTURE
    client.post(f"/console/money/payments/{payment.pk}/audit/")
    desk.post(f"{url}/new/", {"photo": SimpleUploadedFile("x.jpg", PICTURE + b"2", content_type="image/jpeg")})
    assert client.get(f"{url}/").content == PICTURE


def test_rules_are_the_owner_s_and_a_person_sees_their_own_rows(studio, boss, client, account):
    day = today(account)
    told = {"role": "sales_consultant", "occasion": "signed", "percent": "2.5", "base": "sold", "once": "r"}
    assert client.post("/console/money/commissions/rules/", {**told, "starts_on": day}).status_code == 403
    assert boss.post("/console/money/commissions/rules/", {**told, "starts_on": day}).status_code == 302
    assert boss.post("/console/money/commissions/rules/", {**told, "fixed": "5"}).status_code == 422
    rule = CommissionRule.objects.get()
    assert "2.5%" in shown(boss.get("/console/money/commissions/rules/"))
    seller, other = (make_staff("sales_consultant", account.branch, name=name) for name in ("苏敏", "赵可"))
    count_commissions(account=account, earners=[Earner("signed", seller.pk, day)])
    assert "¥100" in shown(browser(studio, seller).get("/console/money/commissions/"))
    assert "¥100" not in shown(browser(studio, other).get("/console/money/commissions/"))
    assert "苏敏" in shown(client.get("/console/money/commissions/"))
    assert "苏敏" in client.get("/console/money/commissions/rows.csv").content.decode()
    boss.post(f"/console/money/commissions/rules/{rule.pk}/end/")
    rule.refresh_from_db()
    assert rule.ends_on == day


def test_a_photographer_sees_their_commissions_without_money_s_pages(studio, account):
    eyes = make_staff("photographer", account.branch)
    make_rule(actor=eyes, user=eyes, occasion="delivered", fixed_minor=8800, starts_on=today(account))
    count_commissions(account=account, earners=[Earner("delivered", eyes.pk, today(account))])
    page = shown(browser(studio, eyes).get("/console/money/commissions/"))
    assert "¥88" in page
    assert "/console/money/arrears/" not in page


def test_a_month_of_two_branches_is_closed_once(boss, client, studio, account, clerk):
    far = make_branch("浦东店", code="PD")
    sell_value(actor=clerk, customer=account.customer, branch=far, principal_minor=50000, method="cash")
    pay_from_value(actor=clerk, account=account, amount_minor=30000)
    month = today(account).replace(day=1)
    low, high = sorted((far.pk, account.branch_id))
    url = f"/console/money/settlements/{low}/{high}/{month:%Y-%m}/"
    assert "¥300" in shown(client.get("/console/money/settlements/"))
    assert "¥300" in shown(client.get(url))
    assert "300" in client.get(f"{url}rows.csv").content.decode()
    assert browser(studio, make_staff("manager", make_branch("静安店", code="JA"))).get(url).status_code == 404
    net = 30000 if low == far.pk else -30000
    client.post(url, {"seen": net})
    assert Settlement.objects.count() == 0  # the month is not over
    with clock.at(clock.now() + dt.timedelta(days=32)):
        client.post(url, {"seen": net + 1})
        assert Settlement.objects.count() == 0
        client.post(url, {"seen": net})
        assert Settlement.objects.get().net_minor == net
        assert "Closed by" in shown(client.get(url))


def test_the_share_of_shoots_is_the_owner_s(boss, client, account):
    told = {"percent": "30", "starts_on": today(account)}
    assert client.post("/console/money/settlements/share/", told).status_code == 403
    boss.post("/console/money/settlements/share/", told)
    assert ShootShare.objects.get().percent == 30


def test_headquarters_sees_every_branch_s_day(boss, client, account, clerk, far_branch):
    record_payment(actor=clerk, account=account, amount_minor=120000, method="cash")
    page = shown(boss.get("/console/money/days/"))
    for text in (account.branch.name, far_branch.name, "¥1,200", "Not closed"):
        assert text in page
    assert far_branch.name not in shown(client.get("/console/money/days/"))
    with clock.at(clock.now() + dt.timedelta(days=1)):
        assert "Days that nobody closed" in shown(boss.get("/console/money/days/"))
        assert "Days that nobody closed" in shown(client.get("/console/money/"))


@pytest.mark.parametrize("path", ["values/", "commissions/", "settlements/", "days/"])
def test_lists_ask_as_much_for_six_as_for_one(boss, account, clerk, path, django_assert_max_num_queries):
    far = make_branch("浦东店", code="PD")
    make_rule(actor=clerk, role="receptionist", occasion="signed", rate_bp=100, starts_on=today(account))

    def more():
        one = make_account(branch=account.branch)
        sell_value(actor=clerk, customer=one.customer, branch=far, principal_minor=5000, method="cash")
        pay_from_value(actor=clerk, account=one, amount_minor=1000)
        count_commissions(account=one, earners=[Earner("signed", clerk.pk, today(account))])

    more()
    boss.get("/brand.css")
    with django_assert_max_num_queries(24) as first:
        shown(boss.get(f"/console/money/{path}"))
        most = len(first)
    for _ in range(5):
        more()
    boss.get("/brand.css")
    with django_assert_max_num_queries(most + 2):
        boss.get(f"/console/money/{path}")


def test_the_rule_of_points_is_set_and_told_to_the_customer(studio, boss, account, desk):
    told = {"points": "2", "per": "10", "when": "delivered", "valid_days": "365", "is_active": "on"}
    url = "/console/money/values/points/"
    assert desk.post(url, told).status_code == 403
    assert boss.post(url, {**told, "per": "0"}).status_code == 302
    assert not PointRule.objects.exists()
    boss.post(url, told)
    rule = PointRule.objects.get()
    assert (rule.points, rule.per_minor, rule.valid_days, rule.is_active) == (2, 1000, 365, True)
    assert "2 points for every ¥10 paid" in boss.get("/console/money/values/").content.decode()
    mine = knock(studio, "path", account.customer)
    mine.client.cookies["yl_language"] = "en"
    page = mine.get("me/value/").content.decode()
    assert "You earn 2 points for every ¥10 you pay" in page
    assert "valid for 365 days" in page


@pytest.fixture
def online_top_up(account):
    """1,000 with a gift of 100, paid by a pay route."""
    set_gift(actor=None, least_minor=100000, gift_minor=10000, is_offered=True)
    offer = {"least_minor": 100000, "gift_minor": 10000, "title": "储值", "terms": ["agreed to this"]}
    made = ask_top_up(customer=account.customer, branch=account.branch, **offer)
    attempt = PayAttempt.objects.create(
        account=made.account, reference="p1_online", route="stripe", amount_minor=100000, expires_at=clock.now()
    )
    apply_report(report=paid(attempt))
    return made


def test_a_customer_s_online_top_up_is_seen_with_its_terms_and_given_back(online_top_up, account, branch, studio):
    desk = browser(studio, make_staff("manager", branch))
    there = f"/console/money/values/top-ups/{online_top_up.account.code}/"
    for path in ("/console/money/values/", f"/console/money/values/{account.customer_id}/"):
        assert there in shown(desk.get(path))
    page = shown(desk.get(there))
    assert "agreed to this" in page
    assert "¥1,000" in page
    refused = desk.post(f"{there}refunds/", {"amount": "1000.01", "reason": "x"})
    assert refused.status_code == 422
    desk.post(f"{there}refunds/", {"amount": "1000", "reason": "搬家", "once": "k"})
    assert balances_of(account.customer) == {"principal": 0, "gift": 0, "points": 0}
    assert Refund.objects.get().by_route
    assert "搬家" in shown(desk.get(there))


def test_what_the_studio_owes_stands_by_branch_and_the_cap_with_its_reason(boss, online_top_up, branch):
    page = shown(boss.get("/console/money/values/"))
    assert branch.name in page
    assert "¥1,100" in page
    boss.post("/console/money/values/cap/", {"cap": "9000", "reason": ""})
    assert not ValueRule.objects.exists()
    boss.post("/console/money/values/cap/", {"cap": "9000", "reason": "Registered issuer"})
    assert ValueRule.objects.get().cap_minor == 900000
    assert "Registered issuer" in shown(boss.get("/console/money/values/"))


def test_an_offer_goes_online_by_a_tick_and_money_that_needs_a_look_leads_to_its_page(boss, online_top_up):
    boss.post("/console/money/values/gifts/", {"least": "2000", "gift": "300", "is_offered": "on", "once": "g"})
    assert GiftTier.objects.get(least_minor=200000).is_offered
    Payment.objects.update(flags=["late"])
    assert f"/console/money/values/top-ups/{online_top_up.account.code}/" in shown(boss.get("/console/money/"))
