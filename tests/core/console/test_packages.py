import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.catalog.models import Package
from tenants import directory
from tenants.context import in_studio
from tests.core.console.conftest import browser
from tests.factories import make_package

LIST, NEW = "/console/packages/", "/console/packages/new/"


def rows(prefix, *values):
    found = {f"{prefix}-TOTAL_FORMS": len(values), f"{prefix}-INITIAL_FORMS": 0}
    for i, row in enumerate(values):
        found |= {f"{prefix}-{i}-{name}": value for name, value in row.items()}
    return found


def form(products=(), extras=(), slots=(), **changes):
    plain = {
        "name": "故事旅拍",
        "kind": "wedding",
        "price_minor": "5999",
        "extra_photo_minor": "60",
        "photos_taken": "300",
        "retouched_included": "40",
        "outfits": "3",
        "scenes": "2",
        "retouch_rounds": "2",
        "delivery_days": "30",
        "is_offered": "on",
    }
    further = rows("blocks") | rows("schedule") | rows("refunds")
    return plain | rows("products", *products) | rows("slots", *slots) | rows("extras", *extras) | further | changes


ALBUM = {"kind": "album", "name": "12 寸水晶相册", "quantity": "2"}


def test_a_package_with_its_rows(client):
    answer = client.post(
        NEW, form([ALBUM, {"kind": "frame", "name": "", "quantity": "1"}], [{"name": "加装", "price_minor": "300"}])
    )
    assert answer["Location"] == LIST
    package = Package.objects.get()
    assert (package.price_minor, package.extra_photo_minor, package.is_offered) == (599900, 6000, True)
    assert package.terms()["products"] == [{"kind": "album", "name": "12 寸水晶相册", "quantity": 2}]
    assert package.terms()["extras"] == [{"name": "加装", "price_minor": 30000}]


@pytest.mark.parametrize(
    ("typed", "minor"),
    [("39.99", 3999), ("39.9", 3990), ("¥3,999", 399900), (" 3999 元", 399900), ("３９９９", 399900), ("0", 0)],
)
def test_prices_as_people_type_them(client, typed, minor):
    assert client.post(NEW, form(price_minor=typed)).status_code == 302
    assert Package.objects.get().price_minor == minor


@pytest.mark.parametrize("typed", ["39.999", "-1", "1e5", "", "abc", "NaN", "1,23", "3999.", "99999999999", "٣"])
@pytest.mark.parametrize("field", ["price_minor", "extra_photo_minor"])
def test_what_is_no_price_stays_beside_its_message(client, typed, field):
    answer = client.post(NEW, form(**{field: typed}))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert answer.context["form"][field].value() == typed
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not Package.objects.exists()


def test_money_of_a_currency_without_decimals(client, studio):
    type(studio).objects.filter(pk=studio.pk).update(currency="JPY")
    directory.forget()
    assert client.post(NEW, form(price_minor="39.5")).context["form"].errors["price_minor"]
    assert client.post(NEW, form(price_minor="39000")).status_code == 302
    assert Package.objects.get().price_minor == 39000


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"kind": "space"}, "kind"),
        ({"photos_taken": "-1"}, "photos_taken"),
        ({"photos_taken": ""}, "photos_taken"),
        ({"outfits": "99999"}, "outfits"),
        ({"delivery_days": "soon"}, "delivery_days"),
        ({"retouched_included": "301"}, "retouched_included"),
    ],
)
def test_faults_stand_beside_their_field_and_in_the_summary(client, change, field):
    answer = client.post(NEW, form([ALBUM], description="慢慢拍", **change))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    page = answer.content.decode()
    assert "data-error-summary" in page
    for kept in ("慢慢拍", "12 寸水晶相册"):
        assert kept in page
    assert not Package.objects.exists()


@pytest.mark.parametrize(
    ("products", "extras"),
    [
        ([ALBUM | {"quantity": "0"}], []),
        ([ALBUM | {"kind": "boat"}], []),
        ([], [{"name": "加装", "price_minor": ""}]),
        ([], [{"name": "加装", "price_minor": "-5"}]),
        ([], [{"name": "", "price_minor": "300"}]),
        ([ALBUM] * 21, []),
    ],
)
def test_faults_in_rows_are_said_and_nothing_is_saved(client, products, extras):
    answer = client.post(NEW, form(products, extras))
    assert answer.status_code == 422
    assert answer.context["forms"].faults
    assert "data-error-summary" in answer.content.decode()
    assert not Package.objects.exists()


def test_a_name_is_taken_once(client):
    make_package(name="故事旅拍")
    answer = client.post(NEW, form())
    assert answer.status_code == 422
    assert answer.context["form"].errors["name"]
    assert Package.objects.count() == 1


