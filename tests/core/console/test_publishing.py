"""The draft's page: further terms, standard terms, preview; publishing with a diff."""

import pytest

from core.catalog.models import Package, PackageVersion
from core.catalog.services import save_package, save_rule
from core.catalog.standard import standard_terms
from core.catalog.terms import MORE_DEFAULTS, Terms
from tenants.context import in_studio
from tests.core.console.conftest import browser
from tests.core.console.test_packages import LIST, NEW, form, rows
from tests.factories import make_order, make_package

PREVIEW, STANDARD = f"{LIST}preview/", f"{LIST}standard/"
FURTHER = {
    "originals": "chosen",
    "access_days": "90",
    "album_rounds": "",
    "style_rounds": "2",
    "promised_days": "60",
    "publishing": "不公开",
    "couture_pieces": "1",
    "couture_rental_minor": "680",
    "damage_minor": "3000",
    "gown_text": "当日归还",
    "deposit_percent": "30",
    **rows(
        "blocks",
        {"name": "化妆", "minutes": "120", "needs": ["makeup_artist", "gown_master"]},
        {"name": "外景", "minutes": "180", "needs": ["photographer"]},
        {"name": "内景", "minutes": "60", "offset": "290"},
        {"name": "", "minutes": "", "offset": ""},
    ),
    **rows(
        "schedule",
        {"when": "signing", "percent": "30"},
        {"when": "date", "percent": "70", "days": "-7"},
        {"when": "signing", "percent": ""},
    ),
    **rows(
        "refunds",
        {"who": "customer", "until_days": "30", "refund_percent": "100"},
        {"who": "customer", "until_days": "", "refund_percent": "0"},
        {"who": "studio", "until_days": "", "refund_percent": ""},
    ),
}


def test_further_terms_are_kept_and_shown_again(client):
    extras = [{"name": "加装", "price_minor": "300", "unit": "outfit", "most": "3", "is_bookable": "on"}]
    assert client.post(NEW, form(extras=extras, **FURTHER)).status_code == 302
    package = Package.objects.get()
    terms = Terms.of(package.terms())
    assert (terms.originals, terms.access_days, terms.album_rounds, terms.style_rounds) == ("chosen", 90, 3, 2)
    assert [(b.name, b.minutes, b.offset) for b in terms.blocks] == [
        ("化妆", 120, 0),
        ("外景", 180, 120),
        ("内景", 60, 290),
    ]
    assert terms.blocks[0].needs == ("makeup_artist", "gown_master")
    assert [(d.when, d.percent, d.days) for d in terms.schedule] == [("signing", 30, 0), ("date", 70, -7)]
    assert [(r.who, r.until_days, r.refund_percent) for r in terms.refunds] == [
        ("customer", 30, 100),
        ("customer", 0, 0),
    ]
    assert (terms.deposit.kind, terms.deposit.value) == ("percent", 30)
    assert (terms.gown_terms["couture_rental_minor"], terms.gown_terms["damage_minor"]) == (68000, 300000)
    assert [(a.name, a.unit, a.most) for a in terms.addons] == [("加装", "outfit", 3)]
    shown = client.get(f"{LIST}{package.pk}/").context["further"]
    assert shown.form.initial["couture_rental_minor"] == 68000
    assert [form.initial["name"] for form in shown.blocks.initial_forms] == ["化妆", "外景", "内景"]


def test_a_deposit_as_an_amount_goes_before_percent(client):
    client.post(NEW, form(**FURTHER, deposit_minor="1000"))
    assert Package.objects.get().more["deposit"] == {"kind": "minor", "value": 100000}


def test_an_extra_keeps_its_code_when_it_is_renamed(client):
    package = make_package(extras=[("加装", 30000)])
    code = package.extras.get().code
    page = client.get(f"{LIST}{package.pk}/").content.decode()
    assert f'value="{code}"' in page
    row = {"name": "加一套服装", "price_minor": "300", "unit": "once", "code": code, "is_bookable": "on"}
    assert client.post(f"{LIST}{package.pk}/", form(extras=[row])).status_code == 302
    assert package.extras.get().code == code


@pytest.mark.parametrize(
    "change",
    [
        rows("schedule", {"when": "signing", "percent": "30"}),
        rows("schedule", {"when": "never", "percent": "100"}),
        rows("blocks", {"name": "化妆", "minutes": ""}),
        rows("blocks", {"name": "化妆", "minutes": "60", "needs": ["dog"]}),
        rows("refunds", *[{"who": "customer", "until_days": "", "refund_percent": "1"}] * 2),
        {"access_days": "0"},
        {"deposit_percent": "101"},
        {"damage_minor": "-1"},
        {"originals": "some"},
        rows("extras", *[{"name": "加装", "price_minor": "1"}] * 2),
    ],
)
def test_faults_of_further_terms_are_said_and_nothing_is_saved(client, change):
    answer = client.post(NEW, form(**change))
    assert answer.status_code == 422
    assert answer.context["forms"].faults
    assert "data-error-summary" in answer.content.decode()
    assert not Package.objects.exists()


# -- Standard terms ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["wedding", "portrait", "children", "family", "maternity"])
def test_standard_terms_suit_every_kind_and_can_be_saved(client, kind):
    page = client.post(STANDARD, {"kind": kind, "name": "x"})
    assert page.status_code == 200
    assert 'id="further"' in page.content.decode()
    more = standard_terms(kind, "CNY")
    assert set(more) == set(MORE_DEFAULTS)
    package = make_package(kind=kind, more=more)
    assert Terms.of(package.terms()).minutes > 0
    assert not Package.objects.exclude(pk=package.pk).exists()


