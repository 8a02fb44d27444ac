"""Which customers' phones are on the live page of a sitting. Kept on Valkey, forgotten by itself."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache

from core.kernel import live
from selection.models import Chooser

AWAY_AFTER = 45  # seconds; phones speak up every 20
HERE, FOLLOWS = "here", "follows"


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone that is there; `follows`: it opens what the adviser holds up."""

    name: str
    follows: bool


def announce_phone(*, chooser: Chooser, follows: bool, here: bool = True) -> None:
    """The person's phone is there, or goes. Pokes the desk when that is news. No transaction: no row changes."""
    key, said = _key(chooser), (FOLLOWS if follows else HERE) if here else None
    former = cache.get(key)
    if said is None:
        cache.delete(key)
    else:
        cache.set(key, said, AWAY_AFTER)
    if said != former:
        live.poke(f"gallery.{chooser.gallery_id}", {"type": "sitting.phones", "seq": 0})


def phones_of(choosers: Iterable[Chooser]) -> list[Phone]:
    """The phones that are there, in the choosers' order."""
    seats = {_key(chooser): chooser for chooser in choosers}
    found = cache.get_many(seats)
    return [Phone(seat.customer.name, found[key] == FOLLOWS) for key, seat in seats.items() if key in found]


def _key(chooser: Chooser) -> str:
    return f"sitting.phone.{chooser.pk}"
