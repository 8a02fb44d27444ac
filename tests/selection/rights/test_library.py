"""The sample library: consented photographs only, found by words and tags, dead at the moment of revocation."""

import pytest
from django.urls import reverse

from core.kernel import storage
from core.kernel.errors import Refusal
from selection.enums import PhotoState
from selection.rights.models import Sample
from selection.rights.selectors import Wanted, library, pictured, popular_tags, search
from selection.rights.services import remove_sample, revoke_consent, tag_sample
from selection.rights.tags import parsed
from selection.services import remove_photo
from tests.factories import make_branch, make_staff
from tests.selection.make import main_chooser
from tests.selection.retouch.make import add_final, submitted_gallery
from tests.selection.rights.conftest import consent, take_in
from tests.selection.rights.test_consents import refused


@pytest.fixture
def stored(gallery):
    """Bytes of photograph 1, so that the door has something to give."""
    photo = gallery.photos.get(number=1)
    storage.put(f"{photo.rendition_key}/t.webp", b"proof", content_type="image/webp")
    yield photo
    storage.delete(f"{photo.rendition_key}/t.webp")


def address(sample, size="t"):
    return reverse("media:sample", args=[sample.code, size])


def test_only_what_consent_covers_comes_in_all_or_none(gallery, chooser, keeper):
    refused("sample.no_consent", take_in, keeper, gallery, 1)
    consent(chooser, scope="single", numbers=[1, 2])
    assert refused("sample.no_consent", take_in, keeper, gallery, 1, 3, 4) == {"numbers": [3, 4]}
    refused("sample.malformed", take_in, keeper, gallery)
    refused("sample.malformed", take_in, keeper, gallery, 1, kind="other")
    assert not Sample.objects.exists()
    assert len(take_in(keeper, gallery, 1, 2)) == 2


def test_taken_in_twice_it_is_one_sample_with_all_tags(gallery, chooser, keeper):
    consent(chooser)
    (first,) = take_in(keeper, gallery, 1, tags=["白纱"])
    (again,) = take_in(keeper, gallery, 1, tags=["Outdoor", "＃白纱"])
    assert (again.pk, again.tags) == (first.pk, ["白纱", "outdoor"])


def test_revocation_kills_the_address_and_a_new_consent_brings_it_back_only_by_hand(
    gallery, chooser, keeper, stored, desk
):
    signed = consent(chooser)
    (sample,) = take_in(keeper, gallery, 1)
    browser = desk(keeper)
    answer = browser.get(address(sample))
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, b"proof")
    assert answer["Cache-Control"] == "private, no-store"
    revoke_consent(chooser=chooser, consent=signed)
    assert browser.get(address(sample)).status_code == 404
    assert browser.get(reverse("selection:sample", args=[sample.code])).status_code == 404
    consent(chooser)
    assert browser.get(address(sample)).status_code == 404
    (new,) = take_in(keeper, gallery, 1)
    assert new.code != sample.code
    assert browser.get(address(new)).status_code == 200


def test_the_door_is_for_staff_only(gallery, chooser, keeper, stored, anonymous, phone):
    consent(chooser)
    (sample,) = take_in(keeper, gallery, 1)
    for browser in (anonymous, phone(chooser.customer)):
        assert browser.get(address(sample)).status_code == 302


def test_a_photograph_that_customers_no_longer_see_leaves_the_library(gallery, chooser, keeper):
    consent(chooser)
    take_in(keeper, gallery, 1)
    gallery.photos.filter(number=1).update(state=PhotoState.HIDDEN)
    assert not library().exists()


def test_the_newest_final_that_was_sent_is_shown(gallery, chooser, keeper):
    consent(chooser)
    (sample,) = take_in(keeper, gallery, 1)
    assert pictured([sample])[sample.pk].rendition_key == gallery.photos.get(number=1).rendition_key
    final = add_final(gallery, 1)
    assert pictured(library())[sample.pk] != final


def test_found_by_word_tag_season_purpose_branch_and_kind(gallery, chooser, keeper):
    consent(chooser, purposes=["store"])
    take_in(keeper, gallery, 1, tags=["森系", "Veil Shot"])
    take_in(keeper, gallery, 2, tags=["森系"], kind="studio")
    other = submitted_gallery(2, (1,))
    consent(main_chooser(other))
    take_in(make_staff("owner"), other, 1, tags=["海边"])

    def numbers(**wanted):
        return sorted((row.photo.gallery_id == other.pk, row.photo.number) for row in search(Wanted(**wanted)))

    assert numbers() == [(False, 1), (False, 2), (True, 1)]
    assert numbers(text="VEIL") == numbers(tag="veil  shot") == [(False, 1)]
    assert numbers(tag="森系") == numbers(branch=gallery.order.branch_id) == [(False, 1), (False, 2)]
    assert numbers(kind="studio") == [(False, 2)]
    assert numbers(purpose="online") == [(True, 1)]
    assert numbers(season="winter", text="海边") == [(True, 1)]  # the factories' shoots are in December
    assert numbers(season="summer") == []
    assert popular_tags() == ["森系", "veil shot", "海边"]


def test_tags_have_one_form():
    assert parsed("＃白纱，外景、  Sea  Side ;sea side,, " + "长" * 30) == ["白纱", "外景", "sea side", "长" * 20]


def test_tagging_and_taking_out(gallery, chooser, keeper):
    consent(chooser)
    (sample,) = take_in(keeper, gallery, 1)
    assert tag_sample(actor=keeper, sample=sample, tags=["逆光"], kind="studio").words.startswith("逆光")
    remove_sample(actor=keeper, sample=sample)
    assert not library().exists()
    for verb in (lambda: remove_sample(actor=keeper, sample=sample), lambda: tag_sample(
        actor=keeper, sample=sample, tags=[], kind="studio"
    )):  # fmt: skip
        with pytest.raises(Refusal, match=r"sample\.gone"):
            verb()


def test_the_library_asks_the_same_few_questions_however_much_is_in_it(
    gallery, chooser, keeper, desk, django_assert_max_num_queries
):
    consent(chooser)
    take_in(keeper, gallery, 1, 2, 3)
    browser = desk(keeper)
    browser.get(reverse("selection:library"))
    with django_assert_max_num_queries(22):  # among them SET search_path, session, staff, the page's frame
        page = browser.get(reverse("selection:library") + "?q=外景").content.decode()
    assert page.count("/m/library/") == 3
    assert gallery.order.customer.name not in page


def test_keeping_is_for_the_photographs_own_branch(gallery, chooser, keeper, desk):
    consent(chooser)
    (sample,) = take_in(keeper, gallery, 1)
    elsewhere = desk(make_staff("photographer", make_branch()))
    assert elsewhere.get(reverse("selection:sample", args=[sample.code])).status_code == 200
    assert elsewhere.send("post", reverse("selection:sample-removal", args=[sample.code])).status_code == 403
    assert library().count() == 1


def test_a_photograph_put_into_the_bin_is_not_there(gallery, chooser, keeper):
    consent(chooser)
    take_in(keeper, gallery, 1)
    gallery.state = "draft"
    gallery.save()
    gallery.photos.filter(number=1).first().picks.all().delete()
    remove_photo(actor=keeper, photo=gallery.photos.get(number=1))
    assert not library().exists()