def test_an_emptied_row_is_dropped(client):
    package = make_package(name="故事旅拍")
    page = client.get(f"{LIST}{package.pk}/").content.decode()
    assert "Album 12 inch" in page
    assert 'value="300"' in page
    client.post(
        f"{LIST}{package.pk}/", form([{"kind": "", "name": "", "quantity": ""}], [{"name": "", "price_minor": ""}])
    )
    assert (package.products.count(), package.extras.count()) == (0, 0)


def test_sold_orders_keep_their_terms_and_the_form_says_so(client, order):
    sold = dict(order.terms)
    url = f"{LIST}{order.package_id}/"
    assert client.get(url).context["package"].sold == 1
    assert client.post(url, form([ALBUM], price_minor="1")).status_code == 302
    order.refresh_from_db()
    assert order.terms == sold
    assert order.price_minor == 399900
    assert Package.objects.get(pk=order.package_id).price_minor == 100


def test_taking_off_offer_and_back(client):
    package = make_package()
    client.post(f"{LIST}{package.pk}/offer/", {"offered": "0"})
    package.refresh_from_db()
    assert not package.is_offered
    client.post(f"{LIST}{package.pk}/offer/", {"offered": "1"})
    package.refresh_from_db()
    assert package.is_offered


@pytest.mark.parametrize("role", ["receptionist", "photographer", "after_sales"])
def test_the_desk_sells_packages_and_does_not_change_them(as_role, role):
    package = make_package(name="百日纪念")
    visitor = as_role(role)
    for answer in (
        visitor.get(LIST),
        visitor.post(NEW, form()),
        visitor.post(f"{LIST}{package.pk}/", form()),
        visitor.post(f"{LIST}{package.pk}/offer/", {"offered": "0"}),
    ):
        assert answer.status_code == 403
    package = Package.objects.get()
    assert (package.name, package.is_offered) == ("百日纪念", True)


def test_packages_of_another_studio_do_not_exist(client, other_studio):
    with in_studio(other_studio):
        foreign = [make_package() for _ in range(3)][-1]
    assert client.get(f"{LIST}{foreign.pk}/").status_code == 404
    assert client.post(f"{LIST}{foreign.pk}/", form()).status_code == 404
    assert client.post(f"{LIST}{foreign.pk}/offer/", {"offered": "0"}).status_code == 404
    with in_studio(other_studio):
        foreign.refresh_from_db()
        assert foreign.is_offered
        assert foreign.name != "故事旅拍"


def test_queries_do_not_grow_with_packages(studio, manager):
    client, counts = browser(studio, manager), []
    for _ in range(3):
        make_package()
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[-1]


# -- Slots ------------------------------------------------------------------------------------------------------------
FRAME = {"kind": "frame", "name": "24 寸油画框", "included": "1", "maximum": "4", "extra_price_minor": "380"}


def test_slots_tiers_and_originals_are_kept_and_shown_again(client):
    typed = {"retouched_tiers": "6: 48、16：38", "all_originals_minor": "1280"}
    rows_of_slots = [FRAME | {"tiers": "2=300"}, {"kind": "other", "name": "", "included": "1"}]
    assert client.post(NEW, form(slots=rows_of_slots, **typed))["Location"] == LIST
    terms = Package.objects.get().terms()
    assert terms["retouched_tiers"] == [{"from": 6, "price_minor": 4800}, {"from": 16, "price_minor": 3800}]
    assert terms["all_originals_minor"] == 128000
    [slot] = terms["slots"]
    assert (slot["name"], slot["included"], slot["minimum"], slot["maximum"]) == ("24 寸油画框", 1, 0, 4)
    assert (slot["extra_price_minor"], slot["tiers"]) == (38000, [{"from": 2, "price_minor": 30000}])
    text = client.get(f"{LIST}{Package.objects.get().pk}/").content.decode()
    assert 'value="6: 48, 16: 38"' in text
    assert 'value="2: 300"' in text
    assert "24 寸油画框 ×1" in client.get(LIST).content.decode()


@pytest.mark.parametrize("typed", ["six: 48", "1: 48", "6: 48, 6: 30", "6: -1", "6: 1.234", "6 48"])
def test_tiers_that_mean_nothing_stand_beside_their_field(client, typed):
    answer = client.post(NEW, form(retouched_tiers=typed))
    assert answer.status_code == 422
    assert "retouched_tiers" in answer.context["form"].errors
    assert f'value="{typed}"' in answer.content.decode()
    assert not Package.objects.exists()


@pytest.mark.parametrize(
    "change", [{"maximum": "0"}, {"included": "9"}, {"minimum": "9"}, {"included": "x"}, {"tiers": "?"}, {"kind": "no"}]
)
def test_faults_of_slots_are_said_and_nothing_is_saved(client, change):
    answer = client.post(NEW, form(slots=[FRAME | change]))
    assert answer.status_code == 422
    assert answer.context["forms"].faults
    assert not Package.objects.exists()
