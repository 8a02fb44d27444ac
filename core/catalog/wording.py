"""Terms in words, row by row: one wording for the card that a customer sees, the diff before publishing, a contract.

Labels and sentences are in the current language; names are the studio's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, ngettext, pgettext, to_locale
from django.utils.translation import gettext as _

from core.catalog.enums import Due, Need, Originals, ProductKind, ShootKind, Who
from core.catalog.possible import Possible, possible_extras
from core.catalog.terms import Terms
from core.kernel.money import format_minor


@dataclass(frozen=True, slots=True)
class Row:
    """One point of the terms. `key` is the same in every version, so that two can be compared."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading. `name`: price · included · extra · after · gowns · shoot · paying."""

    name: str
    title: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Change:
    """How a point differs; an empty text: it was not there before, or is no more."""

    label: str
    before: str
    after: str


class _Words:
    """Words of one currency."""

    def __init__(self, currency: str) -> None:
        self.currency, self.locale = currency, to_locale(get_language() or "zh-hans")

    def money(self, minor: int) -> str:
        return format_minor(minor, self.currency, self.locale) if minor else _("free of charge")

    def tiers(self, rows: Iterable[Mapping[str, int]]) -> str:
        told = (
            _("from extra no. %(n)s on %(price)s") % {"n": row["from"], "price": self.money(row["price_minor"])}
            for row in rows
        )
        return "".join(f" · {text}" for text in told)


def sections(raw: Mapping[str, Any], currency: str) -> list[Section]:
    """Everything that the terms say, grouped as a customer reads it. Empty sections are left out."""
    words, terms = _Words(currency), Terms.of(raw)
    made = [
        Section("included", _("What is included"), _included(raw, terms)),
        Section("extra", _("What costs extra"), _extra(raw, words)),
        Section("after", _("After the shoot"), _after(terms)),
        Section("gowns", _("Gowns"), _gowns(terms)),
        Section("shoot", _("The shoot"), _shoot(terms)),
        Section("paying", _("Paying and cancelling"), _paying(terms, words)),
    ]
    return [section for section in made if section.rows]


def changes(former: Mapping[str, Any], new: Mapping[str, Any], currency: str) -> list[Change]:
    """What is different in `new`, in its order; what is gone comes last."""
    before, after = ({row.key: row for row in _all(raw, currency)} for raw in (former, new))
    found = []
    for key in [*after, *(key for key in before if key not in after)]:
        old, now = before.get(key), after.get(key)
        if (old and old.text) != (now and now.text):
            label = (now or old).label  # type: ignore[union-attr]  # one of them is there
            found.append(Change(label, old.text if old else "", now.text if now else ""))
    return found


def _all(raw: Mapping[str, Any], currency: str) -> list[Row]:
    words = _Words(currency)
    rows = [
        Row("package", _("Package name"), str(raw["package"])),
        Row("kind", _("Kind of shoot"), str(ShootKind(raw["kind"]).label)),
        Row("description", _("Description"), str(raw.get("description", ""))),
        Row("price_minor", _("Price"), words.money(raw["price_minor"])),
    ]
    return rows + [row for section in sections(raw, currency) for row in section.rows]


def _included(raw: Mapping[str, Any], terms: Terms) -> list[Row]:
    labels = {
        "photos_taken": _("Photos taken"),
        "retouched_included": _("Retouched photos included"),
        "outfits": _("Outfits"),
        "scenes": _("Scenes"),
        "retouch_rounds": _("Retouch rounds"),
    }
    rows = [Row(name, label, str(raw[name])) for name, label in labels.items()]
    rows.append(Row("style_rounds", _("Changes of style"), str(terms.style_rounds)))
    kinds = dict(ProductKind.choices)
    rows += [
        Row(f"product.{i}.{item['name']}", str(kinds.get(item["kind"], "")), f"{item['name']} ×{item['quantity']}")
        for i, item in enumerate(raw.get("products", []))
    ]
    rows += [Row(f"slot.{slot['name']}", slot["name"], _slot(slot)) for slot in raw.get("slots", [])]
    if terms.originals:
        rows.append(Row("originals", _("Originals"), str(Originals(terms.originals).label)))
    return rows


