"""A gallery's life: made from the order's frozen terms, published, taken back; its bin; its originals."""

import datetime as dt

import pytest
from django.db.utils import IntegrityError

from core.kernel import clock, storage
from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.messaging.models import OutboxMessage
from core.orders.enums import Stage
from core.orders.models import OrderPerson
from core.people.staff import staff_of
from selection import services
from selection.enums import GALLERY_TRANSITIONS, GalleryState, PhotoState
from selection.models import Gallery, OriginalAccess, Photo
from selection.selectors import (
    galleries_for_staff,
    galleries_of,
    gallery_for_customer,
    gallery_for_staff,
    picked_photos,
    tiles,
)
from tests.factories import make_branch, make_customer, make_order, make_staff
from tests.selection.make import add_photos, main_chooser, make_gallery, pick

TOMORROW = dt.timedelta(days=1)


def today():
    return clock.today("Asia/Shanghai")


@pytest.fixture
def actor(db):
    return make_staff("selection_adviser")


# -- Made -------------------------------------------------------------------------------------------------------------
def test_a_gallery_freezes_the_orders_terms_and_seats_everybody(actor):
    order = make_order(stage=Stage.SELECTION)
    partner = make_customer()
    OrderPerson.objects.create(order=order, customer=partner, part="groom")
    gallery = services.create_gallery(actor=actor, order=order)
    assert (gallery.state, gallery.included, gallery.extra_photo_minor) == (GalleryState.DRAFT, 50, 6000)
    seats = dict(gallery.choosers.values_list("customer_id", "is_main"))
    assert seats == {order.customer_id: True, partner.pk: False}
    assert Event.objects.get(kind="gallery.created").stream == order.event_stream


def test_an_order_has_one_gallery(actor):
    gallery = make_gallery()
    with pytest.raises(Refusal, match="gallery.exists"):
        services.create_gallery(actor=actor, order=gallery.order)
    assert Gallery.objects.count() == 1


@pytest.mark.parametrize(("included", "price"), [(-1, 0), (0, -1)])
def test_terms_cannot_be_negative(db, included, price):
    with pytest.raises(IntegrityError):
        make_gallery(included=included, extra_photo_minor=price)


# -- Published and taken back -----------------------------------------------------------------------------------------
def test_publishing_opens_tells_everybody_and_moves_the_order(actor, studio):
    order = make_order(stage=Stage.SHOOT)
    gallery = make_gallery(3, GalleryState.DRAFT, order=order)
    services.publish_gallery(actor=actor, gallery=gallery, deadline=today() + TOMORROW)
    gallery.refresh_from_db()
    order.refresh_from_db()
    assert (gallery.state, order.stage) == (GalleryState.OPEN, Stage.SELECTION)
    message = OutboxMessage.objects.get(template="gallery_ready")
    assert (message.to, message.facts["photos"]) == (order.customer.phone, 3)
    link = message.facts["link"]
    assert f"/s/{studio.slug}/" in link
    assert link.endswith(f"{gallery.code}/")
    assert Event.objects.get(kind="gallery.published").facts["photos"] == 3
    assert order.progress["gallery"] == gallery.code


def test_publishing_walks_an_early_order_through_every_stage(actor):
    order = make_order(stage=Stage.ENQUIRY)
    gallery = make_gallery(3, GalleryState.DRAFT, order=order)
    services.publish_gallery(actor=actor, gallery=gallery, deadline=None)
    order.refresh_from_db()
    assert order.stage == Stage.SELECTION
    moves = Event.objects.filter(kind="order.moved", thread=order.event_thread).order_by("seq")
    stages = [str(stage) for stage in Stage][: Stage.SELECTION.number + 1]
    assert [move.facts["target"] for move in moves] == stages[1:]
    assert not order.stages.filter(entered_at=None, stage__in=stages).exists()


def test_publishing_does_not_pull_a_later_order_back(actor):
    order = make_order(stage=Stage.PRODUCTION)
    gallery = make_gallery(3, GalleryState.DRAFT, order=order)
    services.publish_gallery(actor=actor, gallery=gallery, deadline=None)
    order.refresh_from_db()
    assert order.stage == Stage.PRODUCTION


