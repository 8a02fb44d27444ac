"""From template and order to words and file: fields, tables, versions, characters, sameness."""

import pytest

from core.contracts import compose, facts, fields, services
from core.contracts.enums import ContractState, DepositKind
from core.contracts.files import document_bytes
from core.contracts.models import Clause, ContractTemplate
from core.contracts.selectors import clauses_of, contract_of, is_signed
from core.contracts.services.keeping import furnish, setting
from core.kernel import storage
from core.kernel.errors import Refusal
from core.kernel.events import Event
from tests.core.contracts.make import make_contract, make_couple, sign
from tests.factories import make_customer, make_order, make_package
from tests.jobs import run_jobs


def refused(expected, verb, **given):
    with pytest.raises(Refusal) as refusal:
        verb(**given)
    assert refusal.value.code == expected
    return refusal.value.facts


def words(contract):
    return str(contract.blocks)


def test_a_contract_states_everything_that_can_be_charged(db):
    contract = make_contract(sent=False)
    text = words(contract)
    for told in ("¥3,999", "One more outfit", "¥300", "¥60", "陈晓雨", "12月5日", contract.order.code):
        assert told in text
    assert contract.number == f"{contract.order.code}-C1"
    assert contract.state == ContractState.DRAFT
    assert "{{" not in text
    assert Event.objects.filter(kind="contract.composed", thread=contract.event_thread).exists()


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_every_language_has_a_template_whose_fields_all_exist(db, language):
    furnish()
    assert not [
        (c.pk, fields.faults_of(c.title + "\n" + c.text)) for c in Clause.objects.all() if fields.faults_of(c.text)
    ]
    contract = make_contract(sent=False, language=language)
    assert contract.language == language
    assert "{{" not in words(contract)
    assert document_bytes(contract).startswith(b"%PDF")


def test_the_file_is_pdf_a_with_embedded_fonts_and_equal_words_make_equal_bytes(db):
    contract = make_contract(sent=False)
    first, second = (
        compose.document(
            compose.Composition(contract.title, "zh-hans", contract.blocks, contract.data),
            number="x",
            at=contract.composed_at,
        )
        for _ in range(2)
    )
    assert first == second
    assert b"pdfaid:part>2<" in first or b'pdfaid:part="2"' in first
    assert b"NotoSerifSC" in first


def test_the_stored_file_is_the_one_whose_hash_is_signed(db):
    contract = make_contract(sent=False)
    before = document_bytes(contract)  # the worker was not there yet
    assert "contracts.store_document" in run_jobs()
    assert document_bytes(contract) == before
    contract.document_sha256 = "0" * 64
    with pytest.raises(RuntimeError):
        document_bytes(contract)


def test_what_people_typed_is_never_code(db):
    evil = '#eval("1+1") $x$ @ref <label> `raw` \\ {{price}} {{refund_table}} {% now %} <b>'
    order = make_order(customer=make_customer(evil[:60]), note=evil)
    services.save_clause(
        actor=None,
        title="备注",
        text="{{order_note}} · {{customer_name}}",
        language="zh-hans",
        is_required=True,
        position=999,
    )
    furnish()
    contract = make_contract(order, sent=False)
    said = contract.blocks[-1]["text"]
    assert evil in said  # as it was typed: no field in it was filled in
    assert document_bytes(contract).startswith(b"%PDF")


@pytest.mark.parametrize("name", ["𠮷野", "小雨😀"])
def test_a_character_that_no_font_has_is_named(db, name):
    order = make_order(customer=make_customer(name))
    told = refused("contract.unprintable", services.compose_contract, actor=order.owner, order=order)
    assert told["char"] in name
    assert contract_of(order) is None


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ("{{customr_name}}", "unknown", "customr_name"),
        ("hello {{refund_table}} there", "alone", "refund_table"),
        ("{{customer_name", "loose", "{{"),
        ("customer_name}}", "loose", "}}"),
        ("{{ customer name }}", "loose", "{{"),
        ("{{order.customer.phone}}", "loose", "{{"),
    ],
)
def test_a_field_that_cannot_be_filled_in_is_found_at_save(db, text, code, field):
    told = refused("clause.fields", services.save_clause, actor=None, title="x", text=text, language="en")
    assert [code, field] in told["faults"]
    assert not Clause.objects.filter(title="x").exists()


def test_another_wording_is_another_version_and_old_contracts_keep_theirs(db):
    contract = make_contract(sent=False)
    clause = Clause.objects.filter(language="zh-hans", text__contains="{{parties}}").get()
    former = contract.blocks
    services.save_clause(actor=None, clause=clause, text="{{parties}}\n新的一句")
    services.save_clause(actor=None, clause=clause, position=3)  # a place is no wording
    assert list(clause.versions.values_list("number", flat=True)) == [2, 1]
    contract.refresh_from_db()
    assert contract.blocks == former
    assert "新的一句" in words(make_contract(contract.order, sent=False))
    contract.refresh_from_db()
    assert contract.state == ContractState.SUPERSEDED


