"""The clip of a story: by the photographs' door, looked at, shown and saved only as the story's rules say."""

import datetime as dt
import hashlib

import pytest
import pyvips

from core.kernel import clock, events, storage
from core.kernel.errors import Refusal
from infra.seed.film import box, film
from selection.delivery import services
from selection.delivery.addresses import clean_token, download_base, download_url
from selection.delivery.clips import CLIPS, process_clip
from selection.delivery.models import Clip, Download, Story
from selection.delivery.mp4 import Unplayable, film_of
from selection.models import Gallery
from selection.services import Announced, complete_uploads, sign_uploads, sweep_uploads
from selection.services.photos import KEEP_REMOVED
from tests.factories import make_staff
from tests.selection.make import main_chooser


def clip_bytes(shade=90, codec=b"avc1"):
    picture = pyvips.Image.black(32, 32, bands=3).linear(0, [shade, 40, 160]).cast("uchar").copy(interpretation="srgb")
    return film([(picture, 1500), (picture, 1500)], codec)


def upload(gallery, body, name="婚礼.mp4"):
    """Announced, sent, confirmed, looked at."""
    told = Announced(name, len(body), hashlib.md5(body).hexdigest())
    [answer] = sign_uploads(actor=gallery.order.owner, gallery=gallery, files=[told], intake=CLIPS)
    if answer.status == "refused":
        return answer.code
    clip = Clip.objects.get(gallery=gallery, number=answer.photo)
    storage.put(clip.original_key, body, content_type="video/mp4")
    complete_uploads(actor=gallery.order.owner, gallery=gallery, numbers=[clip.number], intake=CLIPS)
    process_clip(clip_id=clip.pk)
    clip.refresh_from_db()
    return clip


def tell(gallery, **changes):
    given = {"title": "雾", "text": "一", "numbers": [1], "published": True, **changes}
    return services.save_story(actor=gallery.order.owner, gallery=gallery, **given)


def bounded(body):
    return film_of(lambda first, last: body[first : last + 1], len(body))


def sent(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def address(gallery, clip):
    return f"/m/{gallery.code}/{clean_token(gallery)}/v{clip.number}.mp4"


@pytest.fixture
def clip(gallery):
    tell(gallery)
    return upload(gallery, clip_bytes())


# -- What is taken ----------------------------------------------------------------------------------------------------
def test_a_film_says_how_large_and_how_long_it_is():
    found = bounded(clip_bytes())
    assert (found.width, found.height, found.seconds) == (32, 32, 3)


def sound(kind):
    """A sound track as AAC (0x40) or MP3 (0x6B)."""
    config = b"\x03\x19\x00\x01\x00" + b"\x04\x11" + bytes([kind]) + bytes(12)
    entry = box(b"mp4a", bytes(28), box(b"esds", bytes(4), config))
    table = box(b"stbl", box(b"stsd", bytes(7) + b"\x01", entry))
    return box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), b"soun", bytes(13)), box(b"minf", table)))


def with_sound(kind):
    body, track = clip_bytes(), sound(kind)
    at = body.index(b"moov") - 4
    length = int.from_bytes(body[at : at + 4])
    return body[:at] + box(b"moov", body[at + 8 : at + length], track) + body[at + length :]


def test_aac_is_sound_that_phones_play_and_mp3_is_not():
    assert bounded(with_sound(0x40)).seconds == 3
    with pytest.raises(Unplayable) as caught:
        bounded(with_sound(0x6B))
    assert caught.value.code == "clip_codec"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"\xff\xd8\xff" + bytes(200), "not_a_clip"),
        (b"\x1a\x45\xdf\xa3" + bytes(200), "not_a_clip"),  # WebM
        (clip_bytes(codec=b"hvc1"), "clip_codec"),
        (clip_bytes()[:-7], "truncated"),
        (clip_bytes().replace(b"moov", b"free"), "not_a_clip"),
        (clip_bytes().replace(b"trak", b"\xff" * 4), "not_a_clip"),
        (bytes(8), "not_a_clip"),
        (b"\x00\x00\x00\x08ftyp" * 300, "not_a_clip"),
    ],
)
def test_what_phones_cannot_play_is_refused_with_its_reason(body, code):
    with pytest.raises(Unplayable) as caught:
        bounded(body)
    assert caught.value.code == code


