"""The owner's page, the limits' way out, the banner, and the door of a studio that has lapsed."""

import datetime as dt

import pytest
from django.utils import formats, timezone

from billing import catalog, subscribing
from billing.models import Plan, Subscription
from core.kernel import clock
from tenants import directory
from tenants.context import in_public
from tests.core.console.conftest import browser
from tests.factories import make_branch, make_customer, make_staff

HOME, PLANS = "/console/subscription/", "/console/subscription/plans/"
CUSTOMER = {"name": "林小满", "phone": "13900002611", "channel": "walk_in"}


@pytest.fixture
def boss(studio, branch):
    return browser(studio, make_staff())


def trial(studio, days):
    subscribing.begin_trial(studio=studio)
    with in_public():
        Subscription.objects.filter(studio=studio).update(trial_ends_at=timezone.now() + dt.timedelta(days=days))
    directory.forget()


def on_plan(studio, code):
    with in_public():
        plan = Plan.objects.get(code=code)
        Subscription.objects.update_or_create(studio=studio, defaults={"plan": plan, "state": "active"})
    directory.forget()


def test_the_owner_sees_plan_use_and_days_left(boss, studio):
    trial(studio, 5)
    page = boss.get(HOME)
    assert page.status_code == 200
    assert [gauge.used for gauge in page.context["gauges"]][:2] == ["1", "2"]
    assert "5" in page.context["state"].texts[0]


def test_only_the_boss_of_the_chain(studio, branch, boss):
    assert browser(studio, make_staff("manager")).get(HOME).status_code == 403
    little = browser(studio, make_staff("owner", branch))
    assert little.get(HOME).status_code == 403
    assert little.post(f"{PLANS}solo/month/").status_code == 403
    assert little.get(PLANS).status_code == 200, "who meets a limit may read what would help"


def test_a_limit_refuses_with_the_way_out(boss, studio):
    on_plan(studio, "solo")
    answer = boss.post("/console/branches/new/", {"name": "二店", "timezone": "Asia/Shanghai", "is_active": "on"})
    assert answer.status_code == 422
    assert f'href="{PLANS}"' in str(answer.context["form"].non_field_errors())
    assert f'href="{PLANS}"' in boss.get("/console/branches/").content.decode()


def test_four_fifths_are_told_where_work_starts(boss, studio):
    make_branch()
    make_branch()
    assert f'href="{PLANS}"' not in boss.get("/console/branches/").content.decode()
    make_branch()
    assert f'href="{PLANS}"' in boss.get("/console/branches/").content.decode()


def test_too_small_a_plan_cannot_be_chosen(boss, studio, pay_fake):
    make_branch()
    catalog.sync()
    page = boss.get(f"{PLANS}solo/month/")
    assert page.context["obstacles"]
    assert 'name="pay"' not in page.content.decode()
    assert boss.post(f"{PLANS}solo/month/", {"pay": "card"})["Location"] == f"{PLANS}solo/month/"
    assert boss.get(f"{PLANS}none/month/").status_code == 404
    assert boss.get(f"{PLANS}solo/week/").status_code == 404


def test_from_the_plan_to_stripe_and_home(boss, studio, pay_fake):
    catalog.sync()
    url = boss.post(f"{PLANS}chain/month/", {"pay": "card"})["Location"]
    assert url.startswith(pay_fake.url)
    pay_fake.press(url, act="pay")
    assert boss.get(f"{HOME}back/")["Location"] == HOME
    page = boss.get(HOME)
    assert page.context["plan"].code == "chain"
    assert boss.post(f"{PLANS}group/month/")["Location"] == HOME
    assert boss.get(HOME).context["plan"].code == "group"
    assert boss.post(f"{HOME}cancellation/", {"on": "1"})["Location"] == HOME
    assert boss.get(HOME).context["row"].cancels_at is not None
    assert boss.post(f"{HOME}portal/")["Location"].startswith(f"{pay_fake.url}/p/")


def test_the_banner_counts_the_days_for_owners_only(boss, studio, client):
    trial(studio, 2)
    assert 'class="banner t-warn"' in boss.get("/console/").content.decode()
    assert 'class="banner' not in client.get("/console/").content.decode()
    on_plan(studio, "solo")
    assert 'class="banner' not in boss.get("/console/").content.decode()


