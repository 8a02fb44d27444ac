"""The public pages and the whole way to a firm date on the phone, through both doors, without JavaScript."""

import datetime as dt
import re
import secrets

import pytest
from django.utils import translation

from billing.gateway import PayReport, PayState
from core.booking.models import Booking
from core.catalog import services as catalog
from core.catalog.models import PackageVersion
from core.contracts.models import Contract
from core.contracts.tables import extras
from core.finance.models import Account, PayAttempt
from core.finance.services import apply_report, online
from core.kernel import clock
from core.messaging.models import OutboxMessage
from core.orders.models import Order
from core.people.models import Customer
from core.scheduling.models import Appointment, Resource
from tests.core.booking.make import LATE, NOW, SATURDAY, bookable, draft, held, pay, signed, team
from tests.core.booking.test_bookings import proposed
from tests.core.finance.books import Provider, assert_books
from tests.factories import furnish_stages, make_branch, make_customer, make_staff
from tests.jobs import run_jobs
from tests.portal.doors import knock

WHEN = "2027-03-20T10:00:00+08:00"


@pytest.fixture(autouse=True)
def _monday(settings):
    settings.LANGUAGE_CODE = "en"
    with clock.at(NOW):
        yield


@pytest.fixture(autouse=True)
def _books_add_up(db):
    yield
    for account in Account.objects.all():
        assert_books(account)


@pytest.fixture
def branch(db):
    furnish_stages()
    make_staff("owner")
    found = make_branch("南山店", code="NS", address="海德三道 18 号", phone="0755-26112611", city="深圳")
    team(found, photographers=2)
    make_staff("receptionist", found, name="王蕾")
    return found


@pytest.fixture
def package(branch):
    return bookable()


@pytest.fixture
def clerk(branch):
    return make_staff("receptionist", branch)


@pytest.fixture
def provider(monkeypatch):
    found = Provider()
    monkeypatch.setattr(online, "gateway", found)
    return found


@pytest.fixture
def guest(door):
    door.client.cookies["yl_language"] = "en"
    return door


@pytest.fixture
def mine(inside, branch):
    inside.client.cookies["yl_language"] = "en"
    return inside


def text(response, status=200):
    assert response.status_code == status, response.status_code
    return response.content.decode()


def number():
    """Fresh, because limits are counted on a shared Valkey."""
    return f"139{secrets.randbelow(10**8):08d}"


def you(package, at=WHEN, rest=""):
    return f"book/ns/{package.pk}/you/?at={at.replace('+', '%2B')}{rest}"


def said(phone="", minor=399900, **more):
    return {"name": "陈晓雨", "phone": phone, "price": str(minor), **more}


def test_the_public_page_tells_everything_before_anybody_is_asked(guest, branch, package):
    assert guest.get("book/")["Location"].endswith("/book/ns/")
    page = text(guest.get("book/ns/"))
    for shown in ("南山店", "海德三道 18 号", "0755-26112611", "09:30–18:30", "晨雾森林", "¥3,999", "One more outfit",
                  "¥300", "NS 摄影1", "index,follow"):  # fmt: skip
        assert shown in page, shown
    assert text(guest.get("book/NS/")) is not None
    for wrong in ("book/xx/", "book/ns/99999/"):
        assert guest.get(wrong).status_code == 404


def test_a_closed_branch_and_a_package_off_offer_are_not_there(guest, branch, package):
    type(package).objects.filter(pk=package.pk).update(is_offered=False)
    assert guest.get(f"book/ns/{package.pk}/").status_code == 404
    type(branch).objects.filter(pk=branch.pk).update(is_active=False)
    assert guest.get("book/ns/").status_code == 404


def test_days_and_hours_show_their_price_and_hide_what_is_taken(guest, branch, package):
    page = text(guest.get(f"book/ns/{package.pk}/?day=2027-03-20&from=2027-03-15"))
    assert "−20\u00a0%" in page
    assert "¥3,199.20" in page
    assert page.count("time-row") > 5
    for n in range(2):
        held(branch, package, make_customer(f"快手{n}"), LATE.replace(hour=10) if n else SATURDAY)
    page = text(guest.get(f"book/ns/{package.pk}/?day=2027-03-20&from=2027-03-15"))
    times = re.findall(r'<span class="strong">(\d\d:\d\d)</span>', page)
    assert "10:00" not in times
    assert "快手" not in page


def test_a_branch_that_gives_no_dates_says_so_and_not_that_it_is_full(guest, branch, package):
    Resource.objects.filter(kind="photographer").update(is_active=False)
    page = text(guest.get(f"book/ns/{package.pk}/"))
    assert "does not give dates for this package online yet" in page
    assert 'href="tel:0755-26112611"' in page
    assert "waiting list" not in page


