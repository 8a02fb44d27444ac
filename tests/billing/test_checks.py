"""Pay that is set up dangerously is refused at start."""

import pytest

from billing.checks import providers_are_real


@pytest.fixture
def public(settings):
    settings.PLATFORM_HOST = "yinglou.example"
    return settings


def ids():
    return [found.id for found in providers_are_real(None)]


def test_the_real_addresses_are_fine(public):
    public.STRIPE_SECRET_KEY, public.STRIPE_CONNECT_SECRETS = "sk_live_x", ["whsec_x"]
    assert ids() == []


def test_fakes_stay_at_home(public):
    public.WECHAT_API_BASE = "http://localhost:8002"
    assert ids() == ["billing.E001"]
    public.PLATFORM_HOST = "localhost"
    assert ids() == []


def test_stripe_must_be_heard(public):
    public.STRIPE_SECRET_KEY, public.STRIPE_CONNECT_SECRETS = "sk_live_x", []
    assert ids() == ["billing.W001"]


def test_half_a_service_provider_is_none(public):
    public.WECHAT_SP = {**public.WECHAT_SP, "mchid": "1800000001"}
    assert ids() == ["billing.W002"]
    public.WECHAT_SP = dict.fromkeys(public.WECHAT_SP, "x")
    assert ids() == []
