"""Questions about reopenings: which is open, what a change may contain, what the contract would ask for it."""

import hashlib
import json
from typing import Any

from selection.amendments import Reopening
from selection.enums import GalleryState, PhotoState, ReopeningState
from selection.models import Gallery, Photo, Submission
from selection.selectors import price_of

OPEN = [ReopeningState.ASKED, ReopeningState.OFFERED]
ASKABLE = frozenset({GalleryState.SUBMITTED, GalleryState.RETOUCHING, GalleryState.PROOFING})


def reopening_of(gallery: Gallery) -> Reopening | None:
    """The request that is not settled; None when there is none."""
    rows = gallery.reopenings.filter(state__in=OPEN)
    return rows.select_related("submission", "chooser__customer", "answered_by").first()


def last_reopening(gallery: Gallery) -> Reopening | None:
    """The newest request, settled or not."""
    return gallery.reopenings.select_related("submission", "chooser__customer", "answered_by").order_by("-pk").first()


def problem_of(gallery: Gallery, submission: Submission, add: list[int], drop: list[int]) -> list[int]:
    """Numbers with which a change would not make sense: not there, in the list already, or not in it. When nothing
    would be left, every number.
    """
    inside = {number for number, _name in submission.numbers}
    ready = set(gallery.photos.filter(number__in=add, state=PhotoState.READY).values_list("number", flat=True))
    wrong = (set(add) - ready) | (set(add) & inside) | (set(drop) - inside)
    if not wrong and not (inside | set(add)) - set(drop):
        return sorted({*add, *drop})
    return sorted(wrong)


def contract_price(gallery: Gallery, submission: Submission, add: list[int], drop: list[int]) -> int:
    """What the contract asks for the photographs alone: a hint for the offer, before any work that is done twice."""
    picked = submission.picked
    after = picked + len(add) - len(drop)
    return max(0, price_of(gallery, after) - price_of(gallery, picked))


def change_mark(reopening: Reopening) -> str:
    """Names exactly what is offered: photographs, price, and what fills which slot then."""
    told: list[Any] = [reopening.pk, reopening.add, reopening.drop, reopening.price_minor]
    told += [reopening.uses] if reopening.uses else []
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:20]


def addable(gallery: Gallery, submission: Submission) -> list[Photo]:
    """Photographs that could come in, in number order."""
    inside = [number for number, _name in submission.numbers]
    ready = gallery.photos.filter(state=PhotoState.READY).exclude(number__in=inside)
    return list(ready.order_by("number"))
