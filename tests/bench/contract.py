"""A contract from the order's rows to the PDF, and to the sealed file with its certificate."""

import time
from collections.abc import Callable
from typing import Any

from core.contracts import compose, facts, files, finishing
from core.contracts.provider import provider
from core.contracts.selectors import clauses_of
from core.contracts.services.keeping import setting
from core.kernel.signature import Signature
from tests.bench.scene import furnished_studio
from tests.core.contracts.make import HAND, make_contract, make_couple, sign

ROUNDS = 9


def run() -> dict[str, Any]:
    """`contract_pdf_ms`: queries, words, typst with changing text; baseline: the same file once more (typst's memory).
    `contract_final_ms`: certificate page, second rendering, PAdES seal.
    """
    with furnished_studio("合同") as _studio:
        contract = make_contract(make_couple())
        plain = files.composition(contract)
        value = _median(lambda: _composed(contract))
        baseline = _median(lambda: compose.document(plain, number="1", at=contract.composed_at))
        sign(contract, 0, signature=Signature("陈晓雨", HAND))
        sign(contract, 1)
        contract.refresh_from_db()
        final = _median(lambda: provider().seal(finishing.final_document(contract), reason="x", place="y"))
        size = len(_composed(contract)) // 1024
    return {
        "contract_pdf_ms": {
            "value": round(value, 1),
            "unit": "ms",
            "baseline": round(baseline, 1),
            "ratio": round(value / baseline, 2),
            "note": f"rows to {size} KB of PDF/A-2b, warm; baseline: unchanged text",
        },
        "contract_final_ms": {
            "value": round(final, 1),
            "unit": "ms",
            "baseline": round(value, 1),
            "ratio": round(final / value, 2),
            "note": "with certificate page and PAdES seal; baseline: contract_pdf_ms",
        },
    }


_count = iter(range(10**6))


def _composed(contract: Any) -> bytes:
    """As when staff press the button: facts, clauses, words, file; the text differs each time."""
    order = contract.order
    order.note = f"第 {next(_count)} 次"
    data = facts.facts_of(order, setting())
    made = compose.compose(contract.title, "zh-hans", clauses_of(contract.template, order.kind), data)
    return compose.document(made, number=f"{contract.number}-{order.note}", at=contract.composed_at)


def _once(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _median(work: Callable[[], Any]) -> float:
    return sorted(_once(work) for _ in range(ROUNDS))[ROUNDS // 2]