def _slot(slot: Mapping[str, Any]) -> str:
    text = ngettext("%(n)d photo", "%(n)d photos", slot["included"]) % {"n": slot["included"]}
    return text + (" · " + _("must be filled") if slot["is_required"] else "")


def _extra(raw: Mapping[str, Any], words: _Words) -> list[Row]:
    """Everything that could ever be charged on top (R099)."""
    return [Row(one.key, one.name, _priced(one, words)) for one in possible_extras(raw)]


def _priced(one: Possible, words: _Words) -> str:
    return words.money(one.minor) + words.tiers(one.tiers) + (f" · {one.note}" if one.note else "")


def _after(terms: Terms) -> list[Row]:
    rows = [
        Row("delivery_days", _("Days from selection to delivery"), str(terms.delivery_days)),
        Row("album_rounds", _("Album rounds"), str(terms.album_rounds)),
        Row("access_days", _("Days for downloading"), str(terms.access_days)),
        Row("publishing", _("Publishing"), terms.publishing or _("Not agreed: nothing is published.")),
    ]
    if terms.promised_days:
        rows.insert(0, Row("promised_days", _("Days from the shoot to the delivery"), str(terms.promised_days)))
    return rows


def _gowns(terms: Terms) -> list[Row]:
    gowns, rows = terms.gown_terms, []
    if gowns["couture_pieces"]:
        text = ngettext("%(n)d day", "%(n)d days", gowns["couture_days"]) % {"n": gowns["couture_days"]}
        rows.append(Row("couture", _("Couture gowns included"), f"{gowns['couture_pieces']} · {text}"))
    if gowns["text"]:
        rows.append(Row("gown_text", _("Gown rules"), gowns["text"]))
    return rows


def _shoot(terms: Terms) -> list[Row]:
    needs = dict(Need.choices)
    comma = pgettext("between the items of a list", ", ")
    rows = []
    for i, block in enumerate(terms.blocks):
        who = comma.join(str(needs[need]) for need in block.needs)
        text = _("%(begin)s–%(end)s after the beginning") % {
            "begin": _hours(block.offset), "end": _hours(block.offset + block.minutes),
        }  # fmt: skip
        rows.append(Row(f"block.{i}.{block.name}", block.name, f"{text} · {who}" if who else text))
    return rows


def _hours(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def _paying(terms: Terms, words: _Words) -> list[Row]:
    rows = []
    if terms.deposit.value:
        share = f"{terms.deposit.value}%" if terms.deposit.kind == "percent" else words.money(terms.deposit.value)
        rows.append(Row("deposit", _("Deposit"), share))
    rows += [
        Row(f"due.{i}", str(Due(part.when).label), f"{part.percent}%{_days_of(part.when, part.days)}")
        for i, part in enumerate(terms.schedule)
    ]
    for who in Who:
        told = sorted((row for row in terms.refunds if row.who == who), key=lambda row: -row.until_days)
        if told:
            rows.append(Row(f"refund.{who}", str(who.label), "\n".join(_refund(row) for row in told)))
    return rows


def _days_of(when: str, days: int) -> str:
    if not days:
        return ""
    if days < 0:
        return " · " + ngettext("%(n)d day before", "%(n)d days before", -days) % {"n": -days}
    return " · " + ngettext("%(n)d day after", "%(n)d days after", days) % {"n": days}


def _refund(row: Any) -> str:
    if row.until_days < 0:
        return f"{_('also after the shoot, of what was not delivered')}: {row.refund_percent}%"
    days = ngettext("%(n)d day or more before", "%(n)d days or more before", row.until_days) % {"n": row.until_days}
    return f"{days if row.until_days else _('until the shoot')}: {row.refund_percent}%"
