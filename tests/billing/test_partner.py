"""WeChat Pay with the platform as service provider: the studio's number, our keys, the partner shapes everywhere."""

import dataclasses
import datetime as dt

import pytest

from billing import gateway, wechat
from billing.gateway import PayRefused, PayRequest, PayState, RefundRequest, RefundState
from billing.models import MerchantAccount, Notice
from billing.services import KeysRefused, check_account, save_keys
from tenants.context import in_public


@pytest.fixture
def provider(pay_fake, settings):
    settings.WECHAT_SP = pay_fake.control("merchants/wechat-provider")
    return settings.WECHAT_SP


def under(pay_fake, studio, provider, *, app=True):
    """The studio types in what a merchant under the platform has."""
    keys = pay_fake.control(f"merchants/wechat-sub?of={provider['mchid']}")
    values = keys if app else {"sub_mchid": keys["sub_mchid"]}
    return save_keys(actor=None, studio=studio, route="wechat", values=values, by_partner=True)


def request(reference, **more):
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=45)
    return PayRequest(reference, 128000, "CNY", "定金", soon, "http://shop/paid", "http://shop/back", **more)


def test_the_check_proves_the_number_and_only_it_is_kept(pay_fake, studio, provider):
    account = under(pay_fake, studio, provider)
    assert (account.fault, account.is_ready, account.is_on) == ("", True, True)
    assert set(account.credentials) == {"sub_mchid", "sub_appid", "app_secret"}
    assert account.external == account.shown["sub_mchid"]


def test_a_number_that_is_not_under_us_is_refused_with_a_reason(pay_fake, studio, provider):
    told = {"actor": None, "studio": studio, "route": "wechat", "by_partner": True}
    account = save_keys(**told, values={"sub_mchid": "1999999999"})
    assert (account.is_ready, account.fault) == (False, "pay.account_refused.NO_AUTH")
    with pytest.raises(KeysRefused) as found:
        save_keys(**told, values={"sub_mchid": "12", "sub_appid": "nonsense"})
    assert found.value.faults == {"sub_mchid": "shape", "sub_appid": "shape"}


@pytest.mark.parametrize(("method", "app"), [("native", True), ("h5", False), ("jsapi", True), ("jsapi", False)])
def test_asked_paid_and_given_back_in_every_way(pay_fake, studio, provider, method, app):
    under(pay_fake, studio, provider, app=app)
    number = f"sp-{method}-{app}"
    started = gateway.start(studio, "wechat", request(number, method=method, openid="oPayer", client_ip="10.0.0.9"))
    if method == "jsapi":
        assert (started.params["appId"] == provider["appid"]) != app
    assert gateway.fetch(studio, "wechat", number, number).state == PayState.PENDING
    pay_fake.pay(number)
    paid = gateway.fetch(studio, "wechat", number, number)
    assert (paid.state, paid.amount_minor) == (PayState.PAID, 128000)
    back = RefundRequest(f"back-{number}", number, number, paid.transaction, 28000, 128000, "CNY", "改期")
    assert gateway.refund(studio, "wechat", back).state == RefundState.PENDING
    pay_fake.control("settle")
    assert gateway.fetch_refund(studio, "wechat", back).state == RefundState.DONE


def test_an_order_is_closed(pay_fake, studio, provider):
    under(pay_fake, studio, provider)
    gateway.start(studio, "wechat", request("sp-close-1"))
    assert gateway.cancel(studio, "wechat", "sp-close-1").state == PayState.EXPIRED


def test_notices_carry_both_numbers_and_a_foreign_one_is_forged(pay_fake, studio, provider):
    account = under(pay_fake, studio, provider)
    pay_fake.begin()
    gateway.start(studio, "wechat", request("sp-notice-1"))
    pay_fake.pay("sp-notice-1")
    letter = pay_fake.notices()[-1]
    assert letter["payload"]["resource"]["sp_mchid"] == provider["mchid"]
    assert letter["payload"]["resource"]["payer"] == {"sp_openid": "oDemo", "sub_openid": "oSubDemo"}
    assert pay_fake.deliver(letter).status_code == 200
    with in_public():
        assert Notice.objects.get(reference="sp-notice-1").studio_id == studio.pk
    under(pay_fake, studio, provider)  # another merchant under us now: the old one's notices are not its own
    assert pay_fake.deliver(letter).status_code == 400
    account.refresh_from_db()


def test_a_platform_that_is_no_provider_any_more_closes_the_route(pay_fake, studio, provider, settings):
    under(pay_fake, studio, provider)
    settings.WECHAT_SP = {**provider, "private_key": ""}
    with pytest.raises(PayRefused, match=r"pay\.route_closed"):
        gateway.start(studio, "wechat", request("sp-gone-1"))
    assert check_account(studio=studio, route="wechat").fault == "pay.route_closed"


def test_changing_the_mode_keeps_nothing_of_the_former_keys(pay_fake, studio, provider):
    pay_fake.connect(studio, "wechat")
    under(pay_fake, studio, provider, app=False)
    with in_public():
        account = MerchantAccount.objects.get(studio_id=studio.pk, route="wechat")
    assert dict(account.credentials)["sub_mchid"] == account.external
    assert "private_key" not in account.credentials
    pay_fake.connect(studio, "wechat")
    assert wechat.merchant(MerchantAccount.objects.get(pk=account.pk)).sub == {}


def test_the_same_reference_for_another_amount_is_refused(pay_fake, studio, provider):
    under(pay_fake, studio, provider)
    asked = request("sp-once-1")
    gateway.start(studio, "wechat", asked)
    with pytest.raises(PayRefused, match=r"pay\.reference_used"):
        gateway.start(studio, "wechat", dataclasses.replace(asked, amount_minor=1))
