"""Merchants' keys: sealed for one studio and route, never in a log, a repr, a traceback or an admin page."""

import logging
import pickle

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.test import Client

from billing import gateway
from billing.keys import private_pem, public_pem, tidy
from billing.models import MerchantAccount, Notice
from billing.sealing import Credentials, SealBroken, last_four, seal, unseal
from billing.services import KeysRefused, save_keys
from tenants.accounts.models import User
from tenants.context import in_public
from tests.billing.test_gateway import begin

VALUES = {"apiv3_key": "abcdefghijklmnopqrstuvwxyz012345", "mchid": "1900000109"}


def test_sealed_and_opened_again(settings):
    sealed = seal(VALUES, "1|wechat")
    assert b"abcdefgh" not in sealed
    assert dict(unseal(sealed, "1|wechat")) == VALUES
    assert seal(VALUES, "1|wechat") != sealed, "a nonce of its own each time"


@pytest.mark.parametrize("owner", ["2|wechat", "1|alipay", ""])
def test_sealed_for_nobody_else(owner):
    with pytest.raises(SealBroken):
        unseal(seal(VALUES, "1|wechat"), owner)


def test_a_changed_byte_is_noticed():
    sealed = bytearray(seal(VALUES, "1|wechat"))
    sealed[-1] ^= 1
    with pytest.raises(SealBroken):
        unseal(bytes(sealed), "1|wechat")
    with pytest.raises(SealBroken):
        unseal(b"", "1|wechat")


def test_keys_are_exchanged_by_putting_a_new_one_in_front(settings):
    settings.CREDENTIAL_KEYS = ["old"]
    sealed = seal(VALUES, "1|wechat")
    settings.CREDENTIAL_KEYS = ["new", "old"]
    assert dict(unseal(sealed, "1|wechat")) == VALUES
    fresh = seal(VALUES, "1|wechat")
    settings.CREDENTIAL_KEYS = ["new"]
    assert dict(unseal(fresh, "1|wechat")) == VALUES
    with pytest.raises(SealBroken):
        unseal(sealed, "1|wechat")


def test_credentials_say_nothing():
    keys = Credentials(VALUES)
    for text in (repr(keys), str(keys), f"{keys}", f"{keys!r}"):
        assert VALUES["apiv3_key"] not in text
    with pytest.raises(TypeError):
        pickle.dumps(keys)


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        ("abcdefghijklmnopqrstuvwxyz012345", "…2345"),
        ("short", "…"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\nBBBBCCCCDDDD==\n-----END PRIVATE KEY-----", "…DDDD"),
    ],
)
def test_only_the_last_letters_are_shown(secret, shown):
    assert last_four(secret) == shown


def test_a_row_of_another_studio_opens_nothing(pay_fake, studio, other_studio):
    """Whoever copies the row in the database has not copied the keys."""
    account = pay_fake.connect(studio, "wechat")
    with in_public():
        MerchantAccount.objects.create(
            studio=other_studio,
            route="wechat",
            sealed=account.sealed,
            external=account.external,
            is_ready=True,
            is_on=True,
        )
    with pytest.raises(gateway.PayRefused, match="pay.account_refused"):
        gateway.fetch(other_studio, "wechat", "whatever")


@pytest.mark.parametrize("route", ["wechat", "alipay", "stripe"])
def test_no_secret_reaches_a_log(pay_fake, studio, caplog, route, settings):
    caplog.set_level(logging.DEBUG)
    secrets = ["sk_test_yinglou_demo", *settings.STRIPE_CONNECT_SECRETS]
    if route != "stripe":
        keys = pay_fake.keys(studio, route)
        secrets += [keys["private_key"][60:100], keys.get("apiv3_key") or keys["private_key"][100:140]]
    begin(pay_fake, studio, route, f"log-{route}")
    account = MerchantAccount.objects.get(studio=studio, route=route)
    with pytest.raises(gateway.PayRefused):
        gateway.refund(
            studio, route, gateway.RefundRequest("no-such", "no-such", "x", "ch_no", 1, 1, "CNY", "why")
        )  # fmt: skip
    settings.STRIPE_SECRET_KEY = "sk_test_wrong_wrong"
    if route == "stripe":
        with pytest.raises(gateway.PayRefused, match="pay.account_refused"):
            gateway.fetch(studio, route, "log-stripe", "cs_x")
    told = caplog.text + repr(account) + str(account.__dict__)
    for secret in [*secrets, "sk_test_wrong_wrong"]:
        assert secret not in told


def test_a_refusal_holds_no_keys(pay_fake, studio):
    keys = pay_fake.keys(studio, "wechat")
    with pytest.raises(KeysRefused) as refused:
        save_keys(actor=None, studio=studio, route="wechat", values=keys | {"private_key": "nonsense"})
    assert refused.value.faults == {"private_key": "key"}
    assert keys["apiv3_key"] not in str(refused.value)


def pem(key, form):
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, plain).decode()


def test_keys_come_in_many_clothes():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    forms = (serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL)
    texts = [pem(key, form) for form in forms]
    bare = ["".join(text.splitlines()[1:-1]) for text in texts]
    assert len({private_pem(text) for text in [*texts, *bare, f"  {texts[0]}\n\n"]}) == 1
    with pytest.raises(ValueError, match="key"):
        public_pem(texts[0])
    with pytest.raises(ValueError, match="key"):
        private_pem(pem(ec.generate_private_key(ec.SECP256R1()), forms[0]))
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    with pytest.raises(ValueError, match="short"):
        private_pem(pem(short, forms[0]))


def test_all_faults_at_once():
    _kept, faults = tidy("alipay", {"app_id": "1"})
    assert faults == {"app_id": "shape", "private_key": "missing", "public_key": "missing"}


@pytest.fixture
def operator(db):
    with in_public():
        client = Client(headers={"host": "localhost"})
        client.force_login(User.objects.create_superuser("operator", password="x"))
        return client


def test_operators_look_and_change_nothing(operator, pay_fake, studio):
    account = pay_fake.connect(studio, "wechat")
    with in_public():
        notice = Notice.objects.create(
            route="wechat", event_id="e1", account="x", state="unknown", payload="{}", event="TRANSACTION.SUCCESS"
        )
        rows = [("notice", notice.pk, "TRANSACTION.SUCCESS"), ("merchantaccount", account.pk, account.external)]
        for model, pk, words in rows:
            listed = operator.get(f"/operator/billing/{model}/")
            page = operator.get(f"/operator/billing/{model}/{pk}/change/")
            assert (listed.status_code, page.status_code) == (200, 200)
            assert words in listed.text + page.text
            assert operator.post(f"/operator/billing/{model}/{pk}/delete/", {"post": "yes"}).status_code == 403
            assert operator.get(f"/operator/billing/{model}/add/").status_code == 403
            assert pay_fake.keys(studio, "wechat")["apiv3_key"] not in page.text
            assert account.key not in page.text, "who knows the address could flood it"
