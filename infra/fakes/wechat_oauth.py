"""WeChat around a payment: who somebody is in an official account's app (OAuth2, snsapi_base), and a page in the place
of the payment sheet that WeChat's own browser would open.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from infra.fakes.keys import is_signed
from infra.fakes.pages import done_page, form_of, money, page, pay_page
from infra.fakes.store import Store, new_id

if TYPE_CHECKING:
    from infra.fakes.wechat import WeChat

ORDER = ["appid", "redirect_uri", "response_type", "scope", "state"]  # WeChat admits no other
STATE = re.compile(r"[0-9A-Za-z]{0,128}")
CODE_LIFE = 300.0
SIGNED = ("appId", "timeStamp", "nonceStr", "package")


class OAuth:
    def __init__(self, store: Store, wechat: WeChat) -> None:
        self.store, self.wechat = store, wechat

    def routes(self) -> list[Route]:
        return [
            Route("/connect/oauth2/authorize", self.authorize),
            Route("/sns/oauth2/access_token", self.access_token),
            Route("/wxbridge", self.bridge, methods=["GET", "POST"]),
        ]

    async def authorize(self, request: Request) -> Response:
        """Asked in silence: straight back with a code."""
        told = request.query_params
        fits = list(told) == ORDER and (told["response_type"], told["scope"]) == ("code", "snsapi_base")
        if not fits or not STATE.fullmatch(told["state"]) or self.store.get("wxapp", told["appid"]) is None:
            return page("微信", '<div class="card"><p class="bad">链接参数错误 · bad link</p></div>', 400)
        code = new_id("0", 32)
        self.store.put("wxcode", {"id": code, "app": told["appid"], "at": time.time()})
        back = told["redirect_uri"]
        mark = "&" if urlsplit(back).query else "?"
        return RedirectResponse(f"{back}{mark}{urlencode({'code': code, 'state': told['state']})}", 302)

    async def access_token(self, request: Request) -> Response:
        """The openid for a code, once."""
        told = request.query_params
        app = self.store.get("wxapp", told.get("appid", ""))
        code = self.store.get("wxcode", told.get("code", ""))
        if app is None or told.get("grant_type") != "authorization_code":
            return JSONResponse({"errcode": 40013, "errmsg": "invalid appid"})
        if told.get("secret") != app["secret"]:
            return JSONResponse({"errcode": 40125, "errmsg": "invalid appsecret"})
        if code is None or code["app"] != app["id"] or time.time() - code["at"] > CODE_LIFE:
            return JSONResponse({"errcode": 40029, "errmsg": "invalid code"})
        if code.get("used"):
            return JSONResponse({"errcode": 40163, "errmsg": "code been used"})
        self.store.put("wxcode", code | {"used": True})
        openid = f"oFake{app['id'][2:14]}{code['id'][1:9]}"
        self.store.put("openid", {"id": openid, "app": app["id"]})
        told_of = {"access_token": new_id("", 40), "expires_in": 7200, "refresh_token": new_id("", 40)}
        return JSONResponse({**told_of, "openid": openid, "scope": "snsapi_base"})

    async def bridge(self, request: Request) -> Response:
        """getBrandWCPayRequest: the signature is checked as WeChat does, then somebody pays, fails or closes it."""
        told, form = request.query_params, await form_of(request)
        prepay = told.get("package", "").removeprefix("prepay_id=")
        order = self.store.find("order", prepay=prepay)
        merchant = self.store.get("merchant", order["merchant"]) if order else None
        text = "".join(f"{told.get(name, '')}\n" for name in SIGNED)
        if order is None or merchant is None or told.get("signType") != "RSA":
            return self._end(told.get("back", ""), "fail")
        if not is_signed(merchant["public"], text, told.get("paySign", "")):
            return self._end(told.get("back", ""), "fail")
        if told.get("appId") not in {merchant["appid"], order.get("sub_appid")}:
            return self._end(told.get("back", ""), "fail")
        order = self.wechat.order(merchant, order["out_trade_no"])
        if order["state"] != "NOTPAY":
            return self._end(told.get("back", ""), "fail")
        if form.get("act") == "pay":
            self.wechat.pay(order)
        if form:
            return self._end(told.get("back", ""), {"pay": "ok", "away": "cancel"}.get(form.get("act", ""), "fail"))
        return pay_page(
            title="微信支付 WeChat Pay",
            payee=order.get("sub_mchid") or order["merchant"],
            what=order["description"],
            amount=money(order["amount"]["total"], "CNY"),
            action=str(request.url),
            methods=[],
        )

    @staticmethod
    def _end(back: str, end: str) -> Response:
        if not back:
            return JSONResponse({"err_msg": f"get_brand_wcpay_request:{end}"})
        if urlsplit(back).scheme not in {"http", "https"}:
            return done_page("微信支付", end)
        return RedirectResponse(f"{back}?end={end}", 303)