def test_a_wrong_name_too_many_and_too_large_are_refused_before_a_byte_is_sent(gallery):
    assert upload(gallery, clip_bytes(), "film.mov") == "not_a_clip"
    files = [Announced(f"{i}.mp4", 10, f"{i}" * 32) for i in (1, 2)]
    with pytest.raises(Refusal, match="uploads.too_many"):
        sign_uploads(actor=None, gallery=gallery, files=files, intake=CLIPS)
    large = Announced("a.mp4", 301 * 1024 * 1024, "a" * 32)
    [answer] = sign_uploads(actor=None, gallery=gallery, files=[large], intake=CLIPS)
    assert answer.code == "clip_too_large"
    assert not Clip.objects.exists()


def test_a_picture_called_mp4_is_refused_and_frees_its_place(gallery):
    before = Gallery.objects.get(pk=gallery.pk).stored_bytes
    refused = upload(gallery, b"\xff\xd8\xff" + bytes(500))
    assert (refused.state, refused.refusal) == ("refused", "not_a_clip")
    assert Gallery.objects.get(pk=gallery.pk).stored_bytes == before


def test_photographs_do_not_come_in_by_the_clips_door_nor_clips_by_theirs(gallery):
    told = Announced("a.jpg", 10, "a" * 32)
    [answer] = sign_uploads(actor=None, gallery=gallery, files=[told], intake=CLIPS)
    assert answer.code == "not_a_clip"


# -- Standing, removed, put back --------------------------------------------------------------------------------------
def test_a_new_clip_takes_the_place_and_the_former_can_be_put_back(gallery, clip):
    newer = upload(gallery, clip_bytes(shade=50), "新.mp4")
    clip.refresh_from_db()
    assert (clip.state, newer.state) == ("removed", "ready")
    services.restore_clip(actor=None, gallery=gallery)
    clip.refresh_from_db()
    newer.refresh_from_db()
    assert (clip.state, clip.purge_at, newer.state) == ("ready", None, "removed")
    kinds = list(events.Event.objects.values_list("kind", flat=True))
    assert kinds.count("clip.ready") == 2
    assert "clip.restored" in kinds


def test_a_removed_clip_is_purged_after_a_week_and_gives_its_bytes_back(gallery, clip, anonymous):
    stored = Gallery.objects.get(pk=gallery.pk).stored_bytes
    services.remove_clip(actor=None, gallery=gallery)
    assert anonymous.get(address(gallery, clip)).status_code == 404
    with pytest.raises(Refusal, match=r"clip\.gone"):
        services.remove_clip(actor=None, gallery=gallery)
    with clock.at(clock.now() + KEEP_REMOVED * 1.1):
        assert sweep_uploads(CLIPS)["purged"] == 1
    assert not Clip.objects.exists()
    assert Gallery.objects.get(pk=gallery.pk).stored_bytes == stored - clip.size
    with pytest.raises(storage.Missing):
        storage.head(clip.original_key)
    with pytest.raises(Refusal, match=r"clip\.gone"):
        services.restore_clip(actor=None, gallery=gallery)


# -- Shown ------------------------------------------------------------------------------------------------------------
def test_any_range_is_answered(gallery, clip, anonymous):
    body = clip_bytes()
    whole = anonymous.get(address(gallery, clip))
    assert (whole["Content-Type"], whole["Accept-Ranges"], sent(whole)) == ("video/mp4", "bytes", body)
    part = anonymous.get(address(gallery, clip), headers={"range": "bytes=10-19"})
    assert (part.status_code, sent(part)) == (206, body[10:20])
    assert part["Content-Range"] == f"bytes 10-19/{len(body)}"
    assert anonymous.get(address(gallery, clip), headers={"range": f"bytes={len(body)}-"}).status_code == 416
    head = anonymous.head(address(gallery, clip))
    assert (head.status_code, head.content, head["Cache-Control"]) == (200, b"", "private, no-store")


