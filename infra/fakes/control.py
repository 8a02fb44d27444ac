"""What tests and the demo's seed may do with the fakes: new merchants, paying without a browser, letters at will."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.fakes.alipay import Alipay
from infra.fakes.post import Post
from infra.fakes.slow import Slow
from infra.fakes.store import Store
from infra.fakes.stripe_api import Stripe
from infra.fakes.wechat import WeChat


class Control:
    slow_down: Slow

    def __init__(self, store: Store, post: Post, stripe: Stripe, wechat: WeChat, alipay: Alipay) -> None:
        self.store, self.post, self.stripe, self.wechat, self.alipay = store, post, stripe, wechat, alipay

    def routes(self) -> list[Route]:
        write = ["POST"]
        return [
            Route("/_control/", self.hello),
            Route("/_control/merchants/{provider}", self.merchant, methods=write),
            Route("/_control/onboard/{id}", self.onboard, methods=write),
            Route("/_control/openids", self.openid, methods=write),
            Route("/_control/pay", self.pay, methods=write),
            Route("/_control/dispute", self.dispute, methods=write),
            Route("/_control/age/{ref}", self.age, methods=write),
            Route("/_control/settle", self.settle, methods=write),
            Route("/_control/slow", self.slow, methods=write),
            Route("/_control/forget", self.forget, methods=write),
            Route("/_control/letters", self.letters),
            Route("/_control/outbox", self.outbox),
            Route("/_control/outbox/{id}/again", self.again, methods=write),
        ]

    async def hello(self, _request: Request) -> Response:
        return JSONResponse({"fakes": ["stripe", "wechat", "alipay"]})

    async def merchant(self, request: Request) -> Response:
        """A new merchant of a wallet (`wechat-sub?of=<mchid>`: under a provider), and all that one types in."""
        make = {
            "wechat": self.wechat.new_merchant,
            "wechat-provider": self.wechat.new_provider,
            "wechat-sub": lambda: self.wechat.new_sub(request.query_params["of"]),
            "alipay": self.alipay.new_app,
        }
        return JSONResponse(make[request.path_params["provider"]]())

    async def onboard(self, request: Request) -> Response:
        self.stripe.onboard(self.stripe.get_account(request.path_params["id"]))
        return JSONResponse({})

    async def openid(self, request: Request) -> Response:
        """`{"openid": …, "app": …}`: known in this app from now on."""
        told = await request.json()
        self.store.put("openid", {"id": told["openid"], "app": told["app"]})
        return JSONResponse({})

    async def pay(self, request: Request) -> Response:
        """`{"ref": session id or out_trade_no, "method": …, "amount": …, "currency": …}`: paid, as by the page."""
        told = await request.json()
        ref, amount = told["ref"], told.get("amount")
        if (session := self.store.get("session", ref)) is not None:
            self.stripe.pay(session, told.get("method", "card"), amount, told.get("currency", ""))
        elif (order := self.store.find("order", out_trade_no=ref)) is not None:
            self.wechat.pay(order, amount)
        elif (trade := self.store.find("trade", out_trade_no=ref)) is not None:
            self.alipay.pay(trade, str(amount or ""))
        else:
            return JSONResponse({"error": "nobody's"}, 404)
        return JSONResponse({})

    async def dispute(self, request: Request) -> Response:
        """`{"charge": id}` begins one; with `"status": "won" | "lost"` it ends."""
        told = await request.json()
        known = self.store.find("dispute", charge=told["charge"])
        if known is not None and "status" in told:
            self.stripe.end_dispute(known, told["status"])
        elif (charge := self.store.get("charge", told["charge"])) is not None:
            known = self.stripe.dispute(charge)
        return JSONResponse(known or {})

    async def age(self, request: Request) -> Response:
        """The session or order is past its time."""
        ref = request.path_params["ref"]
        if (session := self.store.get("session", ref)) is not None:
            self.store.put("session", session | {"expires_at": session["created"]})
        elif (order := self.store.find("order", out_trade_no=ref)) is not None:
            self.store.put("order", order | {"time_expire": "2020-01-01T00:00:00+08:00"})
        return JSONResponse({})

    async def settle(self, request: Request) -> Response:
        """Refunds that wait are done (or, with `?status=failed`, not)."""
        bad = request.query_params.get("status") == "failed"
        for refund in [one for one in self.store.all("refund") if one["status"] == "pending"]:
            self.stripe.settle(refund, "failed" if bad else "succeeded")
        for refund in [one for one in self.store.all("wxrefund") if one["status"] == "PROCESSING"]:
            self.wechat.settle(refund, "ABNORMAL" if bad else "SUCCESS")
        return JSONResponse({})

    async def slow(self, request: Request) -> Response:
        """`{"seconds": n, "times": k}`: the next k answers come late; what was asked is done all the same."""
        told = await request.json()
        self.slow_down.begin(float(told.get("seconds", 0)), int(told.get("times", 1)))
        return JSONResponse({})

    async def forget(self, _request: Request) -> Response:
        """A day later: Stripe has forgotten the idempotency keys."""
        self.store.clear("replay")
        return JSONResponse({})

    async def letters(self, _request: Request) -> Response:
        """How many letters there are: the number of the next."""
        return JSONResponse(len(self.store.all("letter")))

    async def outbox(self, request: Request) -> Response:
        """Letters from number `since` on, each signed now."""
        found = []
        for letter in self.store.all("letter")[int(request.query_params.get("since", 0)) :]:
            headers, body = self.post.signed(letter)
            shown = {name: letter[name] for name in ("id", "number", "provider", "url", "taken")}
            found.append(shown | {"headers": headers, "body": body, "payload": letter["payload"]})
        return JSONResponse(found)

    async def again(self, request: Request) -> Response:
        letter = self.store.get("letter", request.path_params["id"])
        if letter is not None:
            self.post.again(letter)
        return JSONResponse({}, 200 if letter else 404)
