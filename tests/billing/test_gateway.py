"""The gateway against the fakes, by the vendors' own libraries and real HTTP."""

import dataclasses
import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from billing import gateway
from billing.gateway import (
    PayRefused,
    PayRequest,
    PayState,
    PayUnreachable,
    RefundRequest,
    RefundState,
)
from billing.services import offer_route, save_keys
from billing.stripe_connect import session_params

ROUTES = ["stripe", "wechat", "alipay"]


def request(reference="ref-1", minor=128000, currency="CNY", **more):
    expires = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=45)
    return PayRequest(
        reference, minor, currency, "婚纱套系 定金", expires, "http://shop/paid", "http://shop/back", **more
    )


def begin(fake, studio, route, reference, **more):
    """Started, and looked at by the payer."""
    fake.connect(studio, route)
    started = gateway.start(studio, route, request(reference, **more))
    fake.open(started.url)
    return started


def give_back(started, reference, transaction, number, minor):
    return RefundRequest(number, reference, started.provider_ref, transaction, minor, 128000, "CNY", "改期 {客户}")


@pytest.mark.parametrize("route", ROUTES)
def test_asked_and_paid(pay_fake, studio, route):
    reference = f"walk-{route}"
    started = begin(pay_fake, studio, route, reference)
    assert started.kind == ("qr" if route == "wechat" else "redirect")
    waiting = gateway.fetch(studio, route, reference, started.provider_ref)
    assert (waiting.state, waiting.amount_minor, waiting.currency) == (PayState.PENDING, 0, "")
    pay_fake.pay(started.provider_ref)
    paid = gateway.fetch(studio, route, reference, started.provider_ref)
    assert (paid.state, paid.amount_minor, paid.currency) == (PayState.PAID, 128000, "CNY")
    assert paid.transaction
    assert abs(paid.paid_at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=2)


@pytest.mark.parametrize("route", ROUTES)
def test_refunds_happen_once_and_leave_the_payment_paid(pay_fake, studio, route):
    reference = f"back-{route}"
    started = begin(pay_fake, studio, route, reference)
    pay_fake.pay(started.provider_ref, method="alipay")
    transaction_ = gateway.fetch(studio, route, reference, started.provider_ref).transaction
    some = give_back(started, reference, transaction_, f"some-{route}", 28000)
    first = gateway.refund(studio, route, some)
    pay_fake.control("forget")  # a day later the provider's own memory of the request is gone
    again = gateway.refund(studio, route, some)
    assert first.provider_ref == again.provider_ref
    pay_fake.control("settle")
    done = gateway.fetch_refund(studio, route, some, again.provider_ref if route == "stripe" else "")
    assert (done.state, done.amount_minor) == (RefundState.DONE, 28000), "asked twice, given back once"
    gateway.refund(studio, route, give_back(started, reference, transaction_, f"rest-{route}", 100000))
    assert gateway.fetch(studio, route, reference, started.provider_ref).state == PayState.PAID, "given back in full"
    with pytest.raises(PayRefused):
        gateway.refund(studio, route, give_back(started, reference, transaction_, f"more-{route}", 1))


def test_a_refund_by_alipay_through_stripe_waits_and_may_fail(pay_fake, studio):
    started = begin(pay_fake, studio, "stripe", "late-back")
    pay_fake.pay(started.provider_ref, method="alipay")
    paid = gateway.fetch(studio, "stripe", "late-back", started.provider_ref)
    assert paid.method == "alipay"
    asked = give_back(started, "late-back", paid.transaction, "late-back-1", 5000)
    assert gateway.refund(studio, "stripe", asked).state == RefundState.PENDING
    pay_fake.control("settle?status=failed")
    found = gateway.fetch_refund(studio, "stripe", asked)
    assert (found.state, found.code) == (RefundState.FAILED, "unknown")


@pytest.mark.parametrize("route", ROUTES)
def test_asking_again_answers_the_same(pay_fake, studio, route):
    pay_fake.connect(studio, route)
    asked = request(f"again-{route}")
    first, second = gateway.start(studio, route, asked), gateway.start(studio, route, asked)
    assert first.provider_ref == second.provider_ref
    if route != "alipay":  # its address carries the time of signing
        assert first.url == second.url


def test_a_short_wish_asked_again_later_is_the_same_to_the_letter(pay_fake, studio):
    account, now = pay_fake.connect(studio, "stripe"), dt.datetime.now(dt.UTC)
    asked = dataclasses.replace(request("short"), expires_at=now + dt.timedelta(minutes=30))
    later = now + dt.timedelta(minutes=7)
    assert session_params(account, asked, now) == session_params(account, asked, later)


