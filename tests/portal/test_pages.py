"""What a customer sees of an order, and that nobody else does."""

import datetime as dt

import pytest

from core.kernel import clock
from core.orders import services as orders
from core.orders.enums import PersonPart, Stage
from core.people.models import CustomerSession
from selection.enums import GalleryState
from selection.models import Gallery
from selection.services import enter_gallery
from tenants.context import in_studio
from tests.factories import make_branch, make_customer, make_order, make_staff
from tests.portal.doors import knock
from tests.selection.make import make_gallery


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


def english(door):
    door.client.cookies["yl_language"] = "en"
    return door


@pytest.fixture
def sold(customer):
    branch = make_branch("南山店", timezone="Asia/Shanghai", phone="0755-1234567")
    return make_order(branch=branch, customer=customer, stage=Stage.SELECTION, title="陈晓雨 & 林一舟")


def today(days=0):
    return clock.today("Asia/Shanghai") + dt.timedelta(days=days)


def test_home_shows_the_order_its_stages_and_its_people(inside, sold):
    page = text(english(inside).get())
    assert "陈晓雨 &amp; 林一舟" in page
    assert "南山店" in page
    assert all(str(stage.label) in page for stage in Stage)
    assert page.count('class="is-done"') == 4
    assert page.count('aria-current="step"') == 1
    assert sold.owner.name in page
    assert 'href="tel:0755-1234567"' in page
    assert f'data-socket="{inside.prefix}ws/order/{sold.code}/"' in page


def test_next_step_offers_the_gallery_with_its_price(inside, sold):
    gallery = make_gallery(612, order=sold, deadline=today(6))
    page = text(english(inside).get())
    assert "612 photos are ready" in page
    assert "6 days left" in page
    assert "50 retouched photos are included." in page
    assert "¥60" in page
    assert f'href="{inside.prefix}g/{gallery.code}/"' in page or gallery.code in page


def test_next_step_says_what_the_extras_cost_that_are_chosen_already(inside, sold, customer):
    gallery = make_gallery(60, order=sold)
    chooser = enter_gallery(customer=customer, gallery=gallery)
    type(chooser).objects.filter(pk=chooser.pk).update(yes=53)
    page = text(english(inside).get())
    assert "53 of 50 chosen." in page
    assert "3 extra × ¥60 = ¥180." in page


@pytest.mark.parametrize(("days", "chip"), [(0, "last day"), (1, "1 day left"), (-1, "since")])
def test_deadline_is_told_in_days(inside, sold, days, chip):
    make_gallery(3, order=sold, deadline=today(days))
    assert chip in text(english(inside).get())


def test_hidden_galleries_stay_hidden(inside, sold):
    gallery = make_gallery(9, order=sold, state=GalleryState.DRAFT)
    page = text(english(inside).get(f"orders/{sold.code}/"))
    assert gallery.code not in page
    assert "being prepared" in page


def test_submitted_selection_is_thanked_for(inside, sold):
    make_gallery(9, order=sold, state=GalleryState.SUBMITTED)
    type(sold).objects.filter(pk=sold.pk).update(progress={"picked": 42}, promised_on=today(30))
    page = text(english(inside).get())
    assert "42 photos chosen" in page
    assert "We expect to be ready by" in page


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.SELECTION])
def test_every_stage_has_a_next_step(inside, customer, stage):
    make_order(customer=customer, stage=stage)
    page = text(english(inside).get())
    assert 'class="panel-ink"' in page


def test_shoot_day_is_the_next_step_before_the_shoot(inside, customer):
    make_order(customer=customer, stage=Stage.PREPARATION, shoot_on=today(3))
    assert "in 3 days" in text(english(inside).get())


def test_order_page_names_every_price_that_can_come(inside, sold):
    page = text(english(inside).get(f"orders/{sold.code}/"))
    for words in (
        "Package",
        "¥3,999",
        "What can cost extra",
        "Each further retouched photo",
        "¥60",
        "One more outfit",
        "¥300",
    ):
        assert words in page
    assert "Album 12 inch" in page


def test_frozen_terms_are_shown_not_todays_package(inside, sold):
    type(sold.package).objects.filter(pk=sold.package_id).update(extra_photo_minor=99900)
    assert "¥999" not in text(english(inside).get(f"orders/{sold.code}/"))