def test_a_photographer_may_be_chosen_and_no_other_is_promised(guest, branch, package):
    wanted = branch.resources.get(name="NS 摄影2")
    page = text(guest.get(f"book/ns/{package.pk}/?who={wanted.pk}&day=2027-03-20&from=2027-03-15"))
    times = page.split('id="times"')[1]
    assert "NS 摄影2" in times
    assert "NS 摄影1" not in times


def test_a_newcomer_books_by_the_code_on_their_phone(guest, branch, package):
    phone = number()
    asked = guest.post(you(package), said(phone, note="花粉过敏"))
    assert asked.status_code == 302
    row = Booking.objects.get()
    assert asked["Location"].endswith(f"/book/draft/{row.code}/code/")
    assert not Customer.objects.exists()
    page = text(guest.get(asked["Location"]))
    assert phone not in page
    assert f"/book/ns/{package.pk}/you/?at=" in page  # a mistyped number is no dead end
    wrong = guest.post(asked["Location"], {"code": "000000"})
    assert wrong.status_code in {422, 302}
    code = OutboxMessage.objects.get(template="phone_code").facts["code"]
    done = guest.post(asked["Location"], {"code": code})
    assert done["Location"].endswith(f"/bookings/{row.code}/")
    row.refresh_from_db()
    assert (row.state, row.customer.name, row.customer.source) == ("held", "陈晓雨", "online")
    assert row.order.note == "花粉过敏"
    page = text(guest.get(done["Location"]))
    assert "Read and sign the contract" in page
    assert "data-until" in page
    assert guest.get(asked["Location"])["Location"].endswith(f"/bookings/{row.code}/")
    assert guest.get(f"book/draft/{row.code}/").status_code == 302


def test_a_known_customer_who_is_logged_in_types_nothing_again(mine, package, customer):
    page = text(mine.get(you(package)))
    assert "You book as 陈晓雨" in page
    assert 'name="phone"' not in page
    done = mine.post(you(package), {"price": "399900"})
    assert "/bookings/" in done["Location"]
    assert Order.objects.get().customer == customer


def test_add_ons_are_priced_before_the_tap(mine, package):
    code = package.extras.get().code
    page = text(mine.get(you(package, rest=f"&addon={code}")))
    assert "¥4,299" in page
    mine.post(you(package, rest=f"&addon={code}"), {"price": "429900"})
    assert Order.objects.get().price_minor == 429900


def test_another_price_than_the_one_shown_is_never_taken(mine, package):
    page = text(mine.post(you(package), {"price": "100"}), 422)
    assert "The price has changed" in page
    assert 'name="price" value="399900"' in page
    assert not Booking.objects.exists()


def test_just_taken_offers_three_and_keeps_what_was_typed(mine, branch, package, customer):
    for n in range(2):
        held(branch, package, make_customer(f"快手{n}"), SATURDAY)
    answer = mine.post(you(package), {"price": "399900", "note": "花粉过敏"})
    page = text(mine.get(answer["Location"]))
    assert "just taken" in page
    assert page.count("time-pick") == 3
    assert "花粉过敏" in page
    at = re.search(r'action="\?at=([^"]+)"', page).group(1)
    done = mine.post(f"{answer['Location']}?at={at}")
    assert "/bookings/" in done["Location"]
    order = Order.objects.get(customer=customer)
    assert order.note == "花粉过敏"


def test_sign_pay_and_the_date_is_firm(mine, package, customer, provider):
    row = Booking.objects.get(code=mine.post(you(package), {"price": "399900"})["Location"].split("/")[-2])
    contract = Contract.objects.get(order=row.order)
    page = text(mine.get(f"bookings/{row.code}/"))
    assert f"/contracts/{contract.code}/" in page
    mine.post(f"contracts/{contract.code}/code/", {"name": "陈晓雨"})
    code = OutboxMessage.objects.get(template="signing_code").facts["code"]
    form = text(mine.get(f"contracts/{contract.code}/"))
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', form).group(1)
    signing = {"signature": "陈晓雨", "code": code, "seen": seen, "agreed": "on"}
    answer = mine.post(f"contracts/{contract.code}/signature/", signing)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert answer["Location"].endswith(f"/bookings/{row.code}/")
    run_jobs()
    row.refresh_from_db()
    assert row.state == "signed"
    page = text(mine.get(f"bookings/{row.code}/"))
    assert "¥1,199.70" in page
    mine.post(f"orders/{row.order.code}/bill/payment/", {"route": "stripe", "instalment": "1"})
    attempt = PayAttempt.objects.get()
    told = {"amount_minor": attempt.amount_minor, "currency": "CNY", "paid_at": clock.now()}
    apply_report(report=PayReport(attempt.reference, "cs_1", PayState.PAID, **told))
    run_jobs()
    row.refresh_from_db()
    assert row.state == "firm"
    assert "Your date is firm" in text(mine.get(f"bookings/{row.code}/"))
    assert f"/bookings/{row.code}/" in text(mine.get(f"payments/{attempt.reference}/"))
    file = mine.get(f"bookings/{row.code}/calendar.ics")
    assert "DTSTART:20270320T020000Z" in text(file)
    assert "晨雾森林" in text(mine.get("bookings/"))


