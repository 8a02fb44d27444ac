"""WeChat's file at the root of a host, and which app a payer is asked for in."""

import pytest

from billing import gateway
from billing.checks import providers_are_real
from billing.models import MerchantAccount
from billing.services import KeysRefused, forget_keys, save_keys
from billing.wechat_merchant import merchant
from tenants.context import in_public
from tests.portal.doors import knock

FILE = {"verify_name": "MP_verify_AbCd1234EfGh5678.txt", "verify_text": "AbCd1234EfGh5678"}


def test_the_file_is_served_where_it_belongs(pay_fake, studio, other_studio, settings):
    keys = pay_fake.keys(studio, "wechat")
    save_keys(actor=None, studio=studio, route="wechat", values=keys | FILE)
    own = knock(studio, "host")
    for door in (own, knock(studio, "path")):
        answer = door.get(FILE["verify_name"])
        assert (answer.text, answer["Content-Type"]) == (FILE["verify_text"], "text/plain")
    assert knock(other_studio, "host").get(FILE["verify_name"]).status_code == 404
    root = {"host": settings.PLATFORM_HOST}
    assert own.client.get(f"/{FILE['verify_name']}", headers=root).text == FILE["verify_text"]
    settings.WECHAT_SP_VERIFY = "MP_verify_ours0000ours0000.txt ours0000ours0000"
    assert own.client.get("/MP_verify_ours0000ours0000.txt", headers=root).text == "ours0000ours0000"
    assert own.get("MP_verify_ours0000ours0000.txt").status_code == 404
    assert own.get("MP_verify_nobody000.txt").status_code == 404
    forget_keys(actor=None, studio=studio, route="wechat")
    assert own.get(FILE["verify_name"]).status_code == 404


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"verify_name": "../../etc/passwd"}, {"verify_name": "shape"}),
        ({"verify_name": FILE["verify_name"]}, {"verify_text": "pair"}),
        ({"verify_text": FILE["verify_text"]}, {"verify_name": "pair"}),
        (FILE | {"verify_text": "<script>x</script>"}, {"verify_text": "shape"}),
        ({"app_secret": "nonsense"}, {"app_secret": "shape"}),
    ],
)
def test_what_cannot_be_is_refused(pay_fake, studio, change, faults):
    keys = pay_fake.keys(studio, "wechat")
    with pytest.raises(KeysRefused) as found:
        save_keys(actor=None, studio=studio, route="wechat", values=keys | change)
    assert found.value.faults == faults


def test_the_secret_is_sealed_and_only_its_end_is_shown(pay_fake, studio):
    keys = pay_fake.keys(studio, "wechat")
    save_keys(actor=None, studio=studio, route="wechat", values=keys)
    with in_public():
        row = MerchantAccount.objects.get(studio_id=studio.pk)
    assert row.shown["app_secret"] == f"…{keys['app_secret'][-4:]}"
    assert keys["app_secret"].encode() not in bytes(row.sealed)
    assert row.credentials["app_secret"] == keys["app_secret"]


@pytest.mark.parametrize(
    ("own_app", "own_secret", "our_secret", "name"),
    [
        (True, True, True, "sub_openid"),
        (True, True, False, "sub_openid"),
        (True, False, True, "sp_openid"),
        (False, False, True, "sp_openid"),
        (True, False, False, ""),
        (False, False, False, ""),
    ],
)
def test_a_payer_is_known_in_the_app_whose_secret_is_here(
    pay_fake, studio, settings, own_app, own_secret, our_secret, name
):
    keys = pay_fake.control("merchants/wechat-provider")
    settings.WECHAT_SP_APP_SECRET = keys.pop("app_secret") if our_secret else ""
    settings.WECHAT_SP = keys
    sub = pay_fake.control(f"merchants/wechat-sub?of={keys['mchid']}")
    wanted = {"sub_mchid": True, "sub_appid": own_app, "app_secret": own_secret}
    values = {field: sub[field] for field, is_given in wanted.items() if is_given}
    account = save_keys(actor=None, studio=studio, route="wechat", values=values, by_partner=True)
    of = merchant(account)
    if not name:
        assert gateway.payer_app(studio) == ""
        return
    assert of.openid_name == name
    assert gateway.payer_app(studio) == (sub["sub_appid"] if name == "sub_openid" else keys["appid"])
    assert set(of.sub) <= {"sub_mchid", "sub_appid"}, "nothing else of the studio's goes into a request"


def test_a_secret_without_its_app_is_refused(pay_fake, studio, settings):
    settings.WECHAT_SP = pay_fake.control("merchants/wechat-provider")
    with pytest.raises(KeysRefused) as found:
        save_keys(
            actor=None, studio=studio, route="wechat", by_partner=True,
            values={"sub_mchid": "1600000000", "app_secret": "0" * 32},
        )  # fmt: skip
    assert found.value.faults == {"sub_appid": "app"}


def test_the_stand_in_for_the_sheet_stops_a_public_platform(settings):
    settings.PLATFORM_HOST = "yinglou.example"
    settings.WECHAT_BRIDGE_PAGE = "https://fakes.example/wxbridge"
    assert "billing.E002" in {one.id for one in providers_are_real(None)}
