"""Paying inside WeChat: who pays is asked once, the sheet opens with what was signed, and every way out leads on."""

import html
import json
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from core.finance.models import GiftTier, PayAttempt
from core.finance.services import set_gift, trigger
from core.people.login import COOKIE
from core.people.models import CustomerSession
from tenants.jobs import discover
from tests.core.finance.books import make_account
from tests.factories import make_branch, make_customer, make_staff
from tests.jobs import run_jobs
from tests.portal.doors import knock
from tests.portal.test_pages import english, text


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def account(customer):
    made = make_account(branch=make_branch("南山店", code="NS"), customer=customer)
    trigger(account=made, when="signing")
    return made


@pytest.fixture
def shop(pay_fake, studio, account):
    """The studio's own merchant account, with the secret of its official account."""
    pay_fake.connect(studio, "wechat")
    return pay_fake


def pay(door, account):
    return door.post(f"orders/{account.code}/bill/payment/", {"route": "wechat", "instalment": "1"})


def to_wechat(door, account):
    """Where our page sends the payer's browser."""
    answer = pay(english(door), account)
    assert answer.url == f"{door.prefix}wechat/ask/"
    return door.get(answer.url)["Refresh"].removeprefix("0; url=")


def back_of(url):
    """Where WeChat sends it then."""
    there = requests.get(url, allow_redirects=False, timeout=10).headers["Location"]
    return urlsplit(there)


def come_back(door, place):
    return door.get(f"{place.path}?{place.query}")


def told(page):
    """What the button tells WeChat's sheet."""
    return json.loads(html.unescape(re.search(r'data-bridge="([^"]+)"', page.text)[1]))


def test_asked_once_then_paid_in_the_sheet(inside, account, shop):
    url = to_wechat(inside, account)
    asked = parse_qs(urlsplit(url).query)
    assert list(asked) == ["appid", "redirect_uri", "response_type", "scope", "state"]
    assert re.fullmatch(r"[0-9a-f]{96}", asked["state"][0])
    answer = come_back(inside, back_of(url))
    attempt = PayAttempt.objects.get()
    assert answer.url == f"{inside.prefix}payments/{attempt.reference}/?go=1"
    params = told(inside.get(answer.url))
    assert set(params) == {"appId", "timeStamp", "nonceStr", "package", "signType", "paySign"}
    assert (params["appId"], params["signType"]) == (asked["appid"][0], "RSA")
    shop.begin()
    done = requests.post(f"{shop.url}/wxbridge?{urlencode(params)}", data={"act": "pay"}, timeout=10)
    assert done.json() == {"err_msg": "get_brand_wcpay_request:ok"}
    page = text(inside.get(f"payments/{attempt.reference}/?end=ok"))
    assert "It shows here in a moment" in page, "what the script says is no payment"
    assert shop.deliver(shop.notices()[-1]).status_code == 200
    discover()
    run_jobs()
    assert "Your payment has arrived" in text(inside.get(f"payments/{attempt.reference}/?end=cancel"))
    again = inside.post(f"orders/{account.code}/bill/payment/", {"route": "wechat", "instalment": "0"})
    assert "/payments/" in again.url, "who pays is known now"


def test_the_fake_sheet_refuses_what_was_not_signed(inside, account, shop):
    params = told(inside.get(come_back(inside, back_of(to_wechat(inside, account))).url))
    forged = {**params, "package": params["package"], "nonceStr": "another"}
    done = requests.post(f"{shop.url}/wxbridge?{urlencode(forged)}", data={"act": "pay"}, timeout=10)
    assert done.json() == {"err_msg": "get_brand_wcpay_request:fail"}


@pytest.mark.parametrize("end", ["cancel", "fail"])
def test_a_closed_or_broken_sheet_is_said_and_the_code_remains(inside, account, shop, end):
    come_back(inside, back_of(to_wechat(inside, account)))
    attempt = PayAttempt.objects.get()
    page = inside.get(f"payments/{attempt.reference}/?end={end}")
    assert "Nothing was taken" in text(page)
    answer = inside.post("wechat/qr/", {"reference": attempt.reference})
    by_code = PayAttempt.objects.exclude(pk=attempt.pk).get()
    assert (by_code.method, by_code.amount_minor) == ("native", attempt.amount_minor)
    page = inside.get(answer.url)
    assert "data:image/png" in page.text
    assert "another phone" in text(page)


@pytest.mark.parametrize("fault", ["forged", "twice", "other-session", "no-cookie"])
def test_a_state_is_good_once_and_for_its_own_session(inside, account, shop, studio, fault):
    place = back_of(to_wechat(inside, account))
    query = place.query
    if fault == "forged":
        query = re.sub(r"state=.{4}", "state=0000", query)
    if fault == "twice":
        kept = inside.client.cookies["yl_wish"].value
        come_back(inside, place)
        inside.client.cookies["yl_wish"] = kept
    if fault == "other-session":
        inside.enter(account.customer)
    if fault == "no-cookie":
        del inside.client.cookies["yl_wish"]
    tries = PayAttempt.objects.count()
    answer = inside.get(f"wechat/back/?{query}")
    assert "used up or too old" in text(inside.get(answer.url))
    assert PayAttempt.objects.count() == tries


