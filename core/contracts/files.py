"""A contract's two files in the studio's store: what was signed, and the final one with its certificate."""

import hashlib

from core.contracts.compose import Composition, document
from core.contracts.models import Contract
from core.kernel import storage
from tenants.jobs import studio_job

PDF = "application/pdf"


def key(contract: Contract, sha256: str) -> str:
    """Named by content: a file is never written over by another."""
    return storage.key("contracts", contract.pk, f"{sha256}.pdf")


def composition(contract: Contract) -> Composition:
    """The words as they are kept with the contract."""
    return Composition(contract.title, contract.language, contract.blocks, contract.data)


def document_bytes(contract: Contract) -> bytes:
    """The exact file that was read and signed. Composed again where the store does not have it yet: equal words make
    equal bytes, and anything else is an error.
    """
    try:
        found = storage.get(key(contract, contract.document_sha256))
    except storage.Missing:
        found = document(composition(contract), number=contract.number, at=contract.composed_at)
    if hashlib.sha256(found).hexdigest() != contract.document_sha256:
        message = f"{contract.number}: the file is not the one that was composed"
        raise RuntimeError(message)
    return found


def final_bytes(contract: Contract) -> bytes:
    """The sealed file. Raises storage.Missing before there is one."""
    if not contract.sealed_sha256:
        raise storage.Missing(contract.number)
    return storage.get(key(contract, contract.sealed_sha256))


@studio_job(name="contracts.store_document")
def store_document(*, contract: int) -> None:
    """Put what was composed into the store."""
    row = Contract.objects.get(pk=contract)
    storage.put(key(row, row.document_sha256), document_bytes(row), content_type=PDF)
