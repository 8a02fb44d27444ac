"""The studio's pay routes: set up by real HTTP against the fakes, keys go in and never come out."""

import re
from urllib.parse import urlsplit

import pytest
import requests

from billing import gateway
from billing.models import MerchantAccount, Notice
from tenants.context import in_public
from tests.core.console.conftest import browser
from tests.factories import make_staff

LIST = "/console/pay-routes/"


@pytest.fixture
def boss(studio, branch):
    return browser(studio, make_staff())


def account(studio, route):
    with in_public():
        return MerchantAccount.objects.get(studio=studio, route=route)


def says(response, client):
    """The page that a redirect leads to."""
    assert response.status_code == 302
    return client.get(response["Location"]).text


def test_nothing_is_set_up_at_first(boss, settings):
    page = boss.get(LIST).text
    assert page.count("circle-dashed") == 3
    assert "本平台还没有开通 Stripe" in page
    settings.STRIPE_SECRET_KEY = "sk_test_x"
    assert 'name="country"' in boss.get(LIST).text


def test_stripe_from_nothing_to_offered(boss, studio, pay_fake):
    there = boss.post(f"{LIST}stripe/account/", {"country": "SG", "email": "boss@example.com"})
    assert there["Location"].startswith(pay_fake.url)
    first = account(studio, "stripe")
    assert gateway.routes_of(studio) == [], "not before Stripe says so"
    page = boss.get(LIST).text
    assert f"{LIST}stripe/link/" in page
    done = requests.post(there["Location"], data={"act": "leave"}, allow_redirects=False, timeout=10)
    assert urlsplit(done.headers["Location"]).path == f"{LIST}stripe/back/"
    used = requests.get(there["Location"], allow_redirects=False, timeout=10)
    assert urlsplit(used.headers["Location"]).path == f"{LIST}stripe/link/", "a used link leads to a new one"
    again = boss.get(f"{LIST}stripe/link/")
    requests.post(again["Location"], data={"act": "submit"}, allow_redirects=False, timeout=10)
    assert 'class="toast' in (shown := says(boss.get(f"{LIST}stripe/back/"), boss)) or "notice" in shown
    assert gateway.routes_of(studio) == ["stripe"]
    boss.post(f"{LIST}stripe/account/", {"country": "HK", "email": ""})
    assert account(studio, "stripe").external == first.external, "one account, however often it is asked for"
    assert account(studio, "stripe").facts["country"] == "SG"


def test_keys_are_checked_kept_and_never_shown(boss, studio, pay_fake):
    keys = pay_fake.keys(studio, "wechat")
    page = says(boss.post(f"{LIST}wechat/keys/", keys), boss)
    kept = account(studio, "wechat")
    assert (kept.external, kept.fault, kept.is_ready, kept.is_on) == (keys["mchid"], "", True, True)
    assert f"/hooks/wechat/{kept.key}/" in page
    form = boss.get(f"{LIST}wechat/keys/").text
    assert keys["mchid"] in form
    for secret in (keys["apiv3_key"], keys["private_key"][60:120]):
        assert secret not in page + form
    assert f"…{keys['apiv3_key'][-4:]}" in form
    open_ones = ("mchid", "cert_serial_no", "public_key_id")
    changed = {name: keys[name] for name in open_ones} | {"appid": "wx0000000000000000"}
    assert says(boss.post(f"{LIST}wechat/keys/", changed), boss)
    after = account(studio, "wechat")
    assert after.fault == "pay.account_refused.APPID_MCHID_NOT_MATCH"
    assert (after.is_ready, after.credentials["apiv3_key"]) == (False, keys["apiv3_key"]), "empty keeps what was there"
    assert gateway.routes_of(studio) == []


@pytest.mark.parametrize(
    ("route", "change", "field"),
    [
        ("wechat", {"mchid": "abc"}, "mchid"),
        ("wechat", {"apiv3_key": "short"}, "apiv3_key"),
        ("wechat", {"private_key": "nonsense"}, "private_key"),
        ("wechat", {"public_key_id": "4F4F"}, "public_key_id"),
        ("alipay", {"app_id": ""}, "app_id"),
        ("alipay", {"public_key": "private"}, "public_key"),
    ],
)
def test_what_cannot_be_a_key_is_refused(boss, studio, pay_fake, route, change, field):
    keys = pay_fake.keys(studio, route)
    change = {name: keys["private_key"] if value == "private" else value for name, value in change.items()}
    answer = boss.post(f"{LIST}{route}/keys/", keys | change)
    assert answer.status_code == 422
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', answer.text)
    assert keys["private_key"][60:120] not in answer.text
    with in_public():
        assert not MerchantAccount.objects.exists()


def test_the_providers_wrong_public_key_is_found(boss, studio, other_studio, pay_fake):
    keys = dict(pay_fake.keys(studio, "alipay"))
    keys["public_key"] = pay_fake.keys(other_studio, "wechat")["public_key"]
    boss.post(f"{LIST}alipay/keys/", keys)
    assert account(studio, "alipay").fault == "pay.account_refused.public_key"


