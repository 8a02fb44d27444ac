"""The blocks that merge fields stand for: parties, price, extras, instalments, refunds. Words in the active language.

A table's `widths` are shares of the line, `numeric` the columns that are figures; every cell is text.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, gettext, ngettext, to_locale

from core.catalog.possible import Possible, possible_extras
from core.contracts.enums import DepositKind
from core.kernel.money import format_minor
from core.orders.enums import PersonPart

LAWFUL_PERCENT = 20  # of the price may be earnest money (Civil Code of the PRC, art. 586)
Data = Mapping[str, Any]
Block = dict[str, Any]


def money(data: Data, minor: int) -> str:
    """An amount in the order's currency."""
    return format_minor(int(minor or 0), data["order"]["currency"], to_locale(get_language() or "zh-hans"))


def table(head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], numeric: Sequence[int]) -> Block:
    return {
        "kind": "table",
        "head": list(head),
        "rows": [list(row) for row in rows],
        "widths": list(widths),
        "numeric": list(numeric),
    }


def parties(data: Data) -> list[Block]:
    """Both sides with what makes them known."""
    studio, branch = data["studio"], data["branch"]
    number = f" · {studio['number']}" if studio["number"] else ""
    place = " · ".join(part for part in (branch["name"], branch["address"], branch["phone"]) if part)
    rows = [[gettext("Party A (studio)"), f"{studio['name']}{number}"], [gettext("Branch"), place]]
    for one in data["people"]:
        part = gettext("Party B") if one["signs"] else str(PersonPart(one["part"]).label)
        rows.append([part, f"{one['name']} · {one['phone']}" if one["signs"] else one["name"]])
    return [{"kind": "pairs", "rows": rows}]


def price(data: Data) -> list[Block]:
    """Line by line, and the sum."""
    names = {"discount": gettext("Discount"), "surcharge": gettext("Surcharge"), "coupon": gettext("Coupon")}
    rows = []
    for line in data["lines"]:
        name = line["name"] or names.get(line["kind"], line["kind"])
        rows.append([name, str(line["quantity"]), money(data, line["each_minor"]), money(data, line["total_minor"])])
    total = gettext("Price of this annex") if data.get("annex_to") else gettext("Total price")
    rows.append([total, "", "", money(data, data["order"]["price_minor"])])
    head = [gettext("Item"), gettext("Quantity"), gettext("Each"), gettext("Amount")]
    return [table(head, rows, (5, 2, 3, 3), (1, 2, 3))]


def package(data: Data) -> list[Block]:
    """What the price contains."""
    terms = data["terms"]
    counted = [
        (gettext("Photos taken"), terms.get("photos_taken")),
        (gettext("Retouched photos"), terms.get("retouched_included")),
        (gettext("Outfits"), terms.get("outfits")),
        (gettext("Scenes"), terms.get("scenes")),
        (gettext("Retouch rounds"), terms.get("retouch_rounds")),
        (gettext("Album rounds"), terms.get("album_rounds")),
    ]
    rows = [[name, str(count)] for name, count in counted if count is not None]
    rows += [[product["name"], str(product["quantity"])] for product in terms.get("products") or []]
    rows += [[f"{slot['name']} ({gettext('photos')})", str(slot["included"])] for slot in terms.get("slots") or []]
    return [table([gettext("Item"), gettext("Included")], rows, (4, 1), (1,))]


def extras(data: Data) -> list[Block]:
    """Everything that could ever be charged on top (R099), each with its price."""
    rows = [row for one in possible_extras(data["terms"]) for row in _tiered(data, one)]
    return [
        table([gettext("What can cost extra"), gettext("Price")], rows, (4, 2), (1,)),
        {"kind": "text", "text": gettext("Nothing else is charged without a new agreement in writing.")},
    ]


def _tiered(data: Data, one: Possible) -> list[list[str]]:
    """The price of each extra, and from which one on it gets cheaper."""
    rows = [[f"{one.name} · {one.note}" if one.note else one.name, money(data, one.minor)]]
    for tier in one.tiers:
        told = gettext("%(name)s, from extra no. %(n)s on") % {"name": one.name, "n": tier["from"]}
        rows.append([told, money(data, tier["price_minor"])])
    return rows


def instalments(data: Data) -> list[Block]:
    """What is due when."""
    rows = []
    for number, part in enumerate(data["instalments"], 1):
        rows.append([str(number), _due(part), money(data, part["minor"])])
    return [table([gettext("No."), gettext("Due"), gettext("Amount")], rows, (1, 5, 3), (2,))]


