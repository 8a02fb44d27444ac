"""The used part of Stripe's API: accounts and links, checkout sessions, intents, charges, refunds, idempotency, errors.

Shapes and names are Stripe's; what the product does not use is left out. Every object lives on one account, and another
account's id is an id that does not exist.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.fakes.forms import read_form
from infra.fakes.post import Post
from infra.fakes.store import Store, Thing, new_id

WALLETS = ("alipay", "wechat_pay")
DUE = ["business_profile.mcc", "external_account", "tos_acceptance.date", "tos_acceptance.ip"]
CURRENCIES = {"HK": "hkd", "SG": "sgd", "JP": "jpy", "US": "usd", "GB": "gbp", "AU": "aud", "CA": "cad"}
HALF_HOUR, DAY = 1800, 86400


class Refused(Exception):
    """An error in Stripe's shape."""

    def __init__(self, message: str, *, code: str = "", param: str = "", status: int = 400, kind: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.body: Thing = {"message": message, "type": kind or "invalid_request_error"}
        self.body |= {"code": code} if code else {}
        self.body |= {"param": param} if param else {}


class Stripe:
    """State and verbs; `site` is where browsers find the hosted pages."""

    def __init__(self, store: Store, post: Post, *, key: str, hook: str, secret: str, site: str) -> None:
        self.store, self.post, self.key, self.hook, self.secret, self.site = store, post, key, hook, secret, site
        post.signers["stripe"] = self._signed
        self.own_session: Callable[[Thing], Thing] = dict  # infra.fakes.stripe_billing, once it is there

    def _signed(self, event: Thing) -> tuple[dict[str, str], str]:
        import stripe

        body = json.dumps(event, ensure_ascii=False)
        header = stripe.WebhookSignature.generate_signature_header(body, self.secret)
        return {"Stripe-Signature": header, "Content-Type": "application/json; charset=utf-8"}, body

    def event(self, account: str, kind: str, thing: Thing) -> None:
        """About a connected account's object, or (without an account) about the platform's own."""
        self.post.send(
            "stripe",
            self.hook if account else self.hook.removesuffix("/connect"),
            {
                "id": new_id("evt_"),
                "object": "event",
                **({"account": account} if account else {}),
                "api_version": "2026-10-28.endive",
                "created": int(time.time()),
                "data": {"object": _public(thing)},
                "livemode": False,
                "pending_webhooks": 1,
                "request": {"id": None, "idempotency_key": None},
                "type": kind,
            },
        )

    # -- accounts ------------------------------------------------------------------------------------------------------
    def create_account(self, _on: str, form: Thing) -> Thing:
        account = {
            "id": new_id("acct_", 16),
            "object": "account",
            "business_profile": form.get("business_profile", {}),
            "capabilities": dict.fromkeys(form.get("capabilities", {}), "inactive"),
            "charges_enabled": False,
            "controller": {"type": "application", "is_controller": True, **form.get("controller", {})},
            "country": form.get("country", "HK"),
            "created": int(time.time()),
            "default_currency": {"HK": "hkd", "SG": "sgd", "JP": "jpy", "US": "usd"}.get(
                form.get("country", ""), "hkd"
            ),
            "details_submitted": False,
            "email": form.get("email"),
            "metadata": form.get("metadata", {}),
            "payouts_enabled": False,
            "requirements": {"currently_due": list(DUE), "disabled_reason": "requirements.past_due"},
        }
        return self.store.put("account", account)

    def get_account(self, key: str) -> Thing:
        return self._need("account", key)

    def create_link(self, _on: str, form: Thing) -> Thing:
        account = self._need("account", form.get("account", ""), param="account")
        if form.get("type") != "account_onboarding":
            raise Refused("Invalid account link type", param="type")
        link = {"id": new_id("lnk_"), "account": account["id"], "used": False, "expires_at": int(time.time()) + 300}
        self.store.put("link", link | {"return_url": form["return_url"], "refresh_url": form["refresh_url"]})
        url = f"{self.site}/setup/{link['id']}"
        now = int(time.time())
        return {"object": "account_link", "created": now, "expires_at": link["expires_at"], "url": url}

    def onboard(self, account: Thing) -> None:
        """The studio has told everything; Stripe is satisfied at once."""
        account |= {"charges_enabled": True, "payouts_enabled": True, "details_submitted": True}
        account["capabilities"] = dict.fromkeys(account["capabilities"], "active")
        account["requirements"] = {"currently_due": [], "disabled_reason": None}
        self.store.put("account", account)
        self.event(account["id"], "account.updated", account)

    def method_configurations(self, account: Thing) -> Thing:
        on = account["charges_enabled"]
        methods = {
            name: {"available": on, "display_preference": {"overridable": None, "preference": "on", "value": "on"}}
            for name in ("card", *WALLETS)
        }
        config = {"id": "pmc_1", "object": "payment_method_configuration", "active": True, "is_default": True}
        config |= {"livemode": False, "name": "Default", **methods}
        return {"object": "list", "data": [config], "has_more": False, "url": "/v1/payment_method_configurations"}

    # -- checkout ------------------------------------------------------------------------------------------------------
    def create_session(self, on: str, form: Thing) -> Thing:
        if not on:
            return self.own_session(form)
        price = _price(form)
        types = self._types(on, form)
        now = int(time.time())
        expires = int(form.get("expires_at", now + DAY))
        if not now + HALF_HOUR <= expires <= now + DAY:
            raise Refused("The `expires_at` timestamp must be between 30 minutes and 24 hours away", param="expires_at")
        session = {
            "id": new_id("cs_test_", 40),
            "object": "checkout.session",
            "account": on,
            "amount_subtotal": price["amount"],
            "amount_total": price["amount"],
            "cancel_url": form.get("cancel_url"),
            "client_reference_id": form.get("client_reference_id"),
            "created": now,
            "currency": price["currency"],
            "expires_at": expires,
            "livemode": False,
            "locale": form.get("locale"),
            "metadata": form.get("metadata", {}),
            "mode": "payment",
            "payment_intent": None,
            "payment_method_types": types,
            "payment_status": "unpaid",
            "status": "open",
            "success_url": form["success_url"],
            "subject": price["name"],
            "intent_data": form.get("payment_intent_data", {}),
        }
        session["url"] = f"{self.site}/c/pay/{session['id']}"
        return self.store.put("session", session)

    def _types(self, on: str, form: Thing) -> list[str]:
        """What was allowed, as far as the account has it and the currency fits; since "endive" nothing else counts."""
        account = self._need("account", on)
        if not account["charges_enabled"]:
            raise Refused("Your account cannot currently make live charges.", code="account_invalid")
        if "payment_method_types" in form:
            code = "payment_method_types_no_longer_supported"
            raise Refused("payment_method_types is no longer supported", code=code, param="payment_method_types")
        allowed = form.get("allowed_payment_method_types") or ["card", *WALLETS]
        if unknown := set(allowed) - {"card", *WALLETS}:
            raise Refused(f"Invalid payment method types: {sorted(unknown)}", param="allowed_payment_method_types")
        options = form.get("payment_method_options", {})
        if "wechat_pay" in options and options["wechat_pay"].get("client") != "web":
            name = "payment_method_options[wechat_pay][client]"
            raise Refused(f"Missing required param: {name}", code="parameter_missing", param=name)
        currency = form["line_items"][0]["price_data"]["currency"]
        fits = currency in {"cny", account["default_currency"]}
        found = [one for one in allowed if fits or one not in WALLETS]
        if not found:
            raise Refused("No payment method types are compatible with this session", param="currency")
        return found

    def session(self, on: str, key: str) -> Thing:
        found = self._need("session", key, on=on)
        if found["account"] != on:
            raise Refused(f"No such session: '{key}'", code="resource_missing", param="id", status=404)
        if found["status"] == "open" and found["expires_at"] <= time.time():
            self._expired(found)
        return found

    def expire_session(self, on: str, key: str) -> Thing:
        found = self.session(on, key)
        if found["status"] != "open":
            raise Refused('Only Checkout Sessions with a status in ["open"] can be expired.')
        return self._expired(found)

    def _expired(self, session: Thing) -> Thing:
        session |= {"status": "expired", "url": None}
        self.store.put("session", session)
        self.event(session["account"], "checkout.session.expired", session)
        return session

    def pay(self, session: Thing, method: str, amount: int | None = None, currency: str = "") -> None:
        """The payer pays; tests may make Stripe say another amount or currency than was asked."""
        now, on = int(time.time()), session["account"]
        intent = self._intent(session, amount, currency, now)
        charge = {
            "id": new_id("ch_"),
            "object": "charge",
            "account": on,
            "amount": intent["amount"],
            "amount_refunded": 0,
            "created": now,
            "currency": intent["currency"],
            "metadata": intent["metadata"],
            "paid": True,
            "payment_intent": intent["id"],
            "payment_method_details": {"type": method, method: {}},
            "refunded": False,
            "status": "succeeded",
        }
        intent |= {"latest_charge": charge["id"], "status": "succeeded", "amount_received": charge["amount"]}
        session |= {"payment_intent": intent["id"], "payment_status": "paid", "status": "complete", "url": None}
        for kind, thing in (("charge", charge), ("intent", intent), ("session", session)):
            self.store.put(kind, thing)
        self.event(on, "payment_intent.succeeded", intent)
        self.event(on, "charge.succeeded", charge)
        self.event(on, "checkout.session.completed", session)

    def _intent(self, session: Thing, amount: int | None, currency: str, now: int) -> Thing:
        return {
            "id": new_id("pi_"),
            "object": "payment_intent",
            "account": session["account"],
            "amount": session["amount_total"] if amount is None else amount,
            "amount_received": 0,
            "created": now,
            "currency": currency or session["currency"],
            "description": session["intent_data"].get("description"),
            "latest_charge": None,
            "metadata": session["intent_data"].get("metadata", {}),
            "payment_method_types": session["payment_method_types"],
            "status": "requires_payment_method",
        }

    def fail(self, session: Thing) -> None:
        """The payment is declined; the session stays open, another try is possible."""
        intent = self._intent(session, None, "", int(time.time()))
        intent["last_payment_error"] = {"code": "card_declined", "type": "card_error"}
        self.event(session["account"], "payment_intent.payment_failed", intent)

    # -- refunds -------------------------------------------------------------------------------------------------------
    def create_refund(self, on: str, form: Thing) -> Thing:
        charge = self._need("charge", form.get("charge", ""), on=on, param="charge")
        left = charge["amount"] - charge["amount_refunded"]
        amount = int(form.get("amount", left))
        if charge["refunded"]:
            raise Refused(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
        if not 0 < amount <= left:
            raise Refused(
                f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount"
            )
        if form.get("reason", "") not in {"", "duplicate", "fraudulent", "requested_by_customer"}:
            raise Refused("Invalid reason", param="reason")
        waits = charge["payment_method_details"]["type"] == "alipay"
        refund = {
            "id": new_id("re_"),
            "object": "refund",
            "account": on,
            "amount": amount,
            "charge": charge["id"],
            "created": int(time.time()),
            "currency": charge["currency"],
            "metadata": form.get("metadata", {}),
            "payment_intent": charge["payment_intent"],
            "reason": form.get("reason"),
            "status": "pending" if waits else "succeeded",
        }
        self.store.put("refund", refund)
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        self.store.put("charge", charge)
        self.event(on, "refund.created", refund)
        self.event(on, "charge.refunded", charge)
        if waits:
            self.post.after(4.0, lambda: self.settle(refund))
        return refund

    def settle(self, refund: Thing, status: str = "succeeded") -> None:
        """Alipay has answered, some time later."""
        refund["status"] = status
        if status == "failed":
            refund["failure_reason"] = "unknown"
        self.store.put("refund", refund)
        self.event(refund["account"], "refund.updated", refund)
        self.event(refund["account"], "charge.refund.updated", refund)

    def dispute(self, charge: Thing) -> Thing:
        """The payer's bank asks questions about a charge."""
        made = {
            "id": new_id("dp_"), "object": "dispute", "account": charge["account"], "amount": charge["amount"],
            "charge": charge["id"], "currency": charge["currency"], "created": int(time.time()), "metadata": {},
            "evidence_details": {"due_by": int(time.time()) + 7 * 86400, "submission_count": 0},
            "payment_intent": charge["payment_intent"], "reason": "product_not_received",
            "status": "needs_response",
        }  # fmt: skip
        self.store.put("dispute", made)
        self.event(made["account"], "charge.dispute.created", made)
        return made

    def end_dispute(self, dispute: Thing, status: str) -> None:
        dispute["status"] = status
        self.store.put("dispute", dispute)
        self.event(dispute["account"], "charge.dispute.closed", dispute)

    def list_refunds(self, on: str, charge: str) -> Thing:
        found = [one for one in self.store.all("refund") if one["account"] == on and one["charge"] == charge]
        return {
            "object": "list",
            "data": [_public(one) for one in reversed(found)],
            "has_more": False,
            "url": "/v1/refunds",
        }

    # -- answers -------------------------------------------------------------------------------------------------------
    def _need(self, kind: str, key: str, *, on: str = "", param: str = "id") -> Thing:
        found = self.store.get(kind, key)
        if found is None or (on and found["account"] != on):
            raise Refused(f"No such {kind}: '{key}'", code="resource_missing", param=param, status=404)
        return found

    def expanded(self, thing: Thing, expand: list[str]) -> Thing:
        """`payment_intent` and `payment_intent.latest_charge`, as far as they were asked for."""
        found = _public(thing)
        for path in expand:
            name, _dot, rest = path.partition(".")
            if name == "data" and rest:
                found["data"] = [self.expanded(one, [rest]) for one in found["data"]]
            kind = {"payment_intent": "intent", "latest_charge": "charge", "product": "product"}.get(name)
            if kind and isinstance(found.get(name), str):
                found[name] = self.expanded(self._need(kind, found[name]), [rest] if rest else [])
        return found

    def routes(self) -> list[Route]:
        post, get = ["POST"], ["GET"]
        return [
            Route("/v1/accounts", self._door(lambda r, on, f: self.create_account(on, f)), methods=post),
            Route("/v1/accounts/{id}", self._door(lambda r, on, f: self.get_account(r.path_params["id"])), methods=get),
            Route("/v1/account_links", self._door(lambda r, on, f: self.create_link(on, f)), methods=post),
            Route(
                "/v1/payment_method_configurations",
                self._door(lambda r, on, f: self.method_configurations(self._need("account", on))),
                methods=get,
            ),
            Route("/v1/checkout/sessions", self._door(lambda r, on, f: self.create_session(on, f)), methods=post),
            Route(
                "/v1/checkout/sessions/{id}",
                self._door(lambda r, on, f: self.session(on, r.path_params["id"])),
                methods=get,
            ),
            Route(
                "/v1/checkout/sessions/{id}/expire",
                self._door(lambda r, on, f: self.expire_session(on, r.path_params["id"])),
                methods=post,
            ),
            Route("/v1/refunds", self._door(lambda r, on, f: self.create_refund(on, f)), methods=post),
            Route(
                "/v1/refunds",
                self._door(lambda r, on, f: self.list_refunds(on, r.query_params.get("charge", ""))),
                methods=get,
            ),
            Route(
                "/v1/disputes/{id}",
                self._door(lambda r, on, f: self._need("dispute", r.path_params["id"], on=on)),
                methods=get,
            ),
            Route(
                "/v1/refunds/{id}",
                self._door(lambda r, on, f: self._need("refund", r.path_params["id"], on=on)),
                methods=get,
            ),
        ]

    def _door(self, verb: Callable[[Request, str, Thing], Thing]) -> Callable[[Request], Awaitable[Response]]:
        """Key, account, idempotency, errors: what every call has in common."""

        async def answer(request: Request) -> Response:
            body = (await request.body()).decode()
            try:
                on = self._who(request)
                stored, mark = self._replayed(request, on, body)
                if stored is not None:
                    return _answer(stored["status"], stored["body"], replayed=True)
                form = read_form(body)
                expand = _expand(form, request)
                status, found = 200, self.expanded(verb(request, on, form), expand)
            except Refused as refused:
                status, found = refused.status, {"error": refused.body}
                mark = "" if status in {401, 403} or refused.body["type"] == "idempotency_error" else mark
            if mark:
                sent = hashlib.sha256(body.encode()).hexdigest()
                self.store.put("replay", {"id": mark, "sent": sent, "status": status, "body": found})
            return _answer(status, found)

        return answer

    def _who(self, request: Request) -> str:
        if request.headers.get("Authorization") != f"Bearer {self.key}":
            raise Refused("Invalid API Key provided: sk_test_****", status=401)
        on = request.headers.get("Stripe-Account", "")
        if on and self.store.get("account", on) is None:
            raise Refused("The provided key does not have access to account", code="account_invalid", status=403)
        return on

    def _replayed(self, request: Request, on: str, body: str) -> tuple[Thing | None, str]:
        key = request.headers.get("Idempotency-Key", "")
        if request.method != "POST" or not key:
            return None, ""
        mark = f"{on}|{request.url.path}|{key}"
        stored = self.store.get("replay", mark)
        if stored and stored["sent"] != hashlib.sha256(body.encode()).hexdigest():
            raise Refused(
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                f"Try using a key other than '{key}' if you meant to execute a different request.",
                kind="idempotency_error",
            )
        return stored, mark


def _price(form: Thing) -> Thing:
    """The one line that the product sends, checked as Stripe would."""
    if form.get("mode") != "payment" or not form.get("success_url"):
        raise Refused("Missing required param", code="parameter_missing", param="success_url")
    items = form.get("line_items") or []
    if len({item["price_data"]["currency"] for item in items}) != 1:
        raise Refused("All line items must have the same currency", param="line_items")
    total = sum(int(item["price_data"]["unit_amount"]) * int(item["quantity"]) for item in items)
    if total < 1:
        raise Refused("Amount must be at least 1", code="amount_too_small", param="line_items[0][price_data]")
    data = items[0]["price_data"]
    return {"amount": total, "currency": data["currency"], "name": data["product_data"]["name"]}


def _expand(form: Thing, request: Request) -> list[str]:
    asked = [value for name, value in request.query_params.multi_items() if name.startswith("expand")]
    return asked + list(form.pop("expand", []))


def _public(thing: Thing) -> Thing:
    """Without what only the fake knows."""
    hidden = {"account", "subject", "intent_data"}
    found = {key: value for key, value in thing.items() if key not in hidden and not key.startswith("_")}
    if found.get("object") == "list":
        found["data"] = [_public(one) for one in found["data"]]
    return found


def _answer(status: int, body: Any, *, replayed: bool = False) -> Response:
    headers = {"Request-Id": new_id("req_", 14), "Stripe-Version": "2026-10-28.endive"}
    return JSONResponse(
        body, status_code=status, headers=headers | ({"Idempotent-Replayed": "true"} if replayed else {})
    )
