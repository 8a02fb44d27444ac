"""A merchant under the platform's number belongs to one studio: the index says so, whoever comes first."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib import admin
from django.db import connection
from django.test import RequestFactory

from billing.admin import MerchantAccountAdmin
from billing.models import MerchantAccount
from billing.services import KeysRefused, save_keys
from core.console.merchant.sentences import key_fault
from tenants.context import in_public


@pytest.fixture
def provider(pay_fake, settings):
    settings.WECHAT_SP = pay_fake.control("merchants/wechat-provider")
    return settings.WECHAT_SP


@pytest.fixture
def number(pay_fake, provider):
    return {"sub_mchid": pay_fake.control(f"merchants/wechat-sub?of={provider['mchid']}")["sub_mchid"]}


def enter(studio, number):
    return save_keys(actor=None, studio=studio, route="wechat", values=number, by_partner=True)


def test_the_second_studio_is_refused_and_nothing_of_its_own_is_lost(pay_fake, studio, other_studio, number):
    enter(studio, number)
    pay_fake.connect(other_studio, "wechat")
    with in_public():
        before = MerchantAccount.objects.get(studio_id=other_studio.pk)
    with pytest.raises(KeysRefused) as found:
        enter(other_studio, number)
    assert found.value.faults == {"sub_mchid": "taken"}
    assert key_fault("taken")
    with in_public():
        after = MerchantAccount.objects.get(studio_id=other_studio.pk)
    assert (after.external, after.is_ready, bytes(after.sealed)) == (before.external, True, bytes(before.sealed))
    assert enter(studio, number).is_ready, "one's own number may be entered again"


def test_an_operator_releases_it(studio, other_studio, number):
    enter(studio, number)
    request = RequestFactory().post("/")
    request.user = None
    page = MerchantAccountAdmin(MerchantAccount, admin.site)
    page.log_change = lambda *_told: None
    with in_public():
        page.release(request, MerchantAccount.objects.filter(studio_id=studio.pk))
        gone = MerchantAccount.objects.get(studio_id=studio.pk)
    assert (gone.external, gone.sealed, gone.is_on) == ("", None, False)
    assert enter(other_studio, number).is_ready


def test_two_companies_may_share_a_merchant_with_keys_of_its_own(pay_fake, studio, other_studio):
    keys = pay_fake.keys(studio, "wechat")
    for one in (studio, other_studio):
        assert save_keys(actor=None, studio=one, route="wechat", values=keys).is_ready


def test_of_two_at_once_one_has_it(pay_fake, number, open_throwaway):
    studios, gate = [open_throwaway(), open_throwaway()], threading.Barrier(2)

    def run(studio):
        try:
            gate.wait(30)
            return enter(studio, number).external
        except KeysRefused as refused:
            return refused.faults
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(run, studios))
    with in_public():
        assert MerchantAccount.objects.filter(shown__sub_mchid=number["sub_mchid"]).count() == 1
    assert sorted(told, key=str) == [number["sub_mchid"], {"sub_mchid": "taken"}]
