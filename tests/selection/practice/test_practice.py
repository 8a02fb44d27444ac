"""Practice data come with one verb and go with one, without a trace; what is real stays or holds them."""

import pytest
from django.db import connection
from psycopg import sql

from core.catalog.models import Package
from core.kernel import storage
from core.kernel.bulk import listing
from core.kernel.errors import Refusal
from core.messaging.models import OutboxMessage
from core.orders import services as orders
from core.orders.enums import Stage
from core.orders.furnish import furnish_studio
from core.orders.models import Order
from core.people import services as people
from core.people.models import Customer
from core.studios.models import Branch
from selection import addresses
from selection.models import Chooser, Gallery, Photo, Pick
from selection.practice import services, tables
from selection.practice.models import Practice
from selection.services.picks import Op, apply_picks
from tenants.accounts.models import User
from tenants.context import in_public, in_studio
from tests.core.console.conftest import browser

OWNER = {"owner_name": "王蕾", "owner_username": "wanglei", "owner_password": "Kamera-2611"}


@pytest.fixture
def other_studio(open_throwaway):
    return opened(open_throwaway())


@pytest.fixture
def studio(open_throwaway, other_studio):
    """Real commits: what follows from a commit is part of the matter."""
    place = opened(open_throwaway())
    with in_studio(place):
        yield place
        services._drop_files([storage.key("r")])


@pytest.fixture
def owner(studio):
    return User.objects.get(username="wanglei")


def opened(place):
    with in_studio(place):
        furnish_studio(studio=place, branch_name="解放路", owner_phone="+8613800138000", **OWNER)
    return place


def everything(studio):
    """Every row of every table of the studio, whole; what lies in storage; its jobs."""
    found = {}
    with in_studio(studio), connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = %s", [studio.schema_name])
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(sql.Identifier(table)))
            found[table] = cursor.fetchall()
        found["files"] = sorted(name for name, _size, _tag in listing())
    with in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_jobs WHERE args->>'_schema' = %s", [studio.schema_name])
        found["jobs"] = sorted(cursor.fetchall())
    return found


def real_order(owner, customer):
    package = Package.objects.order_by("pk")[0]
    return orders.take_order(actor=owner, branch=Branch.objects.get(), customer=customer, package=package)


def test_one_tap_fills_the_studio_believably_and_writes_to_nobody(owner):
    services.add_practice(actor=owner)
    assert set(Order.objects.values_list("stage", flat=True)) == {
        Stage.ENQUIRY, Stage.SIGNING, Stage.PREPARATION, Stage.SHOOT, Stage.SELECTION, Stage.DELIVERY,
    }  # fmt: skip
    gallery = Gallery.objects.get()
    assert (gallery.state, gallery.photo_count, gallery.code) == ("open", 9, Practice.objects.get().gallery_code)
    photo = Photo.objects.order_by("number")[0]
    assert storage.get(f"{photo.rendition_key}/{addresses.GRID}.webp")[8:12] == b"WEBP"
    assert storage.get(photo.original_key)[:2] == b"\xff\xd8"
    assert OutboxMessage.objects.count() == 0
    assert gallery.choosers.get(is_main=True).customer.phone == owner.phone, "to be tried on one's own phone"


def test_both_taps_leave_no_trace(owner, studio, other_studio):
    before, other = everything(studio), everything(other_studio)
    services.add_practice(actor=owner)
    filled = everything(studio)
    assert filled["core_order"] != before["core_order"]
    assert filled["files"] != before["files"]
    assert everything(other_studio) == other
    services.remove_practice(actor=owner)
    after = everything(studio)
    assert {table for table in before if before[table] != after[table]} == set()
    assert everything(other_studio) == other
    services.add_practice(actor=owner)


def test_what_was_practised_goes_along(owner, studio):
    before = everything(studio)
    services.add_practice(actor=owner)
    chooser = Chooser.objects.get(is_main=True)
    ops = [Op(1, 1, "yes", chooser.gallery.order.taken_at), Op(2, 2, "yes", chooser.gallery.order.taken_at)]
    apply_picks(chooser=chooser, device="own", ops=ops)
    early = Order.objects.get(stage=Stage.ENQUIRY)
    orders.move_order(actor=owner, order=early, target=Stage.SIGNING)
    assert Pick.objects.count() == 2
    services.remove_practice(actor=owner)
    after = everything(studio)
    changed = {table for table in before if before[table] != after[table]}
    assert changed <= {"core_eventstream", "jobs"}, "the board's number went on with the real move"


