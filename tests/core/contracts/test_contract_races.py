"""Two who sign at the same moment, a finger that presses twice, a withdrawal in between; real commits, real locks."""

from core.contracts import services, trail
from core.contracts.models import Contract, SealKey
from core.contracts.provider import studio_pair
from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.kernel.signature import Signature
from tests.core.contracts.make import address, code_for, make_contract, make_couple, signer_of
from tests.selection.test_races import THREADS, at_once


def test_two_signers_at_once_and_fingers_that_press_twice(throwaway_studio):
    contract = make_contract(make_couple())
    codes = [code_for(signer_of(contract, n), f"12345{n}") for n in (0, 1)]

    def work(i):
        signer = signer_of(contract, i % 2)
        told = {"seen": contract.document_sha256, "address": address(), "code": codes[i % 2]}
        try:
            return services.sign(signer=signer, signature=Signature(signer.name), **told).state
        except Refusal as refusal:
            return refusal.code

    answers = at_once(throwaway_studio, work)
    assert set(answers) <= {"signed", "code.expired", "code.too_many_tries", "contract.closed"}
    contract = Contract.objects.get(pk=contract.pk)
    assert contract.state == "signed"
    assert contract.trail.filter(kind="signed").count() == 2
    assert sorted(e.facts["left"] for e in Event.objects.filter(kind="contract.signed")) == [0, 1]
    assert trail.broken_at(contract) == 0


def test_signing_against_withdrawing_leaves_one_of_them(throwaway_studio):
    contract = make_contract()
    code = code_for(signer_of(contract))

    def work(i):
        try:
            if i % 2:
                services.withdraw(actor=None, contract=contract, reason="x")
                return "withdrawn"
            told = {"seen": contract.document_sha256, "address": address(), "code": code}
            return services.sign(signer=signer_of(contract), signature=Signature("陈晓雨"), **told).state
        except Refusal as refusal:
            return refusal.code

    answers = at_once(throwaway_studio, work)
    contract = Contract.objects.get(pk=contract.pk)
    assert (contract.state == "signed") == ("signed" in answers)
    assert (contract.state == "withdrawn") == ("withdrawn" in answers)
    assert trail.broken_at(contract) == 0


def test_one_key_however_many_ask_for_it(throwaway_studio):
    pairs = at_once(throwaway_studio, lambda _i: studio_pair())
    assert len({pair.certificate for pair in pairs}) == 1
    assert SealKey.objects.count() == 1
    assert len(pairs) == THREADS
