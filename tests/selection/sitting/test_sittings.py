"""Choosing together in the branch: what the desk holds up reaches the customer's phone, and nothing else does."""

import datetime as dt
import json

import pytest
from django.core.cache import cache
from django.urls import reverse

from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.events import Event
from core.realtime.streams import Actor
from selection.models import Photo, Pick, Suggestion
from selection.services import mute_suggestions, suggest_photo
from selection.sitting import services
from selection.sitting.models import Sitting
from selection.sitting.selectors import current_sitting, desk_sheet
from selection.streams import gallery as follow_gallery
from tests.factories import make_branch, make_customer, make_staff
from tests.selection.culling.make import mark
from tests.selection.make import main_chooser, make_gallery, pick
from tests.selection.slots import make_slotted


@pytest.fixture
def gallery(db):
    found = make_gallery(5, included=2)
    cache.delete(f"sitting.phone.{main_chooser(found).pk}")
    return found


@pytest.fixture
def adviser(gallery):
    return make_staff("selection_adviser", gallery.order.branch)


def url(name, gallery):
    return reverse(f"selection-api:{name}", args=[gallery.code])


def kinds():
    return list(Event.objects.filter(kind__startswith="sitting.").order_by("pk").values_list("kind", flat=True))


def test_a_sitting_begins_shows_and_ends_and_each_is_an_event(gallery, adviser):
    sitting = services.start_sitting(actor=adviser, gallery=gallery)
    services.show_photos(actor=adviser, gallery=gallery, numbers=[3, 1, 3])
    sitting.refresh_from_db()
    assert (sitting.photos, sitting.shows) == ([3, 1], 1)
    services.end_sitting(actor=adviser, gallery=gallery)
    assert kinds() == ["sitting.started", "sitting.shown", "sitting.ended"]
    assert Event.objects.get(kind="sitting.shown").facts == {"photos": [3, 1]}
    assert Event.objects.get(kind="sitting.ended").facts == {"minutes": 1, "shows": 1}
    assert current_sitting(gallery) is None


def test_every_verb_may_be_said_twice(gallery, adviser):
    first = services.start_sitting(actor=adviser, gallery=gallery)
    assert services.start_sitting(actor=make_staff("manager", gallery.order.branch), gallery=gallery) == first
    for _ in range(2):
        services.show_photos(actor=adviser, gallery=gallery, numbers=[2])
    for _ in range(2):
        services.end_sitting(actor=adviser, gallery=gallery)
    assert kinds() == ["sitting.started", "sitting.shown", "sitting.ended"]


def test_what_cannot_be_held_up_is_refused(gallery, adviser):
    show = services.show_photos
    with pytest.raises(Refusal, match=r"sitting\.over"):
        show(actor=adviser, gallery=gallery, numbers=[1])
    services.start_sitting(actor=adviser, gallery=gallery)
    with pytest.raises(Refusal, match=r"sitting\.too_many"):
        show(actor=adviser, gallery=gallery, numbers=[1, 2, 3, 4, 5])
    mark(gallery, 4, flag="reject")  # hidden from the customer
    with pytest.raises(Refusal, match=r"photo\.settled"):
        show(actor=adviser, gallery=gallery, numbers=[4])
    assert Sitting.objects.get().photos == []


@pytest.mark.parametrize("state", ["draft", "submitted", "retouching"])
def test_there_is_no_sitting_unless_the_customer_may_choose(gallery, adviser, state):
    gallery.state = state
    gallery.save()
    with pytest.raises(Refusal, match=r"sitting\.not_open"):
        services.start_sitting(actor=adviser, gallery=gallery)


def test_a_forgotten_sitting_is_over_and_a_new_one_may_begin(gallery, adviser):
    forgotten = services.start_sitting(actor=adviser, gallery=gallery)
    Sitting.objects.update(touched_at=clock.now() - dt.timedelta(hours=5))
    assert current_sitting(gallery) is None
    assert services.start_sitting(actor=adviser, gallery=gallery) != forgotten
    assert Sitting.objects.filter(ended_at=None).count() == 1


def test_a_phone_that_comes_late_sees_what_is_held_up(gallery, adviser, phone):
    browser = phone(main_chooser(gallery).customer)
    assert browser.get(url("sitting", gallery)).json() == {"on": False}
    services.start_sitting(actor=adviser, gallery=gallery)
    services.show_photos(actor=adviser, gallery=gallery, numbers=[2, 3])
    told = browser.get(url("sitting", gallery)).json()
    assert set(told) == {"on", "key", "by", "photos", "shows"}
    assert (told["by"], told["photos"], told["shows"]) == (adviser.name, [2, 3], 1)
    Photo.objects.filter(gallery=gallery, number=2).update(state="removed")
    assert browser.get(url("sitting", gallery)).json()["photos"] == [3]


