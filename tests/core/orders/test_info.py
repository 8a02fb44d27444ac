"""Key information: every stage has its form, nothing required may be left out silently (R002)."""

import datetime as dt
import re

import pytest

from core.orders import info, services
from core.orders.enums import Stage
from core.orders.models import OrderStage
from tests.factories import make_order

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


def posted(form, **typed):
    """What a browser sends: the hidden inputs as shown, and every field with what was shown or typed."""
    hidden = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form.shown))
    visible = {name.removeprefix("initial-"): value for name, value in hidden.items()}
    return {**hidden, **visible, **typed}


@pytest.mark.parametrize("stage", Stage)
def test_what_was_not_touched_is_not_saved(db, stage):
    first = info.InfoForm(filled(stage), stage=stage)
    assert first.is_valid()
    shown = info.InfoForm(stage=stage, initial=first.info())
    again = info.InfoForm(posted(shown), stage=stage)
    assert again.is_valid(), again.errors
    assert again.info() == {}


def test_two_people_fill_one_stage_at_the_same_time(branch, clerk):
    order = make_order(branch=branch, actor=clerk, stage=Stage.PREPARATION)
    row = order.stages.get(stage=Stage.PREPARATION)
    shown = info.InfoForm(stage=Stage.PREPARATION, initial={**row.info, "crafts": "to be found"})
    for typed in ({"outfits": "Two gowns"}, {"makeup": "Korean", "crafts": ""}):
        form = info.InfoForm(posted(shown, **typed), stage=Stage.PREPARATION)
        assert form.is_valid()
        services.note_stage(actor=clerk, order=order, stage=Stage.PREPARATION, info=form.info())
    row.refresh_from_db()
    assert row.info == {"outfits": "Two gowns", "makeup": "Korean", "crafts": ""}
