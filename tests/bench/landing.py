"""The platform's first page under Lighthouse (mobile): what a studio owner waits before reading."""

import statistics
from typing import Any
from urllib.parse import urlsplit

from tests.bench import gallery as lighthouse
from tests.bench._tls import tls_door
from tests.bench.scene import furnished_studio, running_product

ROUNDS = 3
GOAL = 1500


def run() -> dict[str, Any]:
    """`landing_lcp_ms` over TLS and HTTP/2, as visitors come, with the plan table filled."""
    with furnished_studio("门面"), running_product() as stack:
        host = str(urlsplit(stack.url).hostname)
        with tls_door(host, stack.port) as door:
            reports = [lighthouse.report_of(f"{door}/", "") for _ in range(ROUNDS)]
    paint = lighthouse.audit(reports, lighthouse.PAINT)
    score = statistics.median(report["categories"]["performance"]["score"] * 100 for report in reports)
    note = f"Lighthouse mobile, simulated slow 4G, TLS and HTTP/2, median of {ROUNDS}; {score:.0f} points"
    return {
        "landing_lcp_ms": {
            "value": round(paint, 1),
            "unit": "ms",
            "baseline": GOAL,
            "ratio": round(paint / GOAL, 2),
            "note": note,
        }
    }
