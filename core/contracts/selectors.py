"""Questions about contracts."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from core.contracts.enums import FIRM, SEALED, ContractState, SignerState
from core.contracts.fields import MOVING, uses
from core.contracts.models import Clause, Contract, ContractSigner, ContractTemplate
from core.contracts.provider import provider
from core.contracts.seal import Verdict
from core.kernel import clock
from core.orders.models import Order
from core.people.enums import Capability
from core.people.models import Customer
from tenants.context import current_studio

SOON = dt.timedelta(days=2)


def contract_of(order: Order) -> Contract | None:
    """The order's main contract: the one that stands, else the last one."""
    found = list(Contract.objects.filter(order=order, parent=None).order_by("-pk"))
    standing = (one for one in found if one.state in FIRM | {ContractState.DRAFT, ContractState.SENT})
    return next(standing, found[0] if found else None)


def is_signed(order: Order) -> bool:
    """Whether the order's contract is signed by everybody asked: what a firm booking needs."""
    return Contract.objects.filter(order=order, parent=None, state__in=sorted(FIRM)).exists()


def moved_minor(order: Order) -> int:
    """What the annexes of moved dates have changed of the price; those that wait for a signature count."""
    rows = Contract.objects.filter(order=order, state__in=sorted(FIRM | {ContractState.SENT}), data__has_key="moved")
    return sum(int(data["moved"]["minor"]) for data in rows.values_list("data", flat=True))


def contracts_of(order: Order) -> list[Contract]:
    """All of an order's contracts and annexes with their signers, the newest first."""
    found = Contract.objects.filter(order=order).select_related("parent").prefetch_related("signers")
    return list(found.order_by("-pk"))


def contract_for_staff(staff: Any, code: str) -> Contract | None:
    """The contract if staff see its order."""
    seen: Contract | None = contracts_for_staff(staff).filter(code=code).first()
    return seen


def contracts_for_staff(staff: Any) -> Any:
    """QuerySet of the contracts of the branches seen, newest first."""
    rows = Contract.objects.select_related("order__branch", "order__customer", "order__owner", "parent")
    return staff.scope(rows, Capability.VIEW_BOARD, "order__branch_id").prefetch_related("signers").order_by("-pk")


def signer_of(customer: Customer, code: str) -> ContractSigner | None:
    """The customer's own line on a contract that was sent; None for everybody else."""
    rows = ContractSigner.objects.filter(customer=customer, contract__code=code).exclude(contract__sent_at=None)
    return rows.select_related("contract__order__branch", "contract__order__customer", "customer").first()


def waiting_for(customer: Customer, order: Order) -> ContractSigner | None:
    """A contract of the order that this customer still has to sign, in time."""
    rows = ContractSigner.objects.filter(
        customer=customer,
        contract__order=order,
        contract__state=ContractState.SENT,
        contract__expires_at__gt=clock.now(),
        state=SignerState.WAITING,
    )
    return rows.select_related("contract").order_by("contract__pk").first()


def papers_of(customer: Customer, order: Order) -> list[Contract]:
    """The contracts of an order that this customer was asked to sign, newest first; drafts are the studio's."""
    rows = Contract.objects.filter(order=order, signers__customer=customer).exclude(sent_at=None)
    return list(rows.exclude(state__in=[ContractState.WITHDRAWN, ContractState.SUPERSEDED]).order_by("-pk"))


def expiring(staff: Any) -> list[Contract]:
    """Contracts that were sent and whose time ends soon, the most urgent first."""
    soon = contracts_for_staff(staff).filter(state=ContractState.SENT, expires_at__lt=clock.now() + SOON)
    return list(soon.order_by("expires_at")[:50])


def to_countersign(staff: Any) -> list[Contract]:
    """Contracts that everybody else has signed and the studio has not, where the staff member may."""
    rows = contracts_for_staff(staff).filter(state=ContractState.SIGNED, needs_countersign=True)
    return list(staff.scope(rows, Capability.COUNTERSIGN, "order__branch_id").order_by("signed_at")[:50])


def templates_for(order: Order, language: str) -> list[ContractTemplate]:
    """The templates that fit an order, the closest first: its own kind before those for every kind."""
    found = ContractTemplate.objects.filter(Q(kind="") | Q(kind=order.kind), language=language, is_active=True)
    return sorted(found, key=lambda one: (one.kind == "", one.pk))


def template_for(order: Order, language: str = "") -> ContractTemplate | None:
    """The closest template of the language: the one asked for, else the customer's, else the studio's, else Chinese."""
    studio = current_studio().language
    for wanted in (language or order.customer.language or studio, studio, "zh-hans"):
        if found := templates_for(order, wanted):
            return found[0]
    return None


def clauses_of(template: ContractTemplate, kind: str = "") -> list[Clause]:
    """The clauses of a contract made by the template, in order: its own, and the required ones of language and kind."""
    wanted = Q(templates=template) | Q(is_required=True, language=template.language)
    found = Clause.objects.filter(wanted, Q(kind="") | Q(kind=kind or template.kind), is_active=True)
    return list(found.distinct().order_by("position", "pk"))


def without_moving_terms() -> list[ContractTemplate]:
    """Templates in use whose wording does not say how a date is moved: each move has to be signed."""
    saying = [one for one in Clause.objects.filter(is_active=True) if uses(one.text, MOVING)]
    rows = ContractTemplate.objects.filter(is_active=True).prefetch_related("clauses")
    return [row for row in rows if not any(_belongs(clause, row) for clause in saying)]


def _belongs(clause: Clause, template: ContractTemplate) -> bool:
    """As `clauses_of` has it, for a contract of the template's own kind."""
    wanted = clause in template.clauses.all() or (clause.is_required and clause.language == template.language)
    return wanted and clause.kind in ("", template.kind)


def proven(code: str) -> Contract | None:
    """The contract whose certificate names this code; what binds somebody, or told them, is anybody's to ask for."""
    found: Contract | None = Contract.objects.filter(code=code, state__in=sorted(SEALED)).first()
    return found


@dataclass(frozen=True, slots=True)
class Recognition:
    """What is known of a file. `which`: "document" (what was signed) or "final" (with the certificate); "" unknown."""

    contract: Contract | None
    which: str
    verdict: Verdict


def recognise(pdf: bytes) -> Recognition:
    """Find the contract whose exact file this is; else say what the file's own seal says."""
    digest = hashlib.sha256(pdf).hexdigest()
    found = Contract.objects.filter(Q(document_sha256=digest) | Q(sealed_sha256=digest)).first()
    if found is None:
        return Recognition(None, "", provider().examine(pdf))
    which = "final" if found.sealed_sha256 == digest else "document"
    return Recognition(found, which, Verdict(sealed=which == "final", ours=True, intact=True))
