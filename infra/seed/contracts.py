"""Contracts of the demo, told by the verbs: signed, half signed, declined, about to expire, a draft, an annex."""

import datetime as dt
from typing import Any

from django.db.models import Count

from core.contracts import finishing, services
from core.contracts.enums import DepositKind
from core.contracts.models import Contract, ContractSigner
from core.kernel import clock
from core.kernel.signature import Signature
from core.orders.enums import Stage
from core.orders.models import Order
from core.people import login
from core.people.enums import CodePurpose

SIGN_PHONE = "13800002616"
PHONE = {"address": "2001:db8::26", "agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0"}
# A hand that writes: points in thousandths of the field's width
HAND = {
    "h": 400,
    "strokes": [
        [150, 120, 190, 110, 250, 108, 300, 100],
        [225, 70, 222, 130, 205, 210, 170, 280, 140, 320],
        [235, 180, 265, 215, 300, 250],
        [380, 90, 376, 150, 380, 230, 372, 300],
        [380, 95, 450, 88, 505, 96, 500, 170, 494, 290],
        [384, 170, 430, 165, 490, 166],
        [380, 240, 430, 236, 492, 238],
        [600, 80, 640, 76, 700, 72],
        [650, 40, 646, 120, 652, 180, 640, 260, 610, 300],
        [600, 180, 660, 172, 740, 168],
        [690, 200, 700, 250, 740, 290, 800, 300, 830, 250],
    ],
}


def tell_contracts(owner: Any, teller: Any, now: dt.datetime) -> None:
    """The studio's settings; contracts of the orders that are being signed, of those prepared, one with an annex; and
    one that a couple who can log in has to sign.
    """
    services.save_settings(
        actor=owner,
        party_name="深圳市光影映画文化传播有限公司",
        party_number="91440300MA5EXAMPLE",
        deposit_kind=DepositKind.PREPAYMENT,
        expiry_days=7,
    )
    for order in Order.objects.filter(stage=Stage.PREPARATION, state="open").order_by("pk")[:4]:
        signed = _signed(order, min(order.taken_at + dt.timedelta(hours=3), now - dt.timedelta(days=3)))
    _annex(signed, now - dt.timedelta(days=2))
    signing = Order.objects.filter(stage=Stage.SIGNING, state="open").annotate(n=Count("people")).order_by("-n", "pk")
    tellers = (_half_signed, _waiting, _signed_lately, _declined, _draft)
    for order, tell in zip(list(signing), tellers, strict=False):
        tell(order, now)
    _to_sign(teller, now)


def _to_sign(teller: Any, now: dt.datetime) -> None:
    """The contract that you can sign yourself, with the code of the demo."""
    told = {"code": "NS", "package": teller.packages[0], "taken": now - dt.timedelta(days=1, hours=4)}
    shoot_on = (now + dt.timedelta(days=34)).date()
    order = teller.order(**told, shoot_on=shoot_on, names=("苏念安", "程亦行"), phone=SIGN_PHONE)
    order = teller.bring(order, Stage.SIGNING, now)
    _sent(order, now - dt.timedelta(hours=5))


def _sent(order: Order, at: dt.datetime) -> Contract:
    with clock.at(at):
        contract = services.compose_contract(actor=order.owner, order=order, language="zh-hans")
        return services.send_contract(actor=order.owner, contract=contract)


def _sign(contract: Contract, position: int, at: dt.datetime) -> None:
    """By the very verb of the phone, with a code that nobody had to read."""
    rows = contract.signers.select_related("customer", "contract__order__branch")
    signer = rows.get(position=position)
    codes: list[str] = []

    def deliver(*, code: str, **_message: Any) -> None:
        codes.append(code)

    with clock.at(at):
        services.open_contract(signer=signer, evidence=PHONE)
        asked: dict[str, Any] = {"deliver": deliver, "purpose": CodePurpose.SIGNING}
        login.request_code(phone=signer.customer.phone, address=PHONE["address"], **asked)
        drawn = Signature(signer.name, HAND if position == 0 else None)
        told: dict[str, Any] = {
            "code": codes[0],
            "seen": contract.document_sha256,
            "address": PHONE["address"],
            "evidence": PHONE,
        }
        services.sign(signer=signer, signature=drawn, **told)


def _everybody(contract: Contract, at: dt.datetime) -> None:
    for number in range(contract.signers.count()):
        _sign(contract, number, at + dt.timedelta(minutes=9 * number))
    with clock.at(at + dt.timedelta(minutes=30)):
        finishing.finish_contract(contract=contract.pk)


def _signed(order: Order, at: dt.datetime) -> Contract:
    contract = _sent(order, at)
    _everybody(contract, at + dt.timedelta(hours=1))
    contract.refresh_from_db()
    return contract


def _annex(contract: Contract, at: dt.datetime) -> None:
    text = "双方同意在原套系之外增加一套晚礼服造型及对应精修 3 张，拍摄时间相应延长 40 分钟。"
    with clock.at(at):
        told: dict[str, Any] = {
            "title": "增加一套晚礼服造型",
            "text": text,
            "lines": [("晚礼服造型一套，含精修 3 张", 58000)],
        }
        annex = services.amend_contract(actor=contract.order.owner, contract=contract, **told)
        services.send_contract(actor=contract.order.owner, contract=annex)
    _everybody(annex, at + dt.timedelta(hours=2))


def _signed_lately(order: Order, now: dt.datetime) -> None:
    _signed(order, now - dt.timedelta(hours=20))


def _waiting(order: Order, now: dt.datetime) -> None:
    """Sent almost a week ago, opened, not signed: its time ends tomorrow."""
    contract = _sent(order, now - dt.timedelta(days=6, hours=2))
    signer: ContractSigner = contract.signers.select_related("contract__order__branch").get(position=0)
    with clock.at(now - dt.timedelta(days=5)):
        services.open_contract(signer=signer, evidence=PHONE)


def _declined(order: Order, now: dt.datetime) -> None:
    contract = _sent(order, now - dt.timedelta(days=2))
    signer = contract.signers.select_related("contract__order__branch", "customer").get(position=0)
    with clock.at(now - dt.timedelta(hours=26)):
        services.decline(signer=signer, reason="拍摄日期想改到五一之后，先不签这一份。", evidence=PHONE)


def _half_signed(order: Order, now: dt.datetime) -> None:
    contract = _sent(order, now - dt.timedelta(hours=30))
    _sign(contract, 0, now - dt.timedelta(hours=28))
    if contract.signers.count() == 1:
        with clock.at(now - dt.timedelta(hours=27)):
            finishing.finish_contract(contract=contract.pk)


def _draft(order: Order, now: dt.datetime) -> None:
    with clock.at(now - dt.timedelta(hours=2)):
        services.compose_contract(actor=order.owner, order=order, language="zh-hans")
