"""Merge fields: `{{customer_name}}` inside a sentence, `{{refund_table}}` on a line of its own. Nothing else is code.

A text is split once; what is put in is never looked at again, so that nobody's name can become a field.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import formats, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.contracts import tables
from core.contracts.tables import money

Data = dict[str, Any]
Block = dict[str, Any]
FIELD = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
ALONE = re.compile(r"^\s*\{\{\s*([A-Za-z0-9_]+)\s*\}\}\s*$")
MOVING = "moving_terms"  # with it in the wording a new date needs no further signature
LOOSE = re.compile(r"\{\{|\}\}")


@dataclass(frozen=True, slots=True)
class Field:
    """A merge field. `make` answers words, or for a `block` field the blocks that take its line's place."""

    label: str | Promise
    make: Callable[[Data], Any]
    is_block: bool = False


def written_day(day: dt.date) -> str:
    """A day with its year, as the active language writes it."""
    return formats.date_format(day, "DATE_FORMAT")


def _term(name: str, default: Any = 0) -> Callable[[Data], str]:
    return lambda data: str(data["terms"].get(name, default) if data["terms"].get(name) is not None else default)


def _day(path: str) -> Callable[[Data], str]:
    def make(data: Data) -> str:
        iso = data["order"][path]
        return written_day(dt.date.fromisoformat(iso)) if iso else str(_("to be agreed"))

    return make


def _names(data: Data) -> str:
    return "、".join(one["name"] for one in data["people"] if one["signs"]) or data["people"][0]["name"]


FIELDS: dict[str, Field] = {
    "studio_name": Field(_("Company"), lambda d: d["studio"]["name"]),
    "studio_number": Field(_("Registration number"), lambda d: d["studio"]["number"] or "—"),
    "branch_name": Field(_("Branch"), lambda d: d["branch"]["name"]),
    "branch_address": Field(_("Address of the branch"), lambda d: d["branch"]["address"] or "—"),
    "branch_phone": Field(_("Phone of the branch"), lambda d: d["branch"]["phone"] or "—"),
    "customer_name": Field(_("Main contact"), lambda d: d["people"][0]["name"]),
    "customer_phone": Field(_("Phone of the main contact"), lambda d: d["people"][0]["phone"]),
    "signer_names": Field(_("Everybody who signs"), _names),
    "order_code": Field(_("Order number"), lambda d: d["order"]["code"]),
    "order_note": Field(_("Note on the order"), lambda d: d["order"]["note"] or "—"),
    "package_name": Field(_("Package"), lambda d: str(d["terms"].get("package", ""))),
    "price": Field(_("Total price"), lambda d: money(d, d["order"]["price_minor"])),
    "deposit": Field(_("Deposit"), lambda d: money(d, d["deposit"]["minor"])),
    "deposit_word": Field(_("定金 or 订金, as set"), tables.deposit_word),
    "balance": Field(_("Price less deposit"), lambda d: money(d, d["order"]["price_minor"] - d["deposit"]["minor"])),
    "shoot_date": Field(_("Shoot date"), _day("shoot_on")),
    "promised_date": Field(_("Promised delivery"), _day("promised_on")),
    "delivery_days": Field(_("Days from selection to delivery"), _term("delivery_days")),
    "photos_taken": Field(_("Photos taken"), _term("photos_taken")),
    "retouched_included": Field(_("Retouched photos included"), _term("retouched_included")),
    "extra_photo_price": Field(_("Price per extra photo"), lambda d: money(d, d["terms"].get("extra_photo_minor", 0))),
    "retouch_rounds": Field(_("Retouch rounds"), _term("retouch_rounds", 2)),
    "album_rounds": Field(_("Album rounds"), _term("album_rounds", 3)),
    "outfits": Field(_("Outfits"), _term("outfits")),
    "scenes": Field(_("Scenes"), _term("scenes")),
    "access_days": Field(_("Days for downloads"), _term("access_days", 365)),
    "signing_date": Field(_("Day of composition"), lambda d: written_day(dt.date.fromisoformat(d["today"]))),
    "parties": Field(_("Both parties"), tables.parties, is_block=True),
    "price_table": Field(_("Itemised price"), tables.price, is_block=True),
    "package_table": Field(_("What is included"), tables.package, is_block=True),
    "extras_table": Field(_("Everything that can cost extra"), tables.extras, is_block=True),
    "instalments_table": Field(_("Instalments"), tables.instalments, is_block=True),
    "refund_table": Field(_("Refund table"), tables.refunds, is_block=True),
    "moving_terms": Field(_("Moving the shoot date"), tables.moving, is_block=True),
    "deposit_text": Field(_("Wording about the deposit"), tables.deposit, is_block=True),
    "use_rights": Field(_("Use of the photos by the studio"), tables.use_rights, is_block=True),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text: `code` unknown | alone | loose, `field` as it was written."""

    code: str
    field: str


def faults_of(text: str) -> list[Fault]:
    """Everything in a text that could not be merged, in reading order."""
    found = []
    for line in text.splitlines():
        for name in FIELD.findall(line):
            if name not in FIELDS:
                found.append(Fault("unknown", name))
            elif FIELDS[name].is_block and not ALONE.match(line):
                found.append(Fault("alone", name))
        if loose := LOOSE.search(FIELD.sub("", line)):
            found.append(Fault("loose", loose[0]))
    return found


def merge(text: str, data: Data, language: str) -> list[Block]:
    """A clause's text as blocks, in the contract's language. Unknown fields stay as they were written."""
    blocks: list[Block] = []
    words: list[str] = []

    def flush() -> None:
        if joined := "\n".join(words).strip():
            blocks.append({"kind": "text", "text": joined})
        words.clear()

    with translation.override(language):
        for line in text.splitlines():
            alone = ALONE.match(line)
            if alone and alone[1] in FIELDS and FIELDS[alone[1]].is_block:
                flush()
                blocks.extend(FIELDS[alone[1]].make(data))
            else:
                words.append(_filled(line, data))
        flush()
    return blocks


def fill(line: str, data: Data, language: str) -> str:
    """One line with its fields filled in: a heading."""
    with translation.override(language):
        return _filled(line, data)


def _filled(line: str, data: Data) -> str:
    def put(found: re.Match[str]) -> str:
        field = FIELDS.get(found[1])
        return found[0] if field is None or field.is_block else str(field.make(data))

    return FIELD.sub(put, line)


def uses(text: str, name: str) -> bool:
    """Whether a text has the field on a line of its own."""
    return any(found[1] == name for line in text.splitlines() if (found := ALONE.match(line)))
