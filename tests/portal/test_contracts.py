"""A contract on the phone by plain forms: read, code, sign, decline, files; and proving it without a login."""

import datetime as dt
import html
import re
import secrets

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.contracts import services
from core.contracts.files import document_bytes, final_bytes
from core.contracts.models import Contract
from core.kernel import clock
from core.messaging.models import OutboxMessage
from tenants.context import in_studio
from tests.core.contracts.make import make_contract, make_couple, sign, signer_of
from tests.factories import make_customer, make_order
from tests.jobs import run_jobs
from tests.portal.doors import knock

HAND = '{"h":400,"strokes":[[100,100,300,120,500,300],[600,50,600,350]]}'


@pytest.fixture
def customer(db):
    return make_customer("陈晓雨", f"139{secrets.randbelow(10**8):08d}")  # limits outlive a test


@pytest.fixture
def contract(customer):
    return make_contract(make_couple(customer=customer), language="en")


def door(studio, customer):
    found = knock(studio, "host", customer)
    found.client.cookies["yl_language"] = "en"
    return found


@pytest.fixture
def mine(studio, customer):
    return door(studio, customer)


def text(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:500]
    return html.unescape(re.sub(r"\s+", " ", answer.content.decode()))


def at(contract, rest=""):
    return f"contracts/{contract.code}/{rest}"


def code_sent():
    return OutboxMessage.objects.filter(template="signing_code").latest("pk").facts["code"]


def filled(contract, **given):
    return {"signature": "陈晓雨", "signature_way": "type", "agreed": "on", "seen": contract.document_sha256, **given}


def test_everything_it_costs_is_read_before_the_button(mine, contract):
    page = text(mine.get(at(contract)))
    for told in ("¥3,999", "One more outfit", "¥300", "¥60", "30 %", contract.number, "Sign for ¥3,999"):
        assert told in page, told
    assert page.index("One more outfit") < page.index('id="submit"')
    assert page.index("At least 7 days before the shoot") < page.index('id="submit"')
    assert contract.trail.filter(kind="opened").count() == 1