def test_nobody_else_is_shown_anything(gallery, adviser, phone, anonymous):
    services.start_sitting(actor=adviser, gallery=gallery)
    stranger = phone(make_customer("别人", phone="13900139088"))
    assert stranger.get(url("sitting", gallery)).status_code == 404
    assert stranger.send("POST", url("sitting-phone", gallery), {"follows": True}).status_code == 404
    assert anonymous.get(url("sitting", gallery)).status_code in {401, 302}


def test_only_advisers_of_the_branch_lead(gallery, desk):
    for role, branch, wanted in (
        ("selection_adviser", gallery.order.branch, 200),
        ("manager", gallery.order.branch, 200),
        ("photographer", gallery.order.branch, 403),
        ("receptionist", gallery.order.branch, 403),
        ("selection_adviser", make_branch(), 404),
    ):
        browser = desk(make_staff(role, branch))
        assert browser.send("POST", url("desk-sitting", gallery), {"on": True}).status_code == wanted, role
        assert browser.get(url("desk-sheet", gallery)).status_code == wanted, role


def test_the_customers_socket_says_that_something_is_held_up_but_not_what(gallery, adviser):
    chooser = main_chooser(gallery)
    follow, _presence = follow_gallery(Actor(customer=chooser.customer), gallery.code)
    poke = {"stream": gallery.event_stream, "type": "sitting.shown", "seq": 7, "epoch": 1, "subject": "sitting.3"}
    assert follow.lens(poke) == {"stream": gallery.event_stream, "type": "sitting.shown", "seq": 7, "epoch": 1}


def test_the_desk_shows_what_the_customer_may_see_and_no_more(gallery, adviser, desk):
    mark(gallery, 1, flag="keep", stars=5)
    mark(gallery, 4, flag="reject")
    chooser = main_chooser(gallery)
    pick(chooser, (1, 1, "yes"), (2, 2, "no"))
    browser = desk(adviser)
    told = browser.get(url("desk-sheet", gallery)).json()
    assert told["id"] == [1, 2, 3, 5]
    assert told["mine"] == {"1": "y", "2": "n"}
    page = browser.get(reverse("selection:selection-desk", args=[gallery.code])).content.decode()
    for text in (json.dumps(told), page):
        assert "DSC_" not in text  # file names, as every other thing of the back office
        assert "stars" not in text


def test_suggestions_are_there_for_the_desk_even_when_muted(gallery, adviser):
    suggest_photo(actor=adviser, photo=gallery.photos.get(number=3))
    chooser = main_chooser(gallery)
    mute_suggestions(chooser=chooser, muted=True)
    told = desk_sheet(gallery, chooser)
    assert told["muted"] is True
    assert told["suggested"] == [[3, 0]]


def test_a_suggestion_at_the_desk_is_recorded_with_its_maker(gallery, adviser, desk):
    browser = desk(adviser)
    body = {"photo": 3, "slot": 0, "on": True}
    assert browser.send("POST", url("desk-suggestion", gallery), body).json() == {"on": True}
    assert Suggestion.objects.get().by == adviser
    pick(main_chooser(gallery), (1, 3, "yes"))
    answer = browser.send("POST", url("desk-suggestion", gallery), {**body, "on": False})
    assert (answer.status_code, answer.json()["code"]) == (409, "suggestion.taken")
    assert Pick.objects.count() == 1


def test_the_desk_knows_which_phones_are_there(gallery, adviser, phone, desk):
    chooser = main_chooser(gallery)
    browser, large = phone(chooser.customer), desk(adviser)
    for body, wanted in (
        ({"follows": True}, [{"name": chooser.customer.name, "follows": True}]),
        ({"follows": False}, [{"name": chooser.customer.name, "follows": False}]),
        ({"here": False}, []),
    ):
        assert browser.send("POST", url("sitting-phone", gallery), body).status_code == 204
        assert large.get(url("desk-sheet", gallery)).json()["phones"] == wanted


def test_the_bill_on_the_desk_is_the_customers_own(db, desk):
    gallery = make_slotted()
    chooser = main_chooser(gallery)
    numbers = range(1, gallery.included + 2)
    pick(chooser, *((i, i, "yes") for i in numbers))
    browser = desk(make_staff("selection_adviser", gallery.order.branch))
    browser.cookies["yl_language"] = "en"
    said = browser.get(reverse("selection:selection-desk-bill", args=[gallery.code])).content.decode()
    assert f'<span class="strong" data-picked>{gallery.included + 1}</span>' in said
    assert f"¥{gallery.extra_photo_minor // 100}" in said
