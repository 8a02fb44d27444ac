"""Verbs: put a contract together. What it says is a snapshot; nothing changes it afterwards."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from core.contracts import compose, facts, files, trail
from core.contracts.enums import FIRM, OPEN, TRANSITIONS, ContractState, TraceKind
from core.contracts.models import Contract, ContractSigner, ContractTemplate
from core.contracts.selectors import clauses_of, template_for
from core.contracts.services.keeping import furnish, setting
from core.kernel import clock, codes, events, states
from core.kernel.errors import Refusal
from core.orders.enums import OrderState
from core.orders.models import Order

CODE_LENGTH = 12


@transaction.atomic
def compose_contract(
    *,
    actor: Any,
    order: Order,
    template: ContractTemplate | None = None,
    language: str = "",
    quote: Any = None,
    signers: Iterable[int] = (),
) -> Contract:
    """A draft for the order by a template (the closest of the language: the customer's, else the studio's).

    `quote` prices it (core.catalog.quotes), else the frozen terms; `signers` are customers on the order, else those of
    whom it is usually asked. An unsigned contract before it is replaced. Event CONTRACT_COMPOSED.
    Refusal order.closed | contract.signed | contract.no_template | contract.no_signer | contract.unprintable(char).
    """
    order = states.lock(order)
    if order.state != OrderState.OPEN:
        raise Refusal("order.closed", state=order.state)
    template = template or _template_for(order, language)
    data = facts.facts_of(order, setting(), quote)
    made = compose.compose(template.title, template.language, clauses_of(template, order.kind), data)
    _replace_open(order)
    number = f"{order.code}-C{order.contracts.filter(parent=None).count() + 1}"
    people = facts.signers_of(data["people"], signers)
    return store(actor, order, made, number, people, template=template)


def _template_for(order: Order, language: str) -> ContractTemplate:
    if not ContractTemplate.objects.exists():
        furnish()
    if found := template_for(order, language):
        return found
    raise Refusal("contract.no_template", language=language or order.customer.language)


def _replace_open(order: Order) -> None:
    """What was not signed yet ends; what was signed stays and is amended only."""
    for former in order.contracts.select_for_update().filter(parent=None, state__in=sorted(OPEN | FIRM)):
        if former.state in FIRM:
            raise Refusal("contract.signed", number=former.number)
        states.move(former, "state", ContractState.SUPERSEDED, TRANSITIONS)
        trail.link(former, TraceKind.SUPERSEDED)


def store(
    actor: Any,
    order: Order,
    made: compose.Composition,
    number: str,
    people: Sequence[dict[str, Any]],
    **more: Any,
) -> Contract:
    """The row, its signers, the first link of its evidence; its file is stored after the commit."""
    if not people:
        raise Refusal("contract.no_signer")
    at = clock.now().replace(microsecond=0)
    pdf = hashlib.sha256(compose.document(made, number=number, at=at)).hexdigest()
    contract = Contract.objects.create(
        code=codes.random_code(CODE_LENGTH),
        number=number,
        order=order,
        language=made.language,
        title=made.title,
        blocks=made.blocks,
        data=made.data,
        content_sha256=made.sha256,
        document_sha256=pdf,
        composed_by=actor if actor is not None and actor._meta.label_lower == "accounts.user" else None,
        composed_at=at,
        **{"needs_countersign": setting().needs_countersign, **more},
    )
    ContractSigner.objects.bulk_create(
        ContractSigner(
            contract=contract,
            customer_id=one["customer"],
            name=one["name"],
            part=one["part"],
            signs_for=one["signs_for"],
            position=position,
        )
        for position, one in enumerate(people)
    )
    trail.link(contract, TraceKind.COMPOSED, getattr(actor, "name", ""), document=pdf, clauses=made.data["clauses"])
    files.store_document.defer(contract=contract.pk)
    events.record(events.Kind.CONTRACT_COMPOSED, contract, actor, number=number, title=made.title)
    return contract
