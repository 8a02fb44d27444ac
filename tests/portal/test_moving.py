"""Coupons, lunar days and days off while booking; another date with its annex; orders of the desk on the phone."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from core.booking.models import Proposal
from core.booking.services.firming import follow_booking
from core.booking.services.holding import Choice, begin_booking, hold_booking
from core.catalog.models import Coupon
from core.catalog.services import save_coupon
from core.contracts.models import Contract
from core.contracts.selectors import contract_of
from core.finance.models import Account
from core.finance.services import apply_dispute
from core.kernel import clock
from core.orders.dates import take_date
from core.orders.models import Order, OrderMove, OrderStage
from core.scheduling.models import Appointment, CalendarRules, Resource
from core.scheduling.selectors import SlotQuery, slot_at
from core.scheduling.services import book, cancel, save_resource
from core.scheduling.solver import PlannedBlock
from tests.core.booking import test_annexes as annexes
from tests.core.booking.make import LATE, MORE, NOW, SATURDAY, bookable, held, pay, team
from tests.core.booking.test_annexes import chain, firm_booking, proposed
from tests.core.booking.test_shifting import shift
from tests.core.console.conftest import browser
from tests.core.contracts.make import sign
from tests.factories import furnish_stages, make_branch, make_customer, make_order, make_staff
from tests.portal.doors import knock
from tests.portal.test_booking import text, you

WEEK = dt.timedelta(days=7)


@pytest.fixture(autouse=True)
def _monday(settings):
    settings.LANGUAGE_CODE = "en"
    with clock.at(NOW):
        yield


@pytest.fixture
def branch(db):
    furnish_stages()
    make_staff("owner")
    found = make_branch("南山店", code="NS", phone="0755-26112611")
    team(found, photographers=2)
    return found


@pytest.fixture
def clerk(branch):
    return make_staff("receptionist", branch, name="王蕾")


@pytest.fixture
def package(branch, clerk):
    return bookable()


@pytest.fixture
def mine(studio, customer, branch):
    found = knock(studio, "path", customer)
    found.client.cookies["yl_language"] = "en"
    return found


# -- Coupons ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def coupon(branch):
    return save_coupon(
        actor=None, fields={"code": "LOVE500", "name": "新客礼", "kind": "amount", "amount_minor": 50000}
    )


def test_a_coupon_shows_the_price_before_and_after_and_is_kept_on_every_way_back(mine, package, coupon):
    page = text(mine.get(you(package, rest="&coupon=love%20500")))
    assert "¥3,999 before, ¥3,499 with the coupon" in page
    assert re.search(r'href="[^"]*book/ns/\d+/\?day=2027-03-20[^"]*coupon=', page)
    assert "Your booking" in page
    dates = text(mine.get(f"book/ns/{package.pk}/?day=2027-03-20&from=2027-03-15&coupon=LOVE500"))
    times = dates.split('id="times"')[1]
    assert "coupon=LOVE500" in re.search(r'href="([^"]*you/[^"]*)"', times).group(1)
    assert dates.count("coupon=LOVE500") > 10
    mine.post(you(package, rest="&coupon=LOVE500"), {"price": "349900"})
    assert (Order.objects.get().price_minor, Coupon.objects.get().used) == (349900, 1)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"is_active": False}, "There is no such coupon"),
        ({"total_limit": 1, "used": 1}, "used up"),
        ({"last_day": dt.date(2027, 2, 1)}, "was valid until"),
        ({"first_day": dt.date(2027, 5, 1)}, "is valid from"),
        ({"minimum_minor": 500000}, "from a price of ¥5,000"),
    ],
)
def test_a_coupon_that_does_not_count_says_why_and_costs_nothing_more(mine, package, coupon, fields, says):
    Coupon.objects.filter(pk=coupon.pk).update(**fields)
    page = text(mine.get(you(package, rest="&coupon=LOVE500")))
    assert says in page
    assert 'aria-invalid="true"' in page
    assert 'value="399900"' in page
    mine.post(you(package, rest="&coupon=LOVE500"), {"price": "399900"})
    assert Order.objects.get().price_minor == 399900


def test_the_last_coupon_gone_meanwhile_leaves_the_way_without_it(mine, branch, package, coupon, customer):
    Coupon.objects.filter(pk=coupon.pk).update(total_limit=1)
    choice = Choice(branch, package, SATURDAY, 349900, coupon="LOVE500")
    row = begin_booking(choice=choice, customer=customer)
    Coupon.objects.filter(pk=coupon.pk).update(used=1)
    page = text(mine.get(f"book/draft/{row.code}/"))
    assert "somebody else has taken the last one" in page
    at = re.search(r'action="\?at=([^"]+)"', page).group(1)
    done = mine.post(f"book/draft/{row.code}/?at={at}")
    assert "/bookings/" in done["Location"]
    row.refresh_from_db()
    assert (row.coupon, row.order.price_minor) == ("", 399900)


# -- Days -------------------------------------------------------------------------------------------------------------
def test_days_show_the_lunar_day_in_chinese_and_weekends_can_be_picked_out(mine, package):
    url = f"book/ns/{package.pk}/?from=2027-03-15&day=2027-03-20"
    assert "农历" not in text(mine.get(url))
    mine.client.cookies["yl_language"] = "zh-hans"
    page = text(mine.get(url))
    assert "农历二月十三" in page
    assert "十三" in page.split('id="times"')[0]
    assert "宜嫁娶" not in page
    weekdays = text(mine.get(f"{url}&off=1"))
    assert "day=2027-03-20" in weekdays
    assert "day=2027-03-17" not in weekdays.replace(f"&amp;day={NOW.date()}", "")


def test_auspicious_days_are_shown_only_where_the_studio_wants_it(mine, branch, package):
    CalendarRules.objects.create(branch=branch, almanac=True)
    mine.client.cookies["yl_language"] = "zh-hans"
    assert "宜嫁娶" in text(mine.get(f"book/ns/{package.pk}/?from=2027-03-15"))


# -- Another date -----------------------------------------------------------------------------------------------------
@pytest.fixture
def firm(branch, package, customer, clerk, monkeypatch):
    monkeypatch.setattr(annexes, "bookable", lambda: package)
    return firm_booking(branch, clerk, customer)


def test_what_agreeing_means_and_saves_stands_above_the_tap(mine, firm):
    page = text(mine.get(f"bookings/{firm.code}/date/?from=2027-03-15&day=2027-03-20"))
    main = contract_of(firm.order)
    assert main.number in page
    assert "¥799.80 less" in page
    seq = firm.appointment.seq
    mine.post(f"bookings/{firm.code}/date/", {"at": LATE.isoformat(), "seq": seq})
    annex = Contract.objects.get(parent=main)
    proof = annex.trail.get(kind="signed").facts
    assert "iPhone" in proof["agent"]
    assert proof["address"]
    firm.order.account.refresh_from_db()
    assert firm.order.account.charged_minor == 319920
    assert annex.number in text(mine.get(f"contracts/{main.code}/"))
    assert "Signed by everybody" in text(mine.get(f"contracts/{annex.code}/"))


def test_a_proposal_shows_its_price_and_what_yes_means(mine, firm, clerk):
    row = proposed(firm, clerk, LATE + WEEK, priced=True)
    page = text(mine.get(f"dates/{row.pk}/"))
    assert "¥799.80 less" in page
    assert contract_of(firm.order).number in page
    mine.post(f"dates/{row.pk}/", {"answer": "yes"})
    assert Contract.objects.exclude(parent=None).get().data["lines"][0]["total_minor"] == -79980


# -- Orders of the desk -----------------------------------------------------------------------------------------------
@pytest.fixture
def desk(branch, clerk, package, customer):
    order = make_order(branch, clerk, package=package, customer=customer, title="陈晓雨", stage="preparation")
    query = SlotQuery(branch, chain(order), SATURDAY.date(), SATURDAY.date() + dt.timedelta(days=1))
    take_date(actor=clerk, order=order, kind="shoot", plan=slot_at(query, SATURDAY).plan(), firm=True)
    order.refresh_from_db()
    return order


def test_an_order_of_the_desk_has_its_way_to_another_date_and_out(mine, desk, django_assert_max_num_queries):
    page = text(mine.get(f"orders/{desk.code}/"))
    assert f"orders/{desk.code}/date/" in page
    assert f"orders/{desk.code}/cancellation/" in page
    with django_assert_max_num_queries(40):
        page = text(mine.get(f"orders/{desk.code}/date/?from=2027-03-22&day=2027-03-27"))
    assert "2027-03-27T10:00:00+08:00" in page
    seq = Appointment.objects.get(order_link__order=desk).seq
    done = mine.post(f"orders/{desk.code}/date/", {"at": "2027-03-27T10:00:00+08:00", "seq": seq})
    assert done["Location"].endswith(f"/orders/{desk.code}/")
    desk.refresh_from_db()
    assert desk.shoot_on == dt.date(2027, 3, 27)


def test_an_order_of_the_desk_shows_its_refund_before_it_is_given_up(mine, desk):
    page = text(mine.get(f"orders/{desk.code}/cancellation/"))
    assert "Giving it up costs nothing" in page
    mine.post(f"orders/{desk.code}/cancellation/", {"reason": "改主意", "seen": "0"})
    desk.refresh_from_db()
    assert desk.state == "cancelled"
    assert "cannot be cancelled here" in text(mine.get(f"orders/{desk.code}/cancellation/"))


def test_a_booking_keeps_its_own_pages_and_strangers_see_neither(mine, studio, firm, desk):
    for name, own in (("date", "date"), ("cancellation", "cancellation")):
        there = mine.get(f"orders/{firm.order.code}/{name}/")
        assert there["Location"].endswith(f"/bookings/{firm.code}/{own}/")
    stranger = knock(studio, "path", make_customer("邻居"))
    for name in ("date", "cancellation"):
        assert stranger.get(f"orders/{desk.code}/{name}/").status_code == 404
        assert stranger.post(f"orders/{desk.code}/{name}/", {"reason": "x", "seen": "0"}).status_code == 404
    desk.refresh_from_db()
    assert desk.state == "open"


def test_an_order_without_a_date_says_so(mine, branch, clerk, package, customer):
    order = make_order(branch, clerk, package=package, customer=customer)
    day = order.shoot_on
    assert "No date is fixed yet" in text(mine.get(f"orders/{order.code}/date/"))
    mine.post(f"orders/{order.code}/date/", {"at": SATURDAY.isoformat(), "seq": "0"})
    order.refresh_from_db()
    assert order.shoot_on == day
    assert not Appointment.objects.exists()


# -- What moving does to a later refund ------------------------------------------------------------------------------
def test_what_a_move_leaves_of_the_refund_stands_above_the_tap_and_on_the_way_out(mine, firm):
    assert "at most" not in text(mine.get(f"bookings/{firm.code}/date/?from=2027-03-15&day=2027-03-20"))
    with clock.at(SATURDAY - dt.timedelta(days=8)):
        page = text(mine.get(f"bookings/{firm.code}/date/?from=2027-04-12&day=2027-04-17"))
        assert "at most 50 % of what you paid comes back" in page
        at = SATURDAY + 4 * WEEK
        mine.post(f"bookings/{firm.code}/date/", {"at": at.isoformat(), "seq": firm.appointment.seq})
        page = text(mine.get(f"bookings/{firm.code}/cancellation/"))
        assert "your contract counts that day" in page
        assert "50 %" in page


def test_a_date_moved_by_the_studio_is_told_with_ways_out(mine, firm, clerk):
    annex = shift(firm, clerk) and Contract.objects.get(parent__isnull=False)
    page = text(mine.get(f"contracts/{annex.code}/"))
    assert "The studio has moved your date" in page
    assert "giving it up counts as the studio’s reason" in page
    assert f"orders/{firm.order.code}/cancellation/" in page
    assert "Please read and sign" not in page
    terms = firm.order.account.terms
    rows = [*terms["refunds"], {"who": "studio", "until_days": -999, "refund_percent": 100}]
    Account.objects.filter(pk=firm.order.account_id).update(terms={**terms, "refunds": rows})
    OrderMove.objects.update(moved_on=dt.date(2027, 3, 12))
    with clock.at(SATURDAY - dt.timedelta(days=4)):
        page = text(mine.get(f"bookings/{firm.code}/cancellation/"))
    assert "without asking you" in page


def test_what_the_bank_holds_is_told_before_giving_up(mine, firm):
    payment = firm.order.account.payments.get()
    apply_dispute(payment=payment, provider_ref="dp_1", amount_minor=50000, state="open", due_at=None)
    page = text(mine.get(f"bookings/{firm.code}/cancellation/"))
    assert "¥500 of it is held" in page
    paid = payment.amount_minor
    mine.post(f"bookings/{firm.code}/cancellation/", {"reason": "改主意", "seen": str(paid)})
    firm.refresh_from_db()
    assert firm.state == "cancelled"
    assert [one.amount_minor for one in firm.order.account.refunds.all()] == [paid - 50000]


# -- What stays the same ----------------------------------------------------------------------------------------------
def gowned(branch, clerk, customer):
    """A firm shoot with a gown that the calendar would not take by itself."""
    blocks = [{"name": "拍摄", "minutes": 120, "needs": ["photographer", "gown"], "offset": 0}]
    for name, position in (("月光", 9), ("玫瑰", 1)):
        gown = save_resource(actor=None, branch=branch, kind="gown", name=name)
        Resource.objects.filter(pk=gown.pk).update(position=position)
    row = held(branch, bookable(name="高定", more={**MORE, "blocks": blocks}), customer)
    own = Resource.objects.get(name="月光")
    row.appointment.claims.filter(resource__kind="gown").update(resource=own)
    sign(contract_of(row.order))
    follow_booking(booking=row)
    pay(row, clerk, row.order.price_minor * 30 // 100)
    row.refresh_from_db()
    assert row.state == "firm"
    return row, own


def gowns_of(row):
    return [one.resource.name for one in row.appointment.claims.filter(active=True, resource__kind="gown")]


def test_the_gown_is_taken_along_and_named_when_it_cannot_be(mine, branch, clerk, customer):
    row, own = gowned(branch, clerk, customer)
    address, at = f"bookings/{row.code}/date/", SATURDAY + WEEK
    assert "is not free then" not in text(mine.get(f"{address}?day={at:%Y-%m-%d}"))
    plan = [PlannedBlock("拍摄", at, at + dt.timedelta(hours=2), (own.pk,))]
    others = book(actor=clerk, branch=branch, kind="shoot", title="邻居", plan=plan)
    assert "Gown: 月光 is not free then; 玫瑰 instead" in text(mine.get(f"{address}?day={at:%Y-%m-%d}"))
    cancel(actor=clerk, appointment=others, reason="x")
    seq = Appointment.objects.get(pk=row.appointment_id).seq
    assert mine.post(address, {"at": at.isoformat(), "seq": str(seq)}).status_code == 302
    assert gowns_of(row) == ["月光"]


def test_staff_and_customer_see_what_another_date_takes_away(mine, studio, branch, clerk, customer):
    row, own = gowned(branch, clerk, customer)
    at = SATURDAY + WEEK
    plan = [PlannedBlock("拍摄", at, at + dt.timedelta(hours=2), (own.pk,))]
    book(actor=clerk, branch=branch, kind="shoot", title="邻居", plan=plan)
    desk, asking = browser(studio, clerk), reverse("console:booking:propose", args=[row.order.code])
    page = desk.get(f"{asking}?first={at:%Y-%m-%d}").content.decode()
    assert "Gown: 月光 is not free then; 玫瑰 instead" in page
    rose = Resource.objects.get(name="玫瑰")
    crew = f"{row.appointment.claims.get(active=True, resource__kind='photographer').resource_id},{rose.pk}"
    moving = reverse("console:calendar:move", args=[row.appointment.code])
    moved = f"{moving}?start={at:%Y-%m-%dT%H:%M}&crew={crew}"
    assert "Gown: 月光 is not free then; 玫瑰 instead" in desk.get(moved).content.decode()
    early = re.search(r'name="at" value="([^"]+)"', page).group(1)
    desk.post(f"{asking}?first={at:%Y-%m-%d}",
              {"at": early, "reason": "摄影棚检修", "wish": "studio"})  # fmt: skip
    asked = Proposal.objects.get()
    assert "Gown: 月光 is not free then; 玫瑰 instead" in text(mine.get(f"dates/{asked.pk}/"))
    home = text(mine.get(""))
    assert "Next step · another date?" in home
    assert f"/dates/{asked.pk}/" in home
    history = desk.get(f"/console/orders/{row.order.code}/").content.decode()
    assert "date asked for held" in history


def test_the_days_cost_what_their_hours_cost(mine, branch, clerk, customer):
    package = bookable()
    choice = Choice(branch, package, SATURDAY, 429900, addons=[(package.extras.get().code, 1)])
    row = hold_booking(actor=customer, booking=begin_booking(choice=choice, customer=customer), customer=customer)
    sign(contract_of(row.order))
    follow_booking(booking=row)
    pay(row, clerk, row.order.price_minor * 30 // 100)
    row.refresh_from_db()
    day = SATURDAY + WEEK
    page = text(mine.get(f"bookings/{row.code}/date/?day={day:%Y-%m-%d}&from=2027-03-15"))
    calendar, times = page.split('id="times"')
    assert "¥4,299" in times  # with the add-on, as the order costs
    cell = re.search(rf"day={day:%Y-%m-%d}[^>]*>(.*?)</a>", calendar, re.DOTALL).group(1)
    assert "¥3,499.20" in times  # 20 % less of the package, not of the add-on
    assert "¥3,500" in cell  # rounded up in the narrow cell
    weekday = re.search(r"day=2027-03-22[^>]*>(.*?)</a>", calendar, re.DOTALL).group(1)
    assert "¥4,299" in weekday


def test_customers_see_the_crew_of_their_date_and_staff_both(mine, studio, branch, clerk, customer):
    boss = make_staff("photographer", branch, name="周航")
    row = held(branch, bookable(), customer)
    OrderStage.objects.filter(order=row.order, stage="shoot").update(owner=boss)
    for path in ("", f"orders/{row.order.code}/"):
        page = text(mine.get(path))
        assert "NS 摄影1" in page, path
        assert "周航" not in page, path
    page = browser(studio, clerk).get(f"/console/orders/{row.order.code}/").content.decode()
    duties = page.split('id="order-duties"')[1]
    assert "NS 摄影1" in duties
    assert "周航" in duties