@pytest.fixture
def firm(branch, package, customer, clerk, monkeypatch):
    signed(monkeypatch)
    row = held(branch, package, customer)
    pay(row, clerk)
    row.refresh_from_db()
    return row


def test_rule_and_new_date_before_the_tap(mine, firm):
    page = text(mine.get(f"bookings/{firm.code}/date/?from=2027-03-22&day=2027-03-27"))
    assert "Mar 13" in page
    assert "The price stays as signed" in page
    mine.post(f"bookings/{firm.code}/date/", {"at": "2027-03-27T10:00:00+08:00", "seq": "0"})
    assert Appointment.objects.get(pk=firm.appointment_id).starts_at.date() == dt.date(2027, 3, 27)
    again = mine.post(f"bookings/{firm.code}/date/", {"at": "2027-04-03T10:00:00+08:00", "seq": "0"})
    assert "has just been changed" in text(mine.get(again["Location"]))
    with clock.at(SATURDAY + dt.timedelta(days=5)):
        assert "That time is over" in text(mine.get(f"bookings/{firm.code}/date/"))


def test_the_exact_refund_stands_above_the_button(mine, firm):
    with clock.at(SATURDAY - dt.timedelta(days=10)):
        page = text(mine.get(f"bookings/{firm.code}/cancellation/"))
        assert "You get back ¥599.85" in page
        assert "15 days before the shoot or earlier" in page
        stale = mine.post(f"bookings/{firm.code}/cancellation/", {"reason": "改主意", "seen": "119970"})
        assert "it is ¥599.85 now" in text(mine.get(stale["Location"]))
        assert text(mine.post(f"bookings/{firm.code}/cancellation/", {"seen": "59985"}), 422)
        mine.post(f"bookings/{firm.code}/cancellation/", {"reason": "改主意", "seen": "59985"})
        firm.refresh_from_db()
        assert firm.state == "cancelled"
        assert "This booking is cancelled" in text(mine.get(f"bookings/{firm.code}/"))


def test_the_studio_s_proposal_is_answered_on_the_phone(mine, firm, clerk):
    row = proposed(firm, clerk)
    assert "asks for another date" in text(mine.get(f"bookings/{firm.code}/"))
    page = text(mine.get(f"dates/{row.pk}/"))
    assert "摄影师出差" in page
    mine.post(f"dates/{row.pk}/", {"answer": "yes"})
    assert Appointment.objects.get(pk=firm.appointment_id).starts_at == SATURDAY + dt.timedelta(days=1)
    assert "Accepted" in text(mine.get(f"dates/{row.pk}/"))


def test_others_see_nothing_of_it(studio, firm, clerk):
    row = proposed(firm, clerk)
    stranger = knock(studio, "host", make_customer("邻居"))
    paths = [f"bookings/{firm.code}/", f"bookings/{firm.code}/date/", f"bookings/{firm.code}/cancellation/"]
    for path in [*paths, f"bookings/{firm.code}/calendar.ics", f"dates/{row.pk}/"]:
        assert stranger.get(path).status_code == 404, path
    assert stranger.post(f"bookings/{firm.code}/cancellation/", {"reason": "x", "seen": "0"}).status_code == 404
    assert "Nothing booked yet" in text(stranger.get("bookings/", **{"accept-language": "en"}))


def test_a_draft_is_nobodys_until_the_code(studio, branch, package):
    row = draft(branch, package, phone="+8613800002699", name="陈晓雨")
    stranger = knock(studio, "host", make_customer("邻居"))
    assert stranger.get(f"bookings/{row.code}/").status_code == 404


def test_pages_cost_the_same_with_more_bookings(mine, branch, package, customer, django_assert_max_num_queries):
    held(branch, package, customer)
    mine.get("bookings/")
    with django_assert_max_num_queries(12) as one:
        mine.get("bookings/")
    held(branch, package, customer, SATURDAY + dt.timedelta(days=7))
    with django_assert_max_num_queries(12) as two:
        mine.get("bookings/")
    assert len(two) <= len(one)
    with django_assert_max_num_queries(26):
        mine.get(f"bookings/{Booking.objects.first().code}/")
    mine.get("book/ns/")
    with django_assert_max_num_queries(22):
        mine.get("book/ns/")


