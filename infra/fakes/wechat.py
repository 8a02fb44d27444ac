"""The used part of WeChat Pay v3: requests' signatures are checked, answers signed, notifications sealed (AES-GCM)."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from infra.fakes.keys import is_signed, new_pair, platform_pair, sign
from infra.fakes.pages import done_page, form_of, money, pay_page
from infra.fakes.post import Post
from infra.fakes.store import Store, Thing, new_id
from infra.fakes.wechat_partner import fault_of, names_of, payer_of

CHINA = dt.timezone(dt.timedelta(hours=8))
FIELD = re.compile(r'(\w+)="([^"]*)"')
TRADE, PARTNER = "/v3/pay/transactions", "/v3/pay/partner/transactions"
NUMBER = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")


class Refused(Exception):
    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(code)
        self.status, self.body = status, {"code": code, "message": message or code}


class WeChat:
    def __init__(self, store: Store, post: Post, site: str) -> None:
        self.store, self.post, self.site = store, post, site
        self.pair = platform_pair(store, "wechat")
        self.serial = "PUB_KEY_ID_0116" + "".join(str(ord(c) % 10) for c in self.pair["public"][60:80])
        post.signers["wechat"] = self._signed

    def new_merchant(self) -> Thing:
        """A merchant and everything a studio types in to use it."""
        private, public = new_pair()
        number = 1900000000 + len(self.store.all("merchant"))
        keys = {
            "mchid": str(number),
            "appid": new_id("wx", 16),
            "cert_serial_no": new_id("", 40).upper(),
            "private_key": private,
            "apiv3_key": new_id("", 32),
            "public_key_id": self.serial,
            "public_key": self.pair["public"],
        }
        self.store.put("merchant", {"id": keys["mchid"], "public": public, **keys})
        keys["app_secret"] = self._new_app(keys["appid"])
        return keys

    def new_provider(self) -> Thing:
        """A service provider with everything the platform keeps in its environment."""
        keys = self.new_merchant()
        self.store.put("merchant", {**(self.store.get("merchant", keys["mchid"]) or {}), "subs": {}})
        return keys

    def new_sub(self, provider: str) -> Thing:
        """A merchant under it: all that a studio types in."""
        found = self.store.get("merchant", provider)
        assert found is not None, "no such service provider"
        sub = {"sub_mchid": str(1600000000 + len(found["subs"])), "sub_appid": new_id("wx", 16)}
        self.store.put("merchant", found | {"subs": {**found["subs"], sub["sub_mchid"]: sub["sub_appid"]}})
        return sub | {"app_secret": self._new_app(sub["sub_appid"])}

    def _new_app(self, appid: str) -> str:
        """An official account; its secret."""
        app = self.store.put("wxapp", {"id": appid, "secret": new_id("", 32)})
        return str(app["secret"])

    # -- verbs ---------------------------------------------------------------------------------------------------------
    def place(self, merchant: Thing, kind: str, body: Thing) -> Thing:
        if "subs" in merchant:
            if fault := fault_of(kind, body, merchant):
                raise Refused(403 if fault[0] == "NO_AUTH" else 400, *fault)
        elif body.get("appid") != merchant["appid"]:
            raise Refused(400, "APPID_MCHID_NOT_MATCH", "商户号与appid不匹配")
        if not NUMBER.fullmatch(body.get("out_trade_no", "")) or int(body["amount"]["total"]) < 1:
            raise Refused(400, "PARAM_ERROR")
        if kind == "jsapi":
            self._insist_on_payer(merchant, body)
        if kind == "h5" and not body.get("scene_info", {}).get("h5_info", {}).get("type"):
            raise Refused(400, "PARAM_ERROR", "scene_info.h5_info")
        order = self.store.get("order", f"{merchant['id']}|{body['out_trade_no']}")
        if order and (order["state"] != "NOTPAY" or order["amount"] != body["amount"]):
            raise Refused(403, "OUT_TRADE_NO_USED", "商户订单号重复")
        order = order or self._new_order(merchant, body)
        page = f"{self.site}/wxpay/{order['prepay']}"
        answers = {
            "native": {"code_url": page},
            "h5": {"h5_url": f"{page}?h5=1"},
            "jsapi": {"prepay_id": order["prepay"]},
        }
        return answers[kind]

    def _insist_on_payer(self, merchant: Thing, body: Thing) -> None:
        """Somebody, and known in the app that they are named in."""
        apps = {"openid": merchant["appid"], "sp_openid": merchant["appid"], "sub_openid": body.get("sub_appid")}
        payer = body.get("payer", {})
        if "subs" not in merchant and not payer.get("openid"):
            raise Refused(400, "PARAM_ERROR", "openid")
        for name, openid in payer.items():
            known = self.store.get("openid", openid)
            if known and known["app"] != apps.get(name):
                raise Refused(400, "PARAM_ERROR", "appid和openid不匹配")

    def _new_order(self, merchant: Thing, body: Thing) -> Thing:
        return self.store.put(
            "order",
            {
                "id": f"{merchant['id']}|{body['out_trade_no']}",
                "merchant": merchant["id"],
                "out_trade_no": body["out_trade_no"],
                "description": body["description"],
                "attach": body.get("attach", ""),
                "amount": body["amount"],
                "notify_url": body["notify_url"],
                "time_expire": body.get("time_expire", ""),
                "prepay": new_id("wx", 34),
                "state": "NOTPAY",
                "transaction_id": "",
                "success_time": "",
                **{name: body[name] for name in ("sp_appid", "sp_mchid", "sub_mchid", "sub_appid") if name in body},
            },
        )

    def order(self, merchant: Thing, number: str) -> Thing:
        found = self.store.get("order", f"{merchant['id']}|{number}")
        if found is None:
            raise Refused(404, "ORDER_NOT_EXIST", "订单不存在")
        expires = found["time_expire"]
        if found["state"] == "NOTPAY" and expires and dt.datetime.fromisoformat(expires) < dt.datetime.now(CHINA):
            self.store.put("order", found | {"state": "CLOSED"})
            found = self.order(merchant, number)
        return found

    def told(self, order: Thing) -> Thing:
        """An order as queries and notifications show it."""
        merchant = self.store.get("merchant", order["merchant"]) or {}
        own = names_of(order) if "sub_mchid" in order else {"appid": merchant["appid"], "mchid": order["merchant"]}
        shown = {
            **own,
            "out_trade_no": order["out_trade_no"],
            "trade_state": order["state"],
            "trade_state_desc": order["state"],
            "attach": order["attach"],
            "amount": {**order["amount"], "payer_total": order["amount"]["total"], "payer_currency": "CNY"},
        }
        if order["transaction_id"]:
            shown |= {"transaction_id": order["transaction_id"], "trade_type": "NATIVE", "bank_type": "OTHERS"}
            payer = payer_of(order) if "sub_mchid" in order else {"openid": "oDemo"}
            shown |= {"success_time": order["success_time"], "payer": payer}
        return shown

    def close(self, merchant: Thing, number: str) -> None:
        order = self.order(merchant, number)
        if order["state"] in {"SUCCESS", "REFUND"}:
            raise Refused(400, "ORDERPAID", "订单已支付")
        self.store.put("order", order | {"state": "CLOSED"})

    def pay(self, order: Thing, amount: int | None = None) -> None:
        order |= {"state": "SUCCESS", "transaction_id": new_id("42000", 28), "success_time": _now()}
        if amount is not None:
            order["amount"] = order["amount"] | {"total": amount}
        self.store.put("order", order)
        self._notify(order["notify_url"], order["merchant"], "TRANSACTION.SUCCESS", "transaction", self.told(order))

    def refund(self, merchant: Thing, body: Thing) -> Thing:
        order = self.order(merchant, body["out_trade_no"])
        self._insist_on_sub(order, body)
        key = f"{merchant['id']}|{body['out_refund_no']}"
        found = self.store.get("wxrefund", key)
        if found:
            return self._refund(found)
        given = sum(r["amount"]["refund"] for r in self.store.all("wxrefund") if r["order"] == order["id"])
        if order["state"] not in {"SUCCESS", "REFUND"} or body["amount"]["total"] != order["amount"]["total"]:
            raise Refused(400, "INVALID_REQUEST", "订单金额或退款金额不符")
        if given + body["amount"]["refund"] > order["amount"]["total"]:
            raise Refused(403, "NOT_ENOUGH", "退款金额大于可退金额")
        found = {
            "id": key,
            "order": order["id"],
            "merchant": merchant["id"],
            "status": "PROCESSING",
            "success_time": "",
        }
        found |= {"refund_id": new_id("5030", 28), "notify_url": body.get("notify_url", ""), "amount": body["amount"]}
        found |= {"out_refund_no": body["out_refund_no"], "out_trade_no": order["out_trade_no"]}
        self.store.put("wxrefund", found)
        self.store.put("order", order | {"state": "REFUND"})
        self.post.after(3.0, lambda: self.settle(found))
        return self._refund(found)

    @staticmethod
    def _insist_on_sub(order: Thing, told: Any) -> None:
        """Under a service provider every request names the merchant whose order it is; else none may."""
        if told.get("sub_mchid") != order.get("sub_mchid"):
            raise Refused(400, "PARAM_ERROR", "sub_mchid")
        if told.get("sp_mchid", order["merchant"]) != order["merchant"]:
            raise Refused(400, "PARAM_ERROR", "sp_mchid")

    def settle(self, refund: Thing, status: str = "SUCCESS") -> None:
        refund |= {"status": status, "success_time": _now()}
        self.store.put("wxrefund", refund)
        order = self.store.get("order", refund["order"]) or {}
        sub = {"sp_mchid": refund["merchant"], "sub_mchid": order["sub_mchid"]} if "sub_mchid" in order else {}
        shown = self._refund(refund) | (sub or {"mchid": refund["merchant"]}) | {"refund_status": status}
        self._notify(refund["notify_url"], refund["merchant"], f"REFUND.{status}", "refund", shown)

    def _refund(self, refund: Thing) -> Thing:
        names = ("refund_id", "out_refund_no", "out_trade_no", "status", "amount")
        return {name: refund[name] for name in names} | {"channel": "ORIGINAL", "create_time": _now()}

    # -- signatures ----------------------------------------------------------------------------------------------------
    def _notify(self, url: str, merchant: str, event: str, kind: str, resource: Thing) -> None:
        payload = {"id": new_id("", 32), "merchant": merchant, "event": event, "kind": kind, "resource": resource}
        self.post.send("wechat", url, payload)

    def _signed(self, payload: Thing) -> tuple[dict[str, str], str]:
        merchant = self.store.get("merchant", payload["merchant"])
        assert merchant is not None
        nonce = new_id("", 12)
        text = json.dumps(payload["resource"], ensure_ascii=False).encode()
        sealed = AESGCM(merchant["apiv3_key"].encode()).encrypt(nonce.encode(), text, payload["kind"].encode())
        body = json.dumps(
            {
                "id": payload["id"],
                "create_time": _now(),
                "resource_type": "encrypt-resource",
                "event_type": payload["event"],
                "summary": payload["event"],
                "resource": {
                    "original_type": payload["kind"],
                    "algorithm": "AEAD_AES_256_GCM",
                    "ciphertext": base64.b64encode(sealed).decode(),
                    "associated_data": payload["kind"],
                    "nonce": nonce,
                },
            }
        )
        return {"Content-Type": "application/json", **self.headers(body)}, body

    def headers(self, body: str) -> dict[str, str]:
        stamp, nonce = str(int(time.time())), new_id("", 32)
        return {
            "Wechatpay-Timestamp": stamp,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Serial": self.serial,
            "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
            "Wechatpay-Signature": sign(self.pair["private"], f"{stamp}\n{nonce}\n{body}\n"),
        }

    def who(self, request: Request, body: str) -> Thing:
        """The merchant whose signature the request carries."""
        fields = dict(FIELD.findall(request.headers.get("Authorization", "")))
        merchant = self.store.get("merchant", fields.get("mchid", ""))
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        parts = [request.method, path, fields.get("timestamp", ""), fields.get("nonce_str", ""), body]
        text = "".join(f"{part}\n" for part in parts)
        if merchant is None or fields.get("serial_no") != merchant["cert_serial_no"]:
            raise Refused(401, "SIGN_ERROR", "签名错误")
        if not is_signed(merchant["public"], text, fields.get("signature", "")):
            raise Refused(401, "SIGN_ERROR", "签名错误")
        return merchant

    # -- HTTP ----------------------------------------------------------------------------------------------------------
    def routes(self) -> list[Route]:
        refunds = "/v3/refund/domestic/refunds"
        trades = [one for trade in (TRADE, PARTNER) for one in self._trade_routes(trade)]
        return [
            *trades,
            Route(refunds, self._door(lambda m, p, b: self.refund(m, b)), methods=["POST"]),
            Route(
                f"{refunds}/{{number}}", self._door(lambda m, p, b: self._refund_of(m, p["number"], p)), methods=["GET"]
            ),
            Route("/wxpay/{prepay}", self.page, methods=["GET", "POST"]),
        ]

    def _trade_routes(self, trade: str) -> list[Route]:
        by_number = f"{trade}/out-trade-no/{{number}}"
        place = self._door(lambda m, p, b: self.place(m, p["kind"], b), trade)
        return [
            Route(f"{trade}/{{kind}}", place, methods=["POST"]),
            Route(by_number, self._door(lambda m, p, b: self.told(self._named(m, p, p)), trade), methods=["GET"]),
            Route(
                f"{by_number}/close",
                self._door(lambda m, p, b: self.close(m, self._named(m, p, b)["out_trade_no"]), trade),
                methods=["POST"],
            ),
        ]

    def _named(self, merchant: Thing, params: Any, told: Any) -> Thing:
        order = self.order(merchant, params["number"])
        self._insist_on_sub(order, told)
        if "sub_mchid" in order and "sp_mchid" not in told:
            raise Refused(400, "PARAM_ERROR", "sp_mchid")
        return order

    def _refund_of(self, merchant: Thing, number: str, told: Any) -> Thing:
        found = self.store.get("wxrefund", f"{merchant['id']}|{number}")
        if found is None:
            raise Refused(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
        self._insist_on_sub(self.store.get("order", found["order"]) or {}, told)
        return self._refund(found)

    def _door(
        self, verb: Callable[[Thing, Any, Thing], Thing | None], trade: str = ""
    ) -> Callable[[Request], Awaitable[Response]]:
        """`trade`: under which of the two addresses; a merchant is served at its own kind's only."""

        async def answer(request: Request) -> Response:
            raw = (await request.body()).decode()
            try:
                merchant = self.who(request, raw)
                if trade and ("subs" in merchant) != (trade == PARTNER):
                    raise Refused(403, "NO_AUTH", "商户模式不符")  # noqa: TRY301 (one way out for every refusal)
                told = {**request.query_params, **request.path_params}
                found = verb(merchant, told, json.loads(raw or "{}"))
                status, text = (204, "") if found is None else (200, json.dumps(found, ensure_ascii=False))
            except Refused as refused:
                status, text = refused.status, json.dumps(refused.body, ensure_ascii=False)
            return Response(text, status, {**self.headers(text), "Content-Type": "application/json; charset=utf-8"})

        return answer

    async def page(self, request: Request) -> Response:
        """What the payer's WeChat would show."""
        order = self.store.find("order", prepay=request.path_params["prepay"])
        if order is None:
            return done_page("微信支付", "没有这笔支付 · no such payment")
        merchant = self.store.get("merchant", order["merchant"])
        order = self.order(merchant or {}, order["out_trade_no"])
        back = request.query_params.get("redirect_url", "")
        if order["state"] != "NOTPAY":
            return done_page("微信支付", "这笔支付已结束 · this payment is over")
        act = (await form_of(request)).get("act")
        if act == "pay":
            self.pay(order)
            return RedirectResponse(back, 303) if back else done_page("支付成功", "请回到商家页面 · paid, go back")
        if act == "away":
            return RedirectResponse(back, 303) if back else done_page("微信支付", "未支付 · not paid")
        return pay_page(
            title="微信支付 WeChat Pay",
            payee=order["merchant"],
            what=order["description"],
            amount=money(order["amount"]["total"], "CNY"),
            action=str(request.url),
            methods=[],
            message="支付失败，请重试 · failed, try again" if act == "fail" else "",
        )


def _now() -> str:
    return dt.datetime.now(CHINA).isoformat(timespec="seconds")
