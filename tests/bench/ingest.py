"""CPU of making a photograph's renditions, beside libvips making the same files and nothing else."""

import statistics
import time
from typing import Any

from infra.seed.pictures import sample_paths, vary
from selection.imaging import pyvips
from selection.renditions import GRID_EDGE, PROOF_EDGE, render

PHOTOS, MEGAPIXELS = 6, 16


def run() -> dict[str, Any]:
    """`ingest_ratio`: our renditions (checks, mark, colour, capture time) against libvips' own calls, taking turns."""
    samples = sample_paths()
    originals = [vary(samples[i % len(samples)], i, MEGAPIXELS) for i in range(PHOTOS)]
    render(originals[0], "热身 NS-2611-0001")
    ours, bare = [], []
    for original in originals * 2:
        bare.append(_cpu(lambda body=original: _bare(body)))
        ours.append(_cpu(lambda body=original: render(body, "光影映画 NS-2611-0184")))
    value, base = statistics.median(ours), statistics.median(bare)
    return {
        "ingest_ratio": {
            "value": round(value * 1000),
            "unit": "ms CPU",
            "baseline": round(base * 1000),
            "ratio": round(value / base, 2),
            "note": f"median of {len(ours)} JPEGs of {MEGAPIXELS} MP; baseline: thumbnail, two sizes, two WebP files",
        }
    }


def _cpu(call: Any) -> float:
    begun = time.process_time()
    call()
    return time.process_time() - begun


def _bare(original: bytes) -> None:
    proof = pyvips.Image.thumbnail_buffer(
        original, PROOF_EDGE, height=PROOF_EDGE, size="down", output_profile="srgb", fail_on="error"
    ).copy_memory()
    grid = proof.thumbnail_image(GRID_EDGE, height=GRID_EDGE, size="down")
    grid.webpsave_buffer(Q=75, effort=4, keep="none")
    proof.webpsave_buffer(Q=80, effort=2, keep="none")