def test_the_nearest_starts_cost_what_is_taken(mine, branch, package, customer):
    for n in range(2):
        held(branch, package, make_customer(f"快手{n}"), SATURDAY)
    answer = mine.post(you(package, rest=f"&addon={package.extras.get().code}"), {"price": "429900"})
    page = text(mine.get(answer["Location"]))
    assert page.count("¥4,299") == 3
    mine.post(f"{answer['Location']}?at={re.search(r'action="\?at=([^"]+)"', page).group(1)}")
    assert Order.objects.get(customer=customer).price_minor == 429900


def test_a_coupon_counts_before_the_tap_and_once(mine, guest, package, customer):
    catalog.save_coupon(
        actor=None, fields={"code": "NEW300", "name": "新客立减", "kind": "amount", "amount_minor": 30000}
    )
    page = text(mine.get(you(package, rest="&coupon=OLD")))
    assert "There is no such coupon" in page
    assert 'name="price" value="399900"' in page
    page = text(mine.get(you(package, rest="&coupon=new300")))
    assert "新客立减" in page
    done = mine.post(you(package, rest="&coupon=new300"), {"price": "369900"})
    assert "/bookings/" in done["Location"]
    assert Order.objects.get().price_minor == 369900
    assert "You have used" in text(mine.get(you(package, rest="&coupon=NEW300")))
    mine.client.cookies.clear()  # a stranger again: whose number it is, is known after the code
    mine.client.cookies["yl_language"] = "en"
    later = mine.post(you(package, rest="&coupon=NEW300"), said(customer.phone, 369900))
    code = OutboxMessage.objects.filter(template="phone_code").latest("pk").facts["code"]
    refused = mine.post(later["Location"], {"code": code})
    assert "/you/" in refused["Location"]
    assert "coupon" not in refused["Location"]
    page = text(mine.get(refused["Location"]))
    assert "You have used" in page
    assert 'name="price" value="399900"' in page
    assert Order.objects.count() == 1


def test_an_add_on_that_was_only_ticked_is_never_dropped(mine, package):
    code = package.extras.get().code
    page = text(mine.get(you(package)))
    assert page.count("<form") == 1  # of the page itself: ticks, coupon and name go together
    ticked = {"shown": "1", "price": "399900", "addon": code, "note": "花粉过敏"}
    page = text(mine.post(you(package), ticked), 422)  # without scripts: the changed price first, then the hold
    assert not Booking.objects.exists()
    assert "The price has changed" in page
    assert 'name="price" value="429900"' in page
    assert re.search(rf'value="{code}" checked', page)
    assert "花粉过敏" in page
    page = text(mine.post(you(package), {**ticked, "reprice": "1"}))
    assert "¥4,299" in page
    assert "花粉过敏" in page
    assert not Booking.objects.exists()
    assert "/bookings/" in mine.post(you(package), {**ticked, "price": "429900"})["Location"]
    assert Order.objects.get().price_minor == 429900


def test_a_time_that_is_over_leads_back_to_the_dates(guest, package):
    for answer in (guest.get(you(package, "2020-01-01T10:00:00+08:00")),
                   guest.post(you(package, "2020-01-01T10:00:00+08:00"), said(number()))):  # fmt: skip
        assert answer["Location"].endswith(f"/book/ns/{package.pk}/")
    assert "That time is over" in text(guest.get(f"book/ns/{package.pk}/"))
    assert not Booking.objects.exists()


def test_who_has_been_here_finds_the_way_in_and_the_other_branches(guest, branch, package):
    other = make_branch("福田店", code="FT")
    for path in ("book/", "book/ns/", you(package)):
        assert "/login/?next=" in text(guest.get(path)), path
    page = text(guest.get("book/ns/"))
    assert other.name in page
    assert "Next free days for “晨雾森林”" in page
    guest.enter(make_customer("林晚"))
    assert "/login/?next=" not in text(guest.get("book/ns/"))


def test_pages_and_contract_name_the_same_possible_extras(mine, branch, package, customer):
    gowns = {"couture_rental_minor": 68000, "couture_deposit_minor": 200000, "damage_minor": 120000}
    version = PackageVersion.objects.get(package=package)
    version.terms["gown_terms"] |= gowns
    PackageVersion.objects.filter(pk=version.pk).update(terms=version.terms)
    public, before = text(mine.get("book/ns/")), text(mine.get(you(package)))
    order = held(branch, package, customer).order
    with translation.override("en"):
        rows = extras({"terms": order.terms, "order": {"currency": "CNY"}})[0]["rows"]
    assert ["Deposit for a couture gown, returned with it", "¥2,000"] in rows
    pages = {"public": public, "before": before, "order": text(mine.get(f"orders/{order.code}/"))}
    for name, page in pages.items():
        for label, price in rows:
            assert label.split(" · ")[0] in page, (name, label)
            assert price in page, (name, price)