def test_a_lapsed_studio_only_reads(boss, studio, client):
    trial(studio, -1)
    customer = make_customer(name="陈晓雨")
    for someone in (boss, client):
        assert 'class="banner t-bad"' in someone.get("/console/").content.decode()
        answer = someone.post(f"/console/customers/{customer.pk}/edit/", CUSTOMER)
        assert answer.status_code == 403
        assert answer.templates[0].name == "console/subscription/lapsed.html"
        hx = someone.post(f"/console/customers/{customer.pk}/edit/", CUSTOMER, headers={"HX-Request": "true"})
        assert hx["HX-Redirect"] == f"{HOME}lapsed/"
    customer.refresh_from_db()
    assert customer.name == "陈晓雨"
    home = boss.get(HOME).content.decode()
    ended, kept = (clock.now() + dt.timedelta(days=days) for days in (-1, 89))
    for moment in (ended, kept):  # what ended when, and until when nothing is deleted
        assert formats.date_format(moment.astimezone(clock.zone(studio.timezone)), "DATE_FORMAT") in home
    assert boss.post("/console/studio/export/", {"sent": "1"}).status_code == 302  # nobody is held hostage
    assert boss.post("/console/studio/closing/", {"typed": "no"}).status_code == 422
    assert boss.post("/console/logout/").status_code == 302


def test_paying_opens_a_lapsed_studio_at_once(boss, studio, pay_fake):
    catalog.sync()
    trial(studio, -1)
    pay_fake.press(boss.post(f"{PLANS}solo/month/", {"pay": "card"})["Location"], act="pay")
    boss.get(f"{HOME}back/")
    assert 'class="banner' not in boss.get("/console/").content.decode()
    assert boss.post("/console/branches/new/", {}).status_code == 422, "a verb answers again"


def test_customers_still_reach_a_lapsed_studio(studio, other_studio, db):
    trial(studio, -1)
    assert browser(studio).get("/").status_code < 400
    assert browser(studio).post("/me/language/", {"language": "en"}).status_code in {204, 302}


def test_the_price_list_is_public_in_three_languages(client, settings):
    from django.test import Client

    stranger = Client(headers={"host": settings.PLATFORM_HOST})
    for language, price in (("zh-hans", "199"), ("zh-hant", "199"), ("en", "199")):
        page = stranger.get("/", headers={"accept-language": language}).content.decode()
        assert page.count('class="plan-price"') == 3
        assert price in page


def test_a_lapsed_studio_books_no_stranger_and_says_so_kindly(studio, other_studio, branch):
    trial(studio, -1)
    shop = f"/book/{branch.code.lower()}/"
    stranger, elsewhere = browser(studio), browser(other_studio)
    for path in ("/book/", shop):
        page = stranger.get(path)
        assert (page.status_code, page.templates[0].name) == (200, "portal/book/closed.html")
        assert branch.phone in page.text
    assert elsewhere.get("/book/").templates[0].name != "portal/book/closed.html"
    trial(studio, 3)
    assert stranger.get(shop).templates[0].name == "portal/book/shop.html", "paid: open at once"


def test_a_lapsed_studio_offers_no_freed_dates(studio, branch, monkeypatch):
    from core.scheduling.services import waiting

    asked = []
    monkeypatch.setattr(waiting, "offer_waiting", lambda *, branch: asked.append(branch))
    trial(studio, -1)
    waiting.offer_job(branch=branch.pk)
    assert asked == []
    trial(studio, 1)
    waiting.offer_job(branch=branch.pk)
    assert asked == [branch]


def used(studio, day, **figures):
    from billing.models import UsageDay

    with in_public():
        UsageDay.objects.create(
            studio=studio, day=day, **{"branches": 1, "seats": 1, "storage_bytes": 1, "messages": 0, **figures}
        )


def test_a_year_of_use_as_bars_with_their_figures(boss, studio, other_studio, django_assert_max_num_queries):
    on_plan(studio, "chain")
    today = clock.today(studio.timezone)
    month = today.replace(day=1) - dt.timedelta(days=1)
    used(studio, month, seats=3)
    used(studio, month.replace(day=1), seats=5)
    used(studio, today - dt.timedelta(days=500), seats=9)
    used(other_studio, month, seats=77)
    with django_assert_max_num_queries(16):
        page = boss.get(f"{HOME}use/")
    charts = {chart.label: chart for chart in page.context["charts"]}
    assert len(charts) == 4
    seats = page.context["charts"][1]
    assert [bar.figure for bar in seats.bars] == ["—"] * 10 + ["5", "2"], "a month's most; now is now; nobody else's"
    assert seats.bars[-2].height > seats.bars[-1].height > 0
    text = page.content.decode()
    assert text.count('role="img"') == 4
    assert text.count("<rect") == 48
    assert " style=" not in text
    assert browser(studio, make_staff("manager")).get(f"{HOME}use/").status_code == 403


def test_the_bars_tell_when_four_fifths_are_used(boss, studio, other_studio):
    on_plan(studio, "solo")
    assert {chart.tone for chart in boss.get(f"{HOME}use/").context["charts"]} == {""}
    with in_public():
        Plan.objects.filter(code="solo").update(seats=2)
    directory.forget()
    seats = boss.get(f"{HOME}use/").context["charts"][1]
    assert (seats.tone, seats.share, seats.limit_y) == ("bad", 100, 0)