@pytest.mark.parametrize("fault", ["bad code", "silence", "secret"])
def test_a_wechat_that_does_not_say_who_pays_leaves_the_code(inside, account, shop, settings, studio, fault):
    place = back_of(to_wechat(inside, account))
    query = place.query
    if fault == "bad code":
        query = re.sub(r"code=\w+", "code=nonsense", query)
    if fault == "silence":
        settings.WECHAT_OAUTH_BASE = "http://127.0.0.1:9"
    if fault == "secret":
        from billing.services import save_keys

        keys = shop.keys(studio, "wechat")
        save_keys(actor=None, studio=studio, route="wechat", values={**keys, "app_secret": "0" * 32})
    answer = inside.get(f"wechat/back/?{query}")
    assert PayAttempt.objects.get().method == "native"
    page = inside.get(answer.url)
    assert "pay by the QR code instead" in text(page)
    assert "data:image/png" in page.text


def test_an_openid_that_wechat_no_longer_takes_is_forgotten(inside, account, shop):
    come_back(inside, back_of(to_wechat(inside, account)))
    PayAttempt.objects.update(state="expired")
    session = CustomerSession.objects.get()
    [app_id] = session.openids
    shop.control("openids", openid="oOther", app="wx0000000000000000")
    CustomerSession.objects.update(openids={app_id: "oOther"})
    answer = pay(inside, account)
    assert [one.method for one in PayAttempt.objects.order_by("pk")] == ["jsapi", "jsapi", "native"]
    assert "pay by the QR code instead" in text(inside.get(answer.url))
    assert CustomerSession.objects.get().openids == {}


def test_the_openid_ends_with_the_session_and_is_each_phones_own(inside, account, shop, studio):
    come_back(inside, back_of(to_wechat(inside, account)))
    first = PayAttempt.objects.get()
    other = make_customer("陆一鸣")
    account.order.people.create(customer=other)
    second = knock(studio, inside.form, other)
    assert pay(second, account).url.endswith("/wechat/ask/"), "another phone is asked for itself"
    come_back(second, back_of(to_wechat(second, account)))
    assert PayAttempt.objects.exclude(pk=first.pk).get().customer == other, "nobody can pay the other's order"
    inside.post("logout/")
    assert CustomerSession.objects.get(customer=account.customer).openids == {}


def test_nothing_changes_outside_of_wechat_or_without_the_secret(inside, account, shop, studio):
    from billing.services import forget_keys, save_keys

    keys = shop.keys(studio, "wechat")
    browser = {"user-agent": "Mozilla/5.0 (iPhone) Mobile Safari"}
    where = f"orders/{account.code}/bill/payment/"
    assert "/payments/" in inside.post(where, {"route": "wechat", "instalment": "1"}, **browser).url
    assert PayAttempt.objects.get().method == "h5"
    forget_keys(actor=None, studio=studio, route="wechat")
    save_keys(actor=None, studio=studio, route="wechat", values={**keys, "app_secret": ""})
    assert "/payments/" in pay(inside, account).url
    assert PayAttempt.objects.order_by("-pk")[0].method == "native"


def test_a_card_is_topped_up_in_the_sheet(inside, customer, account, shop):
    set_gift(actor=make_staff(), least_minor=100000, gift_minor=10000, is_offered=True)
    tier = GiftTier.objects.get()
    told_of = {"least": tier.least_minor, "gift": tier.gift_minor, "branch": account.branch_id, "agreed": "on"}
    answer = inside.post("me/value/top-ups/", {**told_of, "route": "wechat"})
    assert answer.status_code == 302, text(answer)
    place = back_of(inside.get(answer.url)["Refresh"].removeprefix("0; url="))
    page = inside.get(come_back(inside, place).url)
    assert told(page)["signType"] == "RSA"
    assert "Refresh" not in page
    code = inside.post("wechat/qr/", {"top_up": PayAttempt.objects.get().account.code})
    assert "data:image/png" in inside.get(code.url).text


def test_with_the_platforms_own_app_its_host_sends_the_payer_on(inside, account, pay_fake, studio, settings):
    from billing.services import save_keys

    keys = pay_fake.control("merchants/wechat-provider")
    settings.WECHAT_SP_APP_SECRET = keys.pop("app_secret")
    settings.WECHAT_SP = keys
    sub = pay_fake.control(f"merchants/wechat-sub?of={keys['mchid']}")
    values = {"sub_mchid": sub["sub_mchid"]}
    save_keys(actor=None, studio=studio, route="wechat", values=values, by_partner=True)
    place = back_of(to_wechat(inside, account))
    if inside.form == "host":
        assert place.path == f"/hooks/wechat-back/{studio.slug}/"
        onward = inside.client.get(f"{place.path}?{place.query}", headers={"host": settings.PLATFORM_HOST})
        place = urlsplit(onward.url)
        assert place.netloc == urlsplit(studio.url).netloc
    assert place.path == f"{inside.prefix}wechat/back/"
    page = inside.get(come_back(inside, place).url)
    assert told(page)["appId"] == keys["appid"]


def test_a_stranger_is_led_nowhere(inside, settings):
    host = {"host": settings.PLATFORM_HOST}
    assert inside.client.get("/hooks/wechat-back/nobody/?code=1", headers=host).status_code == 404
    assert COOKIE in inside.client.cookies