def test_what_people_made_meanwhile_survives(owner, studio):
    services.add_practice(actor=owner)
    customer = people.add_customer(actor=owner, name="真客户", phone="13900139000")
    real = real_order(owner, customer)
    kept = [str(row) for row in (real, customer)]
    services.remove_practice(actor=owner)
    assert [str(row) for row in (Order.objects.get(), Customer.objects.get())] == kept
    assert real.stages.count() > 0
    later = real_order(owner, customer)
    assert later.code > real.code, "no number is given twice"


def test_a_real_order_of_a_practice_customer_holds_and_is_named(owner, studio):
    services.add_practice(actor=owner)
    real = real_order(owner, Customer.objects.get(name="宋知夏"))
    before = everything(studio)
    with pytest.raises(Refusal) as refused:
        services.remove_practice(actor=owner)
    assert refused.value.code == "practice.held"
    assert refused.value.facts == {"holders": [real.code]}
    assert everything(studio) == before


def test_a_practice_customer_on_a_real_order_holds(owner, studio):
    services.add_practice(actor=owner)
    mine = people.add_customer(actor=owner, name="真客户", phone="13900139000")
    package = Package.objects.order_by("pk")[0]
    real = orders.take_order(
        actor=owner, branch=Branch.objects.get(), customer=mine, package=package,
        people=[(Customer.objects.get(name="宋知夏"), "groom")],
    )  # fmt: skip
    with pytest.raises(Refusal) as refused:
        services.remove_practice(actor=owner)
    assert refused.value.facts == {"holders": [real.code]}
    assert real.people.count() == 2


def test_the_owner_as_a_customer_of_their_own_stays(owner, studio):
    own = people.add_customer(actor=owner, name="王蕾", phone=owner.phone)
    before = everything(studio)
    services.add_practice(actor=owner)
    services.remove_practice(actor=owner)
    assert Customer.objects.get() == own
    assert everything(studio) == before


def test_practice_is_for_new_studios_and_once(owner, monkeypatch):
    services.add_practice(actor=owner)
    with pytest.raises(Refusal, match="practice.exists"):
        services.add_practice(actor=owner)
    services.remove_practice(actor=owner)
    with pytest.raises(Refusal, match="practice.none"):
        services.remove_practice(actor=owner)
    monkeypatch.setattr(services, "MOST_ORDERS", 0)
    with pytest.raises(Refusal, match="practice.at_work"):
        services.add_practice(actor=owner)


def test_a_studio_whose_packages_cannot_be_sold_says_so_and_keeps_nothing(owner, studio):
    Branch.objects.update(is_active=False)
    before = everything(studio)
    with pytest.raises(Refusal):
        services.add_practice(actor=owner)
    assert everything(studio) == before


def test_every_table_of_a_studio_is_known(owner, studio):
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = %s", [studio.schema_name])
        there = {row[0] for row in cursor.fetchall()}
    assert there - set(tables.tables()) == {*tables.APART, "django_migrations"}


def test_the_owner_switches_it_on_and_off_by_buttons(owner, studio, other_studio):
    page = "/console/galleries/practice/"
    boss, before = browser(studio, owner), Order.objects.count()
    assert "data-confirm" not in boss.get(page).text
    assert boss.post(f"{page}data/").status_code == 302
    shown = boss.get(page)
    assert f"/console/galleries/{Practice.objects.get().gallery_code}/" in shown.text
    assert "宋知夏" in shown.text
    assert "already" in boss.post(f"{page}data/", follow=True, headers={"accept-language": "en"}).text
    with in_studio(other_studio):
        assert Order.objects.count() == 0
        stranger = browser(other_studio, User.objects.get())
    assert "宋知夏" not in stranger.get(page).text
    real = real_order(owner, Customer.objects.get(name="宋知夏"))
    assert real.code in boss.post(f"{page}removal/", follow=True).text
    assert Order.objects.count() == before + 7
