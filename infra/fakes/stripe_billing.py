"""Stripe Billing as far as the product uses it: catalogue, customers, subscriptions, invoices, portal, and a clock.

A customer's card is good or fails; the clock is advanced by hand (`/_control/`), and then periods renew, cards are
tried again and what nobody pays becomes `unpaid`, as with Stripe's own test clocks. Keys that begin with `_` are the
fake's own and never leave it.
"""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.routing import Route

from infra.fakes.forms import read_form
from infra.fakes.store import Thing, new_id
from infra.fakes.stripe_api import DAY, Refused, Stripe

RETRIES = (3 * DAY, 5 * DAY, 7 * DAY)  # after the first failure; then the subscription is unpaid
SPANS = {"month": 30 * DAY, "year": 365 * DAY}
COUPONS = {"YINGLOU20": 20}  # percent off every invoice
LIVING = {"trialing", "active", "past_due", "unpaid"}


class Billing:
    def __init__(self, stripe: Stripe) -> None:
        self.stripe, self.store = stripe, stripe.store

    # -- time ----------------------------------------------------------------------------------------------------------
    def now(self) -> int:
        clock = self.store.get("clock", "clock")
        return int(time.time()) + (clock["shift"] if clock else 0)

    def advance(self, days: float) -> None:
        """Let so many days pass, and everything happen that happens in them."""
        shift = self.now() - int(time.time()) + round(days * DAY)
        self.store.put("clock", {"id": "clock", "shift": shift})
        for one in self.store.all("subscription"):
            while self._step(one):
                pass

    def _step(self, one: Thing) -> bool:
        """The next thing that is due on the subscription, if any."""
        now, item = self.now(), one["items"]["data"][0]
        if one["status"] in {"trialing", "active"} and item["current_period_end"] <= now:
            if one["cancel_at_period_end"]:
                self._turn(one, "canceled", ended_at=item["current_period_end"])
                return False
            self._renew(one)
            return True
        bill = self.store.get("invoice", one["latest_invoice"] or "")
        if one["status"] == "past_due" and bill and (bill["next_payment_attempt"] or now + 1) <= now:
            self._attempt(bill, at=bill["next_payment_attempt"])
            return True
        return False

    # -- catalogue, customers ------------------------------------------------------------------------------------------
    def put_product(self, key: str, form: Thing, *, is_new: bool) -> Thing:
        found = self.store.get("product", key)
        if is_new and found:
            raise Refused(f"Product already exists: {key}", code="resource_already_exists")
        if not is_new and found is None:
            raise Refused(f"No such product: '{key}'", code="resource_missing", param="id", status=404)
        made = {"id": key, "object": "product", "active": True, "livemode": False, **(found or {})}
        return self.store.put("product", made | {"name": form["name"], "metadata": form.get("metadata", {})})

    def new_price(self, form: Thing) -> Thing:
        self.stripe._need("product", form["product"], param="product")
        taken = self.store.find("price", lookup_key=form["lookup_key"])
        if taken and form.get("transfer_lookup_key") != "true":
            raise Refused("A price already uses that lookup key.", param="lookup_key")
        if taken:
            self.store.put("price", taken | {"lookup_key": None})
        price = {
            "id": new_id("price_"), "object": "price", "active": True, "livemode": False, "type": "recurring",
            "created": self.now(), "product": form["product"], "currency": form["currency"],
            "unit_amount": int(form["unit_amount"]), "lookup_key": form["lookup_key"],
            "recurring": {"interval": form["recurring"]["interval"], "interval_count": 1, "usage_type": "licensed"},
            "metadata": form.get("metadata", {}), "tax_behavior": form.get("tax_behavior", "unspecified"),
        }  # fmt: skip
        return self.store.put("price", price)

    def set_price(self, key: str, form: Thing) -> Thing:
        found = self.stripe._need("price", key)
        return self.store.put("price", found | {"active": form.get("active", "true") == "true"})

    def prices(self, asked: Thing) -> Thing:
        keys = asked.get("lookup_keys", [])
        return _list([one for one in self.store.all("price") if one["active"] and one["lookup_key"] in keys], "prices")

    def new_customer(self, form: Thing) -> Thing:
        customer = {
            "id": new_id("cus_", 14), "object": "customer", "created": self.now(), "livemode": False,
            "email": form.get("email"), "name": form.get("name"), "metadata": form.get("metadata", {}), "_card": "",
        }  # fmt: skip
        return self.store.put("customer", customer)

    # -- Checkout ------------------------------------------------------------------------------------------------------
    def new_session(self, form: Thing) -> Thing:
        customer = self.stripe._need("customer", form.get("customer", ""), param="customer")
        if not form.get("success_url"):
            raise Refused("Missing required param: success_url", code="parameter_missing", param="success_url")
        is_plan = form["mode"] == "subscription"
        line = form["line_items"][0]
        data = dict(form.get("subscription_data", {}))
        if data.get("trial_end"):  # by the caller's clock; ours may be days ahead of it
            data["trial_end"] = int(data["trial_end"]) + self.now() - int(time.time())
        price = self.stripe._need("price", line["price"], param="line_items[0][price]") if is_plan else None
        if price and not price["active"]:
            raise Refused("The price specified is inactive.", param="line_items[0][price]")
        if data.get("trial_end") and int(data["trial_end"]) < self.now() + 2 * DAY:
            raise Refused("The `trial_end` date has to be at least 2 days in the future.", param="trial_end")
        inline = line.get("price_data") or {}
        amount = price["unit_amount"] if price else int(inline["unit_amount"])
        due = 0 if data.get("trial_end") else amount
        kinds = ["card"] if is_plan else form.get("allowed_payment_method_types", ["card"])
        name = self.store.get("product", price["product"])["name"] if price else inline["product_data"]["name"]  # type: ignore[index]  # it exists
        session = {
            "id": new_id("cs_test_", 40), "object": "checkout.session", "account": "", "livemode": False,
            "amount_subtotal": amount, "amount_total": due, "cancel_url": form.get("cancel_url"),
            "client_reference_id": form.get("client_reference_id"), "created": self.now(), "customer": customer["id"],
            "currency": price["currency"] if price else inline["currency"],
            "expires_at": max(self.now(), int(time.time())) + DAY,  # the page asks the machine's clock
            "metadata": form.get("metadata", {}), "mode": form["mode"], "payment_intent": None, "subscription": None,
            "payment_method_types": kinds, "payment_status": "unpaid", "status": "open",
            "success_url": form["success_url"], "subject": name, "intent_data": form.get("payment_intent_data", {}),
            "_price": price["id"] if price else "", "_data": data,
            "_coupons": form.get("allow_promotion_codes") == "true",
        }  # fmt: skip
        session["url"] = f"{self.stripe.site}/c/pay/{session['id']}"
        return self.store.put("session", session)

    def complete(self, session: Thing, *, coupon: str = "") -> None:
        """The owner gave a good card: the subscription begins, and its first invoice is paid (none in a trial)."""
        data, now = session["_data"], self.now()
        self._card(session["customer"], "good")
        trial = int(data["trial_end"]) if data.get("trial_end") else None
        price = self.store.get("price", session["_price"])
        assert price
        one = {
            "id": new_id("sub_"), "object": "subscription", "created": now, "livemode": False,
            "customer": session["customer"], "status": "trialing" if trial else "active", "trial_end": trial,
            "trial_start": now if trial else None, "cancel_at_period_end": False, "cancel_at": None, "ended_at": None,
            "canceled_at": None, "collection_method": "charge_automatically", "currency": price["currency"],
            "latest_invoice": None, "metadata": data.get("metadata", {}), "start_date": now,
            "items": _list([_item(price, now, trial or now + SPANS[price["recurring"]["interval"]])], "items"),
            "_pending": 0, "_off": COUPONS.get(coupon.upper(), 0) if session["_coupons"] else 0,
        }  # fmt: skip
        self.store.put("subscription", one)
        self._tell("customer.subscription.created", one)
        if not trial:
            self._attempt(self._bill(one, price["unit_amount"], "subscription_create"), at=now)
        session |= {"status": "complete", "payment_status": "no_payment_required" if trial else "paid", "url": None}
        session["subscription"] = one["id"]
        self.store.put("session", session)
        self._tell("checkout.session.completed", session)

    # -- subscriptions -------------------------------------------------------------------------------------------------
    def subscriptions(self, asked: Thing) -> Thing:
        mine = [one for one in self.store.all("subscription") if one["customer"] == asked.get("customer")]
        if asked.get("status") != "all":
            mine = [one for one in mine if one["status"] != "canceled"]
        return _list(mine[::-1], "subscriptions")

    def change(self, key: str, form: Thing) -> Thing:
        """Another price, cancelling or not: what Stripe's update does as far as we use it."""
        one = self.stripe._need("subscription", key)
        if one["status"] == "canceled":
            raise Refused("A canceled subscription can only update its cancellation_details.", param="id")
        if form.get("items"):
            self._swap(one, form)
        if "cancel_at_period_end" in form:
            one["cancel_at_period_end"] = form["cancel_at_period_end"] == "true"
        one["metadata"] = {**one["metadata"], **form.get("metadata", {})}
        self.store.put("subscription", one)
        self._tell("customer.subscription.updated", one)
        return one

    def end(self, key: str) -> Thing:
        """Cancelled at once."""
        one = self.stripe._need("subscription", key)
        if one["status"] == "canceled":
            raise Refused(f"No such subscription: '{key}'", code="resource_missing", param="id", status=404)
        self._turn(one, "canceled", ended_at=self.now())
        return one

    def _swap(self, one: Thing, form: Thing) -> None:
        former, now = dict(one["items"]["data"][0]), self.now()
        due, item, _lines = self._swapped(one, form)
        one["items"]["data"][0] = item
        if form.get("proration_behavior") != "always_invoice" or due <= 0:
            one["_pending"] += due
            return
        if form.get("payment_behavior") == "error_if_incomplete" and not self._pays(one["customer"]):
            one["items"]["data"][0] = former
            raise Refused("Your card was declined.", code="card_declined", kind="card_error", status=402)
        self._attempt(self._bill(one, due, "subscription_update"), at=now)

    def _swapped(self, one: Thing, form: Thing) -> tuple[int, Thing, list[Thing]]:
        """What another price would cost at once, the item as it would be, and the lines that say so."""
        item, at = one["items"]["data"][0], self.now()
        if form.get("proration_date"):  # by the caller's clock; ours may be days ahead of it
            at += int(form["proration_date"]) - int(time.time())
        price = self.stripe._need("price", form["items"][0]["price"], param="items[0][price]")
        if form["items"][0].get("id") != item["id"]:
            raise Refused("No such subscription item", code="resource_missing", param="items[0][id]")
        start, end = item["current_period_start"], item["current_period_end"]
        left = 0.0 if one["status"] == "trialing" else max(0.0, min(1.0, (end - at) / (end - start)))
        credit = round(item["price"]["unit_amount"] * left)
        same = one["status"] == "trialing" or item["price"]["recurring"] == price["recurring"]
        cost = round(price["unit_amount"] * left) if same else price["unit_amount"]
        lines = [_line(-credit, is_part=True), _line(cost, is_part=same)]
        made = item | {"price": price}
        if not same:
            made |= {"current_period_start": at, "current_period_end": at + SPANS[price["recurring"]["interval"]]}
        return cost - credit, made, lines

    def preview(self, form: Thing) -> Thing:
        """The invoice that a change would make; nothing is changed."""
        one = self.stripe._need("subscription", form.get("subscription", ""), param="subscription")
        due, _item, lines = self._swapped(one, form["subscription_details"])
        off = one["_off"]
        lines = [line | {"amount": line["amount"] - line["amount"] * off // 100} for line in lines]
        total = max(0, due - due * off // 100)
        return {
            "object": "invoice", "billing_reason": "upcoming", "created": self.now(), "livemode": False,
            "customer": one["customer"], "currency": one["currency"], "total": total, "amount_due": total,
            "lines": _list(lines, "lines"),
            "parent": {"type": "subscription_details", "subscription_details": {"subscription": one["id"]}},
        }  # fmt: skip

    def _renew(self, one: Thing) -> None:
        item = one["items"]["data"][0]
        start = item["current_period_end"]
        item |= {"current_period_start": start, "current_period_end": start + SPANS[_interval(item)]}
        amount, one["_pending"] = item["price"]["unit_amount"] + one["_pending"], 0
        one["status"] = "active"
        self._attempt(self._bill(one, amount, "subscription_cycle", at=start), at=start)

    def _turn(self, one: Thing, status: str, **more: Any) -> None:
        if one["status"] != status:
            one |= {"status": status, **more}
            self.store.put("subscription", one)
            kind = "deleted" if status == "canceled" else "updated"
            self._tell(f"customer.subscription.{kind}", one)

    # -- invoices ------------------------------------------------------------------------------------------------------
    def invoices(self, asked: Thing) -> Thing:
        mine = [one for one in self.store.all("invoice") if one["customer"] == asked.get("customer")]
        return _list(mine[::-1], "invoices")

    def _bill(self, one: Thing, amount: int, reason: str, at: int = 0) -> Thing:
        number, key = len(self.store.all("invoice")) + 1, new_id("in_")
        total = max(0, amount - amount * one["_off"] // 100)
        if amount < 0:
            one["_pending"] += amount  # the rest of a credit waits for the next one
        bill = {
            "id": key, "object": "invoice", "number": f"DEMO-{number:04d}", "created": at or self.now(),
            "livemode": False, "customer": one["customer"], "currency": one["currency"], "total": total,
            "amount_due": total, "amount_paid": 0, "amount_remaining": total, "attempt_count": 0, "status": "open",
            "billing_reason": reason, "collection_method": "charge_automatically", "next_payment_attempt": None,
            "hosted_invoice_url": f"{self.stripe.site}/i/{key}", "invoice_pdf": f"{self.stripe.site}/i/{key}/pdf",
            "metadata": {}, "status_transitions": {"paid_at": None, "finalized_at": at or self.now()},
            "parent": {"type": "subscription_details", "subscription_details": {"subscription": one["id"]}},
        }  # fmt: skip
        one["latest_invoice"] = key
        self.store.put("subscription", one)
        self._tell("invoice.finalized", self.store.put("invoice", bill))
        return bill

    def _attempt(self, bill: Thing, *, at: int) -> None:
        """Try the card on file; the subscription follows what came of it."""
        one = self.stripe._need("subscription", bill["parent"]["subscription_details"]["subscription"])
        bill["attempt_count"] += 1
        if not bill["total"] or self._pays(bill["customer"]):
            moments = bill["status_transitions"] | {"paid_at": at}
            bill |= {
                "status": "paid",
                "amount_paid": bill["total"],
                "amount_remaining": 0,
                "next_payment_attempt": None,
            }
            self._tell("invoice.paid", self.store.put("invoice", bill | {"status_transitions": moments}))
            if one["status"] in LIVING and one["latest_invoice"] == bill["id"]:
                self._turn(one, "active")
            self.store.put("subscription", one)
            return
        tries = bill["attempt_count"] - 1
        bill["next_payment_attempt"] = at + RETRIES[tries] if tries < len(RETRIES) else None
        self._tell("invoice.payment_failed", self.store.put("invoice", bill))
        self._turn(one, "past_due" if bill["next_payment_attempt"] else "unpaid")

    def pay_invoice(self, key: str) -> None:
        """By hand, with a good card, on the invoice's page."""
        bill = self.stripe._need("invoice", key)
        self._card(bill["customer"], "good")
        if bill["status"] == "open":
            self._attempt(bill, at=self.now())

    # -- cards, portal -------------------------------------------------------------------------------------------------
    def set_card(self, customer: str, card: str) -> None:
        """`good` also pays what is open, as Stripe does when its portal says so."""
        self._card(customer, card)
        for bill in self.store.all("invoice"):
            if card == "good" and bill["customer"] == customer and bill["status"] == "open":
                self._attempt(bill, at=self.now())

    def _card(self, customer: str, card: str) -> None:
        self.store.put("customer", self.stripe._need("customer", customer) | {"_card": card})

    def _pays(self, customer: str) -> bool:
        return bool(self.stripe._need("customer", customer)["_card"] == "good")

    def new_portal(self, form: Thing) -> Thing:
        customer = self.stripe._need("customer", form.get("customer", ""), param="customer")
        portal = {
            "id": new_id("bps_"), "object": "billing_portal.session", "created": self.now(), "livemode": False,
            "customer": customer["id"], "return_url": form.get("return_url"), "configuration": "bpc_1",
        }  # fmt: skip
        portal["url"] = f"{self.stripe.site}/p/{portal['id']}"
        return self.store.put("portal", portal)

    def _tell(self, kind: str, thing: Thing) -> None:
        self.stripe.event("", kind, thing)

    # -- doors ---------------------------------------------------------------------------------------------------------
    def routes(self) -> list[Route]:
        door = self.stripe._door

        def key(request: Request) -> str:
            return str(request.path_params["id"])

        def asked(request: Request) -> Thing:
            return read_form(unquote(request.url.query))

        post, get = ["POST"], ["GET"]
        return [
            Route("/v1/products", door(lambda r, on, f: self.put_product(f["id"], f, is_new=True)), methods=post),
            Route("/v1/products/{id}", door(lambda r, on, f: self.put_product(key(r), f, is_new=False)), methods=post),
            Route("/v1/prices", door(lambda r, on, f: self.new_price(f)), methods=post),
            Route("/v1/prices", door(lambda r, on, f: self.prices(asked(r))), methods=get),
            Route("/v1/prices/{id}", door(lambda r, on, f: self.set_price(key(r), f)), methods=post),
            Route("/v1/customers", door(lambda r, on, f: self.new_customer(f)), methods=post),
            Route("/v1/subscriptions", door(lambda r, on, f: self.subscriptions(asked(r))), methods=get),
            Route("/v1/subscriptions/{id}", door(lambda r, on, f: self.change(key(r), f)), methods=post),
            Route("/v1/subscriptions/{id}", door(lambda r, on, f: self.end(key(r))), methods=["DELETE"]),
            Route("/v1/invoices", door(lambda r, on, f: self.invoices(asked(r))), methods=get),
            Route("/v1/invoices/create_preview", door(lambda r, on, f: self.preview(f)), methods=post),
            Route("/v1/billing_portal/sessions", door(lambda r, on, f: self.new_portal(f)), methods=post),
        ]


def _line(amount: int, *, is_part: bool) -> Thing:
    details = {"type": "subscription_item_details", "subscription_item_details": {"proration": is_part}}
    return {"id": new_id("il_"), "object": "line_item", "amount": amount, "parent": details}


def _item(price: Thing, start: int, end: int) -> Thing:
    return {
        "id": new_id("si_", 14), "object": "subscription_item", "price": price, "quantity": 1,
        "current_period_start": start, "current_period_end": end,
    }  # fmt: skip


def _interval(item: Thing) -> str:
    return str(item["price"]["recurring"]["interval"])


def _list(data: list[Thing], where: str) -> Thing:
    return {"object": "list", "data": data, "has_more": False, "url": f"/v1/{where}"}
