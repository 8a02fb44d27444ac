"""From template, clauses and an order's facts to the words of a contract and its file. Pure: nothing is stored."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.contracts import fields, paper, trail
from core.contracts.models import Clause
from core.studios.brand import logo_of

NUMERALS = {"zh-hans": "一二三四五六七八九十", "zh-hant": "一二三四五六七八九十"}


@dataclass(frozen=True, slots=True)
class Composition:
    """A contract's words and facts with the hash of both."""

    title: str
    language: str
    blocks: list[dict[str, Any]]
    data: dict[str, Any]

    @property
    def sha256(self) -> str:
        return trail.sha256({"title": self.title, "blocks": self.blocks, "data": self.data})


def compose(title: str, language: str, clauses: Iterable[Clause], data: dict[str, Any]) -> Composition:
    """Each clause under its numbered heading, fields filled in; the snapshot names the versions of the clauses, and
    whether they let the shoot be moved without a further signature.
    """
    blocks: list[dict[str, Any]] = []
    used, agreed = [], False
    for number, clause in enumerate(clauses, 1):
        heading = fields.fill(clause.title, data, language)
        blocks.append({"kind": "heading", "text": f"{_numeral(number, language)}{heading}"})
        blocks.extend(fields.merge(clause.text, data, language))
        used.append([clause.pk, clause.version])
        agreed = agreed or fields.uses(clause.text, fields.MOVING)
    moving = {**data["moving"], "is_agreed": agreed}
    return Composition(title, language, blocks, {**data, "clauses": used, "moving": moving})


def _numeral(number: int, language: str) -> str:
    """一、 十二、 or 1. as contracts of the language count."""
    digits = NUMERALS.get(language)
    if digits is None or number > 99:
        return f"{number}. "
    tens, ones = divmod(number, 10)
    word = (("" if tens == 1 else digits[tens - 1]) + "十" if tens else "") + (digits[ones - 1] if ones else "")
    return f"{word}、"


def document(composition: Composition, *, number: str, at: dt.datetime) -> bytes:
    """The exact file that is read and signed; its footer names the hash of the content."""
    return paper.render(
        title=composition.title,
        number=number,
        studio=composition.data["studio"]["name"],
        logo=logo_of(composition.data["studio"].get("logo", "")),
        language=composition.language,
        footer=f"SHA-256 {composition.sha256}",
        blocks=composition.blocks,
        at=at,
    )
