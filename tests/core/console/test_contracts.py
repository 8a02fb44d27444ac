"""Contracts at the desk: compose, send, withdraw, countersign, amend; clauses and templates; the day's list."""

import datetime as dt
import html
import re

import pytest

from core.contracts import services
from core.contracts.models import Clause, Contract, ContractTemplate
from core.contracts.services import keeping
from core.kernel import clock
from tests.core.console.conftest import browser
from tests.core.contracts.make import make_contract, sign
from tests.factories import make_branch, make_customer, make_order, make_staff
from tests.jobs import run_jobs

URL = "/console/contracts/"


def text(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:800]
    return html.unescape(re.sub(r"\s+", " ", answer.content.decode()))


@pytest.fixture
def clerk(branch):
    return make_staff("receptionist", branch, name="王蕾")


@pytest.fixture
def desk_of(studio):
    """The browser of a member of staff, in English."""

    def open_browser(user):
        found = browser(studio, user)
        found.cookies["yl_language"] = "en"
        return found

    return open_browser


@pytest.fixture
def order(branch, clerk):
    return make_order(branch, clerk, customer=make_customer("陈晓雨"))


@pytest.fixture
def desk(desk_of, clerk):
    return desk_of(clerk)


@pytest.fixture
def boss(desk_of):
    return desk_of(make_staff("owner"))


def test_from_the_order_to_a_sent_contract(desk, order):
    panel = text(desk.get(f"{URL}orders/{order.code}/"))
    assert "No contract yet." in panel
    form = text(desk.get(f"{URL}orders/{order.code}/contract/"))
    template = ContractTemplate.objects.get(language="en")
    assert "陈晓雨" in form
    assert template.name in form
    chinese = ContractTemplate.objects.get(language="zh-hans")
    assert f'<option value="{chinese.pk}" selected' in form, "the customer's language, whatever the desk speaks"
    answer = desk.post(f"{URL}orders/{order.code}/contract/", {"template": template.pk, "signers": [order.customer_id]})
    made = Contract.objects.get()
    assert answer["Location"] == f"{URL}{made.code}/"
    page = text(desk.get(answer["Location"]))
    assert "Send to sign" in page
    assert "One more outfit" in page
    assert "unbroken" in page
    desk.post(f"{URL}{made.code}/sending/")
    assert Contract.objects.get().state == "sent"
    page = text(desk.get(f"{URL}{made.code}/"))
    assert "Send to sign" not in page
    assert "/s/" in page
    assert "0 of 1 signed" in text(desk.get(f"{URL}orders/{order.code}/"))
    assert made.number in text(desk.get(URL))
    assert made.number not in text(desk.get(f"{URL}?state=signed"))


def test_a_character_that_cannot_be_printed_is_said_in_the_form(desk, order):
    type(order.customer).objects.filter(pk=order.customer_id).update(name="𠮷野")
    desk.get(f"{URL}orders/{order.code}/contract/")
    template = ContractTemplate.objects.get(language="en")
    data = {"template": template.pk, "signers": [order.customer_id]}
    assert "“𠮷”" in text(desk.post(f"{URL}orders/{order.code}/contract/", data), 422)
    assert not Contract.objects.exists()


def test_withdrawing_asks_why(desk, order):
    contract = make_contract(order)
    text(desk.post(f"{URL}{contract.code}/withdrawal/", {"reason": ""}), 422)
    assert Contract.objects.get().state == "sent"
    desk.post(f"{URL}{contract.code}/withdrawal/", {"reason": "价格写错"})
    assert "价格写错" in text(desk.get(f"{URL}{contract.code}/"))


def test_countersigning_is_for_those_who_may(desk, boss, order):
    services.save_settings(actor=None, needs_countersign=True)
    contract = make_contract(order)
    sign(contract)
    assert desk.post(f"{URL}{contract.code}/countersignature/").status_code == 403
    assert "Contracts to countersign" in text(boss.get("/console/"))
    boss.post(f"{URL}{contract.code}/countersignature/")
    run_jobs()
    contract.refresh_from_db()
    assert (contract.state, bool(contract.sealed_sha256)) == ("countersigned", True)
    assert desk.get(f"{URL}{contract.code}/final.pdf").content.startswith(b"%PDF")
    assert "Contracts to countersign" not in text(boss.get("/console/"))


def test_an_annex_is_a_draft_of_its_own(desk, order):
    contract = make_contract(order)
    sign(contract)
    data = {"title": "加一套晚礼服", "text": "增加一套造型。", "name_1": "晚礼服", "price_1": "300"}
    text(desk.post(f"{URL}{contract.code}/annex/", {**data, "name_1": ""}), 422)
    answer = desk.post(f"{URL}{contract.code}/annex/", data)
    page = text(desk.get(answer["Location"]))
    assert "¥300" in page
    assert contract.number in page
    assert f"{contract.number}-A1" in text(desk.get(f"{URL}orders/{order.code}/"))


def test_a_changed_row_is_told(desk, order):
    contract = make_contract(order)
    contract.trail.filter(kind="sent").update(who="nobody")
    page = text(desk.get(f"{URL}{contract.code}/"))
    assert "does not hold from link 2 on" in page
    assert "unbroken" not in page