def test_switched_off_on_and_forgotten(boss, studio, pay_fake):
    pay_fake.connect(studio, "alipay")
    boss.post(f"{LIST}alipay/offer/", {"on": "0"})
    assert gateway.routes_of(studio) == []
    boss.post(f"{LIST}alipay/check/")
    assert gateway.routes_of(studio) == [], "checking does not offer what was switched off"
    boss.post(f"{LIST}alipay/offer/", {"on": "1"})
    assert gateway.routes_of(studio) == ["alipay"]
    boss.post(f"{LIST}alipay/forgotten/")
    gone = account(studio, "alipay")
    assert (gone.sealed, gone.shown, gone.is_on) == (None, {}, False)
    assert boss.post(f"{LIST}stripe/forgotten/").status_code == 404
    assert boss.get(f"{LIST}paypal/keys/").status_code == 404


def test_notices_and_failures_are_shown_to_their_studio_only(boss, studio, other_studio, pay_fake):
    pay_fake.connect(studio, "wechat")
    with in_public():
        for who, reference in ((studio, "our-ref"), (other_studio, "their-ref")):
            Notice.objects.create(
                route="wechat", event_id="e", account=who.slug, studio=who, reference=reference,
                kind="payment", state="failed", fault="pay.foreign",
            )  # fmt: skip
    page = boss.get(LIST).text
    assert "our-ref" in page
    assert "their-ref" not in page


def test_accounts_are_the_whole_chains(studio, branch, pay_fake, as_role):
    for client in (browser(studio, make_staff("owner", branch)), as_role("manager")):
        assert client.get(LIST).status_code == 403
        assert client.post(f"{LIST}wechat/keys/", pay_fake.keys(studio, "wechat")).status_code == 403
    with in_public():
        assert not MerchantAccount.objects.exists()


def test_a_page_is_a_handful_of_queries(boss, studio, pay_fake, django_assert_max_num_queries):
    for route in ("stripe", "wechat", "alipay"):
        pay_fake.connect(studio, route)
    boss.get(LIST)
    with django_assert_max_num_queries(20):
        boss.get(LIST)


def test_under_a_service_provider_the_number_is_enough(boss, studio, pay_fake, settings):
    assert "by=partner" not in boss.get(f"{LIST}wechat/keys/").text
    settings.WECHAT_SP = pay_fake.control("merchants/wechat-provider")
    assert "by=partner" in boss.get(f"{LIST}wechat/keys/").text
    page = boss.get(f"{LIST}wechat/keys/?by=partner").text
    assert 'name="sub_mchid"' in page
    assert 'name="private_key"' not in page
    keys = pay_fake.control(f"merchants/wechat-sub?of={settings.WECHAT_SP['mchid']}")
    wrong = boss.post(f"{LIST}wechat/keys/", {"by": "partner", "sub_mchid": "1", "sub_appid": ""})
    assert wrong.status_code == 422
    says(boss.post(f"{LIST}wechat/keys/", {"by": "partner", "sub_mchid": keys["sub_mchid"]}), boss)
    kept = account(studio, "wechat")
    assert (kept.external, kept.is_on, kept.is_by_partner) == (keys["sub_mchid"], True, True)
    assert 'name="sub_mchid"' in boss.get(f"{LIST}wechat/keys/").text, "the mode that is kept"


def test_the_form_says_what_paying_inside_wechat_needs(boss, studio, pay_fake, settings):
    assert "MP_verify_" in (own := boss.get(f"{LIST}wechat/keys/").text)
    for host in (f"{studio.slug}.{settings.PLATFORM_HOST}", settings.PLATFORM_HOST):
        assert f">https://{host}/<" in own
    keys = pay_fake.control("merchants/wechat-provider")
    secret = keys.pop("app_secret")
    settings.WECHAT_SP = keys
    told = {}
    for settings.WECHAT_SP_APP_SECRET in ("", secret):
        page = boss.get(f"{LIST}wechat/keys/?by=partner")
        told[page.context["has_our_app"]] = page.text
    assert told[True] != told[False]
    assert secret not in told[True]


def test_the_official_accounts_secret_is_kept_and_never_shown(boss, studio, pay_fake):
    keys = pay_fake.keys(studio, "wechat")
    file = {"verify_name": "MP_verify_AbCd1234EfGh5678.txt", "verify_text": "AbCd1234EfGh5678"}
    assert says(boss.post(f"{LIST}wechat/keys/", keys | file), boss)
    form = boss.get(f"{LIST}wechat/keys/").text
    assert keys["app_secret"] not in form
    assert f"…{keys['app_secret'][-4:]}" in form
    assert file["verify_name"] in form
    assert boss.get("/" + file["verify_name"]).text == file["verify_text"]
    half = keys | {"verify_name": file["verify_name"], "verify_text": ""}
    assert boss.post(f"{LIST}wechat/keys/", half).status_code == 422
