"""Published versions: what customers see and orders freeze; the draft is nobody's business."""

import datetime as dt
import importlib

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import translation

from core.catalog import selectors, services, wording
from core.catalog.models import PackageExtra, PackageVersion
from core.catalog.quotes import quote
from core.catalog.rates import Wanted
from core.catalog.terms import MORE_DEFAULTS, Terms, digest
from core.kernel.codes import Counter
from core.kernel.errors import Refusal
from core.kernel.events import Event, Kind
from core.orders import services as orders
from tests.factories import make_branch, make_customer, make_order, make_package, make_staff


def change(package, **fields):
    return services.save_package(
        actor=None, package=package, fields=fields, products=[("album", "Album 12 inch", 1)],
        extras=[("One more outfit", 30000)],
    )  # fmt: skip


def test_customers_see_the_latest_version_and_not_the_draft(db):
    package = make_package(price_minor=399900)
    change(package, price_minor=450000)
    [seen] = selectors.offered_versions()
    assert (seen.number, seen.terms["price_minor"]) == (1, 399900)
    assert make_order(package=package).price_minor == 399900
    assert services.publish_package(actor=None, package=package).number == 2
    [seen] = selectors.offered_versions()
    assert (seen.number, seen.terms["price_minor"]) == (2, 450000)


def test_sold_orders_keep_their_version(db):
    package = make_package(price_minor=399900)
    order = make_order(package=package)
    change(package, price_minor=1, name="新名")
    services.publish_package(actor=None, package=package)
    order.refresh_from_db()
    assert (order.package_version.number, order.terms["version"], order.price_minor) == (1, 1, 399900)
    assert order.package_version.terms["price_minor"] == order.terms["price_minor"] == 399900
    later = make_order(package=package)
    assert (later.package_version.number, later.terms["package"], later.price_minor) == (2, "新名", 1)


def test_publishing_is_recorded_and_numbered(db):
    boss = make_staff("owner")
    package = make_package()
    change(package, price_minor=1)
    version = services.publish_package(actor=boss, package=package)
    assert (version.number, version.published_by, version.digest) == (2, boss, digest(version.terms))
    event = Event.objects.filter(kind=Kind.PACKAGE_PUBLISHED).latest("pk")
    assert (event.thread, event.facts["version"]) == (f"package.{package.pk}", 2)


def test_nothing_new_is_not_published(db):
    package = make_package()
    with pytest.raises(Refusal, match="package.unchanged"):
        services.publish_package(actor=None, package=package)
    assert package.versions.count() == 1


def test_what_was_not_seen_is_not_published(db):
    package = make_package()
    seen = digest(change(package, price_minor=500000).terms())
    change(package, price_minor=1)
    with pytest.raises(Refusal, match="package.draft_changed"):
        services.publish_package(actor=None, package=package, seen=seen)
    assert package.versions.count() == 1


def test_a_package_never_published_cannot_be_sold(db):
    package = make_package()
    package.versions.all().delete()
    assert selectors.offered_versions() == []
    with pytest.raises(Refusal, match="package.not_offered"):
        make_order(package=package)


def test_a_version_never_changes(db):
    version = make_package().versions.get()
    with pytest.raises(TypeError):
        version.save()
    with pytest.raises(IntegrityError, match="package_version_once"), transaction.atomic():
        PackageVersion.objects.create(package=version.package, number=1, terms={}, digest="x")


def test_packages_of_former_days_get_version_one(db):
    """The migration's own copy of `terms()` says what the product says today."""
    packages = [make_package(slots=[{"kind": "cover", "name": "封面"}]), make_package(name="第二个")]
    PackageVersion.objects.all().delete()
    Counter.objects.filter(series="catalog.extra").delete()
    PackageExtra.objects.all().delete()
    for package in packages:
        PackageExtra.objects.create(package=package, code="", name="One more outfit", price_minor=30000)
    migration = importlib.import_module("core.migrations.0012_catalog")
    migration.give_codes(apps, None)
    migration.publish_all(apps, None)
    for package in packages:
        version = package.versions.get()
        assert (version.number, version.terms) == (1, package.terms())
        assert version.digest == digest(package.terms())
        with pytest.raises(Refusal, match="package.unchanged"):
            services.publish_package(actor=None, package=package)
    change(packages[0], price_minor=1)
    assert packages[0].extras.get().code == packages[1].extras.get().code == "e1"
    services.save_package(actor=None, package=packages[1], fields={}, extras=[("另一个", 1)])
    assert packages[1].extras.get().code == "e2"


