"""Static files get compressed twins once; the proxy only reads them."""

import gzip
from pathlib import Path

import pytest

from infra.processes import ServiceError
from infra.product import compress

SCRIPT = "export const answer = (question) => question.length;\n" * 40


def test_twins_are_smaller_equal_each_time_and_true(tmp_path: Path) -> None:
    path = tmp_path / "a b.js"
    path.write_text(SCRIPT)
    compress([path])
    twins = [tmp_path / f"a b.js.{kind}" for kind in ("gz", "br")]
    first = [twin.read_bytes() for twin in twins]
    assert gzip.decompress(first[0]) == SCRIPT.encode()
    assert all(len(body) < len(SCRIPT) / 5 for body in first)
    compress([path])
    assert [twin.read_bytes() for twin in twins] == first


def test_nothing_to_compress_is_fine_and_a_failure_says_why(tmp_path: Path) -> None:
    compress([])
    with pytest.raises(ServiceError, match=r"nowhere\.js"):
        compress([tmp_path / "nowhere.js"])