@pytest.mark.parametrize("route", ["stripe", "wechat"])
def test_a_reference_stands_for_one_amount(pay_fake, studio, route):
    pay_fake.connect(studio, route)
    asked = request(f"once-{route}")
    gateway.start(studio, route, asked)
    with pytest.raises(PayRefused, match="pay.reference_used"):
        gateway.start(studio, route, dataclasses.replace(asked, amount_minor=1))


@pytest.mark.parametrize(("route", "state"), [("stripe", "expired"), ("wechat", "expired"), ("alipay", "expired")])
def test_cancelled_before_it_was_paid(pay_fake, studio, route, state):
    started = begin(pay_fake, studio, route, f"no-{route}")
    assert gateway.cancel(studio, route, f"no-{route}", started.provider_ref).state == state
    again = gateway.cancel(studio, route, f"no-{route}", started.provider_ref)
    assert again.state == state


@pytest.mark.parametrize("route", ROUTES)
def test_cancelled_too_late_says_paid(pay_fake, studio, route):
    started = begin(pay_fake, studio, route, f"late-{route}")
    pay_fake.pay(started.provider_ref)
    report = gateway.cancel(studio, route, f"late-{route}", started.provider_ref)
    assert (report.state, report.amount_minor) == (PayState.PAID, 128000)


def test_alipay_knows_a_trade_only_once_it_was_opened(pay_fake, studio):
    pay_fake.connect(studio, "alipay")
    gateway.start(studio, "alipay", request("unopened"))
    assert gateway.fetch(studio, "alipay", "unopened").state == PayState.PENDING
    assert gateway.cancel(studio, "alipay", "unopened").state == PayState.PENDING, "it may still be paid"


@pytest.mark.parametrize("route", ["stripe", "wechat"])
def test_time_runs_out(pay_fake, studio, route):
    started = begin(pay_fake, studio, route, f"old-{route}")
    pay_fake.control(f"age/{started.provider_ref}")
    assert gateway.fetch(studio, route, f"old-{route}", started.provider_ref).state == PayState.EXPIRED


def test_what_was_really_paid_is_reported(pay_fake, studio):
    started = begin(pay_fake, studio, "stripe", "less")
    pay_fake.pay(started.provider_ref, amount=1000, currency="hkd")
    report = gateway.fetch(studio, "stripe", "less", started.provider_ref)
    assert (report.amount_minor, report.currency) == (1000, "HKD")
    started = begin(pay_fake, studio, "wechat", "less-wechat")
    pay_fake.pay(started.provider_ref, amount=1)
    assert gateway.fetch(studio, "wechat", "less-wechat").amount_minor == 1


@pytest.mark.parametrize("route", ["wechat", "alipay"])
def test_mainland_wallets_take_yuan_only(pay_fake, studio, route):
    pay_fake.connect(studio, route)
    with pytest.raises(PayRefused, match="pay.currency"):
        gateway.start(studio, route, request(currency="HKD"))


def test_the_payer_chooses_among_what_the_currency_allows(pay_fake, studio):
    pay_fake.connect(studio, "stripe")
    shown = pay_fake.open(gateway.start(studio, "stripe", request("all-ways")).url).text
    assert [f'value="{way}"' in shown for way in ("card", "alipay", "wechat_pay")] == [True, True, True]
    shown = pay_fake.open(gateway.start(studio, "stripe", request("dollars", currency="USD")).url).text
    assert [f'value="{way}"' in shown for way in ("card", "alipay", "wechat_pay")] == [True, False, False]
    shown = pay_fake.open(gateway.start(studio, "stripe", request("one-way", method="wechat_pay")).url).text
    assert [f'value="{way}"' in shown for way in ("card", "alipay", "wechat_pay")] == [False, False, True]
    with pytest.raises(PayRefused, match="pay.rejected"):
        gateway.start(studio, "stripe", request("neither", currency="USD", method="alipay"))
    with pytest.raises(PayRefused, match="pay.method"):
        gateway.start(studio, "stripe", request("unheard-of", method="cash"))


def test_jsapi_is_signed_for_the_bridge(pay_fake, studio):
    keys = pay_fake.keys(studio, "wechat")
    pay_fake.connect(studio, "wechat")
    with pytest.raises(PayRefused, match="pay.method"):
        gateway.start(studio, "wechat", request(method="jsapi"))
    params = gateway.start(studio, "wechat", request("bridge", method="jsapi", openid="oX")).params
    assert params["appId"] == keys["appid"]
    assert params["package"].startswith("prepay_id=")
    assert set(params) == {"appId", "timeStamp", "nonceStr", "package", "signType", "paySign"}
    by_phone = gateway.start(studio, "wechat", request("by-phone", method="h5", client_ip="1.2.3.4"))
    assert by_phone.url.endswith("&redirect_url=http%3A%2F%2Fshop%2Fpaid")


