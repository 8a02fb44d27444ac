"""Signing: who, with what proof, how often; the chain of evidence; declining, expiry, reminders, countersigning."""

import datetime as dt
import secrets

import pytest

from core.contracts import services, trail
from core.contracts.enums import TRANSITIONS, ContractState, SignerState
from core.contracts.models import Contract, ContractTrace
from core.contracts.selectors import contract_of, is_signed
from core.contracts.selectors import signer_of as seen_by
from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.kernel.signature import Signature
from core.messaging.models import OutboxMessage
from core.people.models import PhoneCode
from tenants.context import in_studio
from tests.core.contracts.make import HAND, address, code_for, make_contract, make_couple, sign, signer_of
from tests.core.contracts.test_composing import refused
from tests.factories import make_customer, make_order
from tests.jobs import run_jobs


@pytest.fixture
def contract(db):
    return make_contract()


def state(contract):
    return Contract.objects.get(pk=contract.pk).state


def test_sending_asks_each_of_them_by_message(db):
    contract = make_contract(make_couple())
    told = OutboxMessage.objects.filter(template="contract_ready").order_by("pk")
    assert [one.facts["name"] for one in told] == ["陈晓雨", "林一舟"]
    assert contract.code in told[0].facts["link"]
    assert contract.expires_at - contract.sent_at == dt.timedelta(days=7)
    refused("contract.not_draft", services.send_contract, actor=None, contract=contract)


def test_a_drawn_signature_with_a_phone_code_is_kept_with_everything_that_proves_it(contract):
    sign(contract, signature=Signature("陈晓雨", HAND), evidence={"agent": "WeChat"}, address="10.1.2.3")
    signer = signer_of(contract)
    assert (signer.state, signer.signed_name, signer.drawing) == (SignerState.SIGNED, "陈晓雨", HAND)
    told = contract.trail.get(kind="signed").facts
    assert (told["address"], told["agent"], told["method"], told["document"]) == (
        "10.1.2.3", "WeChat", "drawn", contract.document_sha256,
    )  # fmt: skip
    assert told["consent_sha256"] == trail.sha256(told["consent"])
    assert told["phone"]["code"] == PhoneCode.objects.latest("pk").pk
    assert signer.customer.phone not in str(told)
    assert trail.broken_at(contract) == 0
    event = Event.objects.get(kind="contract.signed")
    assert (event.thread, event.facts["left"]) == (contract.event_thread, 0)


def test_everybody_has_to_sign(db):
    contract = make_contract(make_couple())
    sign(contract, 0)
    assert state(contract) == ContractState.SENT
    assert not is_signed(contract.order)
    sign(contract, 1)
    assert state(contract) == ContractState.SIGNED
    assert is_signed(contract.order)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"code": "000000"}, "code.expired"),
        ({"seen": "0" * 64}, "contract.changed"),
        ({"signature": Signature(" ")}, "name.missing"),
    ],
)
def test_what_is_no_signature_changes_nothing(contract, given, code):
    signer = signer_of(contract)
    told = {
        "signature": Signature("陈晓雨"),
        "seen": contract.document_sha256,
        "address": address(),
        "code": "1",
        **given,
    }
    refused(code, services.sign, signer=signer, **told)
    assert signer_of(contract).state == SignerState.WAITING
    assert not contract.trail.filter(kind="signed").exists()


def test_a_wrong_code_is_counted_and_the_right_one_works_once(contract):
    signer = signer_of(contract)
    code_for(signer)
    refused("code.wrong", lambda: sign(contract, code="999999"))
    sign(contract, code="135790")
    assert PhoneCode.objects.latest("pk").used_at is not None


def test_the_code_of_another_phone_signs_nothing(db):
    contract = make_contract(make_couple())
    code_for(signer_of(contract, 1))
    refused("code.expired", lambda: sign(contract, 0, code="135790"))


def test_signing_twice_is_signing_once(contract):
    sign(contract)
    again = sign(contract, code="000000")  # a second press of the button: no code is needed any more
    assert again.state == SignerState.SIGNED
    assert contract.trail.filter(kind="signed").count() == 1
    assert Event.objects.filter(kind="contract.signed").count() == 1


def test_what_ran_out_is_signed_by_nobody(contract):
    with clock.at(contract.expires_at + dt.timedelta(seconds=1)):
        refused("contract.expired", lambda: sign(contract))
        assert services.expire_contracts() == 1
        assert services.expire_contracts() == 0
    assert state(contract) == ContractState.EXPIRED
    refused("contract.closed", lambda: sign(contract))
    assert contract_of(contract.order) == contract
    assert not is_signed(contract.order)


