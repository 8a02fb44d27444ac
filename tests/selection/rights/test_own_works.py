"""Works of the studio's own in the library, and the public page of what may be on the website."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.kernel import clock, storage
from core.kernel.events import Event
from selection.rights.enums import Purpose
from selection.rights.models import OwnWork, Release, Sample
from selection.rights.selectors import library, showcase_rows
from selection.rights.services import add_works, end_release, remove_sample, revoke_consent, tag_sample
from tests.factories import make_branch, make_staff
from tests.selection.pictures import jpeg
from tests.selection.rights.conftest import consent, take_in
from tests.selection.rights.test_consents import refused


def works(keeper, branch, **given):
    said = {"files": [("a.jpg", jpeg())], "whose": "模特 夏川", "evidence": "授权书 17", "purposes": ["online"]}
    return add_works(actor=keeper, branch=branch, **{**said, **given})


def address(sample, size="t"):
    return reverse("media:showcase", args=[sample.code, size])


@pytest.fixture
def branch(gallery):
    return gallery.order.branch


@pytest.fixture
def own(keeper, branch):
    return Sample.objects.get(work__release=works(keeper, branch, tags=["样片"], look="春"))


@pytest.fixture
def stored(gallery):
    """Bytes of photograph 1's marked pictures."""
    photo = gallery.photos.get(number=1)
    storage.put(f"{photo.rendition_key}/t.webp", b"proof", content_type="image/webp")
    yield photo
    storage.delete(f"{photo.rendition_key}/t.webp")


def sent(answer):
    return b"".join(answer.streaming_content)


# -- Own works --------------------------------------------------------------------------------------------------------
def test_own_works_come_in_declared_marked_and_without_their_original(keeper, branch, own):
    assert (own.kind, own.tags, own.look) == ("studio", ["样片"], "春")
    assert own.purpose_labels == [Purpose.ONLINE.label]
    assert storage.get(f"{own.work.rendition_key}/p.webp")[8:12] == b"WEBP"
    assert list(library()) == [own]
    assert Event.objects.get(kind="works.added").facts == {"photos": 1, "whose": "模特 夏川", "until": ""}


def test_nothing_comes_in_undeclared_or_half(keeper, branch):
    refused("works.undeclared", works, keeper, branch, whose=" ")
    refused("works.undeclared", works, keeper, branch, evidence="")
    refused("consent.no_purpose", works, keeper, branch, purposes=["other"])
    refused("until.unfit", works, keeper, branch, until=clock.now().date() - dt.timedelta(days=2))
    refused("works.malformed", works, keeper, branch, files=[])
    refused("works.unusable", works, keeper, branch, files=[("a.jpg", jpeg()), ("b.jpg", b"no picture")])
    assert not Release.objects.exists()
    assert not OwnWork.objects.exists()


def test_the_end_of_the_release_empties_library_and_page_at_once(keeper, own, anonymous, desk):
    staff, code = desk(keeper), reverse("media:sample", args=[own.code, "t"])
    assert sent(anonymous.get(address(own)))
    assert sent(staff.get(code))
    assert end_release(actor=keeper, release=own.work.release) == 1
    assert anonymous.get(address(own)).status_code == 404
    assert staff.get(code).status_code == 404
    refused("sample.gone", end_release, actor=keeper, release=own.work.release)


def test_its_last_day_ends_it_by_itself(keeper, branch):
    day = clock.now().date() + dt.timedelta(days=30)
    works(keeper, branch, until=day)
    assert library().count() == 1
    with clock.at(clock.now() + dt.timedelta(days=32)):
        assert not library().exists()


def test_own_works_are_tagged_and_taken_out_like_others_but_stay_studio_samples(keeper, own):
    tag_sample(actor=keeper, sample=own, tags=["夜景"], kind="customer")
    own.refresh_from_db()
    assert (own.kind, own.tags, own.words) == ("studio", ["夜景"], "春 · 夜景")
    remove_sample(actor=keeper, sample=own)
    assert not library().exists()