def test_closed_routes_are_not_offered_but_still_give_back(pay_fake, studio):
    assert gateway.routes_of(studio) == []
    started = begin(pay_fake, studio, "wechat", "closing")
    pay_fake.connect(studio, "stripe")
    assert gateway.routes_of(studio) == ["stripe", "wechat"]
    assert gateway.methods_of(studio, "stripe") == ["card", "alipay", "wechat_pay"]
    pay_fake.pay(started.provider_ref)
    offer_route(actor=None, studio=studio, route="wechat", is_on=False)
    assert gateway.routes_of(studio) == ["stripe"]
    assert gateway.methods_of(studio, "wechat") == []
    with pytest.raises(PayRefused, match="pay.route_closed"):
        gateway.start(studio, "wechat", request("closed"))
    paid = gateway.fetch(studio, "wechat", "closing")
    asked = give_back(started, "closing", paid.transaction, "closing-1", 100)
    assert gateway.refund(studio, "wechat", asked).amount_minor == 100


def test_never_inside_a_transaction(pay_fake, studio):
    pay_fake.connect(studio, "wechat")
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        gateway.start(studio, "wechat", request("atomic"))


@pytest.mark.parametrize("minor", [0, -5])
def test_nothing_is_no_amount(pay_fake, studio, minor):
    pay_fake.connect(studio, "stripe")
    with pytest.raises(PayRefused, match="pay.amount"):
        gateway.start(studio, "stripe", request(minor=minor))


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_there_is_not_a_no(pay_fake, studio, settings, route):
    started = begin(pay_fake, studio, route, f"dark-{route}")
    nowhere = "http://127.0.0.1:9"
    settings.STRIPE_API_BASE = settings.WECHAT_API_BASE = nowhere
    settings.ALIPAY_GATEWAY = f"{nowhere}/gateway.do"
    with pytest.raises(PayUnreachable):
        gateway.fetch(studio, route, f"dark-{route}", started.provider_ref)


@pytest.mark.parametrize("route", ROUTES)
def test_another_studio_cannot_ask_for_it(pay_fake, studio, other_studio, route):
    started = begin(pay_fake, studio, route, f"mine-{route}")
    pay_fake.pay(started.provider_ref)
    pay_fake.connect(other_studio, route)
    if route == "stripe":
        with pytest.raises(PayRefused, match="pay.not_found"):
            gateway.fetch(other_studio, route, f"mine-{route}", started.provider_ref)
    else:
        assert gateway.fetch(other_studio, route, f"mine-{route}").state == PayState.PENDING, "unknown there"
    stolen = give_back(started, f"mine-{route}", "ch_1", f"stolen-{route}", 100)
    with pytest.raises(PayRefused):
        gateway.refund(other_studio, route, stolen)


def test_marks_of_another_studio_are_refused_on_a_shared_account(pay_fake, studio, other_studio):
    """Both studios typed in the same merchant's keys; and a Stripe object was made for the other one."""
    started = begin(pay_fake, studio, "wechat", "shared")
    save_keys(actor=None, studio=other_studio, route="wechat", values=pay_fake.keys(studio, "wechat"))
    with pytest.raises(PayRefused, match="pay.foreign"):
        gateway.fetch(other_studio, "wechat", "shared")
    started = begin(pay_fake, studio, "stripe", "shared")
    with pytest.raises(PayRefused, match="pay.foreign"):
        gateway.fetch(studio, "stripe", "another-reference", started.provider_ref)


def test_a_silent_provider_does_not_hold_every_thread(studio, monkeypatch):
    """The process's lines are taken: the next call says so soon instead of waiting for its own answer."""
    monkeypatch.setattr(gateway, "_lines", threading.BoundedSemaphore(1))
    monkeypatch.setattr(gateway, "PATIENCE", 0.05)
    asked, answer = threading.Event(), threading.Event()

    class Silent:
        def fetch(self, account, reference, known):
            asked.set()
            return answer.wait(10)

    monkeypatch.setattr(gateway, "adapter", lambda route: Silent())
    with ThreadPoolExecutor(1) as other:
        first = other.submit(gateway._call, "stripe", "fetch", None, "one", "")
        assert asked.wait(5)
        with pytest.raises(PayUnreachable):
            gateway._call("stripe", "fetch", None, "two", "")
        answer.set()
        assert first.result(5)
    assert gateway._call("stripe", "fetch", None, "three", "")
