"""Verbs: annexes to a signed contract. What was signed stays; the annex says what is different now."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from core.contracts import compose, tables
from core.contracts.enums import FIRM
from core.contracts.models import Contract
from core.contracts.moved import annex_line
from core.contracts.services.composing import store
from core.contracts.services.posting import refuse_beyond_limit
from core.kernel import states
from core.kernel.errors import Refusal
from core.orders.models import Order


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
    return annex(actor, order, main, title.strip(), body, [annex_line(name, minor) for name, minor in lines])


def annex(
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


def _blocks(main: Contract, title: str, body: list[dict[str, Any]], data: dict[str, Any]) -> list[dict[str, Any]]:
    with translation.override(main.language):
        intro = gettext(
            "This annex belongs to contract %(number)s, whose file has the SHA-256 %(document)s. Everything that it "
            "does not change stays as it was signed."
        )
        blocks = [{"kind": "text", "text": intro % data["annex_to"]}, {"kind": "heading", "text": title}]
        return blocks + body + (tables.price(data) if data["lines"] else [])
