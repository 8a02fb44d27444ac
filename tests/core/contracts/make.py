"""Contracts for tests, by the verbs that the product uses."""

import datetime as dt
import secrets
from typing import Any

from core.contracts import services
from core.contracts.models import Contract, ContractSigner
from core.kernel import clock
from core.kernel.signature import Signature
from core.orders.enums import PersonPart
from core.people import login
from core.people.enums import CodePurpose
from core.people.models import PhoneCode
from tests.factories import make_customer, make_order

HAND = {"h": 400, "strokes": [[100, 100, 300, 120, 500, 300], [600, 50, 600, 350]]}
CODE = "135790"


def make_couple(**fields: Any) -> Any:
    """An order of a couple: 陈晓雨 (main) and 林一舟."""
    order = make_order(customer=fields.pop("customer", None) or make_customer("陈晓雨"), **fields)
    order.people.create(customer=make_customer("林一舟"), part=PersonPart.GROOM)
    return order


def make_contract(order: Any = None, *, sent: bool = True, **fields: Any) -> Contract:
    order = order or make_order(customer=make_customer("陈晓雨"))
    fields.setdefault("language", "zh-hans")
    contract = services.compose_contract(actor=order.owner, order=order, **fields)
    return services.send_contract(actor=order.owner, contract=contract) if sent else contract


def signer_of(contract: Contract, position: int = 0) -> ContractSigner:
    rows = contract.signers.select_related("customer", "contract__order__branch", "contract__order__customer")
    found: ContractSigner = rows.get(position=position)
    return found


def code_for(signer: ContractSigner, code: str = CODE) -> str:
    """As if a message with this code had come to their phone."""
    phone = signer.customer.phone
    expires = clock.now() + dt.timedelta(minutes=5)
    told = {"purpose": CodePurpose.SIGNING, "code_hash": login.code_hash(phone, code), "expires_at": expires}
    PhoneCode.objects.create(phone=phone, **told)
    return code


def address() -> str:
    return f"10.{secrets.randbelow(250)}.{secrets.randbelow(250)}.{secrets.randbelow(250)}"


def sign(contract: Contract, position: int = 0, **given: Any) -> ContractSigner:
    signer = signer_of(contract, position)
    told = {
        "signature": Signature(signer.name),
        "seen": contract.document_sha256,
        "address": address(),
        "evidence": {"agent": "test"},
        **given,
    }
    return services.sign(signer=signer, code=told.pop("code", None) or code_for(signer), **told)
