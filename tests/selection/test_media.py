"""Proof addresses: stable, cacheable, revocable, and never an original."""

import pytest

from core.kernel import storage
from selection.enums import GalleryState, PhotoState
from selection.models import Gallery
from selection.selectors import first_tiles, media_base, media_url
from tenants.context import in_studio
from tests.factories import make_branch, make_staff
from tests.selection.make import make_gallery


@pytest.fixture
def gallery(db):
    gallery = make_gallery(2)
    photo = gallery.photos.get(number=1)
    for size in "tp":
        storage.put(f"{photo.rendition_key}/{size}.webp", b"webp-" + size.encode(), content_type="image/webp")
    yield gallery
    storage.delete(*[f"{photo.rendition_key}/{size}.webp" for size in "tp"])


@pytest.fixture
def photo(gallery):
    return gallery.photos.get(number=1)


def body(answer):
    return b"".join(answer.streaming_content)


def test_a_proof_is_served_and_cached_for_a_year(gallery, photo, anonymous, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):  # 2 of them SET search_path
        answer = anonymous.get(media_url(gallery, photo, "p"))
    assert (answer.status_code, body(answer), answer["Content-Type"]) == (200, b"webp-p", "image/webp")
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies


def test_addresses_are_short_and_stable(gallery, photo):
    assert media_url(gallery, photo) == media_url(Gallery.objects.get(pk=gallery.pk), photo)
    assert len(media_url(gallery, photo)) < 50
    tile = first_tiles(gallery, 1)[0]
    assert (tile.src, tile.proof) == (media_url(gallery, photo, "t"), media_url(gallery, photo, "p"))


def test_behind_the_proxy_the_bytes_come_from_storage(gallery, photo, anonymous, settings):
    settings.MEDIA_ACCEL = True
    answer = anonymous.get(media_url(gallery, photo))
    assert answer["X-Accel-Redirect"].startswith(f"/_s3/{settings.S3['bucket']}/{photo.rendition_key}/t.webp?X-Amz-")
    assert (answer.content, answer["Content-Type"]) == (b"", "image/webp")


def test_whatever_is_wrong_is_404(gallery, photo, anonymous, other_studio):
    base = media_base(gallery)
    token = base.split("/")[3]
    other = make_gallery(1)
    for path in [
        f"{base}1-2/t.webp",
        f"{base}1-0/t.webp",
        f"{base}9-1/t.webp",
        f"{base}1-1/o.webp",
        f"{base}1-1/t.jpg",
        f"{base}1-1/..%2ft.webp",
        f"{base}2-1/t.webp",  # the row says ready, storage has nothing
        base,
        base.replace(token, "A" * 16) + "1-1/t.webp",
        base.replace(gallery.code, other.code) + "1-1/t.webp",
    ]:
        assert anonymous.get(path).status_code == 404, path
    with in_studio(other_studio):
        foreign = make_gallery(1)
    assert anonymous.get(media_url(foreign, photo)).status_code == 404


@pytest.mark.parametrize("state", [PhotoState.REMOVED, PhotoState.REFUSED, PhotoState.RECEIVED])
def test_a_photo_that_is_not_ready_is_404(gallery, photo, anonymous, state):
    photo.state = state
    photo.save()
    assert anonymous.get(media_url(gallery, photo)).status_code == 404


@pytest.mark.parametrize("state", [GalleryState.DRAFT, GalleryState.ARCHIVED])
def test_unpublished_proofs_are_for_the_branchs_staff_only(gallery, photo, anonymous, desk, state):
    gallery.state = state
    gallery.save()
    address = media_url(gallery, photo)
    assert anonymous.get(address).status_code == 404
    assert body(desk(make_staff("assistant", gallery.order.branch)).get(address)) == b"webp-t"
    assert desk(make_staff("assistant", make_branch())).get(address).status_code == 404


def test_a_submitted_gallery_still_shows_its_proofs(gallery, photo, anonymous):
    gallery.state = GalleryState.SUBMITTED
    gallery.save()
    assert body(anonymous.get(media_url(gallery, photo))) == b"webp-t"


def test_withdrawing_kills_every_address_at_once(gallery, photo, anonymous):
    from selection.services import withdraw_gallery

    old = media_url(gallery, photo)
    gallery = withdraw_gallery(actor=gallery.order.owner, gallery=gallery)
    gallery.state = GalleryState.OPEN
    gallery.save()
    assert anonymous.get(old).status_code == 404
    assert body(anonymous.get(media_url(gallery, photo))) == b"webp-t"
