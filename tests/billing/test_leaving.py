"""A studio that leaves: no further charge; our books stay without its name; pay accounts come back without keys."""

import datetime as dt

import pytest
from django.utils import timezone

from billing import catalog, leaving, stripe_plans, subscribing
from billing.exchange import PayUnreachable
from billing.models import Bill, CatalogCheck, MerchantAccount, Plan, Subscription
from billing.selectors import accounts_of
from tenants.context import in_public, in_studio
from tenants.life import closing, erasing, exporting, restoring
from tenants.life.models import ErasureCertificate, TaskState
from tenants.models import Studio
from tenants.services import drop_studio, suspend_studio
from tests.jobs import run_jobs
from tests.tenants.life.conftest import one, pair, untouched  # noqa: F401 (fixtures)
from tests.tenants.life.make import wipe

URLS = ("https://x.example/back", "https://x.example/plans")


@pytest.fixture
def shelf(pay_fake, pair, settings):  # noqa: F811 (a fixture)
    settings.STRIPE_PORTAL_CONFIGURATION = ""
    catalog.sync()
    yield pay_fake
    with in_public():
        Bill.objects.filter(studio=None).delete()
        ErasureCertificate.objects.all().delete()
        CatalogCheck.objects.all().delete()
        Plan.objects.update(monthly_ref="", yearly_ref="")


def subscribed(shelf, studio):
    subscribing.begin_trial(studio=studio)
    with in_public():
        plan = Plan.objects.get(code="solo")
        past = timezone.now() - dt.timedelta(days=1)
        Subscription.objects.filter(studio=studio).update(trial_ends_at=past)
    url = subscribing.subscribe(actor=None, studio=studio, plan=plan, interval="month", urls=URLS)
    shelf.press(url, act="pay")
    return subscribing.refresh(studio=studio)


def at_stripe(row):
    return stripe_plans.subscription_at(row).status


def finished(task, state=TaskState.DONE):
    run_jobs(failures=True)
    with in_public():
        task.refresh_from_db()
    assert task.state == state, task.error
    return task


def test_our_books_outlive_the_studio_without_its_name(shelf, one, untouched):  # noqa: F811
    shelf.connect(one, "wechat")
    mine, theirs = subscribed(shelf, one), subscribed(shelf, untouched)
    with in_public():
        bills = list(Bill.objects.filter(studio=one).values_list("external", "number", "amount_minor"))
        Bill.objects.create(
            studio=one, external="yl_open", number="YL-OPEN", is_own=True, amount_minor=1, currency="CNY",
            issued_at=timezone.now(), page_url="https://pay.example/x",
        )  # fmt: skip
    assert bills
    closing.suspend(studio=one, actor="op", reason="Asked for", keeps_customers=False)
    task = finished(erasing.ask_erasure(studio=one, actor="op", typed=one.slug))
    with in_public():
        kept = list(Bill.objects.filter(erased_as=task.code).order_by("pk"))
        certificate = ErasureCertificate.objects.get(slug=one.slug)
        assert certificate.facts["kept"] == {"billing.Bill": len(bills) + 1}
        assert "billing.Bill" not in certificate.facts["shared"]
        assert not MerchantAccount.objects.filter(studio_id=one.pk).exists()
        assert Bill.objects.filter(studio=untouched).exists(), "the other studio's stay its own"
    assert [(b.external, b.number, b.amount_minor) for b in kept[:-1]] == bills
    assert {(b.studio_id, b.page_url, b.pdf_url, b.session_ref) for b in kept} == {(None, "", "", "")}
    assert kept[-1].state == "void", "what was never paid is not a debt of nobody"
    assert at_stripe(mine) == "canceled"
    assert at_stripe(theirs) == "active"


def test_a_silent_stripe_stops_the_erasure_and_it_goes_on_later(shelf, one, untouched, settings):  # noqa: F811
    mine = subscribed(shelf, one)
    closing.suspend(studio=one, actor="op", reason="Asked for", keeps_customers=False)
    base, settings.STRIPE_API_BASE = settings.STRIPE_API_BASE, "http://127.0.0.1:9"
    task = finished(erasing.ask_erasure(studio=one, actor="op", typed=one.slug), TaskState.FAILED)
    with in_public():
        assert Studio.objects.filter(pk=one.pk).exists()
    settings.STRIPE_API_BASE = base
    from tenants.life import tasks

    tasks.again(task, actor="op")
    finished(task)
    assert at_stripe(mine) == "canceled"


def test_nobody_is_charged_behind_a_closed_door(shelf, one, untouched, settings):  # noqa: F811
    mine = subscribed(shelf, one)
    closing.ask_closing(studio=one, actor="boss", days=7)
    closing.keep_dates(one.closes_at - dt.timedelta(hours=1))
    assert at_stripe(mine) == "active"
    closing.keep_dates(one.closes_at + dt.timedelta(minutes=1))
    assert at_stripe(mine) == "canceled"
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    with pytest.raises(PayUnreachable):
        leaving.stop_charging(studio=one)


@pytest.fixture
def twin(one):  # noqa: F811
    slug = f"{one.slug}-two"
    yield slug
    with in_public():
        studio = Studio.objects.filter(slug=slug).first()
    if studio:
        wipe(studio)
        suspend_studio(studio)
        drop_studio(studio)


def told(studio):
    return {
        route: (row.external, bytes(row.sealed or b""), row.key, row.is_ready, row.is_on)
        for route, row in accounts_of(studio).items()
    }


def test_pay_accounts_come_back_named_and_without_keys(shelf, one, untouched, twin):  # noqa: F811
    shelf.connect(one, "wechat")
    shelf.connect(one, "stripe")
    shelf.connect(untouched, "alipay")
    before, others = told(one), told(untouched)
    source = finished(exporting.ask_export(studio=one, actor="boss", with_files=False))
    with in_studio(one):
        from core.kernel import storage

        packed = storage.get(exporting.archive_key(source))
    for secret in dict(accounts_of(one)["wechat"].credentials).values():
        assert len(secret) < 20 or secret.encode() not in packed, "also what is no secret stays out"
    finished(restoring.ask_restore(actor="op", source=source, slug=twin))
    with in_public():
        copy = Studio.objects.get(slug=twin)
    found = accounts_of(copy)
    assert set(found) == set(before)
    for route, row in found.items():
        assert (row.external, row.sealed, row.is_ready, row.is_on, row.fault) == ("", None, False, False, "restored")
        assert row.facts["former"]["external"] == before[route][0]
        assert row.key != before[route][2], "notices for the one never reach the other"
        assert not dict(row.credentials)
    assert (told(one), told(untouched)) == (before, others)
    shelf.connect(copy, "wechat")
    assert accounts_of(copy)["wechat"].is_on, "with its keys it takes money again"


def test_in_place_pay_accounts_are_what_they_were(shelf, one, untouched):  # noqa: F811
    shelf.connect(one, "wechat")
    before = told(one)
    source = finished(exporting.ask_export(studio=one, actor="boss", with_files=False))
    finished(restoring.ask_restore(actor="op", source=source))
    restoring.confirm_restore(studio=one, actor="op")
    assert told(one) == before
    assert len(accounts_of(one)["wechat"].credentials) == 8, "and their keys still open"


def test_an_archive_is_not_believed(shelf, one, untouched):  # noqa: F811
    forged = [{"route": "stripe", "external": "acct_of_another", "is_on": True}, {"route": "gold"}, {}]
    assert leaving.reopen_accounts(one, forged) == 1
    assert told(one)["stripe"][0::4] == ("", False)
