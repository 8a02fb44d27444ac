"""Stripe's hosted pages of Billing, and the page on which time is let pass."""

from __future__ import annotations

import time
from html import escape

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from infra.fakes.pages import done_page, form_of, money, page
from infra.fakes.store import Thing
from infra.fakes.stripe_billing import COUPONS, Billing

CARDS = {"good": "好卡 good card", "bad": "会被拒的卡 failing card", "": "无卡 no card"}


class BillingPages:
    def __init__(self, billing: Billing) -> None:
        self.billing, self.store = billing, billing.store

    def routes(self) -> list[Route]:
        both, write = ["GET", "POST"], ["POST"]
        return [
            Route("/p/{id}", self.portal, methods=both),
            Route("/i/{id}", self.invoice, methods=both),
            Route("/i/{id}/pdf", self.invoice),
            Route("/_control/billing", self.time_page, methods=both),
            Route("/_control/advance", self.advance, methods=write),
            Route("/_control/today", self.today, methods=write),
            Route("/_control/card", self.card, methods=write),
        ]

    async def portal(self, request: Request) -> Response:
        found = self.store.get("portal", request.path_params["id"])
        if found is None:
            return done_page("Stripe", "链接无效 · no such link")
        form = await form_of(request)
        if form.get("act") in {"good", "bad"}:
            self.billing.set_card(found["customer"], form["act"])
        if form.get("act"):
            return RedirectResponse(found["return_url"], 303)
        customer = self.store.get("customer", found["customer"]) or {}
        return page(
            "Stripe Billing Portal",
            f'<div class="card"><h1>Stripe · 账单中心</h1><p>{escape(customer.get("name") or "")}</p>'
            f"<p>{CARDS[customer.get('_card', '')]}</p></div>"
            '<form method="post"><button class="go" name="act" value="good">换成好卡 Use a good card</button>'
            '<button name="act" value="bad">换成会被拒的卡 Use a failing card</button>'
            '<button name="act" value="leave">返回 Back</button></form>',
        )

    async def invoice(self, request: Request) -> Response:
        found = self.store.get("invoice", request.path_params["id"])
        if found is None:
            return done_page("Stripe", "没有这张账单 · no such invoice")
        if request.method == "POST":
            self.billing.pay_invoice(found["id"])
            found = self.store.get("invoice", found["id"]) or found
        button = '<form method="post"><button class="go" name="act" value="pay">支付 Pay</button></form>'
        return page(
            "Stripe Invoice",
            f'<div class="card"><h1>账单 Invoice {escape(found["number"])}</h1><p>{escape(found["status"])}</p>'
            f'<div class="sum">{money(found["total"], found["currency"])}</div></div>'
            + (button if found["status"] == "open" else "")
            + self._way_home(found["customer"]),
        )

    def _way_home(self, customer: str) -> str:
        """Back to the page that sent this customer here last; the real pages are opened from letters, and have none."""
        known = [self.store.find(kind, customer=customer) for kind in ("portal", "session")]
        url = next((str(one.get("return_url") or one.get("success_url") or "") for one in known if one), "")
        return f'<p><a href="{escape(url.partition("?")[0])}">返回影楼 Back to the studio</a></p>' if url else ""

    async def checkout(self, request: Request, session: Thing, form: dict[str, str]) -> Response:
        """Checkout in subscription mode: a card, a coupon, or away."""
        if form.get("act") == "away":
            return RedirectResponse(session["cancel_url"], 303)
        if form.get("act") == "pay":
            self.billing.complete(session, coupon=form.get("coupon", ""))
            return RedirectResponse(session["success_url"], 303)
        declined = '<p class="bad" role="alert">卡被拒绝 · declined, try again</p>' if form.get("act") == "fail" else ""
        trial = session["_data"].get("trial_end")
        when = time.strftime("%Y-%m-%d", time.gmtime(int(trial))) if trial else ""
        free = f"<p>试用到 {when}，之后扣款 · charged from then on</p>" if when else ""
        customer = self.store.get("customer", session["customer"]) or {}
        return page(
            "Stripe Checkout",
            f'<div class="card"><h1>Stripe Checkout</h1><p>{escape(customer.get("name") or "")} · '
            f"{escape(session['subject'])}</p>"
            f'<div class="sum">{money(session["amount_subtotal"], session["currency"])}</div>{free}{declined}</div>'
            '<form method="post"><div class="card"><label>优惠码 Coupon '
            f'<input name="coupon" placeholder="{next(iter(COUPONS))}"></label></div>'
            '<button class="go" name="act" value="pay">订阅 Subscribe</button>'
            '<button name="act" value="fail">卡被拒 Card declined</button>'
            '<button name="act" value="away">离开 Walk away</button></form>',
        )

    async def time_page(self, request: Request) -> Response:
        """For people: let time pass, make a card fail, and see what became of the subscriptions."""
        form = await form_of(request)
        if form.get("days"):
            self.billing.advance(float(form["days"]))
        if form.get("card"):
            self.billing.set_card(form["customer"], form["card"])
        rows = "".join(self._row(one) for one in self.store.all("subscription"))
        now = time.strftime("%Y-%m-%d %H:%M", time.gmtime(self.billing.now()))
        steps = "".join(f'<button name="days" value="{days}">+ {days} 天 days</button>' for days in (1, 3, 7, 31))
        return page(
            "Stripe · 时间 time",
            f'<div class="card"><h1>Stripe 的时间 Stripe\'s time</h1><p>{now} UTC</p><form method="post">{steps}</form>'
            f"</div>{rows}",
        )

    def _row(self, one: Thing) -> str:
        customer = self.store.get("customer", one["customer"]) or {}
        ends = time.strftime("%Y-%m-%d", time.gmtime(one["items"]["data"][0]["current_period_end"]))
        return (
            f'<div class="card"><h1>{escape(customer.get("name") or "")}</h1><p>{one["status"]} · {ends} · '
            f'{CARDS[customer.get("_card", "")]}</p><form method="post">'
            f'<input type="hidden" name="customer" value="{customer.get("id", "")}">'
            '<button name="card" value="bad">卡将被拒 Let the card fail</button>'
            '<button name="card" value="good">换成好卡 Good card again</button></form></div>'
        )

    async def advance(self, request: Request) -> Response:
        self.billing.advance(float((await request.json())["days"]))
        return JSONResponse({"now": self.billing.now()})

    async def today(self, _request: Request) -> Response:
        """Stripe's time is ours again (between tests); what it made stays."""
        self.store.clear("clock")
        return JSONResponse({})

    async def card(self, request: Request) -> Response:
        """`{"customer": …, "card": "good" | "bad"}`."""
        told = await request.json()
        self.billing.set_card(told["customer"], told["card"])
        return JSONResponse({})
