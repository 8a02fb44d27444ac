"""Alipay's open platform, with the studio's own app: page (a computer's browser) and wap (a phone's), RSA2.

The library signs, sends and verifies; amounts are yuan with two decimals there and fen everywhere else here.
"""

import datetime as dt
import logging
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.error import URLError
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from alipay import AliPay, AliPayConfig
from alipay.exceptions import AliPayException, AliPayValidationError
from django.conf import settings

from billing.enums import NoticeKind, PayState, RefundState
from billing.exchange import (
    Forged,
    PayRefused,
    PayReport,
    PayRequest,
    PayStart,
    PayUnreachable,
    RefundReport,
    RefundRequest,
    Told,
)
from billing.models import MerchantAccount
from billing.sealing import Credentials, SealBroken

for _handler in logging.getLogger("python-alipay-sdk").handlers[:]:
    logging.getLogger("python-alipay-sdk").removeHandler(_handler)  # it brings one of its own; ours has the studio

SECONDS = 15
CHINA = ZoneInfo("Asia/Shanghai")
STAMP = "%Y-%m-%d %H:%M:%S"
METHODS = {"page": "alipay.trade.page.pay", "wap": "alipay.trade.wap.pay"}
PRODUCTS = {"page": "FAST_INSTANT_TRADE_PAY", "wap": "QUICK_WAP_WAY"}
UNFIT = re.compile(r"[/=&{}\"\\\x00-\x1f]")  # characters that subjects must not have, or that the library trips over
NOBODY = "ACQ.TRADE_NOT_EXIST"
BUSY = {"ACQ.SYSTEM_ERROR", "aop.ACQ.SYSTEM_ERROR", "isp.unknow-error", "isv.app-call-limited"}
KEYS_WRONG = (
    "isv.invalid-app-id",
    "isv.invalid-signature",
    "isv.missing-signature",
    "isv.insufficient-isv",
)
REFUSALS = {
    "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL": "pay.not_refundable",
    "ACQ.REASON_TRADE_REFUND_FEE_ERR": "pay.not_refundable",
    "ACQ.TRADE_HAS_FINISHED": "pay.not_refundable",
    "ACQ.TRADE_STATUS_ERROR": "pay.not_refundable",
    "ACQ.SELLER_BALANCE_NOT_ENOUGH": "pay.not_refundable",
}


class _Client(AliPay):  # type: ignore[misc]  # the library has no types
    """The library's client, at the address we are told and with China's clock: its own stamp is the process's."""

    def __init__(self, keys: Credentials) -> None:
        super().__init__(
            appid=keys["app_id"],
            app_private_key_string=keys["private_key"],
            alipay_public_key_string=keys["public_key"],
            sign_type="RSA2",
            config=AliPayConfig(timeout=SECONDS),
        )
        self._gateway = settings.ALIPAY_GATEWAY

    def build_body(self, method: str, biz_content: Any = None, **kwargs: Any) -> dict[str, Any]:
        kwargs["timestamp"] = dt.datetime.now(CHINA).strftime(STAMP)
        body: dict[str, Any] = super().build_body(method, biz_content, **kwargs)
        return body


def client(account: MerchantAccount) -> _Client:
    """Raises PayRefused("pay.account_refused") when the studio's keys cannot be read."""
    try:
        return _Client(account.credentials)
    except (SealBroken, KeyError, ValueError, IndexError, TypeError):
        raise PayRefused("pay.account_refused", reason="keys") from None


def methods(account: MerchantAccount) -> list[str]:
    return list(METHODS)


def start(account: MerchantAccount, request: PayRequest) -> PayStart:
    """A signed address of Alipay's pay page. Nothing is sent: Alipay knows the trade once the payer opens it."""
    method = request.method or "wap"
    if method not in METHODS:
        raise PayRefused("pay.method", method=method)
    if request.currency != "CNY":
        raise PayRefused("pay.currency", currency=request.currency)
    content = {
        "out_trade_no": request.reference,
        "total_amount": yuan(request.amount_minor),
        "subject": UNFIT.sub(" ", request.subject)[:128],
        "product_code": PRODUCTS[method],
        "time_expire": request.expires_at.astimezone(CHINA).strftime(STAMP),
        "passback_params": account.studio.schema_name,
        **({"quit_url": request.back_url} if method == "wap" else {}),
    }
    query = client(account).client_api(
        METHODS[method], biz_content=content, return_url=request.paid_url, notify_url=notify_url(account)
    )
    return PayStart(request.reference, "redirect", url=f"{settings.ALIPAY_GATEWAY}?{query}")


def fetch(account: MerchantAccount, reference: str, provider_ref: str) -> PayReport:
    """The trade as Alipay has it. Unknown: pending, nobody has opened it yet."""
    answer = ask(account, "alipay.trade.query", {"out_trade_no": reference}, allow={NOBODY})
    if answer.get("sub_code") == NOBODY:
        return PayReport(reference, reference, PayState.PENDING)
    if answer.get("out_trade_no") != reference:
        raise PayRefused("pay.foreign")
    status, paid_at = answer.get("trade_status"), answer.get("send_pay_date")
    # A trade that was given back in full is closed too: the date of payment tells the two apart
    if status in {"TRADE_SUCCESS", "TRADE_FINISHED"} or (status == "TRADE_CLOSED" and paid_at):
        return PayReport(
            reference=reference,
            provider_ref=reference,
            state=PayState.PAID,
            amount_minor=fen(answer["total_amount"]),
            currency=answer.get("trans_currency") or "CNY",
            paid_at=dt.datetime.strptime(paid_at, STAMP).replace(tzinfo=CHINA) if paid_at else None,
            transaction=answer.get("trade_no", ""),
            method="alipay",
        )
    return PayReport(reference, reference, PayState.EXPIRED if status == "TRADE_CLOSED" else PayState.PENDING)


