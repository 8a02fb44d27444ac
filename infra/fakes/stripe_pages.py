"""Stripe's hosted pages: the studio tells who it is; the customer pays."""

from __future__ import annotations

import time
from html import escape

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from infra.fakes.billing_pages import BillingPages
from infra.fakes.pages import done_page, form_of, money, page, pay_page
from infra.fakes.store import Thing
from infra.fakes.stripe_api import Stripe


class Pages:
    def __init__(self, stripe: Stripe, billing: BillingPages) -> None:
        self.stripe, self.billing = stripe, billing

    def routes(self) -> list[Route]:
        both = ["GET", "POST"]
        return [Route("/setup/{id}", self.setup, methods=both), Route("/c/pay/{id}", self.pay, methods=both)]

    async def setup(self, request: Request) -> Response:
        """Works once and for five minutes, then it leads to where a new link is made."""
        link = self.stripe.store.get("link", request.path_params["id"])
        if link is None:
            return done_page("Stripe", "链接无效 · no such link")
        if link["used"] or link["expires_at"] < time.time():
            return RedirectResponse(link["refresh_url"], 303)
        account = self.stripe.get_account(link["account"])
        if request.method == "GET":
            return _setup_page(account)
        self.stripe.store.put("link", link | {"used": True})
        if (await form_of(request)).get("act") == "submit":
            self.stripe.onboard(account)
        return RedirectResponse(link["return_url"], 303)

    async def pay(self, request: Request) -> Response:  # noqa: PLR0911 (one for each button)
        session = self.stripe.store.get("session", request.path_params["id"])
        if session is None:
            return done_page("Stripe", "没有这笔支付 · no such payment")
        session = self.stripe.session(session["account"], session["id"])
        if session["status"] != "open":
            return done_page("Stripe", "这笔支付已结束 · this payment is over")
        form = await form_of(request)
        if session["mode"] == "subscription":
            return await self.billing.checkout(request, session, form)
        if form.get("act") == "away":
            return RedirectResponse(session["cancel_url"], 303)
        if form.get("act") == "fail":
            self.stripe.fail(session)
            return _pay_page(self.stripe, session, "支付被拒绝，可以重试或换一种方式 · declined, try again")
        if form.get("act") == "pay":
            self.stripe.pay(session, form.get("method") or session["payment_method_types"][0])
            return RedirectResponse(session["success_url"], 303)
        return _pay_page(self.stripe, session)


def _setup_page(account: Thing) -> Response:
    name = account["business_profile"].get("name", "")
    return page(
        "Stripe",
        f'<div class="card"><h1>Stripe · 开通收款</h1><p>{escape(name)}</p><p>{account["id"]}</p></div>'
        '<form method="post"><button class="go" name="act" value="submit">提交资料 Submit</button>'
        '<button name="act" value="leave">稍后再填 Later</button></form>',
    )


def _pay_page(stripe: Stripe, session: Thing, message: str = "") -> Response:
    account = stripe.get_account(session["account"]) if session["account"] else {}
    return pay_page(
        title="Stripe Checkout",
        payee=account.get("business_profile", {}).get("name", "") or "影楼云 Yinglou",
        what=session["subject"],
        amount=money(session["amount_total"], session["currency"]),
        action=f"/c/pay/{session['id']}",
        methods=session["payment_method_types"],
        message=message,
    )
