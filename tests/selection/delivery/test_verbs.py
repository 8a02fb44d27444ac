"""Handing over, extending, granting, ending, reviving."""

import datetime as dt

import pytest

from core.kernel import clock, events, storage
from core.kernel.errors import Refusal
from core.messaging.models import OutboxMessage
from core.orders.models import Order
from selection.delivery import services
from selection.delivery.models import Delivery, Download, FileGrant, PreparedFile
from selection.delivery.parcels import parts_here
from selection.delivery.selectors import cold_galleries_of, delivered_to, files_of, taken_keys
from selection.enums import GalleryState
from selection.models import Gallery
from selection.selectors import galleries_of
from tests.jobs import run_jobs
from tests.selection.delivery.make import deliver, put_original, signed_gallery
from tests.selection.make import main_chooser, make_gallery
from tests.selection.pictures import jpeg


def today(gallery):
    return clock.today(gallery.order.branch.timezone)


def days(gallery, n):
    return today(gallery) + dt.timedelta(days=n)


def refused(code, verb, **told):
    before = events.Event.objects.count()
    with pytest.raises(Refusal, match=code) as caught:
        verb(**told)
    assert events.Event.objects.count() == before
    return caught.value.facts


def kinds():
    return list(events.Event.objects.order_by("-pk").values_list("kind", flat=True)[:3])


def messages(template):
    return OutboxMessage.objects.filter(template=template)


# -- Handing over -----------------------------------------------------------------------------------------------------
def test_delivery_tells_everybody_and_is_on_the_board(signed):
    owner = signed.order.owner
    delivery = services.deliver_gallery(actor=owner, gallery=signed, checked_by=owner, note="肤色好")
    signed.refresh_from_db()
    assert signed.state == GalleryState.DELIVERED
    assert (delivery.until, delivery.checked_by, delivery.check_note) == (days(signed, 365), owner, "肤色好")
    assert events.Event.objects.latest("pk").kind == events.Kind.GALLERY_DELIVERED
    assert Order.objects.get(pk=signed.order_id).progress["gallery_state"] == "delivered"
    message = messages("photos_delivered").get()
    assert (message.facts["photos"], message.facts["link"].endswith(f"/gallery/{signed.code}/delivery/")) == (3, True)


def test_the_days_of_the_contract_count(signed):
    Order.objects.filter(pk=signed.order_id).update(terms={**signed.order.terms, "access_days": 90})
    assert deliver(Gallery.objects.get(pk=signed.pk)).until == days(signed, 90)


def test_the_job_learns_every_file_and_paints_unmarked_pictures(signed):
    final, body = signed.finals.first(), jpeg()
    storage.put(final.original_key, body, content_type="image/jpeg")
    signed.finals.filter(pk=final.pk).update(size=len(body))
    deliver(signed, prepared=False)
    assert not parts_here(signed)
    assert "selection.prepare_delivery" in run_jobs()
    assert PreparedFile.objects.count() == 3
    folder = PreparedFile.objects.get(key=final.original_key).preview
    assert all(storage.get(f"{folder}/{size}.webp")[8:12] == b"WEBP" for size in "tp")
    assert len(parts_here(signed)) == 1
    assert services.prepare_files(signed) == 0


def test_nobody_delivers_what_nobody_looked_at(signed):
    refused("delivery.unchecked", services.deliver_gallery, actor=None, gallery=signed, checked_by=None)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("n", [-1, 5000])
def test_the_last_day_is_a_sensible_one(signed, n):
    told = {"actor": None, "gallery": signed, "checked_by": signed.order.owner, "until": days(signed, n)}
    refused("until.unfit", services.deliver_gallery, **told)


@pytest.mark.parametrize("state", sorted(set(GalleryState) - {GalleryState.SIGNED_OFF, GalleryState.ARCHIVED}))
def test_only_a_signed_gallery_is_delivered(signed, state):
    Gallery.objects.filter(pk=signed.pk).update(state=state)
    signed.refresh_from_db()
    told = {"actor": None, "gallery": signed, "checked_by": signed.order.owner}
    refused("state.forbidden", services.deliver_gallery, **told)


def test_a_final_whose_bytes_are_gone_or_others_hinders_it(signed):
    one, two, _three = signed.finals.order_by("number")
    storage.delete(one.original_key)
    storage.put(two.original_key, b"short", content_type="image/jpeg")
    told = {"actor": None, "gallery": signed, "checked_by": signed.order.owner}
    facts = refused("delivery.final_missing", services.deliver_gallery, **told)
    assert facts == {"numbers": [one.photo.number, two.photo.number], "n": 2}
    signed.finals.filter(number=one.number).update(md5="0" * 32)
    refused("delivery.final_missing", services.deliver_gallery, **told)


# -- Longer, and more -------------------------------------------------------------------------------------------------
def test_access_is_extended(gallery):
    owner = gallery.order.owner
    services.extend_access(actor=owner, gallery=gallery, until=days(gallery, 400))
    services.extend_access(actor=owner, gallery=gallery, until=days(gallery, 400))
    assert Delivery.objects.get().until == days(gallery, 400)
    assert events.Event.objects.filter(kind="delivery.extended").count() == 1
    refused("until.unfit", services.extend_access, actor=owner, gallery=gallery, until=days(gallery, -1))


