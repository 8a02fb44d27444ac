"""Verbs: the shoot moves, and the signed contract follows by an annex: agreed on the customer's pages, or told them."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from core.contracts import finishing, trail
from core.contracts.enums import FIRM, TRANSITIONS, ContractState, SignerState, TraceKind
from core.contracts.models import Contract, ContractSigner
from core.contracts.moved import Move, moved_words
from core.contracts.selectors import contract_of
from core.contracts.services.amending import annex
from core.contracts.services.posting import post_annex
from core.contracts.services.sending import send_contract
from core.contracts.telling import tell
from core.kernel import clock, events, states
from core.kernel.errors import Refusal
from core.messaging.enums import Template
from core.orders.enums import Wish
from core.orders.models import Order
from core.orders.moves import most_share, share_kept
from core.people.phone import mask


def may_move(contract: Contract | None) -> bool:
    """Whether the contract itself says that a new date agreed on the customer's pages needs no further signature."""
    return contract is not None and contract.is_firm and bool((contract.data.get("moving") or {}).get("is_agreed"))


def move_counts(contract: Contract | None) -> bool:
    """Whether the contract says that after a move by the customer the day of the move decides what comes back."""
    return contract is not None and may_move(contract) and bool(contract.data["moving"].get("keeps_share"))


def moving_consent(contract: Contract) -> str:
    """What taking another date says, in the contract's language: shown above the button, hashed with the evidence."""
    with translation.override(contract.language):
        text = gettext(
            "By taking the new date I agree that it becomes an annex to contract %(number)s, with the price difference "
            "shown. It binds me like my signature; I need not sign again, as the contract says."
        )
        return text % {"number": contract.number}


@transaction.atomic
def amend_date(
    *,
    customer: Any,
    order: Order,
    was: dt.datetime,
    at: dt.datetime,
    minor: int = 0,
    reason: str = "",
    wish: str = Wish.CUSTOMER,
    evidence: dict[str, Any] | None = None,
) -> Contract | None:
    """The annex that follows a shoot from `was` to `at` by `wish`; `minor` is what it costs more (negative: less). None
    where no contract is signed: there is nothing to amend. It names the share of a later refund where a move by the
    customer lowers it.

    Where the contract says so the customer's agreement is the signature: evidence in the same chain, and the file is
    sealed. Else, and where somebody agrees who has not signed the contract, it is sent to be signed. Call it with the
    order locked, in the transaction that moves the date. Events CONTRACT_COMPOSED, CONTRACT_SIGNED | CONTRACT_SENT.
    """
    main = contract_of(order)
    if main is None or main.state not in FIRM:
        return None
    main = states.lock(main)
    own = main.signers.filter(customer_id=customer.pk).exists()
    accepted = own and may_move(main)
    share = _share(order, main, was, at) if accepted and wish == Wish.CUSTOMER else None
    told = {"moved": {"was": was.isoformat(), "at": at.isoformat(), "minor": minor, "wish": wish, "share": share}}
    more: dict[str, Any] = {"needs_countersign": False} if accepted else {}
    row = _moved(customer, order, main, Move(was, at, wish, reason, minor, share), told, more)
    if not accepted:
        return send_contract(actor=customer, contract=row)
    return _accepted(row, main, customer, {**(evidence or {}), **told["moved"]})


@transaction.atomic
def notify_date(
    *, actor: Any, order: Order, was: dt.datetime, at: dt.datetime, reason: str, wish: str
) -> Contract | None:
    """The annex of a date that staff move without the customer's agreement on their pages: sealed and sent to everybody
    who has signed, signed by nobody. None where no contract is signed. Call it as `amend_date`.

    Events CONTRACT_COMPOSED, CONTRACT_NOTIFIED; a message to each. Refusal reason.missing.
    """
    main = contract_of(order)
    if main is None or main.state not in FIRM:
        return None
    if not reason.strip():
        raise Refusal("reason.missing")
    main = states.lock(main)
    told = {"moved": {"was": was.isoformat(), "at": at.isoformat(), "minor": 0, "wish": wish, "share": None}}
    row = _moved(actor, order, main, Move(was, at, wish, reason, 0, None, False), told, {"needs_countersign": False})
    states.move(row, "state", ContractState.NOTIFIED, TRANSITIONS, sent_at=clock.now())
    row.signers.update(state=SignerState.INFORMED)
    trail.link(row, TraceKind.NOTIFIED, getattr(actor, "name", ""), reason=reason.strip()[:300], **told["moved"])
    for signer in row.signers.select_related("customer"):
        signer.contract = row
        when = {"at": at.isoformat(), "zone": order.branch.timezone, "reason": reason.strip()[:120]}
        tell(signer, Template.CONTRACT_NOTICE, "notice", **when)
    finishing.finish_contract.defer(contract=row.pk, key=str(row.pk))
    events.record(events.Kind.CONTRACT_NOTIFIED, row, actor, number=row.number, reason=reason.strip()[:300])
    return row


def _share(order: Order, main: Contract, was: dt.datetime, at: dt.datetime) -> int | None:
    zone = clock.zone(order.branch.timezone)
    former = was.astimezone(zone).date()
    if not move_counts(main) or former == at.astimezone(zone).date():
        return None
    share = share_kept(order, former)
    return share if share < most_share(order) else None


def _moved(
    actor: Any, order: Order, main: Contract, move: Move, told: dict[str, Any], more: dict[str, Any]
) -> Contract:
    try:
        return annex(actor, order, main, *moved_words(main, move), told=told, **more)
    except Refusal as refusal:
        if refusal.code != "contract.unprintable":
            raise  # a smile in a reason must not keep a date from moving
        return annex(actor, order, main, *moved_words(main, replace(move, reason="")), told=told, **more)


def _accepted(row: Contract, main: Contract, customer: Any, evidence: dict[str, Any]) -> Contract:
    """The agreement given by a tap: the one who tapped has signed, the others are informed."""
    now, consent = clock.now(), moving_consent(main)
    states.move(row, "state", ContractState.SENT, TRANSITIONS, sent_at=now)
    row.signers.exclude(customer_id=customer.pk).update(state=SignerState.INFORMED)
    signer: ContractSigner = row.signers.get(customer_id=customer.pk)
    signer.state, signer.acted_at, signer.signed_name = SignerState.SIGNED, now, signer.name
    signer.save(update_fields=["state", "acted_at", "signed_name"])
    proof: dict[str, Any] = {
        **evidence,
        "signer": signer.pk,
        "signed_name": signer.name,
        "method": finishing.BY_AGREEMENT,
        "phone": {"number": mask(customer.phone)},
        "consent": consent,
        "consent_sha256": trail.sha256(consent),
        "document": row.document_sha256,
    }
    trail.link(row, TraceKind.SIGNED, signer.name, **proof)
    states.move(row, "state", ContractState.SIGNED, TRANSITIONS, signed_at=now)
    post_annex(actor=customer, contract=row)
    finishing.finish_contract.defer(contract=row.pk, key=str(row.pk))
    said: dict[str, Any] = {"number": row.number, "name": signer.name, "left": 0}
    events.record(events.Kind.CONTRACT_SIGNED, row, customer, **said)
    return row
