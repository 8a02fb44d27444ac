"""What we send to Stripe is what its published API description allows: the SDK's parameter types are made from it."""

import datetime as dt
import sys
import types
import typing

import pytest
import stripe
import typing_extensions as te
from stripe.params import (
    AccountCreateParams,
    AccountLinkCreateParams,
    CustomerCreateParams,
    InvoiceCreatePreviewParams,
    PriceCreateParams,
    ProductCreateParams,
    RefundCreateParams,
    SubscriptionUpdateParams,
)
from stripe.params.checkout import SessionCreateParams

from billing import catalog, gateway, stripe_plans, subscribing
from billing.gateway import PayRequest
from billing.models import Bill, Plan
from billing.selectors import plans_on_offer
from billing.services import connect_stripe
from billing.stripe_amounts import NotWhole, from_stripe, to_stripe
from billing.stripe_connect import LEAST, MOST, session_params
from tenants.context import in_public
from tests.billing.test_gateway import begin, give_back, request

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


def offences(value, kind, where=""):
    """Paths of `value` that the type does not know. Where the type lists words, only those will do: Stripe's types also
    say `str`, for words of later versions.
    """
    origin, args = te.get_origin(kind), te.get_args(kind)
    if origin is te.NotRequired:
        return offences(value, args[0], where)
    if origin in {typing.Union, types.UnionType}:
        listed = [one for one in args if te.get_origin(one) is te.Literal and isinstance(value, str)]
        found = [offences(value, one, where) for one in listed or args]
        return [] if [] in found else min(found, key=len)
    if te.is_typeddict(kind):
        return _of_dict(value, kind, where) if isinstance(value, dict) else [where]
    if origin is list and isinstance(value, list):
        return [bad for i, one in enumerate(value) for bad in offences(one, args[0], f"{where}[{i}]")]
    is_fine = value in args if origin is te.Literal else isinstance(value, origin or kind)
    return [] if is_fine else [f"{where}={value!r}"]


def _of_dict(value, kind, where):
    more = {"StripeContext": stripe.StripeContext, "UntypedStripeObject": dict}
    names = vars(typing) | vars(stripe) | vars(sys.modules[kind.__module__]) | more
    hints = te.get_type_hints(kind, names, include_extras=True)
    found = [f"{where}.{name}" for name in value if name not in hints]
    found += [f"{where}.{name} is missing" for name in kind.__required_keys__ if name not in value]
    for name, one in value.items():
        found += offences(one, hints[name], f"{where}.{name}") if name in hints else []
    return found


@pytest.fixture
def sent(pay_fake, studio, monkeypatch):
    """Every request body that left for Stripe, by path, as the SDK was given it."""
    bodies = []
    for service, verb in [
        ("AccountService", "create"), ("AccountLinkService", "create"), ("RefundService", "create"),
    ]:  # fmt: skip
        real = getattr(getattr(stripe, service), verb)

        def record(self, params=None, options=None, _real=real, _name=service):
            bodies.append((_name, params, options or {}))
            return _real(self, params, options)

        monkeypatch.setattr(getattr(stripe, service), verb, record)
    return bodies


def test_checkout_sessions(pay_fake, studio):
    account = pay_fake.connect(studio, "stripe")
    params = session_params(account, request("shape-1", metadata={"order": "NS2611-1"}), NOW)
    assert offences(params, SessionCreateParams) == []
    assert params["client_reference_id"] == "shape-1"
    assert params["metadata"] == {"order": "NS2611-1", "studio": studio.schema_name, "reference": "shape-1"}
    assert params["payment_intent_data"]["metadata"] == params["metadata"]
    assert params["payment_method_options"] == {"wechat_pay": {"client": "web"}}
    assert params["line_items"][0]["price_data"]["currency"] == "cny"
    assert params["locale"] == "zh"
    for wrong in ({"expires": 1}, {"mode": "pay"}, {"allowed_payment_method_types": ["cash"]}, {"locale": "zh-CN"}):
        assert len(offences({**params, **wrong}, SessionCreateParams)) == 1, "the check itself can fail"


@pytest.mark.parametrize(
    ("minutes", "least", "most"), [(5, LEAST, LEAST * 2), (60, dt.timedelta(hours=1), dt.timedelta(hours=1)),
                                   (60 * 72, dt.timedelta(hours=23), MOST)],
)  # fmt: skip
def test_a_session_lives_between_half_an_hour_and_a_day(pay_fake, studio, minutes, least, most):
    account = pay_fake.connect(studio, "stripe")
    asked = PayRequest("r", 100, "CNY", "x", NOW + dt.timedelta(minutes=minutes), "http://a", "http://b")
    expires = dt.datetime.fromtimestamp(session_params(account, asked, NOW)["expires_at"], dt.UTC)
    assert least <= expires - NOW <= most


