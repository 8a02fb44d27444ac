"""Key information: every stage has its form, nothing required may be left out silently (R002)."""

import datetime as dt

import pytest

from core.orders import info
from core.orders.enums import Stage
from core.orders.models import OrderStage

CHOSEN = {"choice": lambda item: item.choices[0][0], "bool": lambda _item: True, "number": lambda item: item.low}
TYPED = {"text": "Two gowns", "longtext": "One\nTwo", "date": "2026-12-05", "money": "1,500.50"}


def filled(stage):
    def value(item):
        return CHOSEN[item.kind](item) if item.kind in CHOSEN else TYPED[item.kind]

    return {item.name: value(item) for item in info.FIELDS[stage]}


def test_every_stage_asks_for_something_and_names_are_unique():
    assert set(info.FIELDS) == set(Stage)
    for stage, items in info.FIELDS.items():
        assert any(item.required for item in items) or stage == Stage.SELECTION  # the gallery fills that one by itself
        assert len({item.name for item in items}) == len(items)


@pytest.mark.parametrize("stage", Stage)
def test_a_filled_form_is_kept_as_plain_values_and_shown_again(db, stage):
    form = info.InfoForm(filled(stage), stage=stage)
    assert form.is_valid(), form.errors
    kept = form.info()
    assert all(value is None or isinstance(value, str | int | bool) for value in kept.values())
    again = info.InfoForm(stage=stage, initial=kept)
    assert "150050" not in again.as_p()
    assert info.missing(OrderStage(stage=stage, info=kept)) == []


@pytest.mark.parametrize("stage", Stage)
def test_a_draft_may_be_empty_but_says_what_is_missing(db, stage):
    form = info.InfoForm({}, stage=stage)
    assert form.is_valid()
    row = OrderStage(stage=stage, info=form.info())
    required = [item.name for item in info.FIELDS[stage] if item.required]
    assert [item.name for item in info.missing(row)] == required
    assert [item.name for item in info.missing(OrderStage(stage=stage))] == required


def test_money_is_kept_in_minor_units_and_days_as_iso(db):
    form = info.InfoForm({"deposit": "1500.5", "balance_on": "2026-12-05"}, stage=Stage.SIGNING)
    assert form.is_valid()
    assert (form.info()["deposit"], form.info()["balance_on"]) == (150050, dt.date(2026, 12, 5).isoformat())


@pytest.mark.parametrize(
    ("stage", "field", "value"),
    [
        (Stage.AFTER_SALES, "satisfaction", "11"),
        (Stage.AFTER_SALES, "satisfaction", "0"),
        (Stage.SHOOT, "photos_taken", "-1"),
        (Stage.SHOOT, "quality", "brilliant"),
        (Stage.SIGNING, "deposit", "-5"),
        (Stage.PRODUCTION, "expected_on", "soon"),
    ],
)
def test_nonsense_is_refused_beside_its_field(db, stage, field, value):
    form = info.InfoForm({field: value}, stage=stage)
    assert not form.is_valid()
    assert list(form.errors) == [field]
