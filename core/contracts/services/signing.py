"""Verbs of those who sign: open, have a code sent, sign, decline."""

import dataclasses
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from core.contracts import finishing, trail
from core.contracts.enums import TRANSITIONS, ContractState, SignerState, TraceKind
from core.contracts.models import Contract, ContractSigner
from core.contracts.services.posting import post_annex
from core.kernel import clock, events, states
from core.kernel.drawing import checked, fingerprint
from core.kernel.errors import Refusal
from core.kernel.names import signing_name
from core.kernel.signature import Signature
from core.messaging.enums import Template
from core.messaging.services import queue_act_code
from core.orders.enums import OrderState
from core.people import login
from core.people.enums import CodePurpose
from core.people.phone import mask


def consent_text(contract: Contract) -> str:
    """What a signature says, in the contract's language: shown above the button, hashed with the evidence."""
    with translation.override(contract.language):
        text = gettext(
            "I have read “%(title)s” (%(number)s) with its price, everything that can cost extra and the refund table. "
            "I agree to it and sign it electronically; this binds me like a signature on paper."
        )
        return text % {"title": contract.title, "number": contract.number}


@transaction.atomic
def open_contract(*, signer: ContractSigner, evidence: dict[str, Any] | None = None) -> None:
    """Note that the person has opened what they are to sign: once."""
    if signer.opened_at is not None or signer.contract.state != ContractState.SENT:
        return
    contract = states.lock(signer.contract)
    row = states.lock(signer)
    if row.opened_at is None:
        row.opened_at = clock.now()
        row.save(update_fields=["opened_at"])
        trail.link(contract, TraceKind.OPENED, row.name, signer=row.pk, **(evidence or {}))


def request_signing_code(*, signer: ContractSigner, address: str) -> None:
    """Send a code to the phone of the person who signs. Refusal code.too_often(wait) | contract.… as `sign`."""
    _refuse_unless_open(signer.contract, signer)
    deliver = partial(queue_act_code, template=Template.SIGNING_CODE, number=signer.contract.number)
    told: dict[str, Any] = {"deliver": deliver, "purpose": CodePurpose.SIGNING}
    login.request_code(phone=signer.customer.phone, address=address, **told)


def sign(
    *,
    signer: ContractSigner,
    signature: Signature,
    code: str,
    seen: str,
    address: str,
    evidence: dict[str, Any] | None = None,
) -> ContractSigner:
    """Sign the contract as it was read: `seen` is the SHA-256 of the file shown, `code` came to the person's phone.

    With the last signature the contract is signed, an annex posts its price, and the final file is made (after
    countersigning where the studio does). Signing twice changes nothing. Event CONTRACT_SIGNED(name, left).
    Refusal contract.closed(state) | contract.expired | contract.changed | name.missing | name.unlikely | code.…
    """
    if signer.state == SignerState.SIGNED:
        return signer
    _refuse_unless_open(signer.contract, signer)
    signing_name(signature.name, is_drawn=bool(signature.drawing))
    if seen != signer.contract.document_sha256:
        raise Refusal("contract.changed")
    proof = login.prove_phone(phone=signer.customer.phone, code=code, address=address)
    return _signed(signer, signature, {**(evidence or {}), "address": address, "phone": _proof(signer, proof)})


def _proof(signer: ContractSigner, proof: login.PhoneProof) -> dict[str, Any]:
    """How the person was known: the code's row and times, the phone in part only."""
    told = dataclasses.asdict(proof)
    return {
        "number": mask(signer.customer.phone),
        "code": told["code_id"],
        "sent_at": told["made_at"].isoformat(),
        "typed_at": told["typed_at"].isoformat(),
    }


@transaction.atomic
def _signed(signer: ContractSigner, signature: Signature, evidence: dict[str, Any]) -> ContractSigner:
    order = states.lock(signer.contract.order)  # before the contract: its money comes to the order's account
    contract = states.lock(signer.contract)
    row = states.lock(signer)
    if row.state == SignerState.SIGNED:
        return row
    _refuse_unless_open(contract, row)
    if contract.parent_id is not None and order.state != OrderState.OPEN:
        raise Refusal("contract.closed", state=contract.state)
    drawing = checked(signature.drawing) if signature.drawing else None
    row.state, row.acted_at = SignerState.SIGNED, clock.now()
    row.signed_name, row.drawing = signing_name(signature.name, is_drawn=bool(drawing)), drawing
    row.save(update_fields=["state", "acted_at", "signed_name", "drawing"])
    consent = consent_text(contract)
    facts = {
        **evidence,
        "signer": row.pk,
        "signed_name": row.signed_name,
        "method": "drawn" if drawing else "typed",
        "consent": consent,
        "consent_sha256": trail.sha256(consent),
        "document": contract.document_sha256,
    }
    if drawing:
        facts["drawing_sha256"] = fingerprint(drawing)
    trail.link(contract, TraceKind.SIGNED, row.name, **facts)
    left = contract.signers.filter(state=SignerState.WAITING).count()
    if left == 0:
        states.move(contract, "state", ContractState.SIGNED, TRANSITIONS, signed_at=row.acted_at)
        post_annex(actor=row.customer, contract=contract)
        if not contract.needs_countersign:
            finishing.finish_contract.defer(contract=contract.pk, key=str(contract.pk))
    told: dict[str, Any] = {"number": contract.number, "name": row.signed_name, "left": left}
    events.record(events.Kind.CONTRACT_SIGNED, contract, row.customer, **told)
    return row


@transaction.atomic
def decline(*, signer: ContractSigner, reason: str, evidence: dict[str, Any] | None = None) -> Contract:
    """Say no, with a reason: the contract ends for everybody. Event CONTRACT_DECLINED. Refusal reason.missing |
    contract.closed(state) | contract.expired.
    """
    if not reason.strip():
        raise Refusal("reason.missing")
    contract = states.lock(signer.contract)
    row = states.lock(signer)
    _refuse_unless_open(contract, row)
    row.state, row.acted_at = SignerState.DECLINED, clock.now()
    row.save(update_fields=["state", "acted_at"])
    states.move(contract, "state", ContractState.DECLINED, TRANSITIONS, reason=reason.strip()[:300])
    trail.link(contract, TraceKind.DECLINED, row.name, signer=row.pk, reason=contract.reason, **(evidence or {}))
    told: dict[str, Any] = {"number": contract.number, "name": row.name, "reason": contract.reason}
    events.record(events.Kind.CONTRACT_DECLINED, contract, row.customer, **told)
    return contract


def _refuse_unless_open(contract: Contract, signer: ContractSigner) -> None:
    """Sent, in time, and not acted on by this person."""
    if contract.state != ContractState.SENT or signer.state != SignerState.WAITING:
        raise Refusal("contract.closed", state=contract.state)
    if contract.expires_at is None or contract.expires_at <= clock.now():
        raise Refusal("contract.expired", number=contract.number)