def test_the_day_lists_what_is_about_to_expire(desk, order):
    contract = make_contract(order)
    assert "Contracts not signed yet" not in text(desk.get("/console/"))
    with clock.at(contract.expires_at - dt.timedelta(hours=20)):
        page = text(desk.get("/console/"))
    assert "Contracts not signed yet" in page
    assert "not signed by 陈晓雨" in page


def test_contracts_of_other_branches_do_not_exist(desk_of, order):
    contract = make_contract(order)
    stranger = desk_of(make_staff("receptionist", make_branch()))
    assert stranger.get(f"{URL}{contract.code}/").status_code == 404
    assert contract.number not in text(stranger.get(URL))
    craft = desk_of(make_staff("photographer", order.branch))
    assert craft.get(f"{URL}{contract.code}/").status_code == 403


def test_pages_cost_the_same_with_more_contracts(desk, branch, clerk, django_assert_max_num_queries):
    for n in range(3):
        make_contract(make_order(branch, clerk, customer=make_customer(f"客{n}")))
    with django_assert_max_num_queries(14):
        desk.get(URL)


def test_wording_is_for_managers_and_starts_with_ours(desk, boss):
    assert desk.get(f"{URL}wording/").status_code == 403
    assert "Take the standard wording" in text(boss.get(f"{URL}wording/"))
    boss.post(f"{URL}wording/standard/")
    assert ContractTemplate.objects.count() == 3
    boss.post(f"{URL}wording/standard/")
    assert ContractTemplate.objects.count() == 3
    assert "always part of it" in text(boss.get(f"{URL}wording/"))


def test_an_unknown_field_is_named_beside_the_text(boss):
    data = {"title": "礼服", "text": "{{gown_rules}} 和 {{customer_name}}", "language": "zh-hans", "position": "5"}
    page = text(boss.post(f"{URL}wording/clauses/new/", data), 422)
    assert "There is no field {{gown_rules}}" in page
    assert not Clause.objects.exists()
    boss.post(f"{URL}wording/clauses/new/", {**data, "text": "礼服须当日归还，{{customer_name}}。", "is_active": "on"})
    assert Clause.objects.get().version == 1


def test_a_template_is_previewed_with_an_order(boss, order):
    assert "invented" not in text(boss.get("/console/"))
    boss.post(f"{URL}wording/standard/")
    template = ContractTemplate.objects.get(language="en")
    assert order.code in text(boss.get(f"{URL}wording/templates/{template.pk}/preview/"))
    type(order).objects.all().update(kind="child")
    clauses = [str(pk) for pk in template.clauses.values_list("pk", flat=True)[:3]]
    data = {"name": "Short", "title": "Contract", "kind": "", "is_active": "on", "clauses": clauses}
    assert boss.post(f"{URL}wording/templates/{template.pk}/", data).status_code == 302
    assert template.clauses.count() == 3


def test_a_template_is_read_before_there_is_any_order(boss):
    boss.post(f"{URL}wording/standard/")
    template = ContractTemplate.objects.get(language="en")
    assert "invented figures" in text(boss.get(f"{URL}wording/templates/{template.pk}/preview/"))


def test_the_settings_say_which_deposit_it_is(boss):
    data = {"party_name": "光影文化有限公司", "deposit_kind": "earnest", "deposit_text": "", "expiry_days": "3"}
    text(boss.post(f"{URL}wording/settings/", {**data, "deposit_text": "{{price}}"}), 422)
    text(boss.post(f"{URL}wording/settings/", {**data, "expiry_days": "0"}), 422)
    assert boss.post(f"{URL}wording/settings/", data).status_code == 302
    row = services.setting()
    assert (row.deposit_kind, row.expiry_days, row.party_name) == ("earnest", 3, "光影文化有限公司")


def test_the_list_shows_headings_filled_and_tells_what_the_wording_lacks(boss):
    keeping.furnish()
    page = text(boss.get("/console/contracts/wording/"))
    assert "{{deposit_word}}" not in page
    assert "{{" not in page
    assert "does not say how a date is moved" not in page
    clause = Clause.objects.get(language="zh-hans", text__contains="moving_terms")
    services.save_clause(actor=None, clause=clause, text="解除合同时，按下表退还已付款项。\n{{refund_table}}")
    page = text(boss.get("/console/contracts/wording/"))
    assert page.count("does not say how a date is moved") == 1
    template = ContractTemplate.objects.get(language="zh-hans")
    url = f"/console/contracts/wording/templates/{template.pk}/moving-terms/"
    assert f'action="{url}"' in page
    for _tapped in range(2):
        assert boss.post(url).status_code == 302
    clause.refresh_from_db()
    assert clause.text == "{{moving_terms}}\n解除合同时，按下表退还已付款项。\n{{refund_table}}"
    assert clause.version == 3
    assert "does not say how a date is moved" not in text(boss.get("/console/contracts/wording/"))
    clause.is_active = False
    clause.save()
    assert "does not say how a date is moved" in text(boss.get("/console/contracts/wording/"))


def test_the_form_of_a_template_names_clauses_as_they_are_printed(boss):
    keeping.furnish()
    template = ContractTemplate.objects.get(language="zh-hans")
    page = text(boss.get(f"/console/contracts/wording/templates/{template.pk}/"))
    assert "{{deposit_word}}" not in page
