"""The final file: certificate, seal, recognition; one changed byte is found; two studios' seals are two."""

import hashlib

import pytest

from core.contracts import paper, services
from core.contracts.files import document_bytes, final_bytes
from core.contracts.finishing import certificate_of, finish_contract
from core.contracts.models import SealKey
from core.contracts.provider import provider, studio_pair
from core.contracts.seal import examine
from core.contracts.selectors import recognise
from core.kernel import crypto, storage
from core.kernel.signature import Signature
from core.messaging.models import OutboxMessage
from tenants.context import in_studio
from tests.core.contracts.make import HAND, make_contract, make_couple, sign
from tests.jobs import run_jobs


@pytest.fixture
def done(db):
    contract = make_contract(make_couple())
    sign(contract, 0, signature=Signature("陈晓雨", HAND))
    sign(contract, 1)
    run_jobs()
    contract.refresh_from_db()
    return contract


def test_the_last_signature_makes_the_final_file(done):
    final = final_bytes(done)
    assert hashlib.sha256(final).hexdigest() == done.sealed_sha256
    assert recognise(final).which == "final"
    assert recognise(document_bytes(done)).which == "document"
    assert OutboxMessage.objects.filter(template="contract_done").count() == 2
    assert done.trail.get(kind="sealed").facts == {"file": done.sealed_sha256}


def test_one_changed_byte_is_found(done):
    final = final_bytes(done)
    assert provider().examine(final).intact
    for place in (final.find(b"stream") + 60, len(final) // 2, final.find(b"/Title")):
        spoilt = bytearray(final)
        spoilt[place] ^= 1
        told = recognise(bytes(spoilt))
        assert told.contract is None
        assert not told.verdict.intact
    assert not recognise(final + b"\n% one more line\n").verdict.intact


def test_a_file_without_a_seal_is_nothing_and_never_an_error(db):
    for upload in (b"", b"%PDF-1.7", b"x" * 2000, paper.render(
        title="x", number="x", studio="x", language="en", footer="x", blocks=[], at=SealKey().made_at
    )):  # fmt: skip
        told = recognise(upload)
        assert (told.contract, told.verdict.sealed, told.verdict.intact) == (None, False, False)


def test_finishing_twice_makes_one_file(done):
    before = done.sealed_sha256
    finish_contract(contract=done.pk)
    done.refresh_from_db()
    assert done.sealed_sha256 == before
    assert done.trail.filter(kind="sealed").count() == 1


def test_nothing_is_sealed_before_everybody_has_signed(db):
    contract = make_contract(make_couple())
    sign(contract, 0)
    finish_contract(contract=contract.pk)
    contract.refresh_from_db()
    assert not contract.sealed_sha256
    with pytest.raises(storage.Missing):
        final_bytes(contract)


def test_the_certificate_tells_who_signed_and_how_they_were_known(done):
    told = certificate_of(done)
    assert [one["title"] for one in told["signers"]] == ["陈晓雨", "林一舟"]
    assert told["signers"][0]["drawing"].startswith("<svg")
    assert not told["signers"][1]["drawing"]
    assert done.document_sha256 in str(told["facts"])
    assert done.code in told["url"]
    assert len(told["trail"]["rows"]) == done.trail.count()


def test_the_key_is_hidden_and_of_one_studio(done, other_studio):
    row = SealKey.objects.get(is_current=True)
    mine = studio_pair()
    assert mine.key not in row.private.encode()
    final = final_bytes(done)
    with in_studio(other_studio):
        with pytest.raises(ValueError):
            crypto.decrypt("contract-seal", row.private)
        theirs = studio_pair()
        assert theirs.certificate != mine.certificate
        told = recognise(final)
        assert (told.contract, told.verdict.ours) == (None, False)
    assert examine(final, [mine.certificate]).ours


def test_a_changed_secret_is_not_read(db):
    hidden = crypto.encrypt("a", b"secret")
    assert crypto.decrypt("a", hidden) == b"secret"
    with pytest.raises(ValueError):
        crypto.decrypt("b", hidden)
    with pytest.raises(ValueError):
        crypto.decrypt("a", hidden[:-8] + "AAAAAAA=")


def test_a_former_key_goes_on_recognising_its_files(done):
    final = final_bytes(done)
    SealKey.objects.update(is_current=False)
    assert studio_pair().certificate not in [bytes(one.certificate) for one in SealKey.objects.filter(is_current=False)]
    assert provider().examine(final).ours
    assert services.setting().pk == 1
