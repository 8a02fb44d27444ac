"""The chain of evidence: every link hashes what it tells together with the link before it; the first one hangs on the
contract's own content. A row that was changed, taken out or put in breaks the chain from there on.
"""

import hashlib
import json
from typing import Any

from core.contracts.models import Contract, ContractTrace
from core.kernel import clock


def link(contract: Contract, kind: str, who: str = "", **facts: Any) -> ContractTrace:
    """Append to the chain of a contract whose row is locked."""
    last = contract.trail.order_by("-number").values_list("number", "hash").first()
    number, before = (last[0] + 1, last[1]) if last else (1, contract.content_sha256)
    trace = ContractTrace(
        contract=contract, number=number, kind=kind, who=who[:60], facts=facts, at=clock.now(), prev_hash=before
    )
    trace.hash = digest(contract.code, trace)
    trace.save()
    return trace


def digest(code: str, trace: ContractTrace) -> str:
    """SHA-256 of everything that the link tells, in one canonical text."""
    told = [code, trace.number, trace.kind, trace.who, trace.facts, trace.at.isoformat(), trace.prev_hash]
    return sha256(told)


def sha256(value: Any) -> str:
    """SHA-256 of a value's canonical JSON: anybody who has the value can compute it again."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def broken_at(contract: Contract) -> int:
    """The number of the first link that does not hold; 0 when the whole chain and the contract's content do."""
    if content_hash(contract) != contract.content_sha256:
        return 1
    before = contract.content_sha256
    for expected, trace in enumerate(contract.trail.order_by("number"), 1):
        if (trace.number, trace.prev_hash) != (expected, before) or digest(contract.code, trace) != trace.hash:
            return expected
        before = trace.hash
    return 0


def content_hash(contract: Contract) -> str:
    """Of the words and the facts as they are stored."""
    return sha256({"title": contract.title, "blocks": contract.blocks, "data": contract.data})
