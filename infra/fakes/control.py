"""What tests and the demo's seed may do with the fakes: new merchants, paying without a browser, letters at will."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.fakes.alipay import Alipay
from infra.fakes.post import Post
from infra.fakes.store import Store
from infra.fakes.stripe_api import Stripe
from infra.fakes.wechat import WeChat


def routes(store: Store, post: Post, stripe: Stripe, wechat: WeChat, alipay: Alipay) -> list[Route]:
    async def hello(_request: Request) -> Response:
        return JSONResponse({"fakes": ["stripe", "wechat", "alipay"]})

    async def merchant(request: Request) -> Response:
        made = wechat.new_merchant() if request.path_params["provider"] == "wechat" else alipay.new_app()
        return JSONResponse(made)

    async def onboard(request: Request) -> Response:
        stripe.onboard(stripe.get_account(request.path_params["id"]))
        return JSONResponse({})

    async def pay(request: Request) -> Response:
        """`{"ref": session id or out_trade_no, "method": …, "amount": …, "currency": …}`: paid, as by the page."""
        told = await request.json()
        ref, amount = told["ref"], told.get("amount")
        if (session := store.get("session", ref)) is not None:
            stripe.pay(session, told.get("method", "card"), amount, told.get("currency", ""))
        elif (order := store.find("order", out_trade_no=ref)) is not None:
            wechat.pay(order, amount)
        elif (trade := store.find("trade", out_trade_no=ref)) is not None:
            alipay.pay(trade, str(amount or ""))
        else:
            return JSONResponse({"error": "nobody's"}, 404)
        return JSONResponse({})

    async def age(request: Request) -> Response:
        """The session or order is past its time."""
        ref = request.path_params["ref"]
        if (session := store.get("session", ref)) is not None:
            store.put("session", session | {"expires_at": session["created"]})
        elif (order := store.find("order", out_trade_no=ref)) is not None:
            store.put("order", order | {"time_expire": "2020-01-01T00:00:00+08:00"})
        return JSONResponse({})

    async def settle(request: Request) -> Response:
        """Refunds that wait are done (or, with `?status=failed`, not)."""
        bad = request.query_params.get("status") == "failed"
        for refund in [one for one in store.all("refund") if one["status"] == "pending"]:
            stripe.settle(refund, "failed" if bad else "succeeded")
        for refund in [one for one in store.all("wxrefund") if one["status"] == "PROCESSING"]:
            wechat.settle(refund, "ABNORMAL" if bad else "SUCCESS")
        return JSONResponse({})

    async def outbox(request: Request) -> Response:
        """Letters from number `since` on, each signed now."""
        since = int(request.query_params.get("since", 0))
        found = []
        for letter in store.all("letter")[since:]:
            headers, body = post.signed(letter)
            shown = {name: letter[name] for name in ("id", "number", "provider", "url", "taken")}
            found.append(shown | {"headers": headers, "body": body, "payload": letter["payload"]})
        return JSONResponse(found)

    async def again(request: Request) -> Response:
        letter = store.get("letter", request.path_params["id"])
        if letter is not None:
            post.again(letter)
        return JSONResponse({}, 200 if letter else 404)

    return [
        Route("/_control/", hello),
        Route("/_control/merchants/{provider}", merchant, methods=["POST"]),
        Route("/_control/onboard/{id}", onboard, methods=["POST"]),
        Route("/_control/pay", pay, methods=["POST"]),
        Route("/_control/age/{ref}", age, methods=["POST"]),
        Route("/_control/settle", settle, methods=["POST"]),
        Route("/_control/outbox", outbox),
        Route("/_control/outbox/{id}/again", again, methods=["POST"]),
    ]
