"""The used part of Alipay's open platform: signed gateway, pay page, signed notifications."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from infra.fakes.keys import is_signed, new_pair, platform_pair, sign
from infra.fakes.pages import done_page, form_of, pay_page
from infra.fakes.post import Post
from infra.fakes.store import Store, Thing, new_id

CHINA = dt.timezone(dt.timedelta(hours=8))
STAMP = "%Y-%m-%d %H:%M:%S"
OK = {"code": "10000", "msg": "Success"}
PAGES = {"alipay.trade.page.pay": "FAST_INSTANT_TRADE_PAY", "alipay.trade.wap.pay": "QUICK_WAP_WAY"}
CLOCK_SLACK = dt.timedelta(minutes=15)


class Refused(Exception):
    """A business error: signed like any answer."""

    def __init__(self, sub_code: str, code: str = "40004") -> None:
        super().__init__(sub_code)
        self.body = {"code": code, "msg": "Business Failed", "sub_code": sub_code, "sub_msg": sub_code}


class Alipay:
    def __init__(self, store: Store, post: Post, site: str) -> None:
        self.store, self.post, self.site = store, post, site
        self.pair = platform_pair(store, "alipay")
        post.signers["alipay"] = self._signed

    def new_app(self) -> Thing:
        """An app and everything a studio types in to use it."""
        private, public = new_pair()
        app_id = str(2021000000000000 + len(self.store.all("app")))
        self.store.put("app", {"id": app_id, "public": public})
        return {"app_id": app_id, "private_key": private, "public_key": self.pair["public"]}

    # -- verbs ---------------------------------------------------------------------------------------------------------
    def query(self, app: str, content: Thing) -> Thing:
        trade = self.trade(app, content)
        found = {
            **OK,
            "trade_no": trade["trade_no"],
            "out_trade_no": trade["out_trade_no"],
            "buyer_logon_id": "dem***@example.com",
            "trade_status": trade["status"],
            "total_amount": trade["total_amount"],
        }
        return found | ({"send_pay_date": trade["paid_at"]} if trade["paid_at"] else {})

    def trade(self, app: str, content: Thing) -> Thing:
        found = self.store.get("trade", f"{app}|{content.get('out_trade_no')}")
        if found is None:
            raise Refused("ACQ.TRADE_NOT_EXIST")
        return found

    def close(self, app: str, content: Thing) -> Thing:
        trade = self.trade(app, content)
        if trade["status"] != "WAIT_BUYER_PAY":
            raise Refused("ACQ.TRADE_STATUS_ERROR")
        self.store.put("trade", trade | {"status": "TRADE_CLOSED"})
        return {**OK, "trade_no": trade["trade_no"], "out_trade_no": trade["out_trade_no"]}

    def refund(self, app: str, content: Thing) -> Thing:
        trade = self.trade(app, content)
        if not trade["paid_at"]:
            raise Refused("ACQ.TRADE_STATUS_ERROR")
        number, amount = content["out_request_no"], Decimal(content["refund_amount"])
        given = sum((Decimal(each) for each in trade["refunds"].values()), Decimal(0))
        if number not in trade["refunds"]:
            if given + amount > Decimal(trade["total_amount"]):
                raise Refused("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL")
            trade["refunds"][number] = str(amount)
            whole = given + amount == Decimal(trade["total_amount"])
            self.store.put("trade", trade | ({"status": "TRADE_CLOSED"} if whole else {}))
            self.notify(trade, {"out_biz_no": number, "refund_fee": str(amount), "gmt_refund": f"{_now()}.000"})
            changed = "Y"
        else:
            changed = "N"
        total = sum((Decimal(each) for each in trade["refunds"].values()), Decimal(0))
        return {**OK, "out_trade_no": trade["out_trade_no"], "refund_fee": str(total), "fund_change": changed}

    def refund_query(self, app: str, content: Thing) -> Thing:
        trade = self.trade(app, content)
        amount = trade["refunds"].get(content["out_request_no"])
        found = {**OK, "out_trade_no": trade["out_trade_no"], "trade_no": trade["trade_no"]}
        if amount:
            found |= {"out_request_no": content["out_request_no"], "refund_amount": amount}
            found |= {"total_amount": trade["total_amount"], "refund_status": "REFUND_SUCCESS"}
        return found

    def pay(self, trade: Thing, amount: str = "") -> None:
        trade |= {"status": "TRADE_SUCCESS", "paid_at": _now()}
        trade |= {"total_amount": amount} if amount else {}
        self.store.put("trade", trade)
        self.notify(trade, {})

    # -- signatures ----------------------------------------------------------------------------------------------------
    def notify(self, trade: Thing, more: Thing) -> None:
        fields = {
            "notify_time": _now(),
            "notify_type": "trade_status_sync",
            "notify_id": new_id("", 34),
            "charset": "utf-8",
            "version": "1.0",
            "app_id": trade["app"],
            "trade_no": trade["trade_no"],
            "out_trade_no": trade["out_trade_no"],
            "trade_status": trade["status"],
            "total_amount": trade["total_amount"],
            "subject": trade["subject"],
            "passback_params": trade["passback"],
            "gmt_payment": trade["paid_at"],
        }
        self.post.send("alipay", trade["notify_url"], fields | more)

    def _signed(self, fields: Thing) -> tuple[dict[str, str], str]:
        text = "&".join(f"{name}={value}" for name, value in sorted(fields.items()))
        signature = sign(self.pair["private"], text)
        body = urlencode({**fields, "sign_type": "RSA2", "sign": signature})
        return {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}, body

    def _who(self, params: dict[str, str]) -> str:
        app = self.store.get("app", params.get("app_id", ""))
        if app is None:
            raise Refused("isv.invalid-app-id", "40002")
        text = "&".join(f"{name}={value}" for name, value in sorted(params.items()) if name != "sign")
        if not is_signed(app["public"], text, params.get("sign", "")):
            raise Refused("isv.invalid-signature", "40002")
        stamp = dt.datetime.strptime(params["timestamp"], STAMP).replace(tzinfo=CHINA)
        if abs(dt.datetime.now(CHINA) - stamp) > CLOCK_SLACK:
            raise Refused("isv.invalid-timestamp", "40002")
        return str(app["id"])

    # -- HTTP ----------------------------------------------------------------------------------------------------------
    def routes(self) -> list[Route]:
        return [
            Route("/gateway.do", self.gateway, methods=["GET", "POST"]),
            Route("/alipay/{token}", self.page, methods=["GET", "POST"]),
        ]

    async def gateway(self, request: Request) -> Response:
        params = dict(request.query_params)
        name = params.get("method", "")
        content = json.loads(params.get("biz_content", "{}"))
        if name in PAGES:
            return self._open(name, params, content)
        verbs: dict[str, Any] = {
            "alipay.trade.query": self.query,
            "alipay.trade.close": self.close,
            "alipay.trade.refund": self.refund,
            "alipay.trade.fastpay.refund.query": self.refund_query,
        }
        response = f"{name.replace('.', '_')}_response"
        try:
            found = verbs[name](self._who(params), content)
        except Refused as refused:
            if refused.body["code"] == "40002":  # it did not look further: such answers are not signed
                return Response(json.dumps({response: refused.body}), media_type="text/html")
            found = refused.body
        text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        signature = sign(self.pair["private"], text)
        return Response(f'{{"{response}":{text},"sign":"{signature}"}}', media_type="text/html;charset=utf-8")

    def _open(self, name: str, params: dict[str, str], content: Thing) -> Response:
        """The payer comes with the signed address: only now is there a trade."""
        try:
            app = self._who(params)
        except Refused as refused:
            return done_page("支付宝", refused.body["sub_code"])
        if content.get("product_code") != PAGES[name]:
            return done_page("支付宝", "INVALID_PARAMETER product_code")
        if dt.datetime.strptime(content["time_expire"], STAMP).replace(tzinfo=CHINA) < dt.datetime.now(CHINA):
            return done_page("支付宝", "这笔支付已过期 · this payment is over")
        key = f"{app}|{content['out_trade_no']}"
        trade = self.store.get("trade", key) or {
            "id": key,
            "app": app,
            "token": new_id("", 32),
            "out_trade_no": content["out_trade_no"],
            "trade_no": dt.datetime.now(CHINA).strftime("%Y%m%d22001") + new_id("", 12),
            "subject": content["subject"],
            "total_amount": content["total_amount"],
            "passback": content.get("passback_params", ""),
            "notify_url": params.get("notify_url", ""),
            "return_url": params.get("return_url", ""),
            "quit_url": content.get("quit_url", ""),
            "status": "WAIT_BUYER_PAY",
            "paid_at": "",
            "refunds": {},
        }
        self.store.put("trade", trade)
        return RedirectResponse(f"{self.site}/alipay/{trade['token']}", 302)

    async def page(self, request: Request) -> Response:
        trade = self.store.find("trade", token=request.path_params["token"])
        if trade is None or trade["status"] != "WAIT_BUYER_PAY":
            return done_page("支付宝", "这笔支付已结束 · this payment is over")
        act = (await form_of(request)).get("act")
        if act == "pay":
            self.pay(trade)
            return (
                RedirectResponse(trade["return_url"], 303)
                if trade["return_url"]
                else done_page("支付宝", "已支付 · paid")
            )
        if act == "away":
            back = trade["quit_url"] or trade["return_url"]
            return RedirectResponse(back, 303) if back else done_page("支付宝", "未支付 · not paid")
        return pay_page(
            title="支付宝 Alipay",
            payee=trade["app"],
            what=trade["subject"],
            amount=f"¥{trade['total_amount']}",
            action=f"/alipay/{trade['token']}",
            methods=[],
            message="支付失败，请重试 · failed, try again" if act == "fail" else "",
        )


def _now() -> str:
    return dt.datetime.now(CHINA).strftime(STAMP)
