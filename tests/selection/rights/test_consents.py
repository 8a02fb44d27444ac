"""Consent to publish: signed for a list, for purposes, for a time; taken back at once; kept for good."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.messaging.models import OutboxMessage
from core.orders.models import Order
from core.orders.selectors import today_of
from core.people.staff import staff_of
from selection.models import Photo
from selection.rights.models import Consent, ConsentRevocation
from selection.rights.selectors import consent_hash, covering, library, offer_mark, offered
from selection.rights.services import note_revocation, revoke_consent
from selection.rights.services.consents import last_day
from tests.factories import make_customer, make_staff
from tests.selection.make import main_chooser, make_gallery
from tests.selection.rights.conftest import consent, take_in


def refused(code, verb, *args, **given):
    with pytest.raises(Refusal) as caught, transaction.atomic():
        verb(*args, **given)
    assert caught.value.code == code
    return caught.value.facts


def test_a_consent_keeps_what_was_agreed_and_how(gallery, chooser):
    signed = consent(chooser, evidence={"address": "1.2.3.4", "agent": "phone"})
    assert signed.numbers == [[n, f"DSC_{4000 + n}.jpg"] for n in (1, 2, 3)]
    said = {"purposes": ["album", "online"], "until": signed.until.isoformat(), "children": "none"}
    assert signed.evidence == {
        "address": "1.2.3.4", "agent": "phone", "sha256": consent_hash(gallery, signed.numbers, said),
    }  # fmt: skip
    assert covering(Photo.objects.filter(gallery=gallery).values_list("pk", flat=True)).keys() == set(
        Photo.objects.filter(gallery=gallery, number__in=[1, 2, 3]).values_list("pk", flat=True)
    )
    event = Event.objects.get(kind="consent.given")
    assert (event.stream, event.facts["photos"], event.actor_kind) == (gallery.order.event_stream, 3, "customer")
    told = OutboxMessage.objects.get(template="consent_given")
    assert told.facts["link"].endswith(f"/gallery/{gallery.code}/rights/")


def test_nothing_is_agreed_without_an_answer_to_every_question(gallery, chooser, partner):
    refused("consent.no_purpose", consent, chooser, purposes=[])
    refused("name.missing", consent, chooser, signed_name="  ")
    refused("consent.malformed", consent, chooser, children="")
    refused("consent.malformed", consent, chooser, term="")
    refused("consent.malformed", consent, chooser, scope="everything")
    refused("chooser.not_main", consent, partner)
    refused("consent.empty", consent, chooser, scope="finals")
    refused("consent.empty", consent, chooser, scope="single")
    assert not Consent.objects.exists()
    assert not Event.objects.filter(kind="consent.given").exists()


def test_single_photographs_must_be_chosen_ones_and_as_offered(gallery, chooser):
    assert [n for n, _name in consent(chooser, scope="single", numbers=[3, 1]).numbers] == [1, 3]
    refused("consent.changed", consent, chooser, scope="single", numbers=[1, 4])
    mark = offer_mark(offered(gallery))
    gallery.photos.filter(number=2).update(state="hidden")
    refused("consent.changed", consent, chooser, seen=mark)


def test_a_childrens_shoot_needs_the_guardians_word(gallery, chooser):
    terms = {**gallery.order.terms, "kind": "children"}
    Order.objects.filter(pk=gallery.order_id).update(terms=terms)
    refused("consent.children", consent, chooser)
    assert consent(chooser, children="agreed").children == "agreed"


@pytest.mark.parametrize(
    ("first", "term", "last"),
    [
        (dt.date(2026, 11, 22), "1", dt.date(2027, 11, 21)),
        (dt.date(2028, 2, 29), "3", dt.date(2031, 2, 28)),
        (dt.date(2026, 1, 1), "0", None),
    ],
)
def test_terms_end_the_day_before_the_same_day(first, term, last):
    assert last_day(first, term) == last


def test_a_term_ends_by_itself(gallery, chooser, keeper):
    signed = consent(chooser)
    take_in(keeper, gallery, 1)
    ids = [gallery.photos.get(number=1).pk]
    with clock.at(dt.datetime.combine(signed.until, dt.time(4), tzinfo=dt.UTC)):  # noon there
        assert library().count() == 1
    with clock.at(dt.datetime.combine(signed.until, dt.time(17), tzinfo=dt.UTC)):  # one o'clock of the next day
        assert not library().exists()
        assert not covering(ids)


def test_anybody_of_the_order_takes_it_back_at_once_and_it_stays_on_file(gallery, chooser, partner, keeper):
    signed = consent(chooser)
    take_in(keeper, gallery, 1, 2)
    revocation = revoke_consent(chooser=partner, consent=signed, evidence={"address": "5.6.7.8"})
    assert (revocation.samples, revocation.evidence) == (2, {"address": "5.6.7.8"})
    assert not library().exists()
    assert revoke_consent(chooser=chooser, consent=signed).pk == revocation.pk
    assert Event.objects.filter(kind="consent.revoked").count() == 1
    assert OutboxMessage.objects.get(template="consent_revoked").to == chooser.customer.phone
    signed.refresh_from_db()
    assert signed.is_revoked
    assert len(signed.numbers) == 3
    with pytest.raises(ProtectedError):
        signed.delete()


def test_the_studio_sees_it_today_until_somebody_has_noted_it(gallery, chooser, keeper):
    revoke_consent(chooser=chooser, consent=consent(chooser))
    asks = today_of(staff_of(keeper)).asks
    assert [card.code for card in asks] == [gallery.order.code]
    assert note_revocation(actor=keeper, gallery=gallery) == 1
    assert note_revocation(actor=keeper, gallery=gallery) == 0
    assert not today_of(staff_of(keeper)).asks
    assert ConsentRevocation.objects.get().noted_by == keeper


def test_a_consent_of_another_gallery_cannot_be_touched(gallery, chooser):
    signed = consent(chooser)
    stranger = main_chooser(make_gallery(1))
    refused("consent.unknown", revoke_consent, chooser=stranger, consent=signed)
    assert not ConsentRevocation.objects.exists()


def test_the_database_knows_purposes_and_wants_a_name(gallery, chooser):
    signed = consent(chooser)
    for wrong in ({"purposes": []}, {"purposes": ["anything"]}, {"signed_name": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Consent.objects.filter(pk=signed.pk).update(**wrong)


def test_staff_of_other_branches_do_not_hear_of_it(gallery, chooser):
    revoke_consent(chooser=chooser, consent=consent(chooser))
    from tests.factories import make_branch

    elsewhere = make_staff("manager", make_branch())
    assert not today_of(staff_of(elsewhere)).asks
    assert make_customer().pk