def test_publishing_again_changes_the_deadline_and_tells_nobody_twice(actor):
    gallery = make_gallery(3, GalleryState.DRAFT)
    services.publish_gallery(actor=actor, gallery=gallery, deadline=today())
    services.publish_gallery(actor=actor, gallery=gallery, deadline=today() + TOMORROW)
    gallery.refresh_from_db()
    assert gallery.deadline == today() + TOMORROW
    assert gallery.order.stages.get(stage=Stage.SELECTION).due_on == today() + TOMORROW
    assert OutboxMessage.objects.count() == 1


@pytest.mark.parametrize(
    ("photos", "state", "days", "code"),
    [
        (0, GalleryState.DRAFT, 1, "gallery.empty"),
        (1, GalleryState.DRAFT, -1, "deadline.past"),
        (1, GalleryState.SUBMITTED, 1, "state.forbidden"),
        (1, GalleryState.ARCHIVED, 1, "state.forbidden"),
    ],
)
def test_publishing_is_refused(actor, photos, state, days, code):
    gallery = make_gallery(photos, state)
    with pytest.raises(Refusal, match=code):
        services.publish_gallery(actor=actor, gallery=gallery, deadline=today() + dt.timedelta(days=days))
    gallery.refresh_from_db()
    assert (gallery.state, OutboxMessage.objects.count()) == (state, 0)


def test_withdrawing_hides_it_and_revokes_addresses(actor):
    gallery = make_gallery(1)
    services.withdraw_gallery(actor=actor, gallery=gallery)
    gallery.refresh_from_db()
    assert (gallery.state, gallery.media_epoch) == (GalleryState.DRAFT, 2)
    assert not galleries_of(gallery.order.customer).exists()
    assert Event.objects.filter(kind="gallery.withdrawn").exists()


@pytest.mark.parametrize("state", [GalleryState.DRAFT, GalleryState.SUBMITTED, GalleryState.ARCHIVED])
def test_only_an_open_gallery_is_withdrawn(actor, state):
    gallery = make_gallery(1, state)
    with pytest.raises(Refusal, match="state.forbidden"):
        services.withdraw_gallery(actor=actor, gallery=gallery)
    gallery.refresh_from_db()
    assert (gallery.state, gallery.media_epoch) == (state, 1)


def test_only_a_revival_leads_out_of_the_archive():
    assert set(GALLERY_TRANSITIONS) == set(GalleryState)
    assert GALLERY_TRANSITIONS[GalleryState.ARCHIVED] == {GalleryState.DELIVERED}


# -- Who sees ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", list(GalleryState))
def test_a_customer_sees_published_galleries_of_their_orders(db, state):
    gallery = make_gallery(1, state)
    partner, stranger = make_customer(), make_customer()
    OrderPerson.objects.create(order=gallery.order, customer=partner, part="groom")
    published = state not in {GalleryState.DRAFT, GalleryState.ARCHIVED}
    for customer, sees in ((gallery.order.customer, published), (partner, published), (stranger, False), (None, False)):
        assert (gallery_for_customer(customer, gallery.code) == gallery) is sees
    assert list(galleries_of(gallery.order.customer)) == ([gallery] if published else [])


def test_staff_see_their_branches(db):
    gallery = make_gallery()
    here, there = make_staff("assistant", gallery.order.branch), make_staff("assistant", make_branch())
    assert gallery_for_staff(staff_of(here), gallery.code) == gallery
    assert gallery_for_staff(staff_of(there), gallery.code) is None
    assert not galleries_for_staff(staff_of(there)).exists()
    assert gallery_for_staff(staff_of(make_staff("owner")), gallery.code) == gallery


def test_tiles_carry_what_was_said_and_asked(db, django_assert_max_num_queries):
    gallery = make_gallery(5)
    chooser = main_chooser(gallery)
    pick(chooser, (1, 2, "yes"), (2, 4, "no"))
    services.save_note(chooser=chooser, number=2, text="去痘", tags=["瘦脸"], device="phone", op=1)
    with django_assert_max_num_queries(3):
        found = tiles(gallery, chooser)
    assert [tile.value for tile in found] == ["", "yes", "", "no", ""]
    assert [(tile.number, tile.note, tile.tags) for tile in picked_photos(gallery)] == [(2, "去痘", ("瘦脸",))]


