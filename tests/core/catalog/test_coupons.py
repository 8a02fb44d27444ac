"""Coupons: where, when and for whom they count; the last one goes to one customer and comes back when she cancels."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from core.catalog import selectors, services
from core.catalog.models import Coupon, CouponUse
from core.catalog.quotes import quote
from core.catalog.rates import Wanted
from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.events import Event, Kind
from core.orders import services as orders
from core.orders.models import Order
from tenants.context import in_studio
from tests.factories import furnish_stages, make_branch, make_customer, make_package, make_staff


def make_coupon(packages=(), branches=(), **fields):
    plain = {"code": "new 300", "name": "新客立减", "kind": "amount", "amount_minor": 30000}
    return services.save_coupon(actor=None, fields=plain | fields, packages=packages, branches=branches)


@pytest.fixture
def branch(db):
    return make_branch()


@pytest.fixture
def package(db):
    return make_package()


def sell(branch, package, customer=None, coupon="NEW300"):
    furnish_stages()
    return orders.take_order(
        actor=make_staff("receptionist", branch), branch=branch, customer=customer or make_customer(), package=package,
        wanted=Wanted(coupon=coupon),
    )  # fmt: skip


def test_a_sale_uses_the_coupon_and_cancelling_gives_it_back(branch, package):
    coupon = make_coupon(total_limit=1)
    order = sell(branch, package, coupon=" new300 ")
    assert (order.price_minor, order.terms["lines"][-1]["code"]) == (369900, "NEW300")
    coupon.refresh_from_db()
    use = coupon.uses.get()
    assert (coupon.used, use.source, use.amount_minor, use.customer) == (1, order.event_thread, 30000, order.customer)
    told = Event.objects.get(kind=Kind.COUPON_USED)
    assert (told.thread, told.facts["code"]) == (order.event_thread, "NEW300")
    with pytest.raises(Refusal, match="coupon.used_up"):
        sell(branch, package)
    orders.cancel_order(actor=order.owner, order=order, reason="改期")
    coupon.refresh_from_db()
    assert (coupon.used, coupon.uses.get().released_at is not None) == (0, True)
    assert services.release_coupons(actor=None, source=order.event_thread) == 0
    assert sell(branch, package).price_minor == 369900


def test_asking_for_a_price_uses_nothing_up(branch, package):
    coupon = make_coupon(total_limit=1)
    for _ in range(2):
        assert quote(package.versions.get(), branch, coupon="NEW300").total_minor == 369900
    coupon.refresh_from_db()
    assert coupon.used == 0


def test_redeeming_twice_on_one_thing_counts_once(branch, package):
    coupon, customer = make_coupon(), make_customer()
    told = {"customer": customer, "branch": branch, "package_id": package.pk, "amount_minor": 1, "source": "order.1"}
    uses = [services.redeem_coupon(actor=None, coupon=coupon, **told) for _ in range(2)]
    coupon.refresh_from_db()
    assert (uses[0], coupon.used) == (uses[1], 1)
    services.release_coupons(actor=None, source="order.1")
    services.redeem_coupon(actor=None, coupon=coupon, **told)
    coupon.refresh_from_db()
    assert (coupon.used, CouponUse.objects.get().released_at) == (1, None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"is_active": False}, "coupon.unknown"),
        ({"code": "OTHER"}, "coupon.unknown"),
        ({"first_day": dt.date(2026, 12, 2)}, "coupon.early"),
        ({"last_day": dt.date(2026, 11, 30)}, "coupon.over"),
        ({"minimum_minor": 399901}, "coupon.minimum"),
    ],
)
def test_a_coupon_that_does_not_count_sells_nothing(branch, package, change, code):
    make_coupon(**change)
    with clock.at(dt.datetime(2026, 12, 1, 3, tzinfo=dt.UTC)), pytest.raises(Refusal, match=code):
        sell(branch, package)
    assert not Order.objects.exists()
    assert not CouponUse.objects.exists()


def test_days_are_the_branch_s(package, db):
    make_coupon(last_day=dt.date(2026, 11, 30), customer_limit=None)
    here, there = make_branch(timezone="Asia/Shanghai"), make_branch(timezone="America/New_York")
    asked = {"package_id": package.pk}
    with clock.at(dt.datetime(2026, 11, 30, 18, tzinfo=dt.UTC)):
        assert selectors.coupon_for("NEW300", branch=there, **asked)
        with pytest.raises(Refusal, match="coupon.over"):
            selectors.coupon_for("NEW300", branch=here, **asked)


def test_elsewhere_and_for_other_packages_it_does_not_count(branch, package):
    other, far = make_package(), make_branch()
    make_coupon(packages=[package], branches=[branch])
    assert sell(branch, package).price_minor == 369900
    with pytest.raises(Refusal, match="coupon.other_package"):
        sell(branch, other)
    with pytest.raises(Refusal, match="coupon.elsewhere"):
        sell(far, package)


def test_one_customer_uses_it_once(branch, package):
    make_coupon()
    customer = make_customer()
    first = sell(branch, package, customer)
    with pytest.raises(Refusal, match="coupon.used_by_customer"):
        sell(branch, package, customer)
    orders.cancel_order(actor=first.owner, order=first, reason="x")
    assert sell(branch, package, customer).price_minor == 369900


@pytest.mark.parametrize(
    "change",
    [
        {"amount_minor": 0},
        {"amount_minor": None},
        {"percent": 10},
        {"kind": "percent", "amount_minor": None, "percent": 101},
        {"kind": "percent", "percent": 10},
        {"total_limit": 0},
        {"first_day": dt.date(2026, 2, 1), "last_day": dt.date(2026, 1, 1)},
        {"code": " "},
    ],
)
def test_unsound_coupons_are_refused_and_never_reach_the_table(db, change):
    with pytest.raises(Refusal, match="coupon.unsound"):
        make_coupon(**change)
    if change != {"code": " "}:
        plain = {"code": "X", "name": "x", "kind": "amount", "amount_minor": 30000}
        with pytest.raises(IntegrityError, match="coupon_"), transaction.atomic():
            Coupon.objects.create(**plain | change)


def test_a_code_is_taken_once_and_a_limit_never_below_its_uses(branch, package):
    coupon = make_coupon()
    with pytest.raises(Refusal, match="coupon.code_taken"):
        make_coupon()
    for _ in range(2):
        sell(branch, package)
    with pytest.raises(Refusal, match="coupon.limit_below_used"):
        services.save_coupon(actor=None, coupon=coupon, fields={"total_limit": 1})
    with pytest.raises(IntegrityError, match="coupon_uses_within_limit"), transaction.atomic():
        Coupon.objects.update(total_limit=1)


# -- Races ------------------------------------------------------------------------------------------------------------
THREADS = 8


def at_once(studio, work):
    """`work(i)` in threads that start together: what each answered, or the code of its Refusal."""
    gate = threading.Barrier(THREADS)

    def run(i):
        try:
            with in_studio(studio):
                gate.wait(30)
                return work(i)
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_the_last_one_goes_to_one_customer(throwaway_studio):
    branch, package = make_branch(), make_package()
    clerk = make_staff("receptionist", branch)
    furnish_stages()
    coupon = make_coupon(total_limit=2)
    customers = [make_customer() for _ in range(THREADS)]
    told = {"actor": clerk, "branch": branch, "package": package, "wanted": Wanted(coupon="NEW300")}
    answers = at_once(throwaway_studio, lambda i: orders.take_order(customer=customers[i], **told).price_minor)
    assert sorted(map(str, answers)) == ["369900"] * 2 + ["coupon.used_up"] * (THREADS - 2)
    coupon.refresh_from_db()
    assert (coupon.used, CouponUse.objects.count(), Order.objects.count()) == (2, 2, 2)


def test_one_customer_racing_with_herself_uses_it_once(throwaway_studio):
    branch, package, customer = make_branch(), make_package(), make_customer()
    clerk = make_staff("receptionist", branch)
    furnish_stages()
    make_coupon()
    told = {"actor": clerk, "branch": branch, "package": package, "customer": customer}
    wanted = Wanted(coupon="NEW300")
    answers = at_once(throwaway_studio, lambda _i: orders.take_order(wanted=wanted, **told).price_minor)
    assert sorted(map(str, answers)) == ["369900"] + ["coupon.used_by_customer"] * (THREADS - 1)


def test_publishing_at_once_gives_one_version(throwaway_studio):
    package = make_package()
    services.save_package(actor=None, package=package, fields={"price_minor": 1})
    answers = at_once(throwaway_studio, lambda _i: services.publish_package(actor=None, package=package).number)
    assert sorted(map(str, answers)) == ["2"] + ["package.unchanged"] * (THREADS - 1)


def test_redeeming_alone_leaves_one_winner(throwaway_studio):
    """Without the sale's other locks: only the coupon's own row stands between eight customers."""
    branch, package, coupon = make_branch(), make_package(), make_coupon(total_limit=1)
    customers = [make_customer() for _ in range(THREADS)]
    told = {"actor": None, "coupon": coupon, "branch": branch, "package_id": package.pk, "amount_minor": 1}

    def work(i):
        services.redeem_coupon(customer=customers[i], source=f"order.{i}", **told)
        return "won"

    assert sorted(at_once(throwaway_studio, work)) == ["coupon.used_up"] * (THREADS - 1) + ["won"]
