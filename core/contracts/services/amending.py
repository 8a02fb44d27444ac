"""Verbs: annexes to a signed contract, and their money. What was signed stays; the annex says what is different now."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import formats, translation
from django.utils.translation import gettext

from core.contracts import compose, finishing, tables, trail
from core.contracts.enums import FIRM, TRANSITIONS, ContractState, SignerState, TraceKind
from core.contracts.models import Contract, ContractSigner
from core.contracts.selectors import contract_of
from core.contracts.services.composing import store
from core.contracts.services.posting import post_annex, refuse_beyond_limit
from core.contracts.services.sending import send_contract
from core.kernel import clock, events, states
from core.kernel.errors import Refusal
from core.orders.models import Order
from core.people.phone import mask


@transaction.atomic
def amend_contract(
    *, actor: Any, contract: Contract, title: str, text: str, lines: Sequence[tuple[str, int]] = ()
) -> Contract:
    """An annex to a signed contract, with signatures of its own: what is agreed (`text`), and what it costs (`lines`:
    name, minor units; negative takes away). The contract itself stays as it was signed; its money is posted when
    everybody has signed. Event CONTRACT_COMPOSED.

    Refusal contract.not_signed | text.missing | order.closed | contract.unprintable(char) | discount.too_much |
    discount.over_owed.
    """
    order = states.lock(contract.order)
    main = states.lock(contract)
    if main.parent_id is not None or main.state not in FIRM:
        raise Refusal("contract.not_signed", number=main.number)
    if not (title.strip() and text.strip()):
        raise Refusal("text.missing")
    refuse_beyond_limit(actor, order, sum(minor for _name, minor in lines))
    body = [{"kind": "text", "text": text.strip()}]
    return _annex(actor, order, main, title.strip(), body, [_line(name, minor) for name, minor in lines])


def _annex(
    actor: Any,
    order: Order,
    main: Contract,
    title: str,
    body: list[dict[str, Any]],
    lines: list[dict[str, Any]],
    *,
    told: dict[str, Any] | None = None,
    **more: Any,
) -> Contract:
    """The draft of an annex, signed by whoever signed the contract. `told`: further facts."""
    data = {
        **main.data,
        **(told or {}),
        "annex_to": {"number": main.number, "document": main.document_sha256},
        "lines": lines,
        "clauses": [],
    }
    data["order"] = {**main.data["order"], "price_minor": sum(line["total_minor"] for line in lines)}
    made = compose.Composition(title[:80], main.language, _blocks(main, title, body, data), data)
    people = [
        {"customer": one.customer_id, "name": one.name, "part": one.part, "signs_for": one.signs_for}
        for one in main.signers.all()
    ]
    number = f"{main.number}-A{main.annexes.count() + 1}"
    return store(actor, order, made, number, people, parent=main, template=None, **more)


def _line(name: str, minor: int) -> dict[str, Any]:
    return {"kind": "annex", "name": name, "quantity": 1, "each_minor": minor, "total_minor": minor}


def _blocks(main: Contract, title: str, body: list[dict[str, Any]], data: dict[str, Any]) -> list[dict[str, Any]]:
    with translation.override(main.language):
        intro = gettext(
            "This annex belongs to contract %(number)s, whose file has the SHA-256 %(document)s. Everything that it "
            "does not change stays as it was signed."
        )
        blocks = [{"kind": "text", "text": intro % data["annex_to"]}, {"kind": "heading", "text": title}]
        return blocks + body + (tables.price(data) if data["lines"] else [])


# -- The shoot moves --------------------------------------------------------------------------------------------------
def may_move(contract: Contract | None) -> bool:
    """Whether the contract itself says that a new date agreed on the customer's pages needs no further signature."""
    return contract is not None and contract.is_firm and bool((contract.data.get("moving") or {}).get("is_agreed"))


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
    evidence: dict[str, Any] | None = None,
) -> Contract | None:
    """The annex that follows a shoot from `was` to `at`; `minor` is what it costs more (negative: less). None where no
    contract is signed: there is nothing to amend.

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
    told = {"moved": {"was": was.isoformat(), "at": at.isoformat(), "minor": minor}}
    more: dict[str, Any] = {"needs_countersign": False} if accepted else {}
    try:
        row = _annex(customer, order, main, *_moved_words(main, was, at, minor, reason), told=told, **more)
    except Refusal as refusal:
        if refusal.code != "contract.unprintable":
            raise  # a smile in a reason must not keep a date from moving
        row = _annex(customer, order, main, *_moved_words(main, was, at, minor, ""), told=told, **more)
    if not accepted:
        return send_contract(actor=customer, contract=row)
    return _accepted(row, main, customer, {**(evidence or {}), **told["moved"]})


def _moved_words(
    main: Contract, was: dt.datetime, at: dt.datetime, minor: int, reason: str
) -> tuple[str, list[dict[str, Any]], list[dict[str, Any]]]:
    """Title, blocks and lines, in the contract's language and on the branch's wall clock."""
    with translation.override(main.language):
        return gettext("New shoot date"), _moved_blocks(main, was, at, minor, reason), _moved_lines(minor)


def _moved_blocks(main: Contract, was: dt.datetime, at: dt.datetime, minor: int, reason: str) -> list[dict[str, Any]]:
    branch = main.order.branch
    zone = clock.zone(branch.timezone)
    rows = [[gettext("Former shoot date"), _written(was.astimezone(zone))]]
    rows.append([gettext("New shoot date"), _written(at.astimezone(zone))])
    rows.append([gettext("Branch"), branch.name])
    if reason:
        rows.append([gettext("Reason"), " ".join(reason.split())])
    body: list[dict[str, Any]] = [{"kind": "pairs", "rows": rows}]
    if not minor:
        body.append({"kind": "text", "text": gettext("The price stays as it was signed.")})
    return body


def _moved_lines(minor: int) -> list[dict[str, Any]]:
    return [_line(gettext("Price difference of the new date"), minor)] if minor else []


def _written(at: dt.datetime) -> str:
    return f"{formats.date_format(at.date(), 'DATE_FORMAT')} {at:%H:%M}"


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