def test_the_way_of_a_signature_code_by_phone_then_drawn(mine, contract, studio):
    drawn = filled(contract, signature="", signature_way="draw", signature_strokes=HAND)
    asked = mine.post(at(contract, "code/"), drawn)
    assert asked.status_code == 302
    assert asked["Location"].endswith(f"/{at(contract)}#code")
    for _again in range(2):  # the tab is dropped and opened again while the SMS is read
        page = text(mine.get(at(contract)))
        assert HAND in page  # nothing drawn is lost on the way
        assert re.search(r'name="agreed"[^>]* checked', page)
        assert "The code is on its way." in page
    answer = mine.post(at(contract, "signature/"), {**drawn, "code": code_sent()})
    assert answer.status_code == 302
    page = text(mine.get(at(contract)))
    assert "You have signed" in page
    assert "1 more person has to sign" in page
    assert 'id="submit"' not in page
    partner = signer_of(contract, 1)
    other = door(studio, partner.customer)
    assert "Please read and sign" in text(other.get(at(contract)))
    sign(contract, 1)
    run_jobs()
    page = text(mine.get(at(contract)))
    assert "Get the signed file" in page
    assert 'svg class="drawn"' in page
    final = mine.get(at(contract, "final.pdf"))
    assert final["Content-Type"] == "application/pdf"
    assert "attachment" in final["Content-Disposition"]
    assert final.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"agreed": ""}, "Please tick that you have read"),
        ({"signature": ""}, "Please type your name."),
        ({"code": ""}, "This field is required"),
        ({"code": "12"}, "The code has six digits."),
        ({"code": "000000"}, "too old"),
        ({"seen": "0" * 64}, "newer version"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(mine, contract, given, sentence):
    data = filled(contract, **{"code": "123456", **given})
    page = text(mine.post(at(contract, "signature/"), data), 422)
    assert sentence in page
    assert f'value="{data["signature"]}"' in page
    assert not contract.trail.filter(kind="signed").exists()


def test_a_second_press_of_the_button_is_no_second_signature(mine, contract):
    mine.post(at(contract, "code/"), filled(contract))
    data = filled(contract, code=code_sent())
    assert mine.post(at(contract, "signature/"), data).status_code == 302
    assert mine.post(at(contract, "signature/"), data).status_code == 302
    assert contract.trail.filter(kind="signed").count() == 1


def test_codes_are_not_sent_without_end(mine, contract):
    for _twice in range(2):
        assert mine.post(at(contract, "code/"), filled(contract)).status_code == 302
    assert "A code was sent a moment ago" in text(mine.get(at(contract)))
    assert OutboxMessage.objects.filter(template="signing_code").count() == 1


def test_the_wait_for_another_code_goes_on_after_a_wrong_one(mine, contract):
    assert 'data-resend="0"' in text(mine.get(at(contract)))
    mine.post(at(contract, "code/"))
    with clock.at(clock.now() + dt.timedelta(seconds=45)):
        page = mine.post(at(contract, "signature/"), filled(contract, code="000000")).content.decode()
        assert 10 <= int(re.search(r'data-resend="(\d+)"', page).group(1)) <= 17


def test_declining_with_a_reason(mine, contract):
    assert "Please check these points" not in text(mine.get(at(contract)))
    text(mine.post(at(contract, "refusal/"), {"reason": " "}), 422)
    assert mine.post(at(contract, "refusal/"), {"reason": "日期不对"}).status_code == 302
    page = text(mine.get(at(contract)))
    assert "Declined" in page
    assert "日期不对" in page
    assert 'id="submit"' not in page
    text(mine.post(at(contract, "refusal/"), {"reason": "x"}), 422)
    assert mine.post(at(contract, "signature/"), filled(contract, code="123456")).status_code == 422
    assert Contract.objects.get(pk=contract.pk).state == "declined"


def test_only_those_who_sign_see_it(studio, contract, other_studio):
    for stranger in (make_customer("邻居"),):
        for rest in ("", "document.pdf", "final.pdf"):
            assert door(studio, stranger).get(at(contract, rest)).status_code == 404
        for rest in ("code/", "signature/", "refusal/"):
            assert door(studio, stranger).post(at(contract, rest), filled(contract)).status_code == 404
    assert knock(studio, "host").get(at(contract)).status_code == 302
    with in_studio(other_studio):
        foreign = make_contract(make_order(customer=make_customer("双")))
    assert door(studio, signer_of(contract).customer).get(at(foreign)).status_code == 404


def test_a_draft_and_an_unsealed_file_do_not_exist_yet(mine, customer, contract):
    draft = make_contract(make_order(customer=customer), sent=False)
    assert mine.get(at(draft)).status_code == 404
    assert mine.get(at(contract, "final.pdf")).status_code == 404
    assert mine.get(at(contract, "document.pdf")).content == document_bytes(contract)


def test_the_order_page_leads_to_the_signature(mine, contract):
    page = text(mine.get(f"orders/{contract.order.code}/"))
    assert "Next step · your contract" in page
    assert f"/{at(contract)}" in page
    services.withdraw(actor=None, contract=contract, reason="x")
    page = text(mine.get(f"orders/{contract.order.code}/"))
    assert at(contract) not in page


def test_pages_cost_the_same_with_more_signers(studio, customer, django_assert_max_num_queries):
    order = make_couple(customer=customer)
    order.people.create(customer=make_customer("妈妈"), part="parent")
    contract = make_contract(order)
    mine = door(studio, customer)
    mine.get(at(contract))
    with django_assert_max_num_queries(20):
        mine.get(at(contract))


def upload(body):
    return {"file": SimpleUploadedFile("x.pdf", body, "application/pdf")}


@pytest.fixture
def done(contract):
    sign(contract, 0)
    sign(contract, 1)
    run_jobs()
    contract.refresh_from_db()
    return contract


def test_anybody_can_prove_a_file_and_learns_no_names(studio, done):
    anybody = door(studio, None)
    page = text(anybody.get(f"proof/{done.code}/"))
    assert done.number in page
    assert done.sealed_sha256 in page
    assert "陈晓雨" not in page
    assert "3,999" not in page
    assert "Intact: this is the signed file" in text(anybody.post("proof/", upload(final_bytes(done))))
    assert "Intact: this is the text" in text(anybody.post("proof/", upload(document_bytes(done))))
    spoilt = bytearray(final_bytes(done))
    spoilt[len(spoilt) // 2] ^= 1
    page = text(anybody.post("proof/", upload(bytes(spoilt))))
    assert "Do not rely on it" in page
    assert "Intact" not in page
    assert done.number not in page
    assert "not a contract of this studio" in text(anybody.post("proof/", upload(b"%PDF-1.4 nothing")))
    assert "Please check these points" in text(anybody.post("proof/", {}), 422)


def test_what_binds_nobody_cannot_be_asked_for(studio, contract):
    assert door(studio, None).get(f"proof/{contract.code}/").status_code == 404
    assert door(studio, None).get("proof/nonsense/").status_code == 404


def test_a_file_of_another_studio_is_not_ours(studio, other_studio, done):
    anybody = knock(other_studio, "host")
    anybody.client.cookies["yl_language"] = "en"
    assert "not a contract of this studio" in text(anybody.post("proof/", upload(final_bytes(done))))
    assert anybody.get(f"proof/{done.code}/").status_code == 404


def test_an_address_that_a_form_was_sent_to_opens_its_page(mine, contract):
    for rest in ("code/", "signature/", "refusal/"):
        assert mine.get(at(contract, rest))["Location"].endswith(f"/{at(contract)}")
    order = contract.order.code
    for verb, opened in (("claim/", "bill/"), ("payment/", "bill/"), ("invoice/", "bill/")):
        assert mine.get(f"orders/{order}/bill/{verb}")["Location"].endswith(f"/orders/{order}/{opened}")
    assert mine.get(f"orders/{order}/plan/3/confirmation/")["Location"].endswith(f"/orders/{order}/plan/")
    assert mine.get("me/language/")["Location"].endswith("/me/")
    assert mine.get("me/language/", accept="application/json").status_code == 405


def test_what_was_typed_is_kept_for_this_text_and_this_person_only(mine, contract, studio):
    mine.post(at(contract, "signature/"), {**filled(contract), "signature": "陈小雨", "code": ""})
    assert 'value="陈小雨"' in text(mine.get(at(contract)))
    other = door(studio, signer_of(contract, 1).customer)
    assert 'value="陈小雨"' not in text(other.get(at(contract)))
    stale = {**filled(contract), "seen": "0" * 64}
    mine.post(at(contract, "code/"), stale)
    assert not re.search(r'name="agreed"[^>]* checked', text(mine.get(at(contract))))  # agreed to another text