def test_a_new_package_starts_with_standard_terms(client):
    assert client.get(NEW).context["further"].form.initial["deposit_percent"] == 30
    assert client.get(f"{NEW}?kind=portrait").context["further"].form.initial["deposit_percent"] == 50
    assert client.get(f"{NEW}?kind=dog").status_code == 200


def test_standard_money_is_in_the_studio_s_currency():
    assert standard_terms("wedding", "JPY")["gown_terms"]["damage_minor"] == 3000
    assert standard_terms("wedding", "CNY")["gown_terms"]["damage_minor"] == 300000


# -- Preview ----------------------------------------------------------------------------------------------------------
def preview(branch, **changes):
    times = {"sample-at_0": "2026-12-05T15:00", "sample-at_1": "2026-12-02T10:00", "sample-at_2": ""}
    return form(**{"sample-branch": branch.pk, **times, **changes})


def test_preview_prices_the_draft_on_three_days_and_saves_nothing(client, branch):
    save_rule(actor=None, fields={"kind": "off_peak", "name": "周末快拍", "percent": -20, "weekdays": [5]})
    answer = client.post(PREVIEW, preview(branch))
    assert [one.quote.total_minor for one in answer.context["tried"]] == [479920, 599900, 599900]
    text = answer.content.decode()
    for part in ("周末快拍", "¥4,799.20", "¥60", "故事旅拍"):
        assert part in text, part
    assert not Package.objects.exists()


def test_preview_of_an_unfinished_form_waits(client, branch):
    answer = client.post(PREVIEW, preview(branch, name="", price_minor="x"))
    assert answer.status_code == 200
    assert "tried" not in answer.context
    assert client.post(PREVIEW, {"package": "9" * 40}).status_code == 200


def test_rules_for_one_package_count_in_its_preview(client, branch):
    package = make_package(name="故事旅拍")
    fields = {"kind": "place", "name": "x", "package": package, "branch": branch, "price_minor": 100}
    save_rule(actor=None, fields=fields)
    there, new = (client.post(PREVIEW, preview(branch, **more)) for more in ({"package": package.pk}, {}))
    assert there.context["tried"][0].quote.total_minor == 100
    assert new.context["tried"][0].quote.total_minor == 599900


# -- Publishing -------------------------------------------------------------------------------------------------------
def url(package):
    return f"{LIST}{package.pk}/publication/"


def draft(package, **fields):
    return save_package(actor=None, package=package, fields=fields, extras=[("加急出片", 50000)])


def test_publishing_shows_what_changes_and_the_card(client):
    package = make_package(name="故事旅拍", price_minor=399900)
    draft(package, price_minor=429900, retouched_included=55)
    page = client.get(url(package))
    told = {change.label: (change.before, change.after) for change in page.context["changes"]}
    assert ("¥3,999", "¥4,299") in told.values()
    assert ("50", "55") in told.values()
    assert told["加急出片"] == ("", "¥500")
    assert told["One more outfit"] == ("¥300", "")
    assert "加急出片" in page.content.decode()
    answer = client.post(url(package), {"seen": page.context["seen"]})
    assert answer["Location"] == LIST
    assert package.versions.count() == 2


def test_a_draft_changed_meanwhile_is_looked_at_again(client):
    package = make_package()
    draft(package, price_minor=1)
    seen = client.get(url(package)).context["seen"]
    draft(package, price_minor=2)
    for told in ({"seen": seen}, {"seen": "x"}, {}):
        assert client.post(url(package), told)["Location"] == url(package)
    assert package.versions.count() == 1


def test_save_and_publish_leads_to_the_diff(client):
    answer = client.post(NEW, form(then="publish"))
    assert answer["Location"] == url(Package.objects.get())
    assert not PackageVersion.objects.exists()
    assert client.get(answer["Location"]).context["latest"] is None


def test_the_list_shows_draft_changed_and_published(client):
    published, changed = make_package(), make_package()
    draft(changed, price_minor=1)
    never = make_package()
    never.versions.all().delete()
    make_order(package=published)
    states = {item.package.pk: (item.state, item.sold) for item in client.get(LIST).context["shown"]}
    assert states == {published.pk: ("published", 1), changed.pk: ("changed", 0), never.pk: ("draft", 0)}


@pytest.mark.parametrize("role", ["receptionist", "photographer"])
def test_others_do_not_publish(as_role, role):
    package = make_package()
    draft(package, price_minor=1)
    visitor = as_role(role)
    for answer in (
        visitor.get(url(package)),
        visitor.post(url(package)),
        visitor.post(PREVIEW),
        visitor.post(STANDARD),
    ):
        assert answer.status_code == 403
    assert package.versions.count() == 1


def test_foreign_packages_are_not_published(client, other_studio):
    with in_studio(other_studio):
        foreign = [make_package() for _ in range(3)][-1]
        draft(foreign, price_minor=1)
    assert client.post(url(foreign)).status_code == 404
    with in_studio(other_studio):
        assert foreign.versions.count() == 1


def test_the_form_s_queries_do_not_grow_with_packages(studio, manager, branch, django_assert_max_num_queries):
    visitor, counts = browser(studio, manager), []
    for _ in range(2):
        package = make_package()
        with django_assert_max_num_queries(22) as queries:
            visitor.get(f"{LIST}{package.pk}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
