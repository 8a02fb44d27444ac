"""The pricing function: exact, only growing by what was shown, never above the frozen terms."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.pricing import ORIGINALS, Rule, as_tiers, bill, lowered, refuse_unsound_tiers
from core.kernel.errors import Refusal

calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine is shared
PRICES = st.integers(0, 10**7)
TIERS = st.dictionaries(st.integers(2, 60), PRICES, max_size=5).map(lambda found: tuple(sorted(found.items())))


@st.composite
def rules(draw, number=0):
    return Rule(number, "frame", f"slot {number}", draw(st.integers(0, 50)), draw(PRICES), draw(TIERS))


@st.composite
def terms(draw):
    """Rules, counts, the price of all originals, whether they are taken."""
    found = [draw(rules(number)) for number in range(draw(st.integers(1, 6)))]
    used = {rule.number: draw(st.integers(0, 120)) for rule in found}
    return found, used, draw(st.none() | PRICES), draw(st.booleans())


@calm
@given(terms())
def test_the_total_is_the_sum_of_lines_and_each_line_of_its_steps(told):
    found, used, originals, taken = told
    result = bill(found, used, originals_minor=originals, takes_originals=taken)
    assert result.total_minor == sum(line.total_minor for line in result.lines)
    for line in result.lines:
        assert line.total_minor == sum(count * each for count, each in line.steps)
        assert line.extra == sum(count for count, _each in line.steps)
        assert all(count > 0 for count, _each in line.steps)
        assert type(line.total_minor) is int
    assert (ORIGINALS in {line.slot for line in result.lines}) == (originals is not None and taken)


@calm
@given(rules(), st.integers(0, 120))
def test_one_more_costs_what_was_shown_before(rule, used):
    now, then = bill([rule], {0: used}), bill([rule], {0: used + 1})
    assert then.total_minor - now.total_minor == now.lines[0].next_minor
    assert then.total_minor >= now.total_minor


@calm
@given(rules(), st.integers(0, 50))
def test_nothing_is_charged_within_what_is_included(rule, used):
    line = bill([rule], {0: min(used, rule.included)}).lines[0]
    assert (line.extra, line.steps, line.total_minor) == (0, [], 0)


@calm
@given(rules(), st.integers(0, 120))
def test_every_extra_has_the_price_of_its_place(rule, used):
    """Beside the arithmetic by tiers: one by one."""
    total = sum(rule.price_of(nth) for nth in range(1, max(0, used - rule.included) + 1))
    assert bill([rule], {0: used}).total_minor == total


@calm
@given(terms(), PRICES)
def test_lowering_never_raises(told, price):
    found, used, _originals, _taken = told
    for rule in found:
        rows = lowered([{"from": start, "price_minor": each} for start, each in rule.tiers], price)
        cheaper = Rule(rule.number, rule.kind, rule.name, rule.included, min(rule.extra_minor, price), as_tiers(rows))
        assert bill([cheaper], used).total_minor <= bill([rule], used).total_minor


@calm
@given(terms())
def test_a_hint_is_about_a_cheaper_way(told):
    found, used, originals, taken = told
    result = bill(found, used, originals_minor=originals, takes_originals=taken)
    by_number = {rule.number: rule for rule in found}
    for hint in result.hints:
        if hint.kind == "originals":
            assert not taken
            assert hint.price_minor < hint.instead_minor == result.lines[0].total_minor
        else:
            rule, line = by_number[hint.slot], next(line for line in result.lines if line.slot == hint.slot)
            assert hint.at > line.extra > 0
            assert rule.price_of(hint.at) == hint.price_minor < rule.price_of(line.extra)


def test_an_example_by_hand():
    """40 included at 60.00, from the 6th extra on 40.00, from the 11th on 30.00; 52 chosen: 5×60 + 5×40 + 2×30."""
    rule = Rule(0, "retouched", "", 40, 6000, ((6, 4000), (11, 3000)))
    frame = Rule(1, "frame", "大框", 1, 38000)
    result = bill([rule, frame], {0: 52, 1: 2}, originals_minor=50000)
    assert result.lines[0].steps == [[5, 6000], [5, 4000], [2, 3000]]
    assert [line.total_minor for line in result.lines] == [56000, 38000]
    assert (result.total_minor, result.lines[0].next_minor) == (94000, 3000)
    assert [(hint.kind, hint.price_minor, hint.instead_minor) for hint in result.hints] == [("originals", 50000, 56000)]
    assert json.loads(json.dumps(result.lines[0].as_json()))["steps"] == [[5, 6000], [5, 4000], [2, 3000]]


def test_the_next_tier_is_named_before_it_is_reached():
    rule = Rule(0, "retouched", "", 40, 6000, ((6, 4000),))
    assert [(h.kind, h.at, h.price_minor) for h in bill([rule], {0: 42}).hints] == [("next_tier", 6, 4000)]
    assert bill([rule], {0: 40}).hints == bill([rule], {0: 46}).hints == []


@pytest.mark.parametrize(
    "rows",
    [
        [{"from": 1, "price_minor": 1}],
        [{"from": 3, "price_minor": 1}, {"from": 3, "price_minor": 0}],
        [{"from": 3, "price_minor": -1}],
        [{"from": 3, "price_minor": 1.5}],
        [{"from": True, "price_minor": 1}],
        [{"price_minor": 1}],
        [{"from": n, "price_minor": 1} for n in range(2, 8)],
    ],
)
def test_unsound_tiers_are_refused(rows):
    with pytest.raises(Refusal, match="tiers.unsound"):
        refuse_unsound_tiers(rows)