def test_everybody_on_the_order_sees_it_and_nobody_else(studio, sold):
    friend, stranger = make_customer("林一舟"), make_customer("邻居")
    sold.people.create(customer=friend, part=PersonPart.GROOM)
    for form in ("host", "path"):
        assert knock(studio, form, friend).get(f"orders/{sold.code}/").status_code == 200
        assert knock(studio, form, stranger).get(f"orders/{sold.code}/").status_code == 404
        assert sold.code not in text(knock(studio, form, stranger).get())
        assert knock(studio, form).get(f"orders/{sold.code}/").status_code == 302


def test_order_of_another_studio_does_not_exist(other_studio, inside, sold):
    with in_studio(other_studio):
        twin = make_customer("双")
        foreign = make_order(customer=twin, stage=Stage.SELECTION)
    while foreign.code == sold.code:
        with in_studio(other_studio):
            foreign = make_order(branch=foreign.branch, customer=twin)
    assert inside.get(f"orders/{foreign.code}/").status_code == 404


def test_home_without_orders_is_friendly(inside):
    assert "No orders yet" in text(english(inside).get())


def test_other_orders_are_linked(inside, customer, sold):
    old = make_order(customer=customer, branch=sold.branch, title="百天照")
    page = text(english(inside).get())
    assert f"{inside.prefix}orders/{old.code}/" in page or f"{inside.prefix}orders/{sold.code}/" in page
    assert "百天照" in page


def test_cancelled_order_says_so(inside, sold):
    orders.cancel_order(actor=make_staff(), order=sold, reason="moved away")
    page = text(english(inside).get(f"orders/{sold.code}/"))
    assert "This order was cancelled" in page
    assert "moved away" not in page


def test_live_part_comes_alone(inside, sold):
    for path in ("", f"orders/{sold.code}/"):
        answer = english(inside).get(path, **{"hx-request": "true"})
        part = text(answer)
        assert "<html" not in part
        assert 'class="panel-ink"' in part
        assert "data-position" in part
        assert "HX-Request" in answer["Vary"]


def test_position_changes_with_the_order(inside, sold):
    import re

    position = re.compile(r'data-position="([^"]+)"')
    before = position.search(text(inside.get())).group(1)
    assert position.search(text(inside.get())).group(1) == before
    orders.move_order(actor=make_staff(), order=sold, target=Stage.PRODUCTION)
    assert position.search(text(inside.get())).group(1) != before


def test_photos_lead_to_the_only_gallery(inside, sold):
    assert "No photos yet" in text(english(inside).get("photos/"))
    gallery = make_gallery(3, order=sold)
    assert gallery.code in inside.get("photos/")["Location"]
    make_gallery(3, order=make_order(customer=sold.customer, stage=Stage.SELECTION))
    assert text(inside.get("photos/")).count("link-rows") == 1


def test_account_lists_devices_and_ends_them(inside, customer, studio):
    second = knock(studio, inside.form, customer)
    page = text(english(inside).get("me/"))
    assert page.count("WeChat · iPhone") >= 2
    assert customer.phone not in page
    other = CustomerSession.objects.latest("pk")
    assert inside.post(f"me/devices/{other.pk}/logout/").status_code == 302
    assert second.get("me/").status_code == 302
    assert inside.get("me/").status_code == 200


def test_devices_of_others_do_not_exist(inside, studio):
    neighbour = knock(studio, inside.form, make_customer("邻居"))
    other = CustomerSession.objects.latest("pk")
    assert inside.post(f"me/devices/{other.pk}/logout/").status_code == 404
    assert neighbour.get("me/").status_code == 200


def test_language_is_kept_for_pages_and_messages(inside, customer):
    answer = inside.post("me/language/", {"language": "zh-hant"})
    customer.refresh_from_db()
    assert (customer.language, answer.cookies["yl_language"].value) == ("zh-hant", "zh-hant")
    assert inside.post("me/language/", {"language": "xx"}).status_code == 404


def test_pages_cost_the_same_with_more_orders(inside, customer, sold, django_assert_max_num_queries):
    make_gallery(3, order=sold)
    make_order(customer=customer, branch=sold.branch)  # before its shoot: the page that says most
    inside.get()
    with django_assert_max_num_queries(20) as one:
        inside.get()
    for _ in range(3):
        make_order(customer=customer, branch=sold.branch)
    with django_assert_max_num_queries(20) as four:
        inside.get()
    assert len(four) <= len(one)
    assert Gallery.objects.count() == 1
