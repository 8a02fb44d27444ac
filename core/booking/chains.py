"""A package's shoot as the calendar plans it, and what a booking of it asks for at once. Pure."""

from collections.abc import Mapping
from typing import Any

from core.catalog.terms import Terms
from core.scheduling.chains import USUAL, Chain, chain_of
from core.scheduling.enums import AppointmentKind


def shoot_chain(terms: Mapping[str, Any]) -> Chain:
    """The shoot of these terms, else the usual one. Refusal chain.unsound for one that cannot be planned."""
    blocks = terms.get("blocks")
    return chain_of(blocks) if blocks else USUAL[AppointmentKind.SHOOT]


def deposit_of(terms: Mapping[str, Any], price_minor: int) -> int:
    """What must be paid before the booking is firm."""
    return Terms.of(terms).deposit.of(price_minor)
