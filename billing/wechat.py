"""WeChat Pay, API v3: Native (QR), JSAPI (in WeChat), H5 (a phone's browser). With the studio's own merchant number and
keys, or (服务商) with its number under the platform's: then every shape names both, and the platform's keys sign.

Answers and notifications are verified with WeChat Pay's public key (公钥模式); the library's fall-back of fetching
platform certificates is never reached, so that a forged notification cannot make us call anybody.
"""

import datetime as dt
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import requests
from django.conf import settings
from wechatpayv3 import WeChatPayType

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
from billing.wechat_merchant import Client, Merchant, merchant
from billing.wechat_payer import fetch_openid

__all__ = ["cancel", "check", "fetch", "fetch_openid", "fetch_refund", "methods", "refund", "start", "told"]

CHINA = ZoneInfo("Asia/Shanghai")
FRESH = 300  # seconds that a signature counts (WeChat Pay's own advice)
KINDS = {"native": WeChatPayType.NATIVE, "jsapi": WeChatPayType.JSAPI, "h5": WeChatPayType.H5}
STATES = {
    "SUCCESS": PayState.PAID,
    "REFUND": PayState.PAID,  # was paid; what was given back later is told by the refunds
    "NOTPAY": PayState.PENDING,
    "USERPAYING": PayState.PENDING,
    "CLOSED": PayState.EXPIRED,
    "REVOKED": PayState.EXPIRED,
    "PAYERROR": PayState.FAILED,
}
REFUND_STATES = {
    "SUCCESS": RefundState.DONE,
    "PROCESSING": RefundState.PENDING,
    "CLOSED": RefundState.FAILED,
    "ABNORMAL": RefundState.FAILED,
}
NOBODY = {"ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"}
REFUSALS = {
    "OUT_TRADE_NO_USED": "pay.reference_used",
    "ORDERPAID": "pay.reference_used",
    "ORDER_CLOSED": "pay.reference_used",
    "SIGN_ERROR": "pay.account_refused",
    "NO_AUTH": "pay.account_refused",
    "MCH_NOT_EXISTS": "pay.account_refused",
    "APPID_MCHID_NOT_MATCH": "pay.account_refused",
    "NOT_ENOUGH": "pay.not_refundable",
}


def methods(account: MerchantAccount) -> list[str]:
    return list(KINDS)


def start(account: MerchantAccount, request: PayRequest) -> PayStart:
    """One order with WeChat Pay. Native by default: its QR is paid by any phone."""
    method = request.method or "native"
    if method not in KINDS or (method == "jsapi" and not request.openid):
        raise PayRefused("pay.method", method=method)
    if request.currency != "CNY":
        raise PayRefused("pay.currency", currency=request.currency)
    of = merchant(account)
    api = of.api()
    answer = ask(api.pay, **order_params(account, of, request, method))
    if method == "native":
        return PayStart(request.reference, "qr", url=answer["code_url"])
    if method == "h5":
        return PayStart(request.reference, "redirect", url=_with_return(answer["h5_url"], request.paid_url))
    return PayStart(request.reference, "jsapi", params=_bridge(api, of.appid, answer["prepay_id"]))


def order_params(account: MerchantAccount, of: Merchant, request: PayRequest, method: str) -> dict[str, Any]:
    params: dict[str, Any] = {
        **of.sub,
        "pay_type": KINDS[method],
        "description": request.subject[:42],  # 127 bytes
        "out_trade_no": request.reference,
        "amount": {"total": request.amount_minor, "currency": "CNY"},
        "time_expire": request.expires_at.astimezone(CHINA).isoformat(timespec="seconds"),
        "attach": account.studio.schema_name,
        "notify_url": notify_url(account),
    }
    if method == "jsapi":
        params["payer"] = {of.openid_name: request.openid}
    if method == "h5":
        params["scene_info"] = {"payer_client_ip": request.client_ip or "127.0.0.1", "h5_info": {"type": "Wap"}}
    return params


def fetch(account: MerchantAccount, reference: str, provider_ref: str) -> PayReport:
    """The order as WeChat Pay has it. One that it never saw is pending: the request may still be on its way."""
    of = merchant(account)
    answer = ask(of.api().query, allow=NOBODY, out_trade_no=reference, **of.named)
    if "trade_state" not in answer:
        return PayReport(reference, reference, PayState.PENDING)
    if not of.is_of(answer) or answer.get("attach") not in {None, "", account.studio.schema_name}:
        raise PayRefused("pay.foreign")
    state = STATES.get(answer["trade_state"], PayState.PENDING)
    if state != PayState.PAID:
        return PayReport(reference, reference, state)
    amount = answer["amount"]
    return PayReport(
        reference=reference,
        provider_ref=reference,
        state=state,
        amount_minor=int(amount["total"]),
        currency=amount.get("currency", "CNY"),
        paid_at=dt.datetime.fromisoformat(answer["success_time"]) if answer.get("success_time") else None,
        transaction=answer.get("transaction_id", ""),
        method="wechat_pay",
    )


