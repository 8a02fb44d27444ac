"""A studio's colour is readable in every hue."""

import pytest

from tenants import brand


@pytest.mark.parametrize("hue", range(0, 360, 3))
def test_every_text_and_ground_differ_enough(hue):
    for (colour, on, soft), grounds in (
        (brand.light_set(hue), brand.LIGHT_GROUNDS),
        (brand.dark_set(hue), brand.DARK_GROUNDS),
    ):
        assert all(brand.contrast(colour, ground) >= 4.5 for ground in (*grounds, on, soft))


def test_contrast_of_known_colours():
    assert brand.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert brand.contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_house_colour_needs_no_stylesheet():
    assert brand.stylesheet(None) == ""
    assert brand.stylesheet(210).count("--brand:") == 3