def test_declining_needs_a_reason_and_ends_it_for_everybody(db):
    contract = make_contract(make_couple())
    refused("reason.missing", services.decline, signer=signer_of(contract), reason=" ")
    services.decline(signer=signer_of(contract), reason="太贵了")
    assert state(contract) == ContractState.DECLINED
    refused("contract.closed", lambda: sign(contract, 1))
    assert Event.objects.get(kind="contract.declined").facts["reason"] == "太贵了"


def test_the_studio_takes_back_what_binds_nobody(contract):
    refused("reason.missing", services.withdraw, actor=None, contract=contract, reason="")
    services.withdraw(actor=None, contract=contract, reason="写错了")
    assert state(contract) == ContractState.WITHDRAWN
    other = make_contract(contract.order)
    sign(other)
    refused("contract.closed", services.withdraw, actor=None, contract=other, reason="x")


def test_countersigning_is_the_studios_last_word_where_it_is_wished(db):
    services.save_settings(actor=None, needs_countersign=True)
    contract = make_contract()
    refused("contract.not_signed", services.countersign, actor=contract.order.owner, contract=contract)
    sign(contract)
    run_jobs()
    contract.refresh_from_db()
    assert not contract.sealed_sha256
    services.countersign(actor=contract.order.owner, contract=contract)
    run_jobs()
    contract.refresh_from_db()
    assert contract.state == ContractState.COUNTERSIGNED
    assert contract.sealed_sha256
    plain = make_contract_without_countersign()
    sign(plain)
    refused("contract.no_countersign", services.countersign, actor=plain.order.owner, contract=plain)


def make_contract_without_countersign():
    services.save_settings(actor=None, needs_countersign=False)
    return make_contract()


def test_reminders_come_once_a_day_and_three_times_at_most(contract):
    sent = contract.sent_at
    assert services.remind_signers() == 0  # not on the day it was sent
    counted = []
    for day in (1.1, 1.2, 2.1, 3.1, 4.1):
        with clock.at(sent + dt.timedelta(days=day)):
            counted.append(services.remind_signers())
    assert sum(counted) == 3
    assert OutboxMessage.objects.filter(template="contract_reminder").count() == 3
    assert trail.broken_at(contract) == 0


def test_opening_is_noted_once(contract):
    for _ in range(2):
        services.open_contract(signer=signer_of(contract), evidence={"agent": "x"})
    assert contract.trail.filter(kind="opened").count() == 1


@pytest.mark.parametrize("spoil", ["facts", "taken out", "who", "words", "put in"])
def test_a_changed_row_breaks_the_chain(contract, spoil):
    sign(contract)
    assert trail.broken_at(contract) == 0
    rows = ContractTrace.objects.filter(contract=contract)
    if spoil == "facts":
        rows.filter(kind="signed").update(facts={"address": "elsewhere"})
    elif spoil == "taken out":
        rows.filter(kind="sent").delete()
    elif spoil == "who":
        rows.filter(kind="sent").update(who="somebody")
    elif spoil == "put in":
        last = rows.order_by("-number")[0]
        ContractTrace.objects.create(
            contract=contract, number=last.number + 1, kind="signed", at=clock.now(), prev_hash=last.prev_hash, hash="x"
        )
    else:
        contract.blocks[0]["text"] = "别的"
    assert trail.broken_at(contract) > 0


def test_every_transition_that_is_not_in_the_table_is_refused():
    assert set(TRANSITIONS) == set(ContractState.values)
    for state_, targets in TRANSITIONS.items():
        assert ContractState.DRAFT not in targets, state_


def test_somebody_elses_contract_does_not_exist(contract, other_studio):
    assert seen_by(signer_of(contract).customer, contract.code) is not None
    assert seen_by(make_customer("邻居"), contract.code) is None
    draft = make_contract(sent=False)
    assert seen_by(draft.order.customer, draft.code) is None  # a draft is the studio's
    with in_studio(other_studio):
        assert not Contract.objects.filter(code=contract.code).exists()


def test_codes_go_to_the_signers_phone_and_are_secret(db):
    customer = make_customer("陈晓雨", f"139{secrets.randbelow(10**8):08d}")  # limits outlive a test
    contract = make_contract(make_order(customer=customer))
    signer = signer_of(contract)
    services.request_signing_code(signer=signer, address=address())
    message = OutboxMessage.objects.get(template="signing_code")
    assert message.to == signer.customer.phone
    assert message.facts["number"] == contract.number
    sign(contract, code=message.facts["code"])
    with pytest.raises(Refusal):
        services.request_signing_code(signer=signer_of(contract), address=address())
