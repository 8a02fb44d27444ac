"""Notifications: verified, stored once, answered, applied inside the right studio by asking the provider again."""

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe
from django.test import Client

from billing import gateway, hooks, inbox, jobs
from billing.enums import NoticeState
from billing.exchange import PayRefused, PayUnreachable
from billing.gateway import PayState, RefundRequest
from billing.models import Notice
from billing.services import save_keys
from tenants.context import in_public
from tests.billing import handler
from tests.billing.test_gateway import ROUTES, begin, request
from tests.jobs import run_jobs, waiting_jobs
from tests.payfakes import SECRET


@pytest.fixture(autouse=True)
def heard(settings):
    settings.PAY_NOTICE_HANDLER = "tests.billing.handler.apply_notice"
    for memory in (handler.HEARD, handler.FOUND, handler.TROUBLE):
        memory.clear()
    hooks.quiet.said.clear()
    return handler.HEARD


def notices():
    with in_public():
        return list(Notice.objects.order_by("pk"))


def about(fake, event=""):
    """What was told since the test began, of one kind of event."""
    return [letter for letter in fake.notices() if event in json.dumps(letter["payload"])]


def paid(fake, studio, route, reference, **more):
    """A payment, and the letters about it."""
    started = begin(fake, studio, route, reference)
    fake.begin()
    fake.pay(started.provider_ref, **more)
    return started, fake.notices()


ANSWERS = {"stripe": "", "wechat": '{"code": "SUCCESS", "message": ""}', "alipay": "success"}


@pytest.mark.parametrize("route", ROUTES)
def test_told_stored_answered_and_applied_in_its_studio(pay_fake, studio, other_studio, heard, route):
    pay_fake.connect(other_studio, route)
    _started, letters = paid(pay_fake, studio, route, f"told-{route}")
    for letter in letters:
        answer = pay_fake.deliver(letter)
        assert (answer.status_code, answer.text) == (200, ANSWERS[route])
    assert {one.state for one in notices()} <= {NoticeState.NEW, NoticeState.IGNORED}
    assert not heard, "the answer comes before the work"
    run_jobs()
    assert set(heard) == {(studio.schema_name, route, f"told-{route}", "payment")}
    assert {one.studio_id for one in notices()} == {studio.pk}
    assert {report.state for report in handler.FOUND} == {PayState.PAID}
    assert NoticeState.NEW not in {one.state for one in notices()}


@pytest.mark.parametrize("route", ROUTES)
def test_doubled_is_stored_and_applied_once(pay_fake, studio, heard, route):
    _started, letters = paid(pay_fake, studio, route, f"twice-{route}")
    for letter in [letters[-1]] * 3:
        assert pay_fake.deliver(letter).status_code == 200
    assert len(notices()) == 1
    assert len(waiting_jobs()) == 1
    run_jobs()
    assert pay_fake.deliver(letters[-1]).status_code == 200
    assert waiting_jobs() == []
    assert len(heard) == 1


def test_doubled_at_the_same_moment(open_throwaway, pay_fake, settings):
    """Two connections, one event: one row, one job."""
    studio = open_throwaway()
    account = pay_fake.connect(studio, "alipay")
    started = gateway.start(studio, "alipay", request("moment"))
    pay_fake.open(started.url)
    pay_fake.begin()
    pay_fake.pay("moment")
    letter = pay_fake.notices()[0]
    with ThreadPoolExecutor(4) as pool:
        codes = [one.result(30).status_code for one in [pool.submit(_deliver_alone, letter) for _ in range(8)]]
    assert codes == [200] * 8
    with in_public():
        assert Notice.objects.filter(account=account.key).count() == 1
        mine = [args for _name, args in waiting_jobs() if args["notice"] == Notice.objects.get(account=account.key).pk]
        Notice.objects.filter(account=account.key).delete()
    assert len(mine) == 1