def test_the_form_takes_files_and_a_declaration(keeper, branch, desk):
    browser, path = desk(keeper), reverse("selection:own-works")
    browser.cookies["yl_csrf"] = "t" * 32
    token = {"X-CSRFToken": "t" * 32}
    said = {"whose": "模特", "evidence": "授权书", "purposes": ["online"], "branch": branch.pk, "tags": "样片"}

    def files():
        return [SimpleUploadedFile(f"{i}.jpg", jpeg(), "image/jpeg") for i in (1, 2)]

    assert browser.post(path, {**said, "pictures": files()}, headers=token).status_code == 422  # not declared
    answer = browser.post(path, {**said, "pictures": files(), "declared": "on"}, headers=token)
    assert answer.status_code == 302
    assert Sample.objects.filter(work__isnull=False).count() == 2
    page = browser.get(reverse("selection:sample", args=[Sample.objects.first().code])).content.decode()
    assert "授权书" in page


def test_only_those_who_keep_the_library_there_add_and_end(keeper, branch, own, desk):
    clerk = desk(make_staff("receptionist", branch))
    assert clerk.get(reverse("selection:own-works")).status_code == 403
    elsewhere = desk(make_staff("photographer", make_branch("别处", code="BC")))
    elsewhere.cookies["yl_csrf"] = "t" * 32
    path = reverse("selection:release-end", args=[own.work.release_id])
    assert elsewhere.post(path, headers={"X-CSRFToken": "t" * 32}).status_code == 403
    assert library().exists()


# -- The public page --------------------------------------------------------------------------------------------------
def test_everybody_sees_only_what_may_be_on_the_website(gallery, chooser, keeper, own, anonymous):
    consent(chooser, scope="single", numbers=[1], purposes=["store", "album"])
    take_in(keeper, gallery, 1)
    consent(chooser, scope="single", numbers=[2], purposes=["online"])
    (public,) = take_in(keeper, gallery, 2)
    assert set(showcase_rows()) == {own, public}
    page = anonymous.get("/works/").content.decode()
    assert page.count("/t.webp") == 2
    assert chooser.customer.name not in page
    assert gallery.order.code not in page


def test_the_page_is_narrowed_by_kind_and_tag(gallery, chooser, keeper, own, anonymous):
    consent(chooser, purposes=["online"])
    take_in(keeper, gallery, 1, 2, tags=["白纱"])
    for query, n in {"": 3, "?kind=studio": 1, "?kind=customer": 2, "?tag=白纱": 2, "?kind=studio&tag=白纱": 0}.items():
        assert anonymous.get(f"/works/{query}").content.decode().count("/t.webp") == n, query
    assert anonymous.get("/works/?kind=nonsense").content.decode().count("/t.webp") == 3


def test_revocation_takes_a_photo_off_at_once_even_from_a_kept_copy(gallery, chooser, keeper, stored, anonymous):
    signed = consent(chooser, purposes=["online"])
    (sample,) = take_in(keeper, gallery, 1)
    first = anonymous.get(address(sample))
    assert (sent(first), first["Cache-Control"]) == (b"proof", "private, no-cache")
    kept = {"if-none-match": first["ETag"]}
    assert anonymous.get(address(sample), headers=kept).status_code == 304
    revoke_consent(chooser=chooser, consent=signed)
    assert anonymous.get(address(sample)).status_code == 404
    assert anonymous.get(address(sample), headers=kept).status_code == 404
    assert anonymous.get(f"/works/{sample.code}/").status_code == 404
    assert "/t.webp" not in anonymous.get("/works/").content.decode()


def test_a_sample_that_is_not_for_the_website_has_no_public_address(gallery, chooser, keeper, stored, anonymous):
    consent(chooser, purposes=["store"])
    (sample,) = take_in(keeper, gallery, 1)
    assert anonymous.get(address(sample)).status_code == 404
    assert anonymous.get(f"/works/{sample.code}/").status_code == 404


def test_the_page_asks_the_same_few_questions_however_many_works(
    keeper, branch, own, anonymous, django_assert_max_num_queries
):
    anonymous.get("/works/")
    works(keeper, branch, files=[("b.jpg", jpeg()), ("c.jpg", jpeg())])
    with django_assert_max_num_queries(7):
        anonymous.get("/works/")
