"""How an address is asked for, and what its kwargs name.

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
from tests.architecture.world import World

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


def online(w: World) -> dict[str, Any]:
    return {"code": w.top_up.account.code}


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


def invitation(w: World) -> dict[str, Any]:
    return {"pk": w.invitation.pk}


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