def _deliver_alone(letter):
    from django.db import connection

    from tests.payfakes import PayFake

    try:
        return PayFake.deliver(letter)
    finally:
        connection.close()


def test_reordered_ends_the_same(pay_fake, studio, heard):
    """Paid is told before opened, expired after paid: the object counts, not the event."""
    started, letters = paid(pay_fake, studio, "stripe", "order-1")
    report = gateway.fetch(studio, "stripe", "order-1", started.provider_ref)
    asked = RefundRequest("order-1-back", "order-1", started.provider_ref, report.transaction, 100, 128000, "CNY", "")
    gateway.refund(studio, "stripe", asked)
    for letter in reversed(pay_fake.notices()):
        assert pay_fake.deliver(letter).status_code == 200
    run_jobs()
    assert {found.state for found in handler.FOUND} == {PayState.PAID}
    assert {found.amount_minor for found in handler.FOUND} == {128000}
    assert (studio.schema_name, "stripe", "order-1-back", "refund") in heard
    assert len(letters) == 3


def test_told_after_expiry_still_reaches_the_studio(pay_fake, studio, heard):
    """The session ran out and says so; a wallet's payment that came at the last moment is told later."""
    started = begin(pay_fake, studio, "stripe", "slow")
    pay_fake.begin()
    pay_fake.control(f"age/{started.provider_ref}")
    assert gateway.fetch(studio, "stripe", "slow", started.provider_ref).state == PayState.EXPIRED
    pay_fake.pay(started.provider_ref, method="alipay")
    for letter in pay_fake.notices():
        pay_fake.deliver(letter)
    run_jobs()
    assert {found.state for found in handler.FOUND} == {PayState.PAID}
    assert ("checkout.session.expired" in {one.event for one in notices()}) is True


@pytest.mark.parametrize(("route", "more", "told"), [
    ("stripe", {"amount": 100, "currency": "hkd"}, (100, "HKD")),
    ("wechat", {"amount": 100}, (100, "CNY")),
    ("alipay", {"amount": "1.00"}, (100, "CNY")),
])  # fmt: skip
def test_wrong_amount_and_currency_reach_the_handler_as_they_are(pay_fake, studio, route, more, told):
    _started, letters = paid(pay_fake, studio, route, f"wrong-{route}", **more)
    pay_fake.deliver(letters[-1])
    run_jobs()
    assert [(found.amount_minor, found.currency) for found in handler.FOUND] == [told]


def forged(letter, route):
    """The same letter, as somebody without the provider's key would send it."""
    if route == "stripe":
        header = stripe.WebhookSignature.generate_signature_header(letter["body"], "whsec_guessed")
        return {"headers": {**letter["headers"], "Stripe-Signature": header}}
    if route == "wechat":
        return {"headers": {**letter["headers"], "Wechatpay-Signature": base64.b64encode(b"x" * 256).decode()}}
    return {"body": letter["body"].replace("TRADE_SUCCESS", "TRADE_FINISHED")}


@pytest.mark.parametrize("route", ROUTES)
def test_forged_is_refused_and_not_stored(pay_fake, studio, heard, route, caplog):
    _started, letters = paid(pay_fake, studio, route, f"forged-{route}")
    for _ in range(5):
        assert pay_fake.deliver(letters[-1], **forged(letters[-1], route)).status_code == 400
    assert notices() == []
    assert waiting_jobs() == []
    assert len([line for line in caplog.records if line.name == "billing.hooks"]) == 1, "one line a minute"