# -- Further terms ----------------------------------------------------------------------------------------------------
GOOD = {
    "originals": "chosen",
    "access_days": 90,
    "album_rounds": 2,
    "style_rounds": 2,
    "publishing": "不公开",
    "promised_days": 60,
    "blocks": [
        {"name": "化妆", "minutes": 120, "needs": ["makeup_artist"], "offset": 0},
        {"name": "外景", "minutes": 180, "needs": ["photographer", "car"], "offset": 120},
    ],
    "deposit": {"kind": "percent", "value": 30},
    "schedule": [{"when": "signing", "percent": 30, "days": 0}, {"when": "selection", "percent": 70, "days": 3}],
    "refunds": [
        {"until_days": 30, "who": "customer", "refund_percent": 100},
        {"until_days": 0, "who": "customer", "refund_percent": 20},
        {"until_days": 0, "who": "studio", "refund_percent": 100},
    ],
    "gown_terms": {"couture_pieces": 1, "damage_minor": 300000, "text": "高定礼服当日归还"},
}


def test_further_terms_are_frozen_and_read(db):
    order = make_order(package=make_package(more=GOOD))
    terms = Terms.of(order.terms)
    assert (terms.originals, terms.access_days, terms.album_rounds, terms.style_rounds) == ("chosen", 90, 2, 2)
    assert (terms.minutes, terms.blocks[1].needs) == (300, ("photographer", "car"))
    assert (terms.deposit.of(399900), terms.deposit.of(0)) == (119970, 0)
    percents = [terms.refund_percent("customer", days) for days in (45, 30, 29, 0, -1)]
    assert percents == [100, 100, 20, 20, 0]
    assert (terms.refund_percent("studio", 3), terms.refund_percent("force_majeure", 99)) == (100, 0)
    assert (terms.gown_terms["damage_minor"], terms.gown_terms["couture_days"]) == (300000, 1)
    assert order.terms["rounds"] == {"retouch": 2, "style": 2, "album": 2}
    assert (order.promised_on - order.shoot_on).days == 60


def test_terms_of_former_days_read_as_before():
    terms = Terms.of({"package": "旧", "price_minor": 100})
    assert (terms.access_days, terms.album_rounds, terms.originals, terms.publishing) == (365, 3, "", "")
    assert (terms.blocks, terms.addons, terms.deposit.of(100), terms.minutes) == ((), (), 0, 0)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("originals", "some"),
        ("access_days", 0),
        ("album_rounds", 1.5),
        ("promised_days", -1),
        ("publishing", None),
        ("blocks", [{"name": "化妆", "minutes": 0, "needs": [], "offset": 0}]),
        ("blocks", [{"name": "化妆", "minutes": 10, "needs": ["dog"], "offset": 0}]),
        ("deposit", {"kind": "percent", "value": 101}),
        ("deposit", {"kind": "share", "value": 1}),
        ("schedule", [{"when": "signing", "percent": 99, "days": 0}]),
        ("schedule", []),
        ("refunds", [{"until_days": 0, "who": "dog", "refund_percent": 1}]),
        ("refunds", [{"until_days": 0, "who": "studio", "refund_percent": 1}] * 2),
        ("gown_terms", {"damage_minor": -1}),
        ("nonsense", 1),
    ],
)
def test_unsound_terms_are_refused(db, part, value):
    package = make_package()
    with pytest.raises(Refusal, match="terms.unsound") as refusal:
        services.save_package(actor=None, package=package, fields={}, more={part: value})
    assert refusal.value.facts == {"part": part}
    package.refresh_from_db()
    assert package.more == {}


def test_a_draft_keeps_the_further_terms_that_a_change_does_not_name(db):
    package = make_package(more={"access_days": 90})
    change(package, price_minor=1)
    assert package.versions.get().terms["access_days"] == 90
    package.refresh_from_db()
    assert package.terms()["access_days"] == 90
    assert set(MORE_DEFAULTS) - set(package.terms()) == {"style_rounds"}


# -- Extras that can be booked -----------------------------------------------------------------------------------------
def test_an_extra_keeps_its_code_and_one_name_has_one_code(db):
    first = make_package(extras=[{"name": "跟妆", "price_minor": 68000, "most": 1}, ("加装", 300)])
    makeup, outfit = first.terms()["addons"]
    other = make_package(extras=[("加装", 500)])
    assert other.terms()["addons"][0]["code"] == outfit["code"] != makeup["code"]
    renamed = [{"name": "早妆", "price_minor": 1, "code": makeup["code"]}, ("新的", 1)]
    services.save_package(actor=None, package=first, fields={}, extras=renamed)
    codes = [row["code"] for row in first.terms()["addons"]]
    assert codes[0] == makeup["code"]
    assert codes[1] not in {makeup["code"], outfit["code"]}


def test_what_cannot_be_booked_is_named_and_not_an_add_on(db):
    package = make_package(extras=[{"name": "景区门票", "price_minor": 1, "is_bookable": False}, ("加装", 2)])
    terms = package.terms()
    assert [row["name"] for row in terms["extras"]] == ["景区门票", "加装"]
    assert [row["name"] for row in terms["addons"]] == ["加装"]


def test_an_extra_stands_once(db):
    with pytest.raises(Refusal, match="extra.twice"):
        make_package(extras=[("加装", 1), ("加装", 2)])


