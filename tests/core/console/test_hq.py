import csv
import datetime as dt
import io
import json
import re
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from core.console.hq.tables import neutral
from core.kernel import clock, events
from core.kernel.events import Kind
from core.orders import services as orders
from core.studios import services as studios
from tests.core.console.conftest import browser
from tests.factories import make_customer, make_package, make_staff

HQ, CSV = "/console/hq/", "/console/hq/branches.csv"


@pytest.fixture(autouse=True)
def _today():
    with clock.at(dt.datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))), translation.override("en"):
        yield


@pytest.fixture
def chief(studio, branch):
    client = browser(studio, make_staff())
    client.cookies["yl_language"] = "en"
    return client


@pytest.fixture
def sold(branch):
    package, boss = make_package(), make_staff()

    def sell(where, day, price, picked=0, extra=0):
        with clock.at(dt.datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=ZoneInfo("Asia/Shanghai"))):
            order = orders.take_order(
                actor=boss, branch=where, customer=make_customer(), package=package, price_minor=price
            )
            facts = {"picked": picked, "extra": extra, "extra_total_minor": extra * 6000}
            events.record(Kind.SELECTION_SUBMITTED, order, None, **facts)

    return sell


@pytest.fixture
def months(sold, branch, far_branch):
    """November: 2 × in NS, 1 × in FT. October: 1 × in NS."""
    sold(branch, "2026-11-02", 400000, picked=50, extra=2)
    sold(branch, "2026-11-20", 300050, picked=40)
    sold(far_branch, "2026-11-03", 900000, picked=60, extra=10)
    sold(branch, "2026-10-10", 500000, picked=30, extra=1)


def table(answer):
    """Branch → {column: (value, before)}."""
    return {
        line.branch.name: {cell.column.name: (cell.value, cell.before) for cell in cells}
        for line, cells in answer.context["rows"]
    }


def test_figures_beside_each_other(chief, months):
    answer = chief.get(HQ)
    rows = table(answer)
    assert rows["南山店"]["revenue"] == (700050, 500000)
    assert rows["南山店"]["orders"] == (2, 1)
    assert rows["南山店"]["average"] == (350025, 500000)
    assert rows["福田店"]["extra"] == (10, 0)
    page = answer.content.decode()
    for text in ("¥7,000.50", "¥3,500.25", "+40.0\xa0%", "+100\xa0%", "¥16,000.50"):
        assert text in page, text


def test_every_chart_has_its_table(chief, months):
    page = chief.get(HQ).content.decode()
    assert page.count("data-chart=") == page.count('application/json">{"aria') == 1
    options = json.loads(re.search(r'id="revenue-options" type="application/json">(.*?)</script>', page).group(1))
    assert options["series"][0]["data"] == [7000.5, 9000.0]
    assert options["series"][1]["data"] == [5000.0, 0.0]
    assert page.count('<details class="fold fold-quiet">') >= 1


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", ["南山店", "福田店"]),
        ("revenue", ["福田店", "南山店"]),
        ("-revenue", ["南山店", "福田店"]),
        ("orders", ["南山店", "福田店"]),
        ("nonsense", ["南山店", "福田店"]),
    ],
)
def test_sorting(chief, months, query, order):
    answer = chief.get(HQ, {"sort": query, "period": "month"})
    assert list(table(answer)) == order
    page = answer.content.decode()
    assert ("aria-sort" in page) is (query.removeprefix("-") in {"revenue", "orders"})


def test_sort_links_go_down_up_and_back_and_keep_the_period(chief, months):
    def link(**query):
        page = chief.get(HQ, {"period": "quarter"} | query).content.decode()
        return re.search(r'<a href="([^"]*)">Revenue booked', page).group(1).replace("&amp;", "&")

    assert link() == "?period=quarter&sort=revenue"
    assert link(sort="revenue") == "?period=quarter&sort=-revenue"
    assert link(sort="-revenue") == "?period=quarter"


def test_what_has_no_value_stands_last_either_way(chief, months, branch, far_branch):
    make = studios.add_branch(actor=None, name="新店")
    for sort in ("average", "-average"):
        assert list(table(chief.get(HQ, {"sort": sort})))[-1] == make.name


@pytest.mark.parametrize(
    ("query", "first", "last", "before"),
    [
        ({}, "2026-11-01", "2026-11-22", "2026-10-01"),
        ({"period": "week"}, "2026-11-16", "2026-11-22", "2026-11-09"),
        ({"period": "quarter"}, "2026-10-01", "2026-11-22", "2026-07-01"),
        ({"first": "2026-11-02", "last": "2026-11-04"}, "2026-11-02", "2026-11-04", "2026-10-30"),
        ({"period": "century"}, "2026-11-01", "2026-11-22", "2026-10-01"),
    ],
)
def test_periods(chief, query, first, last, before):
    comparison = chief.get(HQ, query).context["comparison"]
    shown = (comparison.period.start, comparison.period.last, comparison.before.start)
    assert shown == tuple(dt.date.fromisoformat(day) for day in (first, last, before))


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("2026-11-20", "2026-11-01", "last"),
        ("2026-11-20", "", "last"),
        ("", "2026-11-20", "first"),
        ("2024-01-01", "2026-01-01", "last"),
        ("0001-01-01", "0001-01-02", "first"),
        ("9999-12-01", "9999-12-31", "last"),
        ("soon", "2026-11-20", "first"),
    ],
)
def test_faulty_days_are_said_beside_their_field(chief, first, last, field):
    answer = chief.get(HQ, {"first": first, "last": last})
    assert answer.status_code == 200
    assert answer.context["form"].errors[field]
    page = answer.content.decode()
    assert first in page
    assert last in page
    assert chief.get(CSV, {"first": first, "last": last}).status_code == 200


def test_csv_is_for_excel(chief, months, branch):
    studios.change_branch(actor=None, branch=branch, name="=HYPERLINK(1)")
    answer = chief.get(CSV, {"period": "month"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "2026-11-01-2026-11-22.csv" in answer["Content-Disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    head, north, south, total = rows
    figures = dict(zip(head, north, strict=True))
    assert north[0] == "'=HYPERLINK(1)"
    assert (figures["Revenue booked"], figures["Orders"], figures["Average order value"]) == ("7000.50", "2", "3500.25")
    assert figures["Revenue booked (previous period)"] == "5000.00"
    assert dict(zip(head, south, strict=True))["Average order value (previous period)"] == ""
    assert dict(zip(head, total, strict=True))["Revenue booked"] == "16000.50"
    assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_formulas_are_neutralised(text):
    assert neutral(text) == f"'{text}"


def test_nothing_sold_is_no_error(chief):
    page = chief.get(HQ)
    assert page.status_code == 200
    assert chief.get(CSV).status_code == 200


@pytest.mark.parametrize("role", ["manager", "receptionist"])
def test_headquarters_is_the_boss_s(studio, branch, role):
    visitor = browser(studio, make_staff(role))
    assert visitor.get(HQ).status_code == 403
    assert visitor.get(CSV).status_code == 403


def test_queries_do_not_grow_with_branches(chief, sold):
    counts = []
    for name in ("甲", "乙"):
        sold(studios.add_branch(actor=None, name=name), "2026-11-03", 5)
        chief.get(HQ)
        with CaptureQueriesContext(connection) as queries:
            chief.get(HQ)
        counts.append(len(queries))
    assert counts[0] == counts[1]