def cancel(account: MerchantAccount, reference: str, provider_ref: str) -> PayReport:
    """Close the order. One that does not exist can no longer be paid by anybody."""
    of = merchant(account)
    over = {*NOBODY, "ORDERPAID", "ORDER_CLOSED", "USERPAYING"}
    answer = ask(of.api().close, allow=over, out_trade_no=reference, **of.named)
    if answer.get("code") in NOBODY:
        return PayReport(reference, reference, PayState.EXPIRED)
    return fetch(account, reference, provider_ref)


def refund(account: MerchantAccount, request: RefundRequest) -> RefundReport:
    """WeChat Pay itself makes the same refund number happen once."""
    of = merchant(account)
    answer = ask(
        of.api().refund,
        **of.named,
        out_refund_no=request.reference,
        out_trade_no=request.payment_reference,
        amount={"refund": request.amount_minor, "total": request.paid_minor, "currency": request.currency},
        reason=request.reason[:26],  # 80 bytes
        notify_url=notify_url(account),
    )
    return _refund_report(request.reference, answer)


def fetch_refund(account: MerchantAccount, request: RefundRequest, refund_ref: str = "") -> RefundReport:
    of = merchant(account)
    answer = ask(of.api().query_refund, allow=NOBODY, out_refund_no=request.reference, **of.named)
    if "status" not in answer:
        raise PayRefused("pay.not_found")
    if answer.get("out_trade_no") != request.payment_reference:
        raise PayRefused("pay.foreign")
    return _refund_report(request.reference, answer)


def check(account: MerchantAccount) -> dict[str, Any]:
    """Prove the keys: an order of one fen is placed and closed at once; both answers are verified."""
    reference = f"check{secrets.token_hex(8)}"
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=10)
    request = PayRequest(reference, 1, "CNY", "接口测试", soon, "", "")
    of = merchant(account)
    api = of.api()
    ask(api.pay, **order_params(account, of, request, "native"))
    ask(api.close, out_trade_no=reference, **of.named)
    return {}


def notify_url(account: MerchantAccount) -> str:
    return f"{settings.PLATFORM_URL}/hooks/wechat/{account.key}/"


def told(account: MerchantAccount, body: bytes, headers: Mapping[str, str]) -> Told:
    """A notification, verified and opened. Raises Forged."""
    try:
        fresh = abs(time.time() - int(headers.get("Wechatpay-Timestamp", "0"))) <= FRESH
        of = merchant(account)
        known = headers.get("Wechatpay-Serial") == of.keys["public_key_id"]
        opened = of.api().callback(headers, body) if fresh and known else None
    except PayRefused:
        raise Forged("keys") from None
    except Exception:  # noqa: BLE001 (the library raises bare exceptions for anything it does not like)
        opened = None
    if not opened or not isinstance(opened.get("resource"), dict):
        raise Forged("signature")
    resource, event = opened["resource"], str(opened.get("event_type", ""))
    if not of.is_of(resource):
        raise Forged("merchant")
    is_refund = event.startswith("REFUND")
    return Told(
        event_id=str(opened["id"]),
        event=event,
        kind=NoticeKind.REFUND if is_refund else NoticeKind.PAYMENT,
        reference=str(resource.get("out_refund_no" if is_refund else "out_trade_no", "")),
        provider_ref=str(resource.get("out_trade_no", "")),
        foreign=resource.get("attach") not in {None, "", account.studio.schema_name},
    )


def ask(verb: Any, *, allow: set[str] | frozenset[str] = frozenset(), **params: Any) -> dict[str, Any]:
    """Call the library. Errors whose code is in `allow` are answers too; everything else is refused or unreachable."""
    try:
        status, text = verb(**params)
    except requests.RequestException as error:
        raise PayUnreachable(f"wechat {type(error).__name__}") from None
    except Exception as error:  # noqa: BLE001 (an answer that is not signed by WeChat Pay says nothing)
        raise PayUnreachable(f"wechat {error}") from None
    answer = _object(text)
    if 200 <= status < 300:
        return answer
    code = str(answer.get("code", ""))
    if code in allow:
        return answer
    if status >= 500 or status == 429 or not code:
        raise PayUnreachable(f"wechat {status} {code}")
    raise PayRefused(REFUSALS.get(code, "pay.rejected"), reason=code)


def _object(text: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _refund_report(reference: str, answer: dict[str, Any]) -> RefundReport:
    return RefundReport(
        reference=reference,
        state=REFUND_STATES.get(answer.get("status", ""), RefundState.PENDING),
        provider_ref=answer.get("refund_id", ""),
        amount_minor=int((answer.get("amount") or {}).get("refund", 0)),
        code="" if answer.get("status") in {"SUCCESS", "PROCESSING"} else str(answer.get("status", "")),
    )


def _bridge(api: Client, appid: str, prepay_id: str) -> dict[str, str]:
    """What WeixinJSBridge's getBrandWCPayRequest wants, signed."""
    stamp, nonce = str(int(time.time())), secrets.token_hex(16)
    package = f"prepay_id={prepay_id}"
    return {
        "appId": appid,
        "timeStamp": stamp,
        "nonceStr": nonce,
        "package": package,
        "signType": "RSA",
        "paySign": api.sign([appid, stamp, nonce, package]),
    }


def _with_return(url: str, back: str) -> str:
    return f"{url}&redirect_url={quote(back, safe='')}" if back else url