def test_required_clauses_come_along_and_other_kinds_do_not(db):
    furnish()
    template = ContractTemplate.objects.get(language="zh-hans")
    services.save_template(actor=None, template=template, clauses=[])
    required = clauses_of(template, "wedding")
    assert required
    assert all(clause.is_required for clause in required)
    child = services.save_clause(actor=None, title="儿童", text="x", language="zh-hans", kind="child", is_required=True)
    assert child not in clauses_of(template, "wedding")
    assert child in clauses_of(template, "child")


def test_a_template_takes_clauses_of_its_own_language_only(db):
    furnish()
    template = ContractTemplate.objects.get(language="en")
    foreign = Clause.objects.filter(language="zh-hans")[:1]
    refused("template.language", services.save_template, actor=None, template=template, clauses=foreign)


def test_the_two_words_for_a_deposit_have_two_texts(db):
    order = make_order()
    order.terms["deposit"] = {"kind": "percent", "value": 30}
    refundable = fields.merge("{{deposit_text}}", facts.facts_of(order, setting()), "en")[0]["text"]
    services.save_settings(actor=None, deposit_kind=DepositKind.EARNEST)
    binding = fields.merge("{{deposit_text}}", facts.facts_of(order, setting()), "en")[0]["text"]
    assert "no security" in refundable
    assert "twofold" not in refundable
    assert "twofold" in binding
    assert "¥1,199.70" in binding
    services.save_settings(actor=None, deposit_text="按本店约定")
    assert fields.merge("{{deposit_text}}", facts.facts_of(order, setting()), "en")[0]["text"] == "按本店约定"


@pytest.mark.parametrize(
    ("total", "terms"),
    [
        (399900, {}),
        (100001, {"schedule": [{"when": "signing", "percent": 30}, {"when": "delivery", "percent": 70}]}),
        (
            100,
            {
                "schedule": [
                    {"when": "signing", "percent": 33},
                    {"when": "date", "percent": 33},
                    {"when": "delivery", "percent": 34},
                ]
            },
        ),
        (5000, {"deposit": {"kind": "minor", "value": 9999}}),
        (5000, {"deposit": {"kind": "percent", "value": 30}}),
        (0, {}),
    ],
)
def test_instalments_sum_to_the_price(total, terms):
    parts = facts.instalments_of(total, terms)
    assert sum(part["minor"] for part in parts) == total
    assert all(part["minor"] > 0 for part in parts)


def test_the_itemised_price_sums_to_what_was_agreed(db):
    order = make_order(price_minor=350000)
    lines = facts.facts_of(order, setting())["lines"]
    assert sum(line["total_minor"] for line in lines) == 350000
    assert [line["kind"] for line in lines] == ["package", "discount"]


def test_a_signed_contract_is_never_replaced(db):
    contract = make_contract()
    assert not is_signed(contract.order)
    sign(contract)
    assert is_signed(contract.order)
    refused("contract.signed", services.compose_contract, actor=contract.order.owner, order=contract.order)


def test_one_contract_stands_at_a_time_and_numbers_go_on(db):
    first = make_contract()
    second = make_contract(first.order)
    first.refresh_from_db()
    assert first.state == ContractState.SUPERSEDED
    assert second.number.endswith("-C2")
    assert contract_of(first.order) == second


def test_parents_sign_for_their_children(db):
    order = make_order(customer=make_customer("陈妈妈"), package=make_package(kind="child"))
    order.people.filter(customer=order.customer).update(part="parent")
    order.people.create(customer=make_customer("陈小宝"), part="child")
    contract = make_contract(order, sent=False)
    assert [(one.name, one.signs_for) for one in contract.signers.all()] == [("陈妈妈", "陈小宝")]


def test_the_couple_both_sign_and_staff_may_choose(db):
    order = make_couple()
    assert [one.name for one in make_contract(order, sent=False).signers.all()] == ["陈晓雨", "林一舟"]
    assert [one.name for one in make_contract(order, sent=False, signers=[order.customer_id]).signers.all()] == [
        "陈晓雨"
    ]


def test_an_annex_belongs_to_a_signed_contract_and_leaves_it_alone(db):
    contract = make_contract()
    told = {
        "actor": contract.order.owner,
        "title": "加一套造型",
        "text": "增加一套晚礼服。",
        "lines": [("晚礼服", 30000)],
    }
    refused("contract.not_signed", services.amend_contract, contract=contract, **told)
    sign(contract)
    contract.refresh_from_db()
    annex = services.amend_contract(contract=contract, **told)
    assert annex.number == f"{contract.number}-A1"
    assert annex.parent == contract
    assert "¥300" in words(annex)
    assert contract.document_sha256 in words(annex)
    services.send_contract(actor=None, contract=annex)
    sign(annex)
    annex.refresh_from_db()
    assert annex.state == ContractState.SIGNED
    assert contract_of(contract.order) == contract
    refused("contract.not_signed", services.amend_contract, contract=annex, **told)


def test_keys_stay_within_the_studio(db, other_studio):
    contract = make_contract(sent=False)
    run_jobs()
    from core.contracts.files import key
    from tenants.context import in_studio

    name = key(contract, contract.document_sha256)
    assert storage.get(name).startswith(b"%PDF")
    with in_studio(other_studio), pytest.raises(PermissionError):
        storage.get(name)
