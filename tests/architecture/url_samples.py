"""One line per URL of the studio host: how to ask for it. A URL without a line fails tests/architecture/test_access.py.

`of`  whose object the kwargs name:
        ""          nobody's in particular: the declaration alone decides
        "branch"    an object of the branch `here`: 404 for staff whose capability holds elsewhere only
        "shared"    an object of the branch `here` that every branch sees: 403 where the capability holds elsewhere
        "studio"    the studio's as a whole: 403 for staff whose capability holds in some branches only
        "customer"  an object of `world.customer`: 404 for other customers
`method`, `data`, `json`: how an allowed visitor asks. The data may be refused (400, 409, 422); only the door is tested.
`wrong`: for signed addresses, kwargs that must lead to 404. `empty`: 404 for everybody, on purpose.
`query`: appended as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.kernel import clock
from tests.architecture.world import BOOKED, DRAFT, World

Kwargs = Callable[[World], dict[str, Any]]


def nothing(_world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Sample:
    kwargs: Kwargs = nothing
    of: str = ""
    method: str = "get"
    data: Kwargs = nothing
    json: bool = False
    wrong: Kwargs | None = None
    empty: bool = False
    query: str = ""


def order(w: World) -> dict[str, Any]:
    return {"code": w.order.code}


def receipt(w: World) -> dict[str, Any]:
    return {**order(w), "receipt": w.payment.receipt}


def card(w: World) -> dict[str, Any]:
    return {"customer": w.customer.pk}


def deal(w: World) -> dict[str, Any]:
    return {"deal": w.deal.pk}


def pair(w: World) -> dict[str, Any]:
    low, high = sorted((w.here.pk, w.there.pk))
    return {"low": low, "high": high, "month": f"{clock.today(w.here.timezone):%Y-%m}"}


def wallet(_world: World) -> dict[str, Any]:
    return {"route": "wechat"}


def gallery(w: World) -> dict[str, Any]:
    return {"code": w.gallery.code}


def export(w: World) -> dict[str, Any]:
    return {"code": w.export.code}


GUEST = {"name": "x", "phone": "13911112222", "role": "co"}


def person(w: World) -> dict[str, Any]:
    return {"code": w.gallery.code, "seat": w.seat.pk}


def photo(w: World) -> dict[str, Any]:
    return {"code": w.gallery.code, "number": 1}


def contract(w: World) -> dict[str, Any]:
    return {"code": w.contract.code}


def sealed(w: World) -> dict[str, Any]:
    return {"code": w.sealed.code}


def retouched(w: World) -> dict[str, Any]:
    return {"code": w.retouched.code}


def final(w: World) -> dict[str, Any]:
    return {"code": w.retouched.code, "number": w.final.number}


def album(w: World) -> dict[str, Any]:
    return {**retouched(w), "album": 1}


def spread(w: World) -> dict[str, Any]:
    return {**album(w), "number": w.spread.number}


def draft(w: World) -> dict[str, Any]:
    return {**album(w), "draft": 1}


def leaf(w: World) -> dict[str, Any]:
    return {**draft(w), "position": 1}


def said(w: World) -> dict[str, Any]:
    return {**album(w), "comment": w.comment.pk}


def delivered(w: World) -> dict[str, Any]:
    return {"code": w.delivered.code}


def clean(token: Callable[[World], str]) -> Kwargs:
    return lambda w: {**delivered(w), "token": token(w), "number": 1, "size": "t"}


def taking(given: Callable[[World], str]) -> Kwargs:
    return lambda w: {**delivered(w), "given": given(w), "what": "f1", "name": "a.jpg"}


def stage(w: World) -> dict[str, Any]:
    return {"code": w.order.code, "stage": "selection"}


def customer(w: World) -> dict[str, Any]:
    return {"pk": w.customer.pk}


def package(w: World) -> dict[str, Any]:
    return {"pk": w.package.pk}


def price_rule(w: World) -> dict[str, Any]:
    return {"pk": w.price_rule.pk}


def coupon(w: World) -> dict[str, Any]:
    return {"pk": w.coupon.pk}


def colleague(w: World) -> dict[str, Any]:
    return {"pk": w.staff.pk}


def branch(w: World) -> dict[str, Any]:
    return {"pk": w.here.pk}


def date(w: World) -> dict[str, Any]:
    return {"code": w.date.code}


def keeper(w: World) -> dict[str, Any]:
    return {"pk": w.photographer.pk}


def taps(_world: World) -> dict[str, Any]:
    return {"device": "phone1", "ops": [{"op": 1, "photo": 1, "v": "yes", "at": 1}]}


def proof(token: Callable[[World], str]) -> Kwargs:
    return lambda w: {"code": w.gallery.code, "token": token(w), "number": 1, "rev": 1, "size": "t"}


def final_proof(token: Callable[[World], str]) -> Kwargs:
    return lambda w: {**final(w), "token": token(w), "rev": 1, "size": "t"}


def spread_proof(token: Callable[[World], str]) -> Kwargs:
    return lambda w: {**retouched(w), "number": w.spread.number, "token": token(w), "rev": 1, "size": "t"}


SAMPLES: dict[str, Sample] = {
    # -- every host
    "enter": Sample(lambda w: {"ticket": "worthless"}),
    "brand-css": Sample(),
    "calendar-feed": Sample(lambda w: {"token": w.photographer.feed_token}, wrong=lambda w: {"token": "nothing"}),
    "set_language": Sample(method="post", data=lambda w: {"language": "en"}),
    # -- console
    "console:calendar:calendar": Sample(),
    "console:calendar:timeline": Sample(query="?view=week"),
    "console:calendar:new": Sample(),
    "console:calendar:undated": Sample(),
    "console:calendar:waiting": Sample(),
    "console:calendar:waiting-new": Sample(),
    "console:calendar:waiting-close": Sample(lambda w: {"pk": w.waiting.pk}, "branch", "post"),
    "console:calendar:resources": Sample(),
    "console:calendar:resource-new": Sample(),
    "console:calendar:resource": Sample(keeper, "branch"),
    "console:calendar:feed": Sample(keeper, "branch", "post", lambda w: {"what": "make"}),
    "console:calendar:shifts": Sample(),
    "console:calendar:shifts-copy": Sample(method="post"),
    "console:calendar:leave": Sample(),
    "console:calendar:leave-end": Sample(lambda w: {"pk": w.leave.pk}, "branch", "post"),
    "console:calendar:hours": Sample(),
    "console:calendar:rules": Sample(method="post", data=lambda w: {"grid": "30"}),
    "console:calendar:holiday-new": Sample(method="post", data=lambda w: {"name": "x", "day": "2030-01-01"}),
    "console:calendar:holiday-strike": Sample(lambda w: {"pk": w.holiday.pk}, "branch", "post"),
    "console:calendar:appointment": Sample(date, "branch"),
    "console:calendar:move": Sample(date, "branch"),
    "console:calendar:note": Sample(date, "branch", "post", lambda w: {"title": "x"}),
    "console:calendar:confirm": Sample(date, "branch", "post"),
    "console:calendar:release": Sample(date, "branch", "post"),
    "console:calendar:cancel": Sample(date, "branch", "post", lambda w: {"reason": "x"}),
    "console:calendar:finish": Sample(date, "branch", "post"),
    "console:calendar:reopen": Sample(date, "branch", "post"),
    "console:calendar:loan": Sample(
        lambda w: {**date(w), **keeper(w)}, "branch", "post", lambda w: {"answer": "agree"}
    ),
    "console:login": Sample(),
    "console:logout": Sample(method="post"),
    "console:password": Sample(),
    "console:today": Sample(),
    "console:board": Sample(),
    "console:board-card": Sample(query="?ids=1,2,3&moved=1,2,3"),
    "console:board-revs": Sample(),
    "console:board-column": Sample(lambda w: {"stage": "selection"}),
    "console:orders:new": Sample(),
    "console:orders:priced": Sample(method="post"),
    "console:orders:known": Sample(query="?phone=13900139001"),
    "console:orders:detail": Sample(order, "branch"),
    "console:orders:live": Sample(order, "branch"),
    "console:orders:sheet": Sample(order, "branch"),
    "console:orders:move": Sample(order, "branch", "post", lambda w: {"target": "production"}),
    "console:orders:duty": Sample(stage, "branch", "post"),
    "console:orders:info": Sample(stage, "branch", "post"),
    "console:orders:change": Sample(order, "branch", "post"),
    "console:orders:issue-new": Sample(order, "branch", "post"),
    "console:orders:issue-end": Sample(lambda w: {**order(w), "issue": w.issue.pk}, "branch", "post"),
    "console:orders:cancel": Sample(order, "branch", "post"),
    "console:orders:finish": Sample(order, "branch", "post"),
    "console:money:checking": Sample(),
    "console:money:arrears": Sample(),
    "console:money:forecast": Sample(),
    "console:money:day": Sample(),
    "console:money:days": Sample(),
    "console:money:commissions": Sample(),
    "console:money:commissions-csv": Sample(),
    "console:money:commission-rules": Sample(of="studio"),
    "console:money:commission-rule-end": Sample(lambda w: {"rule": w.rule.pk}, "studio", "post"),
    "console:money:values": Sample(),
    "console:money:gift": Sample(of="studio", method="post"),
    "console:money:card": Sample(card),
    "console:money:top-up": Sample(card, method="post"),
    "console:money:value-pay-out": Sample(card, method="post"),
    "console:money:points": Sample(card, method="post"),
    "console:money:deal-audit": Sample(deal, "branch", "post"),
    "console:money:deal-correct": Sample(deal, "branch", "post"),
    "console:money:deal-photo": Sample(deal, "branch"),
    "console:money:deal-photo-new": Sample(deal, "branch", "post"),
    "console:money:photo": Sample(lambda w: {"payment": w.payment.pk}, "branch"),
    "console:money:photo-new": Sample(lambda w: {"payment": w.payment.pk}, "branch", "post"),
    "console:money:settlements": Sample(),
    "console:money:share": Sample(of="studio", method="post"),
    "console:money:settlement": Sample(pair),
    "console:money:settlement-csv": Sample(pair),
    "console:money:spend": Sample(order, "branch", "post"),
    "console:money:panel": Sample(order, "branch"),
    "console:money:take": Sample(order, "branch", "post"),
    "console:money:charge": Sample(order, "branch", "post"),
    "console:money:discount": Sample(order, "branch", "post"),
    "console:money:refund": Sample(order, "branch", "post"),
    "console:money:remind": Sample(order, "branch", "post"),
    "console:money:invoice-new": Sample(order, "branch", "post"),
    "console:money:receipt": Sample(receipt, "branch"),
    "console:money:audit": Sample(lambda w: {"payment": w.payment.pk}, "branch", "post"),
    "console:money:correct": Sample(lambda w: {"payment": w.payment.pk}, "branch", "post"),
    "console:money:pay-out": Sample(lambda w: {"refund": w.refund.pk}, "branch", "post"),
    "console:money:refund-audit": Sample(lambda w: {"refund": w.refund.pk}, "branch", "post"),
    "console:money:claim": Sample(lambda w: {"claim": w.claim.pk}, "branch", "post"),
    "console:money:invoice-issue": Sample(lambda w: {"invoice": w.invoice.pk}, "branch", "post"),
    "console:money:invoice-cancel": Sample(lambda w: {"invoice": w.invoice.pk}, "branch", "post"),
    "console:customers:list": Sample(),
    "console:customers:new": Sample(),
    "console:customers:detail": Sample(customer),
    "console:customers:edit": Sample(customer),
    "console:packages:list": Sample(),
    "console:packages:new": Sample(),
    "console:packages:edit": Sample(package),
    "console:packages:offer": Sample(package, "", "post"),
    "console:packages:publication": Sample(package),
    "console:packages:preview": Sample(method="post"),
    "console:packages:standard": Sample(method="post"),
    "console:packages:prices": Sample(),
    "console:packages:price-new": Sample(query="?kind=season"),
    "console:packages:price-edit": Sample(price_rule),
    "console:packages:price-force": Sample(price_rule, "", "post"),
    "console:packages:price-end": Sample(price_rule),
    "console:packages:coupons": Sample(),
    "console:packages:coupon-new": Sample(),
    "console:packages:coupon-edit": Sample(coupon),
    "console:packages:coupon-force": Sample(coupon, "", "post"),
    "console:staff:list": Sample(),
    "console:staff:new": Sample(),
    "console:staff:edit": Sample(colleague, "branch"),
    "console:staff:password": Sample(colleague, "branch", "post"),
    "console:staff:access": Sample(colleague, "branch", "post"),
    "console:branches:list": Sample(),
    "console:branches:new": Sample(of="studio"),
    "console:branches:edit": Sample(branch, "branch"),
    "console:hq:compare": Sample(),
    "console:hq:export": Sample(),
    "console:merchant:list": Sample(of="studio"),
    "console:merchant:stripe-account": Sample(of="studio", method="post", data=lambda w: {"country": "HK"}),
    "console:merchant:stripe-link": Sample(of="studio"),
    "console:merchant:stripe-back": Sample(of="studio"),
    "console:merchant:keys": Sample(wallet, "studio"),
    "console:merchant:check": Sample(wallet, "studio", "post"),
    "console:merchant:offer": Sample(wallet, "studio", "post", lambda w: {"on": "0"}),
    "console:merchant:forget": Sample(wallet, "studio", "post"),
    "console:subscription:overview": Sample(of="studio"),
    "console:subscription:plans": Sample(),
    "console:subscription:choose": Sample(lambda _w: {"code": "group", "interval": "year"}, "studio"),
    "console:subscription:lapsed": Sample(),
    "console:subscription:back": Sample(of="studio"),
    "console:subscription:reading": Sample(of="studio", method="post"),
    "console:subscription:portal": Sample(of="studio", method="post"),
    "console:subscription:cancellation": Sample(of="studio", method="post", data=lambda w: {"on": "1"}),
    "console:outbox": Sample(),
    "console:studio:export": Sample(of="studio"),
    "console:studio:export-state": Sample(export, "studio"),
    "console:studio:export-again": Sample(export, "studio", "post"),
    "console:studio:export-download": Sample(export, "studio"),
    "console:studio:visits": Sample(of="studio"),
    "console:studio:end-visit": Sample(lambda _w: {"code": "0" * 12}, "studio", "post"),
    "console:studio:address": Sample(of="studio"),
    "console:studio:check-address": Sample(of="studio", method="post", data=lambda w: {"name": w.own_domain}),
    "console:studio:drop-address": Sample(of="studio", method="post", data=lambda w: {"name": w.own_domain}),
    "console:studio:closing": Sample(of="studio"),
    "console:studio:cancel-closing": Sample(of="studio", method="post"),
    # -- booking
    "console:booking:panel": Sample(order, "branch"),
    "console:booking:plan": Sample(order, "branch"),
    "console:booking:new": Sample(),
    "console:booking:propose": Sample(lambda w: {"code": w.booked.order.code}, "branch"),
    "console:booking:withdraw": Sample(lambda w: {"code": w.booked.order.code, "pk": w.proposal.pk}, "branch", "post"),
    "portal:shops": Sample(),
    "portal:shop": Sample(lambda w: {"branch": "ns"}),
    "portal:book-dates": Sample(lambda w: {"branch": "ns", "package": w.package.pk}),
    "portal:book-person": Sample(
        lambda w: {"branch": "ns", "package": w.package.pk}, query="?at=2027-03-20T10:00:00%2B08:00"
    ),
    "portal:book-draft": Sample(lambda _w: {"code": DRAFT}),
    "portal:book-code": Sample(lambda _w: {"code": DRAFT}),
    "portal:bookings": Sample(),
    "portal:booking": Sample(lambda _w: {"code": BOOKED}, "customer"),
    "portal:booking-calendar": Sample(lambda _w: {"code": BOOKED}, "customer"),
    "portal:booking-date": Sample(lambda _w: {"code": BOOKED}, "customer"),
    "portal:booking-cancel": Sample(lambda _w: {"code": BOOKED}, "customer"),
    "portal:order-date": Sample(order, "customer"),
    "portal:order-cancel": Sample(order, "customer"),
    "portal:proposal": Sample(lambda w: {"pk": w.proposal.pk}, "customer"),
    "portal:brief": Sample(order, "customer"),
    "portal:plan": Sample(order, "customer"),
    "portal:plan-confirm": Sample(lambda w: {**order(w), "version": 1}, "customer", "post"),
    "portal:plan-return": Sample(lambda w: {**order(w), "version": 1}, "customer", "post"),
    # -- contracts
    "console:contracts:list": Sample(),
    "console:contracts:order-panel": Sample(order, "branch"),
    "console:contracts:compose": Sample(order, "branch"),
    "console:contracts:detail": Sample(contract, "branch"),
    "console:contracts:document": Sample(contract, "branch"),
    "console:contracts:final": Sample(sealed, "branch"),
    "console:contracts:send": Sample(contract, "branch", "post"),
    "console:contracts:withdraw": Sample(contract, "branch"),
    "console:contracts:countersign": Sample(contract, "branch", "post"),
    "console:contracts:annex": Sample(sealed, "branch"),
    "console:contracts:wording": Sample(),
    "console:contracts:furnish": Sample(method="post"),
    "console:contracts:settings": Sample(),
    "console:contracts:clause-new": Sample(),
    "console:contracts:clause": Sample(lambda w: {"pk": w.clause.pk}),
    "console:contracts:template-new": Sample(),
    "console:contracts:template": Sample(lambda w: {"pk": w.contract.template_id}),
    "console:contracts:preview": Sample(lambda w: {"pk": w.contract.template_id}),
    "portal:contract": Sample(contract, "customer"),
    "portal:contract-code": Sample(contract, "customer", "post"),
    "portal:contract-sign": Sample(contract, "customer", "post"),
    "portal:contract-decline": Sample(contract, "customer", "post"),
    "portal:contract-document": Sample(contract, "customer"),
    "portal:contract-final": Sample(sealed, "customer"),
    "portal:proofs": Sample(),
    "portal:proof": Sample(sealed),
    # -- galleries
    "selection:list": Sample(),
    "selection:order-panel": Sample(order, "branch"),
    "selection:create": Sample(order, "branch", "post"),
    "selection:gallery": Sample(gallery, "branch"),
    "selection:live": Sample(gallery, "branch"),
    "selection:publish": Sample(gallery, "branch", "post"),
    "selection:withdraw": Sample(gallery, "branch", "post"),
    "selection:unlock": Sample(gallery, "branch", "post"),
    "selection:photo": Sample(photo, "branch"),
    "selection:people": Sample(gallery, "branch"),
    "selection:guests": Sample(gallery, "branch", "post", lambda w: GUEST),
    "selection:sharing-default": Sample(gallery, "branch", "post", lambda w: {"shares": "0"}),
    "selection:person": Sample(person, "branch", "post", lambda w: {"role": "viewer"}),
    "selection:person-pin": Sample(person, "branch", "post"),
    "selection:pin-card": Sample(person, "branch"),
    "selection:prices": Sample(gallery, "branch", "post", lambda w: {"slot": "1", "price_minor": "1", "reason": "x"}),
    "selection:suggest": Sample(photo, "branch", "post", lambda w: {"slot": "1"}),
    "selection:remove": Sample(photo, "branch", "post"),
    "selection:restore": Sample(photo, "branch", "post"),
    "selection:original": Sample(photo, "branch", "post"),
    "selection:picked": Sample(lambda w: {**gallery(w), "kind": "csv"}, "branch"),
    "selection:handover": Sample(lambda w: {**retouched(w), "name": "table.csv"}, "branch"),
    "selection:evidence": Sample(retouched, "branch"),
    "selection:retouch-list": Sample(),
    "selection:retouch": Sample(retouched, "branch"),
    "selection:retouch-live": Sample(retouched, "branch"),
    "selection:retouch-photo": Sample(lambda w: {**retouched(w), "number": 1}, "branch"),
    "selection:retouch-start": Sample(gallery, "branch", "post"),
    "selection:retouch-assign": Sample(gallery, "branch", "post"),
    "selection:retouch-stop": Sample(gallery, "branch", "post"),
    "selection:retouch-send": Sample(gallery, "branch", "post"),
    "selection:retouch-grant": Sample(gallery, "branch", "post"),
    "selection:final-place": Sample(final, "branch", "post"),
    "selection:final-discard": Sample(final, "branch", "post"),
    "selection-api:manifest": Sample(gallery, "customer"),
    "selection-api:picks": Sample(gallery, "customer", "post", taps, json=True),
    "selection-api:placements": Sample(
        gallery,
        "customer",
        "post",
        lambda w: {"device": "phone1", "ops": [{"op": 1, "photo": 1, "slot": 1, "v": True, "at": 1}]},
        json=True,
    ),
    "selection-api:note": Sample(
        photo, "customer", "put", lambda w: {"device": "phone1", "op": 1, "text": "x"}, json=True
    ),
    "selection-api:suggestions": Sample(gallery, "customer", "put", lambda w: {"muted": True}, json=True),
    "selection-api:submit": Sample(
        gallery, "customer", "post", lambda w: {"extra_total_minor": 0, "signed_name": "x"}, json=True
    ),
    "selection-api:uploads-sign": Sample(
        gallery, "branch", "post", lambda w: {"files": [{"name": "a.jpg", "size": 9, "md5": "0" * 32}]}, json=True
    ),
    "selection-api:uploads-complete": Sample(gallery, "branch", "post", lambda w: {"photos": [1]}, json=True),
    "selection:cull": Sample(gallery, "branch"),
    "selection:selection-desk": Sample(gallery, "branch"),
    "selection:selection-desk-bill": Sample(gallery, "branch"),
    "selection-api:desk-sheet": Sample(gallery, "branch"),
    "selection-api:desk-sitting": Sample(gallery, "branch", "post", lambda w: {"on": True}, json=True),
    "selection-api:desk-shown": Sample(gallery, "branch", "post", lambda w: {"photos": [1]}, json=True),
    "selection-api:desk-suggestion": Sample(
        gallery, "branch", "post", lambda w: {"photo": 1, "slot": 0, "on": True}, json=True
    ),
    "selection-api:sitting": Sample(gallery, "customer"),
    "selection-api:sitting-phone": Sample(gallery, "customer", "post", lambda w: {"follows": True}, json=True),
    "selection:arrange": Sample(gallery, "branch"),
    "selection:order": Sample(gallery, "branch", "post", lambda w: {"order": "time"}),
    "selection:look-new": Sample(gallery, "branch", "post", lambda w: {"name": "主纱"}),
    "selection:looks-suggest": Sample(gallery, "branch", "post", lambda w: {"gap": "10"}),
    "selection:looks-order": Sample(gallery, "branch", "post"),
    "selection:look": Sample(lambda w: {**gallery(w), "look": w.look.pk}, "branch", "post", lambda w: {"name": "晚装"}),
    "selection:stacks": Sample(gallery, "branch", "post", lambda w: {"gap": "20", "distance": "10"}),
    "selection-api:cull-sheet": Sample(gallery, "branch"),
    "selection-api:cull-marks": Sample(
        gallery, "branch", "post", lambda w: {"marks": [{"photo": 1, "stars": 3}]}, json=True
    ),
    "selection-api:cull-look": Sample(gallery, "branch", "post", lambda w: {"photos": [1], "look": None}, json=True),
    "selection-api:cull-stack": Sample(gallery, "branch", "post", lambda w: {"photos": [1], "act": "join"}, json=True),
    "selection-api:cull-stacks": Sample(gallery, "branch", query="?gap=20&distance=10"),
    "selection-api:cull-cover": Sample(gallery, "branch", "post", lambda w: {"photo": None}, json=True),
    "selection-api:verdicts": Sample(
        retouched,
        "customer",
        "post",
        lambda w: {"now": 9, "verdicts": [{"photo": 1, "version": 1, "v": "accept", "at": 9}]},
        json=True,
    ),
    "selection:delivery": Sample(delivered, "branch"),
    "selection:delivery-live": Sample(delivered, "branch"),
    "selection:deliver": Sample(delivered, "branch", "post"),
    "selection:delivery-extend": Sample(delivered, "branch", "post"),
    "selection:delivery-grant": Sample(delivered, "branch", "post"),
    "selection:delivery-archive": Sample(delivered, "branch", "post"),
    "selection:delivery-revive": Sample(delivered, "branch", "post"),
    "selection:story": Sample(delivered, "branch"),
    "selection:story-clip": Sample(delivered, "branch"),
    "selection:story-clip-removal": Sample(delivered, "branch", "post"),
    "selection:story-clip-restoration": Sample(delivered, "branch", "post"),
    "selection-api:clips-sign": Sample(
        delivered, "branch", "post", lambda w: {"files": [{"name": "a.mp4", "size": 9, "md5": "0" * 32}]}, json=True
    ),
    "selection-api:clips-complete": Sample(delivered, "branch", "post", lambda w: {"photos": [1]}, json=True),
    "selection-api:delivery": Sample(delivered, "customer"),
    "selection-api:finals-sign": Sample(
        retouched, "branch", "post", lambda w: {"files": [{"name": "a.jpg", "size": 9, "md5": "0" * 32}]}, json=True
    ),
    "selection-api:finals-complete": Sample(retouched, "branch", "post", lambda w: {"photos": [1]}, json=True),
    "selection:reopening": Sample(retouched, "branch"),
    "selection:reopening-approve": Sample(gallery, "branch", "post"),
    "selection:reopening-decline": Sample(gallery, "branch", "post"),
    "selection:reopening-offer": Sample(gallery, "branch", "post"),
    "selection:part-reopen": Sample(lambda w: {**gallery(w), "part": 1}, "branch", "post"),
    "selection:part-evidence": Sample(lambda w: {**retouched(w), "part": 1}, "branch"),
    "selection:part-handover": Sample(lambda w: {**retouched(w), "part": "1", "name": "numbers.txt"}, "branch"),
    "selection:library": Sample(),
    "selection:sample": Sample(lambda w: {"sample": w.sample.code}),
    "selection:sample-tags": Sample(lambda w: {"sample": w.sample.code}, "shared", "post"),
    "selection:sample-removal": Sample(lambda w: {"sample": w.sample.code}, "shared", "post"),
    "selection:own-works": Sample(),
    "selection:release-end": Sample(lambda w: {"release": w.release.pk}, "shared", "post"),
    "selection:history": Sample(gallery, "branch"),
    "selection:rights": Sample(gallery, "branch"),
    "selection:rights-samples": Sample(gallery, "branch", "post"),
    "selection:rights-note": Sample(gallery, "branch", "post"),
    "media:sample": Sample(lambda w: {"sample": w.sample.code, "size": "t"}),
    "media:root": Sample(lambda w: {"code": w.gallery.code, "token": w.media_token}, empty=True),
    "media:rendition": Sample(proof(lambda w: w.media_token), wrong=proof(lambda w: "A" * 16)),
    "media:final": Sample(final_proof(lambda w: w.final_token), wrong=final_proof(lambda w: "A" * 16)),
    # -- albums
    "selection:album-list": Sample(),
    "selection:albums": Sample(retouched, "branch"),
    "selection:album-start": Sample(retouched, "branch", "post"),
    "selection:album": Sample(album, "branch"),
    "selection:album-live": Sample(album, "branch"),
    "selection:album-evidence": Sample(album, "branch"),
    "selection:album-assign": Sample(album, "branch", "post"),
    "selection:album-stop": Sample(album, "branch", "post"),
    "selection:album-send": Sample(album, "branch", "post"),
    "selection:album-grant": Sample(album, "branch", "post"),
    "selection:album-settle": Sample(said, "branch", "post"),
    "selection:album-spread": Sample(spread, "branch"),
    "selection:spread-place": Sample(spread, "branch", "post", lambda w: {"to": "1"}),
    "selection:spread-remove": Sample(spread, "branch", "post"),
    "selection:spread-restore": Sample(spread, "branch", "post"),
    "selection:spread-discard": Sample(spread, "branch", "post"),
    "selection:spread-remark": Sample(spread, "branch", "post"),
    "selection-api:spreads-sign": Sample(
        album, "branch", "post", lambda w: {"files": [{"name": "a.jpg", "size": 9, "md5": "0" * 32}]}, json=True
    ),
    "selection-api:spreads-complete": Sample(album, "branch", "post", lambda w: {"photos": [1]}, json=True),
    "media:spread": Sample(spread_proof(lambda w: w.final_token), wrong=spread_proof(lambda w: "A" * 16)),
    "portal:albums": Sample(retouched, "customer"),
    "portal:album": Sample(album, "customer"),
    "portal:album-offer": Sample(album, "customer", "post", lambda w: {"answer": "decline"}),
    "portal:album-evidence": Sample(album, "customer"),
    "portal:album-draft": Sample(draft, "customer"),
    "portal:album-spread": Sample(leaf, "customer"),
    "portal:album-verdict": Sample(leaf, "customer", "post", lambda w: {"number": "1", "value": "approve"}),
    "portal:album-comment": Sample(leaf, "customer", "post"),
    "portal:album-swap": Sample(leaf, "customer"),
    "portal:album-settle": Sample(said, "customer", "post", lambda w: {"outcome": "done"}),
    "portal:album-return": Sample(draft, "customer", "post"),
    "portal:album-approve": Sample(draft, "customer", "post"),
    "media:clean": Sample(clean(lambda w: w.clean_token), wrong=clean(lambda w: "A" * 16)),
    "media:story": Sample(
        lambda w: {"share": w.share_code, "number": 1, "size": "t"},
        wrong=lambda w: {"share": "A" * 24, "number": 1, "size": "t"},
    ),
    "media:showcase": Sample(lambda w: {"sample": w.public.code, "size": "t"}),
    "portal:showcase": Sample(),
    "portal:showcase-work": Sample(lambda w: {"sample": w.public.code}),
    "media:clip": Sample(
        lambda w: {**delivered(w), "token": w.clean_token, "number": w.clip.number},
        wrong=lambda w: {**delivered(w), "token": "A" * 16, "number": w.clip.number},
    ),
    "media:story-clip": Sample(
        lambda w: {"share": w.share_code, "number": w.clip.number},
        wrong=lambda w: {"share": "A" * 24, "number": w.clip.number},
    ),
    "delivery:root": Sample(lambda w: {**delivered(w), "given": "A" * 20}, empty=True),
    "delivery:take": Sample(taking(lambda w: w.download_pass), wrong=taking(lambda w: "1.zz.AAAAAAAAAAAAAAAAAAAA")),
    # -- portal
    "portal:delivery": Sample(delivered, "customer"),
    "portal:delivery-photo": Sample(lambda w: {**delivered(w), "what": "f1"}, "customer"),
    "portal:story": Sample(delivered, "customer"),
    "portal:story-share": Sample(delivered, "customer", "post", lambda w: {"shared": "1"}),
    "portal:shared-story": Sample(lambda w: {"share_code": w.share_code}),
    "portal:login": Sample(),
    "portal:code": Sample(),
    "portal:resend": Sample(method="post"),
    "portal:logout": Sample(method="post"),
    "portal:home": Sample(),
    "portal:order": Sample(order, "customer"),
    "portal:value": Sample(),
    "portal:bill": Sample(order, "customer"),
    "portal:pay": Sample(order, "customer", "post", lambda w: {"route": "x"}),
    "portal:pay-claim": Sample(order, "customer", "post", lambda w: {"amount": "x"}),
    "portal:ask-invoice": Sample(order, "customer", "post", lambda w: {"title": ""}),
    "portal:receipt": Sample(receipt, "customer"),
    "portal:payment": Sample(lambda w: {"reference": w.attempt.reference}, "customer"),
    "portal:galleries": Sample(),
    "portal:account": Sample(),
    "portal:language": Sample(method="post", data=lambda w: {"language": "en"}),
    "portal:revoke": Sample(lambda w: {"session": w.device.pk}, "customer", "post"),
    "portal:gallery": Sample(gallery, "customer"),
    "portal:pin": Sample(gallery),
    "portal:people": Sample(gallery, "customer"),
    "portal:sharing": Sample(gallery, "customer", "post", lambda w: {"shares": "0"}),
    "portal:guests": Sample(gallery, "customer", "post", lambda w: GUEST),
    "portal:person": Sample(person, "customer", "post", lambda w: {"role": "viewer"}),
    "portal:review": Sample(gallery, "customer"),
    "portal:review-evidence": Sample(retouched, "customer"),
    "portal:part-evidence": Sample(lambda w: {**retouched(w), "part": 1}, "customer"),
    "portal:swaps": Sample(gallery, "customer"),
    "portal:slot": Sample(lambda w: {**gallery(w), "slot": 1}, "customer"),
    "portal:take-back": Sample(gallery, "customer", "post", lambda w: {"photo": "1"}),
    "portal:originals": Sample(gallery, "customer", "post", lambda w: {"wanted": "1"}),
    "portal:suggestions": Sample(gallery, "customer", "post", lambda w: {"muted": "1"}),
    "portal:retouch": Sample(retouched, "customer"),
    "portal:retouch-photo": Sample(lambda w: {**retouched(w), "number": 1}, "customer"),
    "portal:retouch-verdict": Sample(
        lambda w: {**retouched(w), "number": 1}, "customer", "post", lambda w: {"version": 1, "value": "accept"}
    ),
    "portal:retouch-rest": Sample(retouched, "customer", "post"),
    "portal:retouch-return": Sample(retouched, "customer", "post"),
    "portal:retouch-sign": Sample(retouched, "customer", "post"),
    "portal:part": Sample(gallery, "customer"),
    "portal:change": Sample(retouched, "customer"),
    "portal:change-withdrawal": Sample(retouched, "customer", "post"),
    "portal:change-slot": Sample(lambda w: {**retouched(w), "slot": 1}, "customer"),
    "portal:change-answer": Sample(retouched, "customer", "post"),
    "portal:rights": Sample(retouched, "customer"),
    "portal:rights-revoke": Sample(lambda w: {**retouched(w), "consent": w.consent.pk}, "customer", "post"),
    "portal:retouch-offer": Sample(retouched, "customer", "post"),
}