def test_behind_the_proxy_the_proxy_sends_it(gallery, clip, anonymous, settings):
    settings.MEDIA_ACCEL = True
    answer = anonymous.get(address(gallery, clip), headers={"range": "bytes=10-19"})
    assert clip.original_key in answer["X-Accel-Redirect"]
    assert answer["Content-Type"] == "video/mp4"


def test_a_shared_link_shows_it_until_it_is_taken_back(gallery, clip, anonymous):
    customer = main_chooser(gallery).customer
    story = services.share_story(customer=customer, gallery=gallery, shared=True)
    path = f"/m/story/{story.share_code}/v{clip.number}.mp4"
    assert anonymous.get(path, headers={"range": "bytes=0-3"}).status_code == 206
    assert anonymous.get(path.replace(f"v{clip.number}", f"v{clip.number + 1}")).status_code == 404
    services.share_story(customer=customer, gallery=gallery, shared=False)
    assert anonymous.get(path).status_code == 404


def test_unpublished_expired_or_archived_it_is_gone_for_customers(gallery, clip, anonymous):
    path = address(gallery, clip)
    tell(gallery, published=False)
    assert anonymous.get(path).status_code == 404
    tell(gallery)
    assert anonymous.get(path).status_code == 200
    with clock.at(clock.now() + dt.timedelta(days=400)):
        assert anonymous.get(path).status_code == 404
    services.archive_gallery(actor=None, gallery=gallery)
    assert anonymous.get(path).status_code == 404
    gallery.refresh_from_db()
    assert anonymous.get(address(gallery, clip)).status_code == 404


# -- Saved ------------------------------------------------------------------------------------------------------------
def test_saving_it_is_logged_and_asks_everything_again(gallery, clip, anonymous):
    base = download_base(gallery, main_chooser(gallery).customer.pk)
    path = download_url(base, f"v{clip.number}", clip.file_name)
    answer = anonymous.get(path, headers={"range": "bytes=5-"})
    assert (answer.status_code, sent(answer)) == (206, clip_bytes()[5:])
    assert answer["Content-Disposition"].startswith("attachment")
    row = Download.objects.get()
    assert (row.what, row.first, row.sent) == (f"v{clip.number}", 5, clip.size - 5)
    assert anonymous.get(path.replace(f"/v{clip.number}/", f"/zv{clip.number}/")).status_code == 404
    Story.objects.update(published_at=None)
    assert anonymous.get(path).status_code == 404


# -- The desk ---------------------------------------------------------------------------------------------------------
def test_staff_upload_and_remove_it_from_the_storys_page(gallery, desk):
    clerk = desk(make_staff("receptionist", gallery.order.branch))
    path = f"/console/galleries/{gallery.code}/story/"
    assert "data-uploader" in clerk.get(path).content.decode()
    clerk.cookies["yl_csrf"] = "t" * 32
    token = {"X-CSRFToken": "t" * 32}
    sign = f"/api/galleries/{gallery.code}/clips/"
    body = clip_bytes()
    files = [{"name": "a.mp4", "size": len(body), "md5": hashlib.md5(body).hexdigest()}]
    answer = clerk.post(sign, {"files": files}, content_type="application/json", headers=token)
    assert answer.json()["files"][0]["status"] == "send"
    clip = upload(gallery, body)
    page = clerk.get(f"{path}clip/").content.decode()
    assert f"/v{clip.number}.mp4" in page
    assert clerk.get(address(gallery, clip)).status_code == 200  # before there is a story
    clerk.post(f"{path}clip/removal/", headers=token)
    assert "restoration" in clerk.get(f"{path}clip/").content.decode()
    clerk.post(f"{path}clip/restoration/", headers=token)
    assert Clip.objects.get().state == "ready"


def test_the_photographer_has_no_business_with_it(gallery, desk):
    camera = desk(make_staff("photographer", gallery.order.branch))
    assert camera.get(f"/console/galleries/{gallery.code}/story/clip/").status_code == 403
    sign = f"/api/galleries/{gallery.code}/clips/"
    camera.cookies["yl_csrf"] = "t" * 32
    answer = camera.post(sign, {"files": []}, content_type="application/json", headers={"X-CSRFToken": "t" * 32})
    assert answer.status_code == 403
