"""What a designer is warned of before print."""

from types import SimpleNamespace

import pytest

from selection.album.fitness import concerns


def spreads(*sizes):
    return [SimpleNamespace(pk=i, width=w, height=h) for i, (w, h) in enumerate(sizes, start=1)]


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ([(4800, 2400)] * 3, {}),
        ([(4800, 2400), (4800, 2400), (4800, 3200)], {3: ["ratio"]}),
        ([(4800, 2400), (4800, 2400), (4000, 2000)], {3: ["size"]}),
        ([(4800, 2400), (4800, 2400), (2000, 1500)], {3: ["ratio", "small"]}),
        ([(2000, 1000)] * 2, {1: ["small"], 2: ["small"]}),
        ([(4800, 2400), (4800, 3200)], {1: ["ratio"], 2: ["ratio"]}),
        ([(4800, 2400), (0, 0)], {}),
        ([], {}),
    ],
)
def test_the_usual_is_what_most_spreads_share(sizes, said):
    assert concerns(spreads(*sizes)) == said
