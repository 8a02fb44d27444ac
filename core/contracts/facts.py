"""What a contract states of an order, as plain data (the snapshot) made once at composition. No wording, no rows."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.catalog.terms import Deposit
from core.contracts.models import ContractSetting
from core.finance.enums import Who
from core.finance.refundtable import USUAL, percent_of
from core.finance.schedules import split
from core.kernel import clock
from core.orders.enums import PersonPart
from core.orders.models import Order
from core.scheduling.selectors import rules_of
from tenants.context import current_studio

SIGNING_PARTS = (PersonPart.MAIN, PersonPart.BRIDE, PersonPart.GROOM, PersonPart.PARENT)


def facts_of(order: Order, setting: ContractSetting, quote: Any = None) -> dict[str, Any]:
    """Everything the merge fields may ask for: primitives only, complete without any other row.

    `quote`: an object with `lines` and `total_minor` (core.catalog.quotes); else the lines frozen with the order.
    """
    studio, terms = current_studio(), order.terms
    total = quote.total_minor if quote is not None else order.price_minor
    return {
        "studio": {"name": setting.party_name or studio.name, "number": setting.party_number, "logo": studio.logo},
        "branch": {name: getattr(order.branch, name) for name in ("name", "city", "address", "phone")},
        "order": {
            "code": order.code,
            "title": order.title,
            "kind": order.kind,
            "currency": order.currency,
            "price_minor": total,
            "shoot_on": _iso(order.shoot_on),
            "promised_on": _iso(order.promised_on),
            "note": order.note,
        },
        "people": people_of(order),
        "lines": _lines(order, quote, total),
        "instalments": instalments_of(total, terms),
        "refunds": refunds_of(terms),
        "deposit": {"kind": setting.deposit_kind, "text": setting.deposit_text, "minor": deposit_of(total, terms)},
        "terms": _plain(terms),
        "moving": {"days": rules_of(order.branch).change_days, "keeps_share": True},
        "today": clock.today(order.branch.timezone).isoformat(),
    }


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def people_of(order: Order) -> list[dict[str, Any]]:
    """Who is on the order, the main contact first; of whom a signature is usually asked is `signs`."""
    rows = order.people.select_related("customer").order_by("pk")
    found = sorted(rows, key=lambda row: (row.part != PersonPart.MAIN, row.pk))
    return [
        {
            "customer": row.customer_id,
            "name": row.customer.name,
            "phone": row.customer.phone,
            "part": str(row.part),
            "signs": row.part in SIGNING_PARTS,
        }
        for row in found
    ]


def _lines(order: Order, quote: Any, total: int) -> list[dict[str, Any]]:
    """The itemised price; its sum is the total, by a line of its own where something else was agreed."""
    names = ("kind", "name", "quantity", "each_minor", "total_minor")
    if quote is not None:
        lines = [{name: getattr(line, name) for name in names} for line in quote.lines]
    elif order.terms.get("lines"):
        lines = [{name: line.get(name) for name in names} for line in order.terms["lines"]]
    else:
        full = order.terms.get("price_minor", total)
        named = order.terms.get("package") or order.title
        lines = [{"kind": "package", "name": named, "quantity": 1, "each_minor": full, "total_minor": full}]
    if off := total - sum(line["total_minor"] for line in lines):
        kind = "discount" if off < 0 else "surcharge"
        lines.append({"kind": kind, "name": "", "quantity": 1, "each_minor": off, "total_minor": off})
    return lines


def deposit_of(total: int, terms: Mapping[str, Any]) -> int:
    """What the terms ask as a deposit, never more than the price."""
    return Deposit(**(terms.get("deposit") or {})).of(total)


def instalments_of(total: int, terms: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The price over its instalments as the books will ask for them; amounts sum to the price."""
    return [{"when": part.when, "minor": part.amount, "days": part.days} for part in split(total, terms)]


def refunds_of(terms: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The refund table, each percentage asked of the very function that will count it when an order ends."""
    table = terms.get("refunds") or []
    found = []
    for who in Who.values:
        days = {int(row.get("until_days") or 0) for row in table or USUAL if row.get("who") == who}
        steps = [("dated", n) for n in sorted(days, reverse=True) if n > 0] + [("dated", 0), ("shot", -1)]
        for state, left in [("undated", None), *steps]:
            percent = percent_of(table, who, left)
            found.append({"who": who, "state": state, "days": max(left or 0, 0), "percent": percent})
    return found


def _plain(terms: Mapping[str, Any]) -> dict[str, Any]:
    """The frozen terms, without what contracts never state."""
    return {name: value for name, value in terms.items() if name not in {"blocks", "lines"}}


def signers_of(people: Sequence[Mapping[str, Any]], chosen: Iterable[int] = ()) -> list[dict[str, Any]]:
    """Who signs: the chosen customers, else those of whom it is usually asked. A parent signs for the children."""
    wanted = set(chosen)
    signing = [one for one in people if (one["customer"] in wanted if wanted else one["signs"])]
    children = "、".join(one["name"] for one in people if one["part"] == PersonPart.CHILD)
    by_parents = any(one["part"] == PersonPart.PARENT for one in signing)
    return [
        {**one, "signs_for": children if one["part"] == PersonPart.PARENT or not by_parents else ""} for one in signing
    ]
