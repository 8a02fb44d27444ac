"""Measurements of real pictures."""

import random

import pytest
from PIL import Image, ImageFilter

from core.kernel import storage
from selection.culling.likeness import distance
from selection.culling.services import fill_facts
from selection.enums import GalleryState
from selection.models import PhotoFacts
from selection.renditions import measure, measure_grid, render
from tests.jobs import run_jobs
from tests.selection.make import make_gallery, upload
from tests.selection.pictures import jpeg, saved


def scene(seed: int = 1, width: int = 1500, height: int = 1000) -> Image.Image:
    """Blocks of light and dark with fine grain: something to be sharp about."""
    dice = random.Random(seed)
    small = Image.new("L", (12, 8))
    small.putdata([dice.randrange(30, 225) for _ in range(96)])
    grain = Image.effect_noise((width, height), 40)
    return Image.blend(small.resize((width, height)), grain, 0.3).convert("RGB")


def test_the_same_scene_is_alike_and_another_is_not():
    one, moved = measure(jpeg(scene())), measure(jpeg(scene().crop((12, 8, 1500, 1000))))
    other = measure(jpeg(scene(7)))
    assert distance(one.likeness, moved.likeness) <= 10
    assert distance(one.likeness, other.likeness) > 16


def test_a_blurred_picture_is_less_sharp():
    picture = scene()
    sharp, soft = measure(jpeg(picture)), measure(jpeg(picture.filter(ImageFilter.GaussianBlur(4))))
    assert soft.sharpness < sharp.sharpness / 4


def test_sharpness_does_not_depend_on_the_cameras_pixels():
    """Beyond the size at which it is measured."""
    large = measure(jpeg(scene(width=3000, height=2000).resize((1600, 1066)).resize((3200, 2132))))
    small = measure(jpeg(scene(width=3000, height=2000).resize((1600, 1066))))
    assert 0.5 < large.sharpness / small.sharpness < 2


@pytest.mark.parametrize(("tone", "field"), [(255, "blown"), (0, "blocked")])
def test_light_and_shadow_without_drawing_are_counted(tone, field):
    picture = scene()
    picture.paste((tone, tone, tone), (0, 0, 750, 1000))
    assert 450 <= getattr(measure(jpeg(picture)), field) <= 560


@pytest.mark.parametrize("picture", [scene().convert("L"), scene(width=210, height=1400), scene(width=800, height=400)])
def test_odd_shapes_and_grey_are_measured(picture):
    sight = render(saved(picture, "PNG"), "星野 NS-1").sight
    assert sight.sharpness > 0
    assert -(2**63) <= sight.likeness < 2**63


def test_processing_keeps_what_it_saw(db):
    gallery = make_gallery(state=GalleryState.DRAFT)
    upload(gallery, ("DSC_1.jpg", jpeg(scene())))
    run_jobs()
    facts = PhotoFacts.objects.get(photo__gallery=gallery)
    assert facts.sharpness > 100
    assert facts.likeness == measure(jpeg(scene())).likeness or facts.likeness is not None


def test_gaps_are_filled_from_the_original_or_from_the_grid_or_not_at_all(db):
    gallery = make_gallery(3)
    whole, proof, nothing = gallery.photos.order_by("number")
    grid = render(jpeg(scene()), "星野 NS-1").grid
    storage.put(whole.original_key, jpeg(scene()), content_type="image/jpeg")
    storage.put(f"{proof.rendition_key}/t.webp", grid, content_type="image/webp")
    try:
        assert fill_facts() == 3
        assert fill_facts() == 0
    finally:
        storage.delete(whole.original_key, f"{proof.rendition_key}/t.webp")
    assert whole.facts.sharpness > 100
    assert (proof.facts.sharpness, proof.facts.likeness) == (None, measure_grid(grid).likeness)
    assert (nothing.facts.sharpness, nothing.facts.likeness) == (None, None)


def test_the_gaps_are_looked_for_in_every_studio():
    from tenants import jobs

    jobs.discover()
    assert ("selection.fill_facts.each", "*/10 * * * *") in [(name, cron) for name, cron, _run in jobs.PERIODIC]