def test_forged_in_other_ways(pay_fake, studio, monkeypatch):
    _started, letters = paid(pay_fake, studio, "wechat", "forged-more")
    old = {**letters[0]["headers"], "Wechatpay-Timestamp": str(int(time.time()) - 3600)}
    old_enough = time.time() + 3600
    other_key = {**letters[0]["headers"], "Wechatpay-Serial": "7132D72A03E93CDDF8C03BBD1F37EEDF00000000"}
    test_traffic = {**letters[0]["headers"], "Wechatpay-Signature": "WECHATPAY/SIGNTEST/abc"}

    called = []
    monkeypatch.setattr("wechatpayv3.core.requests.get", lambda **asked: called.append(asked["url"]))
    for headers in (old, other_key, test_traffic, {}):
        answer = pay_fake.deliver(letters[0], headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "FAIL")
    assert called == [], "a forged notification made us call somebody"
    assert pay_fake.deliver(letters[0], url="http://localhost/hooks/wechat/nobody-has-this-key/").status_code == 400
    assert pay_fake.deliver(letters[0], body="{}").status_code == 400
    with monkeypatch.context() as later:
        later.setattr("billing.wechat.time.time", lambda: old_enough)
        assert pay_fake.deliver(letters[0]).status_code == 400, "genuine, but sent again by somebody an hour later"
    late = stripe.WebhookSignature.generate_signature_header("{}", SECRET, timestamp=int(time.time()) - 400)
    letter = {"url": "http://x/hooks/stripe/connect", "headers": {"Stripe-Signature": late}, "body": "{}"}
    assert pay_fake.deliver(letter).status_code == 400
    letter["headers"] = {"Stripe-Signature": stripe.WebhookSignature.generate_signature_header("{}", SECRET)}
    assert pay_fake.deliver(letter).status_code == 400, "signed, but no event"
    assert notices() == []


def test_bodies_are_small_and_posted(pay_fake, db):
    client = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    with in_public():
        big = client.post("/hooks/stripe/connect", b"x" * (hooks.MOST_BYTES + 1), "application/json")
        read = client.get("/hooks/stripe/connect")
        elsewhere = Client(headers={"host": "guangying.localhost"}).post("/hooks/stripe/connect", b"{}", "text/plain")
    assert (big.status_code, read.status_code, elsewhere.status_code) == (413, 405, 404)


def test_secrets_rotate(pay_fake, studio, settings):
    _started, letters = paid(pay_fake, studio, "stripe", "rotate")
    settings.STRIPE_CONNECT_SECRETS = ["whsec_new", SECRET]
    assert pay_fake.deliver(letters[0]).status_code == 200
    settings.STRIPE_CONNECT_SECRETS = ["whsec_new"]
    assert pay_fake.deliver(letters[1]).status_code == 400
    settings.STRIPE_CONNECT_SECRETS = []
    assert pay_fake.deliver(letters[1]).status_code == 400


def signed_event(account, marks, **more):
    event = {
        "id": f"evt_{account}{len(marks)}",
        "object": "event",
        "account": account,
        "type": "checkout.session.completed",
        "livemode": False,
        "data": {"object": {"id": "cs_1", "object": "checkout.session", "metadata": marks}},
        **more,
    }
    body = json.dumps(event)
    header = stripe.WebhookSignature.generate_signature_header(body, SECRET)
    return {"url": "http://x/hooks/stripe/connect", "headers": {"Stripe-Signature": header}, "body": body}


def test_an_unknown_account_is_kept_for_operators(pay_fake, studio, heard, caplog):
    letter = signed_event("acct_nobody", {"studio": studio.schema_name, "reference": "x"})
    assert pay_fake.deliver(letter).status_code == 200
    assert [(one.state, one.studio_id, one.account) for one in notices()] == [
        (NoticeState.UNKNOWN, None, "acct_nobody")
    ]
    assert waiting_jobs() == []
    assert "nobody's" in caplog.text


def test_an_account_never_speaks_for_another_studio(pay_fake, studio, other_studio, heard):
    """A's account tells of a reference of B: kept, flagged, given to neither."""
    mine = pay_fake.connect(studio, "stripe")
    pay_fake.connect(other_studio, "stripe")
    letter = signed_event(mine.external, {"studio": other_studio.schema_name, "reference": "of-b"})
    assert pay_fake.deliver(letter).status_code == 200
    assert [(one.state, one.fault, one.studio_id) for one in notices()] == [(NoticeState.UNKNOWN, "foreign", studio.pk)]
    run_jobs()
    assert heard == []