# -- The bin ----------------------------------------------------------------------------------------------------------
def test_removing_and_restoring_keeps_counts_exact(actor):
    gallery = make_gallery(4, included=1, extra_photo_minor=6000)
    chooser = main_chooser(gallery)
    pick(chooser, (1, 1, "yes"), (2, 2, "yes"), (3, 3, "maybe"))
    photo = gallery.photos.get(number=1)
    services.withdraw_gallery(actor=actor, gallery=gallery)
    services.remove_photo(actor=actor, photo=photo)
    gallery.refresh_from_db()
    chooser.refresh_from_db()
    assert (gallery.photo_count, chooser.yes, chooser.maybe) == (3, 1, 1)
    services.restore_photo(actor=actor, photo=photo)
    gallery.refresh_from_db()
    chooser.refresh_from_db()
    assert (gallery.photo_count, chooser.yes, chooser.maybe) == (4, 2, 1)
    kinds = list(Event.objects.filter(stream=gallery.event_stream).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["photo.picked", "photo.removed", "photo.restored"]


@pytest.mark.parametrize("value", ["yes", "maybe"])
def test_what_a_customer_wants_does_not_vanish_under_their_fingers(actor, value):
    gallery = make_gallery(4)
    pick(main_chooser(gallery), (1, 1, value), (2, 2, "no"))
    with pytest.raises(Refusal, match="photo.chosen"):
        services.remove_photo(actor=actor, photo=gallery.photos.get(number=1))
    assert gallery.photos.get(number=1).state == PhotoState.READY
    services.remove_photo(actor=actor, photo=gallery.photos.get(number=2))
    assert gallery.photos.get(number=2).state == PhotoState.REMOVED


def test_the_same_bytes_uploaded_meanwhile_block_the_way_back(actor):
    gallery = make_gallery(1)
    photo = gallery.photos.get()
    services.remove_photo(actor=actor, photo=photo)
    again = add_photos(gallery, 1)[0]
    Photo.objects.filter(pk=again.pk).update(md5=photo.md5)
    with pytest.raises(Refusal, match="photo.duplicate"):
        services.restore_photo(actor=actor, photo=photo)
    photo.refresh_from_db()
    assert photo.state == PhotoState.REMOVED


def test_what_was_purged_or_never_ready_does_not_return(actor):
    gallery = make_gallery(1)
    [pending] = add_photos(gallery, 1, PhotoState.PENDING)
    Photo.objects.filter(pk=pending.pk).update(rendition_rev=0)
    ready = gallery.photos.get(number=1)
    for photo in (pending, ready):
        services.remove_photo(actor=actor, photo=photo)
    with pytest.raises(Refusal, match="photo.settled"):
        services.restore_photo(actor=actor, photo=pending)
    with clock.at(clock.now() + dt.timedelta(days=8)), pytest.raises(Refusal, match="photo.settled"):
        services.restore_photo(actor=actor, photo=ready)


@pytest.mark.parametrize("verb", [services.remove_photo, services.restore_photo])
def test_a_submitted_gallery_keeps_its_photographs(actor, verb):
    gallery = make_gallery(1, GalleryState.SUBMITTED)
    with pytest.raises(Refusal, match="gallery.locked"):
        verb(actor=actor, photo=gallery.photos.get())
    assert gallery.photos.get().state == PhotoState.READY


# -- Originals --------------------------------------------------------------------------------------------------------
def test_an_original_is_opened_for_five_minutes_and_written_down(actor):
    gallery = make_gallery(1)
    photo = gallery.photos.get()
    storage.put(photo.original_key, b"original", content_type="image/jpeg")
    url = services.open_original(actor=actor, photo=photo, address="10.0.0.7")
    assert "X-Amz-Expires=300&" in url
    assert "response-content-disposition=attachment" in url
    access = OriginalAccess.objects.get()
    assert (access.photo, access.user, access.address) == (photo, actor, "10.0.0.7")
    assert Event.objects.get(kind="original.opened").facts == {"photo": 1, "file_name": photo.file_name}
    storage.delete(photo.original_key)


@pytest.mark.parametrize("state", [PhotoState.PENDING, PhotoState.REFUSED, PhotoState.REMOVED])
def test_there_is_no_way_to_an_original_that_is_not_there(actor, state):
    photo = add_photos(make_gallery(), 1, state)[0]
    with pytest.raises(Refusal, match="photo.settled"):
        services.open_original(actor=actor, photo=photo, address=None)
    assert not OriginalAccess.objects.exists()