def cancel(account: MerchantAccount, reference: str, provider_ref: str) -> PayReport:
    """Close the trade. Until the payer has opened it there is none to close: it stays payable until its expiry."""
    ask(account, "alipay.trade.close", {"out_trade_no": reference}, allow={NOBODY, "ACQ.TRADE_STATUS_ERROR"})
    return fetch(account, reference, provider_ref)


def refund(account: MerchantAccount, request: RefundRequest) -> RefundReport:
    """Alipay makes the same refund number happen once; what it did is read afterwards."""
    content = {
        "out_trade_no": request.payment_reference,
        "out_request_no": request.reference,
        "refund_amount": yuan(request.amount_minor),
        "refund_reason": UNFIT.sub(" ", request.reason)[:256],
    }
    ask(account, "alipay.trade.refund", content)
    return fetch_refund(account, request)


def fetch_refund(account: MerchantAccount, request: RefundRequest, refund_ref: str = "") -> RefundReport:
    """A refund that Alipay does not (yet) confirm is on its way; asking again with the same number does no harm."""
    content = {"out_trade_no": request.payment_reference, "out_request_no": request.reference}
    answer = ask(account, "alipay.trade.fastpay.refund.query", content, allow={NOBODY})
    if answer.get("sub_code") == NOBODY:
        raise PayRefused("pay.not_found")
    done = answer.get("refund_status") == "REFUND_SUCCESS"
    return RefundReport(
        reference=request.reference,
        state=RefundState.DONE if done else RefundState.PENDING,
        provider_ref=answer.get("trade_no", ""),
        amount_minor=fen(answer["refund_amount"]) if done else 0,
    )


def check(account: MerchantAccount) -> dict[str, Any]:
    """Prove the keys by asking for a trade that cannot exist; the answer is signed like any other."""
    ask(account, "alipay.trade.query", {"out_trade_no": f"check{account.key[:12]}"}, allow={NOBODY})
    return {}


def notify_url(account: MerchantAccount) -> str:
    return f"{settings.PLATFORM_URL}/hooks/alipay/{account.key}/"


def told(account: MerchantAccount, body: bytes, headers: Mapping[str, str]) -> Told:
    """A notification, verified. Raises Forged."""
    try:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=200))
        signature = fields.pop("sign", "")
        genuine = client(account).verify(dict(fields), signature)
    except PayRefused:
        raise Forged("keys") from None
    except (ValueError, AliPayException):
        genuine = False
    if not genuine:
        raise Forged("signature")
    if fields.get("app_id") != account.external:
        raise Forged("merchant")
    # Alipay tells of a refund on the payment's own notification: then the refund's number is there too
    refunded = bool(fields.get("out_biz_no") and fields.get("refund_fee"))
    return Told(
        event_id=fields.get("notify_id", ""),
        event=f"{fields.get('notify_type', '')} {fields.get('trade_status', '')}".strip(),
        kind=NoticeKind.REFUND if refunded else NoticeKind.PAYMENT,
        reference=fields["out_biz_no"] if refunded else fields.get("out_trade_no", ""),
        provider_ref=fields.get("out_trade_no", ""),
        foreign=fields.get("passback_params") not in {None, "", account.studio.schema_name},
    )


def ask(account: MerchantAccount, api: str, content: dict[str, Any], allow: set[str] | None = None) -> dict[str, Any]:
    """Call Alipay. Business errors whose sub-code is in `allow` are answers too."""
    try:
        answer: dict[str, Any] = client(account).server_api(api, biz_content=content)
    except AliPayException as error:  # an unsigned error: it did not even look
        raise _unsigned(str(error)) from None
    except AliPayValidationError:
        raise PayRefused("pay.account_refused", reason="public_key") from None
    except (URLError, OSError, ValueError) as error:
        raise PayUnreachable(f"alipay {type(error).__name__}") from None
    code, sub_code = answer.get("code"), str(answer.get("sub_code", ""))
    if code == "10000" or sub_code in (allow or set()):
        return answer
    if code == "20000" or sub_code in BUSY:
        raise PayUnreachable(f"alipay {sub_code}")
    raise PayRefused(REFUSALS.get(sub_code, "pay.rejected"), reason=sub_code)


def yuan(fen_: int) -> str:
    return str((Decimal(fen_) / 100).quantize(Decimal("0.01")))


def fen(yuan_: str) -> int:
    """Raises PayUnreachable for what is no amount: such an answer says nothing."""
    try:
        amount = Decimal(yuan_) * 100
    except InvalidOperation:
        raise PayUnreachable("alipay amount") from None
    if amount != amount.to_integral_value():
        raise PayUnreachable("alipay amount")
    return int(amount)


def _unsigned(text: str) -> Exception:
    if any(code in text for code in KEYS_WRONG):
        return PayRefused("pay.account_refused", reason="keys")
    if any(code in text for code in BUSY) or "20000" in text:
        return PayUnreachable("alipay busy")
    return PayRefused("pay.rejected", reason="alipay")