@pytest.mark.parametrize("route", ["wechat", "alipay"])
def test_a_wallets_letter_is_good_at_its_own_address_only(pay_fake, studio, other_studio, heard, route):
    _started, letters = paid(pay_fake, studio, route, f"address-{route}")
    other = pay_fake.connect(other_studio, route)
    moved = f"http://localhost/hooks/{route}/{other.key}/"
    assert pay_fake.deliver(letters[-1], url=moved).status_code == 400
    save_keys(actor=None, studio=other_studio, route=route, values=pay_fake.keys(studio, route))
    assert pay_fake.deliver(letters[-1], url=moved).status_code == 200, "the same merchant, so it is genuine"
    assert [(one.state, one.fault) for one in notices()] == [(NoticeState.UNKNOWN, "foreign")]
    run_jobs()
    assert heard == []


def test_one_merchants_event_cannot_take_anothers_place(pay_fake, studio, other_studio):
    mine, theirs = pay_fake.connect(studio, "stripe"), pay_fake.connect(other_studio, "stripe")
    for account, who in ((mine, studio), (theirs, other_studio)):
        letter = signed_event(account.external, {"studio": who.schema_name, "reference": "r"}, id="evt_same")
        assert pay_fake.deliver(letter).status_code == 200
    assert [one.studio_id for one in notices()] == [studio.pk, other_studio.pk]


def test_live_platforms_ignore_test_events(pay_fake, studio, settings):
    account = pay_fake.connect(studio, "stripe")
    settings.STRIPE_SECRET_KEY = "sk_live_x"
    marks = {"studio": studio.schema_name, "reference": "r"}
    pay_fake.deliver(signed_event(account.external, marks))
    pay_fake.deliver(signed_event(account.external, marks, id="evt_live", livemode=True))
    assert [one.state for one in notices()] == [NoticeState.IGNORED, NoticeState.NEW]


def test_trouble_is_tried_again_a_refusal_is_not(pay_fake, studio, heard):
    _started, letters = paid(pay_fake, studio, "wechat", "trouble")
    handler.TROUBLE[:] = [PayUnreachable("dark"), RuntimeError("bug")]
    pay_fake.deliver(letters[0])
    assert run_jobs() == ["billing.apply_notice"] * 3
    assert [one.state for one in notices()] == [NoticeState.APPLIED]
    _started, letters = paid(pay_fake, studio, "wechat", "refused")
    handler.TROUBLE[:] = [PayRefused("pay.foreign")]
    pay_fake.deliver(letters[0])
    assert run_jobs() == ["billing.apply_notice"]
    assert [(one.state, one.fault) for one in notices()][-1] == (NoticeState.FAILED, "pay.foreign")


def test_lost_jobs_are_found_again(pay_fake, studio, heard, monkeypatch):
    _started, letters = paid(pay_fake, studio, "wechat", "lost-job")
    monkeypatch.setattr(inbox, "_enqueue", lambda *_: None)
    pay_fake.deliver(letters[0])
    assert inbox.stuck(studio) == []
    monkeypatch.setattr(inbox, "LOST", -inbox.LOST)
    jobs.sweep_notices()
    run_jobs()
    assert len(heard) == 1
    assert inbox.stuck(studio) == []


def test_stripe_tells_that_the_account_has_changed(pay_fake, studio, heard):
    account = pay_fake.connect(studio, "stripe")
    pay_fake.begin()
    pay_fake.control(f"onboard/{account.external}")
    with in_public():
        type(account).objects.filter(pk=account.pk).update(is_ready=False, facts={})
    pay_fake.deliver(pay_fake.notices()[0])
    run_jobs()
    account.refresh_from_db()
    assert account.is_ready
    assert account.facts["methods"] == ["card", "alipay", "wechat_pay"]
    assert heard == [], "finance is not asked about accounts"