def _due(part: Mapping[str, Any]) -> str:
    days = int(part["days"])
    if part["when"] == "date":
        before = abs(days)
        if days < 0:
            return ngettext("%(n)d day before the shoot", "%(n)d days before the shoot", before) % {"n": before}
        return ngettext("%(n)d day after the shoot", "%(n)d days after the shoot", days) % {"n": days}
    words = {
        "signing": gettext("At signing"),
        "selection": gettext("When the photos are chosen"),
        "delivery": gettext("At delivery"),
    }
    word = words.get(part["when"], part["when"])
    if days <= 0:
        return word
    return ngettext("%(word)s, within %(n)d day", "%(word)s, within %(n)d days", days) % {"word": word, "n": days}


def refunds(data: Data) -> list[Block]:
    """Whose reason, when, and how much of what was paid goes back."""
    who = {
        "customer": gettext("The customer cancels"),
        "studio": gettext("The studio cannot keep it"),
        "force_majeure": gettext("Force majeure"),
    }
    steps, reasons = ["undated", "dated", "shot"], list(who)
    rows = sorted(
        (row for row in data["refunds"] if row["who"] in who and row["state"] in steps),
        key=lambda row: (reasons.index(row["who"]), steps.index(row["state"]), -row["days"]),
    )
    graded = {row["who"] for row in rows if row["state"] == "dated" and row["days"] > 0}
    cells = [[who[row["who"]], _moment(row, is_graded=row["who"] in graded), f"{row['percent']} %"] for row in rows]
    return [table([gettext("Reason"), gettext("When"), gettext("Given back of what was paid")], cells, (4, 5, 3), (2,))]


def _moment(row: Mapping[str, Any], *, is_graded: bool) -> str:
    if row["state"] == "undated":
        return gettext("Before a date is fixed")
    if row["state"] == "shot":
        if row["who"] == "studio" and row["percent"]:
            return gettext("After the shoot, of what was not delivered")
        return gettext("After the shoot")
    days = int(row["days"])
    if days <= 0:
        return gettext("Later than that, until the shoot") if is_graded else gettext("After a date is fixed")
    return ngettext("At least %(n)d day before the shoot", "At least %(n)d days before the shoot", days) % {"n": days}


def moving(data: Data) -> list[Block]:
    """How the shoot's date can be moved, and that agreeing on the customer's pages is enough."""
    days = int(data["moving"]["days"])
    until = ngettext(
        "Until %(n)d day before the shoot the customer may take another free date online that does not cost more.",
        "Until %(n)d days before the shoot the customer may take another free date online that does not cost more.",
        days,
    )
    agreed = gettext(
        "Any other date needs the agreement of both. A new date that both agree to on the customer's pages, with the "
        "price difference shown there, becomes an annex to this contract and needs no further signature."
    )
    blocks: list[Block] = [{"kind": "text", "text": f"{until % {'n': days}} {agreed}"}]
    if data["moving"].get("keeps_share"):
        blocks.append({"kind": "text", "text": kept_share()})
    return blocks


def kept_share() -> str:
    """Nobody gains by moving far away before giving up, and nobody loses by moving in good time."""
    return gettext(
        "A date that the customer moves counts for refunds as given up on the day of the move: if the order is given "
        "up later, at most the share of the refund table comes back that applied then. What the studio asks to move "
        "does not count."
    )


def deposit_word(data: Data) -> str:
    """定金 or 订金: two characters, two consequences."""
    if data["deposit"]["kind"] == DepositKind.EARNEST:
        return gettext("earnest money")
    return gettext("prepayment")


def deposit(data: Data) -> list[Block]:
    """What the law makes of the deposit, or the studio's own words."""
    own = data["deposit"]["text"].strip()
    if own:
        return [{"kind": "text", "text": own}]
    if not data["deposit"]["minor"]:
        return [{"kind": "text", "text": gettext("No deposit is asked besides the instalments above.")}]
    facts = {"amount": money(data, data["deposit"]["minor"]), "word": deposit_word(data)}
    if data["deposit"]["kind"] == DepositKind.EARNEST:
        text = gettext(
            "%(amount)s is paid as %(word)s. It is counted towards the price. Whoever gives it and breaks the "
            "contract does not get it back; whoever takes it and breaks the contract returns it twofold. The refund "
            "table above counts where it is better for the customer."
        )
        if data["deposit"]["minor"] * 100 > data["order"]["price_minor"] * LAWFUL_PERCENT:
            text += " " + gettext("By law, what exceeds 20%% of the price has no effect as earnest money.")
    else:
        text = gettext(
            "%(amount)s is paid as %(word)s. It is counted towards the price and is no security: it is given back by "
            "the refund table above."
        )
    return [{"kind": "text", "text": text % facts}]


def use_rights(data: Data) -> list[Block]:
    """Whether the studio may show the photographs (R124)."""
    agreed = str(data["terms"].get("publishing") or "").strip()
    text = agreed or gettext(
        "The photos belong to the customer for private use. The studio shows them to others only after a separate "
        "consent, which names the photos and purposes and can be taken back at any time."
    )
    return [{"kind": "text", "text": text}]