# -- Taking an order at the quote's price -----------------------------------------------------------------------------
def sell(package, **more):
    branch = make_branch()
    clerk = make_staff("receptionist", branch)
    return orders.take_order(actor=clerk, branch=branch, customer=make_customer(), package=package, **more)


def test_an_order_freezes_the_lines_of_its_price(db):
    package = make_package(extras=[{"name": "加装", "price_minor": 30000, "most": 3}])
    code = package.terms()["addons"][0]["code"]
    order = sell(package, wanted=Wanted(addons=[(code, 2)]))
    assert order.price_minor == order.terms["quoted_minor"] == 459900
    assert [(row["kind"], row["total_minor"]) for row in order.terms["lines"]] == [
        ("package", 399900),
        ("addon", 60000),
    ]
    cheaper = sell(package, wanted=Wanted(addons=[(code, 2)]), price_minor=440000)
    assert (cheaper.price_minor, cheaper.terms["quoted_minor"]) == (440000, 459900)
    assert sum(row["total_minor"] for row in cheaper.terms["lines"]) == 440000
    assert cheaper.terms["lines"][-1] == {
        "kind": "discount", "name": "", "quantity": 1, "each_minor": -19900, "total_minor": -19900,
    }  # fmt: skip


def test_add_ons_are_those_of_the_version_that_is_sold(db):
    package = make_package(extras=[("加装", 30000)])
    services.save_package(actor=None, package=package, fields={}, extras=[("加装", 90000)])
    code = package.terms()["addons"][0]["code"]
    assert sell(package, wanted=Wanted(addons=[(code, 1)])).price_minor == 429900
    assert quote(package.versions.get(), make_branch(), addons=[(code, 1)]).total_minor == 429900


# -- What is on offer -------------------------------------------------------------------------------------------------
def test_offered_tells_every_package_with_its_price_there_and_then(db, django_assert_num_queries):
    dear, cheap = make_package(name="贵", price_minor=500000), make_package(name="省", price_minor=100000)
    services.set_offered(actor=None, package=make_package(), is_offered=False)
    branch = make_branch(timezone="Asia/Shanghai")
    services.save_rule(actor=None, fields={"kind": "peak", "name": "周末", "percent": 10, "weekdays": [5]})
    far = {"kind": "place", "name": "x", "package": cheap, "branch": make_branch(), "price_minor": 1}
    services.save_rule(actor=None, fields=far)
    with django_assert_num_queries(2):
        found = selectors.offered(branch, dt.datetime(2026, 12, 4, 17, tzinfo=dt.UTC))  # Saturday there
    told = [(one.terms.package, one.version.package_id, one.quote.total_minor) for one in found]
    assert told == [("贵", dear.pk, 550000), ("省", cheap.pk, 110000)]
    assert [one.quote.total_minor for one in selectors.offered(branch)] == [500000, 100000]


# -- In words ---------------------------------------------------------------------------------------------------------
def test_everything_that_can_cost_extra_is_named(db):
    """R099: whatever price the terms hold stands under what costs extra."""
    slot = {"kind": "frame", "name": "大框", "included": 1, "maximum": 4, "extra_price_minor": 38000}
    fixed = {"kind": "cover", "name": "封面", "included": 1, "maximum": 1, "extra_price_minor": 99}
    more = {"gown_terms": {"couture_rental_minor": 68000, "damage_minor": 300000}}
    extras = [{"name": "接送", "price_minor": 20000, "is_bookable": False}, ("加装", 30000)]
    package = make_package(all_originals_minor=128000, slots=[slot, fixed], extras=extras, more=more)
    with translation.override("en"):
        made = {section.name: section for section in wording.sections(package.terms(), "CNY")}
    told = {row.label: row.text for row in made["extra"].rows}
    for name, price in {
        "接送": "¥200",
        "加装": "¥300",
        "Each further one for: 大框": "¥380",
        "All originals": "¥1,280",
        "Each further couture gown": "¥680",
        "Each further retouched photo": "¥60",
    }.items():
        assert told[name] == price
    assert not [label for label in told if "封面" in label]
    assert told["Damage to a gown, at most"] == "¥3,000"


def test_changes_name_what_is_new_what_is_gone_and_nothing_else(db):
    package = make_package(more=GOOD)
    former = package.terms()
    with translation.override("en"):
        assert wording.changes(former, former, "CNY") == []
        new = {**former, "price_minor": 1, "products": [], "refunds": GOOD["refunds"][:1]}
        told = {change.label: (change.before, change.after) for change in wording.changes(former, new, "CNY")}
    assert told["Price"] == ("¥3,999", "¥0.01")
    assert told["Album"] == ("Album 12 inch ×1", "")
    assert told["The customer cancels"][0].count("\n") == 1
    assert told["The studio cancels"][1] == ""
    assert len(told) == 4