def test_a_manager_grants_originals_with_a_reason(gallery):
    owner = gallery.order.owner
    told = {"actor": owner, "gallery": gallery}
    refused("reason.missing", services.grant_files, **told, originals="all", reason=" ")
    refused("grant.unknown", services.grant_files, **told, originals="", reason="x")
    put_original(gallery, 1, b"raw-one")
    services.grant_files(**told, originals="chosen", reason="老客户")
    assert [file.what for file in files_of(gallery)] == ["f1", "f2", "f3", "o1", "o2", "o3"]
    refused("grant.needless", services.grant_files, **told, originals="chosen", reason="x")
    services.grant_files(**told, originals="all", reason="补偿")
    assert len(files_of(gallery)) == 7
    assert FileGrant.objects.count() == 2


def test_the_bundle_of_the_submission_gives_all_originals(gallery):
    submission = gallery.submissions.get()
    line = {"slot": -1, "kind": "originals", "total_minor": 0}
    gallery.submissions.filter(pk=submission.pk).update(lines=[*submission.lines, line])
    assert [file.what for file in files_of(gallery)][3:] == ["o1", "o2", "o3", "o4"]


# -- The end ----------------------------------------------------------------------------------------------------------
def test_archiving_ends_access_and_deletes_nothing(gallery):
    customer = main_chooser(gallery).customer
    epoch, kept = gallery.media_epoch, gallery.finals.count()
    services.archive_gallery(actor=gallery.order.owner, gallery=gallery)
    gallery.refresh_from_db()
    assert (gallery.state, gallery.media_epoch, gallery.finals.count()) == (GalleryState.ARCHIVED, epoch + 1, kept)
    assert delivered_to(customer, gallery.code) is None
    assert not galleries_of(customer).exists()
    assert cold_galleries_of(customer).get() == gallery
    assert all(storage.head(final.original_key) for final in gallery.finals.all())
    refused("state.forbidden", services.archive_gallery, actor=None, gallery=gallery)


def test_reviving_needs_a_reason_and_tells_the_customer(gallery):
    services.archive_gallery(actor=None, gallery=gallery)
    told = {"actor": gallery.order.owner, "gallery": gallery, "until": days(gallery, 30)}
    refused("reason.missing", services.revive_gallery, **told, reason="")
    services.revive_gallery(**told, reason="客户要求", price="¥100")
    gallery.refresh_from_db()
    assert gallery.state == GalleryState.DELIVERED
    assert events.Event.objects.latest("pk").facts["price_text"] == "¥100"
    assert messages("photos_delivered").count() == 2
    assert delivered_to(main_chooser(gallery).customer, gallery.code)


def test_only_what_was_delivered_is_revived(db):
    gallery = make_gallery(1, GalleryState.ARCHIVED)
    told = {"actor": None, "gallery": gallery, "until": days(gallery, 30), "reason": "x"}
    refused("state.forbidden", services.revive_gallery, **told)


# -- The daily job ----------------------------------------------------------------------------------------------------
def ends_in(gallery, n):
    Delivery.objects.filter(gallery=gallery).update(until=days(gallery, n), warned=None)


@pytest.mark.parametrize(("left", "warned"), [(31, None), (30, 30), (29, 30), (8, 30), (7, 7), (2, 7), (1, 1), (0, 1)])
def test_customers_are_warned_once_at_the_tightest_step(gallery, left, warned):
    ends_in(gallery, left)
    assert services.tend_deliveries() == {"warned": int(warned is not None), "archived": 0}
    assert services.tend_deliveries() == {"warned": 0, "archived": 0}
    assert Delivery.objects.get().warned == warned
    assert messages("delivery_ending").count() == int(warned is not None)


def test_each_step_is_told_and_an_extension_starts_anew(gallery):
    for left in (30, 7, 1):
        Delivery.objects.update(until=days(gallery, left))
        services.tend_deliveries()
    assert messages("delivery_ending").count() == 3
    services.extend_access(actor=None, gallery=gallery, until=days(gallery, 29))
    assert services.tend_deliveries()["warned"] == 1


def fetched(gallery, what, etag, total, first=0, sent=None):
    Download.objects.create(
        gallery=gallery, customer=main_chooser(gallery).customer, what=what, name="x", etag=etag, total=total,
        first=first, wanted=total - first, sent=total - first if sent is None else sent, begun_at=clock.now(),
    )  # fmt: skip


def test_whoever_has_everything_is_not_bothered(gallery):
    ends_in(gallery, 7)
    part = parts_here(gallery)[0]
    fetched(gallery, part.what, part.etag, part.size, sent=part.size // 2)
    assert not taken_keys(gallery, files_of(gallery), parts_here(gallery))
    fetched(gallery, part.what, part.etag, part.size, first=part.size // 2)
    assert services.tend_deliveries() == {"warned": 0, "archived": 0}
    assert not messages("delivery_ending").exists()


def test_single_files_count_too_and_what_is_left_is_said(gallery):
    ends_in(gallery, 7)
    file = files_of(gallery)[0]
    fetched(gallery, file.what, file.md5, file.size)
    services.tend_deliveries()
    assert messages("delivery_ending").get().facts["photos"] == 2


def test_the_day_after_the_last_one_it_is_archived(gallery):
    ends_in(gallery, -1)
    assert services.tend_deliveries() == {"warned": 0, "archived": 1}
    assert services.tend_deliveries() == {"warned": 0, "archived": 0}
    gallery.refresh_from_db()
    assert gallery.state == GalleryState.ARCHIVED
    assert events.Event.objects.latest("pk").actor_kind == "system"


def test_two_galleries_do_not_stand_in_each_others_way(gallery):
    other = signed_gallery()
    deliver(other)
    ends_in(gallery, -1)
    ends_in(other, 7)
    assert services.tend_deliveries() == {"warned": 1, "archived": 1}