def test_accounts_links_and_refunds(pay_fake, studio, sent):
    connect_stripe(actor=None, studio=studio, country="HK", email="boss@example.com")
    from billing.services import stripe_link

    stripe_link(studio=studio, back_url="http://a/", again_url="http://b/")
    started = begin(pay_fake, studio, "stripe", "shape-2")
    pay_fake.pay(started.provider_ref)
    paid = gateway.fetch(studio, "stripe", "shape-2", started.provider_ref)
    gateway.refund(studio, "stripe", give_back(started, "shape-2", paid.transaction, "shape-2-back", 100))
    types_of = {
        "AccountService": AccountCreateParams, "AccountLinkService": AccountLinkCreateParams,
        "RefundService": RefundCreateParams,
    }  # fmt: skip
    assert {name for name, _params, _options in sent} == set(types_of)
    for name, params, _options in sent:
        assert offences(params, types_of[name]) == [], name
    options = sent[-1][2]
    assert options["idempotency_key"] == "shape-2-back"
    assert options["stripe_account"].startswith("acct_")


@pytest.mark.parametrize(
    ("minor", "currency", "there"),
    [
        (128000, "CNY", 128000), (5000, "JPY", 5000), (5000, "KRW", 5000), (500, "UGX", 50000), (70, "ISK", 7000),
        (12340, "KWD", 12340), (999, "HKD", 999),
    ],
)  # fmt: skip
def test_smallest_units(minor, currency, there):
    assert to_stripe(minor, currency) == there
    assert from_stripe(there, currency) == minor


@pytest.mark.parametrize(("minor", "currency"), [(12345, "KWD")])
def test_what_stripe_cannot_say_is_not_rounded(minor, currency):
    with pytest.raises(NotWhole):
        to_stripe(minor, currency)


def test_subscriptions_years_and_changes(pay_fake, studio):
    """Everything that leaves for Stripe Billing, as the SDK was given it."""
    catalog.sync()
    with in_public():
        solo, chain = (Plan.objects.get(code=code) for code in ("solo", "chain"))
    row = subscribing.begin_trial(studio=studio)
    row.customer_ref = "cus_1"
    bill = Bill(external="yl_1", number="YL-1", plan=solo, amount_minor=199000, currency="CNY")
    urls, now = ("https://a.test/", "https://b.test/"), dt.datetime.now(dt.UTC)
    params = stripe_plans.subscribe_params(row, solo, "month", urls, now)
    assert offences(params, SessionCreateParams) == []
    assert params["subscription_data"]["trial_end"] == int(row.trial_ends_at.timestamp())
    assert offences(stripe_plans.year_params(row, bill, urls), SessionCreateParams) == []
    found = stripe_plans.Found("sub_1", "active", "solo", "month", now, None, None, None, "si_1")
    for dearer in (True, False):
        change = stripe_plans.change_params(found, chain, "year", 1_800_000_000, is_dearer=dearer)
        assert offences(stripe_plans.preview_params(found, change), InvoiceCreatePreviewParams) == []
        assert offences(change, SubscriptionUpdateParams) == []
    assert len(offences({**params, "allow_coupons": True}, SessionCreateParams)) == 1, "the check itself can fail"


def test_prices_customers_and_the_portal(pay_fake, studio, monkeypatch):
    kinds = {
        "PriceService": PriceCreateParams,
        "CustomerService": CustomerCreateParams,
        "ProductService": ProductCreateParams,
    }
    seen = []
    for service in kinds:
        real = getattr(stripe, service).create

        def record(self, params=None, options=None, _real=real, _name=service):
            seen.append((_name, params, options or {}))
            return _real(self, params, options)

        monkeypatch.setattr(getattr(stripe, service), "create", record)
    with in_public():
        Plan.objects.create(code=f"new{len(pay_fake.url)}", name="N", is_offered=True, monthly_minor=1, yearly_minor=2)
    catalog.sync()
    subscribing.subscribe(
        actor=None, studio=studio, plan=plans_on_offer()[-1], interval="month", urls=("https://a.test/",) * 2
    )
    assert {name for name, _params, _options in seen} == set(kinds)
    for name, params, options in seen:
        assert offences(params, kinds[name]) == []
        assert options["idempotency_key"]
