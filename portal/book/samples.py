"""Pictures that a stranger may see: samples whose standing consent covers the website, and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from selection.rights.enums import SampleKind
from selection.rights.selectors import Wanted, pictured, search, showcase_rows

SHOWN = 24


@dataclass(frozen=True, slots=True)
class Shown:
    """A sample as a picture with words. `is_customer`: of a real customer, which is always said (R096)."""

    code: str
    src: str
    width: int
    height: int
    words: str
    is_customer: bool


def samples(limit: int = SHOWN, *, branch: int | None = None, photographer: int | None = None) -> list[Shown]:
    """The newest samples, perhaps of a branch or of the photographer who answered for the shoot. Two queries."""
    rows = search(Wanted(branch=branch), showcase_rows())
    if photographer is not None:
        stage = "photo__gallery__order__stages"
        rows = rows.filter(**{f"{stage}__stage": "shoot", f"{stage}__owner": photographer})
    return shown(rows[:limit])


def samples_by_code(codes: Iterable[str]) -> list[Shown]:
    """Those of the codes that may still be shown."""
    return shown(showcase_rows().filter(code__in=list(codes)))


def shown(rows: Iterable[Any]) -> list[Shown]:
    """Rows of the library as pictures."""
    found = list(rows)
    pictures = pictured(found)
    return [
        Shown(
            code=row.code,
            src=reverse("media:showcase", args=[row.code, "t"]),
            width=pictures[row.pk].width or 3,
            height=pictures[row.pk].height or 4,
            words=" · ".join([row.look, *row.tags]).strip(" ·"),
            is_customer=row.kind == SampleKind.CUSTOMER,
        )
        for row in found
    ]
