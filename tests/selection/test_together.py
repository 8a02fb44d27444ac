"""Who does what in a gallery, and whose marks the others see: verbs and every door of the customer's."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.orders.models import Order
from core.people.models import Customer
from selection.bills import filling_of, swaps_of
from selection.enums import ChooserRole
from selection.manifest import manifest
from selection.models import Chooser, Gallery, PhotoNote, Pick
from selection.seats import people_of
from selection.selectors import gallery_for_customer, seat_of
from selection.services import (
    dismiss_guest,
    invite_guest,
    place_photos,
    save_note,
    set_role,
    set_sharing,
    set_sharing_default,
    submit_selection,
)
from selection.services.placements import Put
from tests.factories import make_customer, make_staff
from tests.selection.couple import couple, seat
from tests.selection.make import pick, tap

pytestmark = pytest.mark.django_db


def others(gallery, chooser):
    gallery.refresh_from_db()
    return manifest(gallery, chooser).get("others", [])


def kinds(gallery):
    return list(Event.objects.filter(stream=gallery.event_stream).order_by("seq").values_list("kind", flat=True))


def refused(work, code):
    with pytest.raises(Refusal) as caught:
        work()
    assert caught.value.code == code


# -- Roles ------------------------------------------------------------------------------------------------------------
def test_there_is_one_main_chooser_and_postgresql_knows_it(studio):
    _gallery, main, partner = couple()
    assert (main.role, main.is_main, partner.role, partner.is_main) == ("main", True, "co", False)
    with pytest.raises(IntegrityError, match="chooser_one_main"), transaction.atomic():
        Chooser.objects.filter(pk=partner.pk).update(role="main")
    with pytest.raises(IntegrityError, match="chooser_role_known"), transaction.atomic():
        Chooser.objects.filter(pk=partner.pk).update(role="boss")


def test_staff_hand_main_over_with_its_wish_for_originals(studio):
    gallery, main, partner = couple(all_originals_minor=50_000)
    pick(main, (1, 1, "yes"), (2, 2, "yes"))
    pick(partner, (1, 3, "yes"))
    Chooser.objects.filter(pk=main.pk).update(wants_originals=True, also_minor=50_000)
    set_role(actor=make_staff("manager"), chooser=partner, role=ChooserRole.MAIN)
    main.refresh_from_db(), partner.refresh_from_db()
    assert (main.role, main.also_minor, partner.role, partner.also_minor) == ("co", 0, "main", 50_000)
    assert kinds(gallery)[-2:] == ["seat.changed", "seat.changed"]
    assert Order.objects.get(pk=gallery.order_id).progress["picked"] == 1


def test_what_the_main_chooser_may_and_nobody_else(studio):
    gallery, main, partner = couple()
    set_role(chooser=partner, role="viewer", by=main)
    refused(lambda: set_role(chooser=main, role="co", by=partner), "chooser.not_main")
    refused(lambda: set_role(chooser=partner, role="main", by=main), "role.staff_only")
    refused(lambda: set_role(chooser=main, role="co", by=main), "role.main_stays")
    refused(lambda: set_role(chooser=main, role="co", actor=make_staff("manager")), "role.main_stays")
    _other, stranger, _third = couple()
    refused(lambda: set_role(chooser=partner, role="co", by=stranger), "guest.unknown")
    assert set(gallery.choosers.values_list("role", flat=True)) == {"main", "viewer"}


def test_a_viewer_says_nothing(studio):
    _gallery, main, partner = couple()
    pick(partner, (1, 1, "yes"))
    set_role(chooser=partner, role="viewer", by=main)
    outcome = pick(partner, (2, 2, "yes"), (3, 1, ""))  # by a seat read before the change
    assert [one.why for one in outcome.rejected] == ["viewer"] * 2
    placed = place_photos(chooser=partner, device="phone-1", ops=[Put(5, 1, 1, True, tap(1, 1, "yes").at)])
    assert placed.rejected[0].why in {"viewer", "gone"}
    note = {"number": 1, "text": "x", "tags": [], "device": "phone-1", "op": 6}
    refused(lambda: save_note(chooser=partner, **note), "chooser.viewer")
    refused(lambda: submit_selection(chooser=partner, extra_total_minor=0, signed_name="林"), "chooser.viewer")
    assert list(Pick.objects.values_list("photo__number", "value")) == [(1, "yes")]
    assert not PhotoNote.objects.exists()


def test_a_viewer_is_told_no_price(studio):
    gallery, main, partner = couple()
    assert manifest(gallery, partner)["rules"]["extra_minor"] > 0
    set_role(chooser=partner, role="viewer", by=main)
    partner.refresh_from_db()
    told = manifest(gallery, partner)
    assert (told["rules"]["extra_minor"], told["rules"]["tiers"], told["rules"]["originals_minor"]) == (0, [], None)
    assert "slots" not in told


def test_a_viewer_is_refused_by_the_api_with_stable_codes(studio, phone):
    gallery, _main, partner = couple()
    set_role(chooser=partner, role="viewer", actor=make_staff("manager"))
    mine = phone(partner.customer)
    ops = {"device": "phone1", "ops": [{"op": 1, "photo": 1, "v": "yes", "at": 1}]}
    taps = mine.send("POST", reverse("selection-api:picks", args=[gallery.code]), ops).json()
    note = mine.send(
        "PUT", reverse("selection-api:note", args=[gallery.code, 1]), {"device": "phone1", "op": 1, "text": "x"}
    )
    signed = mine.send(
        "POST", reverse("selection-api:submit", args=[gallery.code]), {"extra_total_minor": 0, "signed_name": "x"}
    )
    assert taps["rejected"] == [{"op": 1, "photo": 1, "why": "viewer", "v": ""}]
    assert [(answer.status_code, answer.json()["code"]) for answer in (note, signed)] == [(409, "chooser.viewer")] * 2


# -- Whose marks are seen ---------------------------------------------------------------------------------------------
def test_alone_nothing_is_added(studio):
    gallery, main, partner = couple()
    Chooser.objects.filter(pk=partner.pk).update(opened_at=None)
    assert "others" not in manifest(gallery, main)


def test_marks_are_shown_until_their_owner_says_no(studio):
    gallery, main, partner = couple()
    pick(partner, (1, 2, "yes"), (2, 5, "maybe"), (3, 6, "no"))
    assert others(gallery, main) == [{"id": partner.pk, "name": "林一舟", "role": "co", "y": [2], "m": [5]}]
    set_sharing(chooser=partner, shares=False)
    assert others(gallery, main) == []
    assert [one["id"] for one in others(gallery, partner)] == [main.pk]  # one's own no hides nobody else
    set_sharing(chooser=partner, shares=True)
    assert others(gallery, main)[0]["y"] == [2]


def test_the_galleys_default_hides_who_has_not_said_and_shows_only_newcomers(studio):
    gallery, main, partner = couple()
    boss = make_staff("manager")
    set_sharing(chooser=main, shares=True)
    set_sharing_default(actor=boss, gallery=gallery, shares=False)
    assert (others(gallery, main), len(others(gallery, partner))) == ([], 1)
    set_sharing_default(actor=boss, gallery=gallery, shares=True)
    assert others(gallery, main) == []  # they came in under "nobody looks"
    newcomer = invite_guest(gallery=gallery, name="妈妈", phone="13911112222", role="co", actor=boss)
    seat(gallery, newcomer.customer)
    assert [one["name"] for one in others(gallery, main)] == ["妈妈"]


def test_swaps_do_not_tell_what_a_partner_hides(studio):
    gallery, main, partner = couple(included=1)
    pick(main, (1, 1, "yes"), (2, 2, "yes"))
    pick(partner, (1, 1, "no"))
    main.refresh_from_db()

    def swapped():
        fresh = Chooser.objects.select_related("gallery").get(pk=main.pk)
        return [photo.number for photo in swaps_of(gallery, fresh, filling_of(gallery, fresh).bill)]

    assert swapped() == [1]
    set_sharing(chooser=partner, shares=False)
    assert swapped() == [2]


def test_no_door_of_the_api_tells_of_hidden_marks(studio, phone):
    gallery, main, partner = couple(included=1)
    pick(partner, (1, 7, "yes"))
    mine = phone(main.customer)
    address = reverse("selection-api:manifest", args=[gallery.code])
    before = mine.get(address)
    assert before.json()["others"][0]["y"] == [7]
    set_sharing(chooser=partner, shares=False)
    after = mine.get(address, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert "others" not in after.json()
    page = mine.get(f"/gallery/{gallery.code}/review/").content.decode()
    assert "林一舟" not in page


def test_the_same_code_in_another_studio_shows_its_own_people_only(studio, other_studio, phone):
    from tenants.context import in_studio

    gallery, main, partner = couple()
    pick(partner, (1, 7, "yes"))
    with in_studio(other_studio):
        theirs, _their_main, stranger = couple()
        Customer.objects.filter(pk=stranger.customer_id).update(name="别家的人")
        pick(stranger, (1, 3, "yes"))
        Gallery.objects.filter(pk=theirs.pk).update(code="samesame1234")
    Gallery.objects.filter(pk=gallery.pk).update(code="samesame1234")
    answer = phone(main.customer).get(reverse("selection-api:manifest", args=["samesame1234"])).json()
    assert [(one["name"], one["y"]) for one in answer["others"]] == [("林一舟", [7])]


def test_a_viewers_former_marks_are_not_shown(studio):
    gallery, main, partner = couple()
    pick(partner, (1, 2, "yes"))
    set_role(chooser=partner, role="viewer", by=main)
    assert others(gallery, main) == [{"id": partner.pk, "name": "林一舟", "role": "viewer", "y": [], "m": []}]


# -- Guests -----------------------------------------------------------------------------------------------------------
def test_a_guest_sees_the_gallery_and_nothing_else_of_the_order(studio, phone):
    gallery, main, _partner = couple()
    guest = invite_guest(gallery=gallery, name="外婆", phone="13911113333", role="viewer", by=main)
    mine = phone(guest.customer)
    assert mine.get(f"/gallery/{gallery.code}/").status_code == 200
    assert mine.get(f"/orders/{gallery.order.code}/").status_code == 404
    dismiss_guest(chooser=guest, by=main)
    assert mine.get(f"/gallery/{gallery.code}/").status_code == 404
    assert gallery_for_customer(guest.customer, gallery.code) is None
    assert seat_of(guest.customer, gallery.code) is None
    assert guest.pk not in [one.pk for one in people_of(gallery)]


def test_whose_number_it_is_in_the_books_is_not_told(studio):
    gallery, main, _partner = couple()
    make_customer("真名实姓", phone="13911114444")
    guest = invite_guest(gallery=gallery, name="小姨", phone="13911114444", role="co", by=main)
    seat(gallery, guest.customer)
    assert [one["name"] for one in others(gallery, main) if one["id"] == guest.pk] == ["小姨"]


def test_who_may_invite_whom(studio):
    gallery, main, partner = couple()
    asked = {"gallery": gallery, "name": "外婆", "phone": "13911115555"}
    refused(lambda: invite_guest(**asked, role="co", by=partner), "chooser.not_main")
    refused(lambda: invite_guest(**asked, role="main", by=main), "role.staff_only")
    refused(lambda: invite_guest(**{**asked, "name": " "}, role="co", by=main), "name.missing")
    for i in range(6):
        invite_guest(gallery=gallery, name=f"客{i}", phone=f"1391111600{i}", role="viewer", by=main)
    refused(lambda: invite_guest(**asked, role="co", by=main), "people.too_many")
    guest = invite_guest(gallery=gallery, name="又来", phone="13911116000", role="co", by=main)
    assert guest.role == "viewer"  # already here: kept as it is
    refused(lambda: set_role(chooser=guest, role="main", actor=make_staff("manager")), "role.guest")
    refused(lambda: dismiss_guest(chooser=partner, by=main), "guest.unknown")
