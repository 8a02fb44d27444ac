"""What an order would cost, worked out while the form is being filled in."""

from dataclasses import dataclass
from typing import Any

from core.catalog.enums import Unit
from core.catalog.quotes import Quote, quote
from core.catalog.rates import MOST_OF_ONE, agreed
from core.catalog.selectors import latest_version
from core.catalog.terms import Terms
from core.console.orders.taking import NewOrderForm, known_customer, major
from core.console.sentences import refusal_sentence
from core.kernel.errors import Refusal


@dataclass(frozen=True)
class Bookable:
    """An add-on as the form shows it."""

    code: str
    name: str
    price_minor: int
    unit: str
    most: int
    count: int


@dataclass(frozen=True)
class Worked:
    """The price of what the form says so far: lines to the agreed price, or why there is none."""

    addons: list[Bookable]
    lines: list[dict[str, Any]]
    total_minor: int | None = None
    quoted: str = ""  # in major units, for the page's script
    refused: str = ""


def worked_out(form: NewOrderForm) -> Worked | None:
    """For a form that was checked, complete or not; None until a package is chosen. Changes nothing."""
    told = form.cleaned_data if form.errors is not None else {}  # asking for the errors checks the form
    branch, package = told.get("branch"), told.get("package")
    version = latest_version(package) if branch and package else None
    if branch is None or version is None:
        return None
    wanted, customer = form.wanted(branch), known_customer(told["phone"]) if told.get("phone") else None
    addons = _bookable(Terms.of(version.terms), dict(wanted.addons))
    try:
        shoot = wanted.shoot_at or told.get("shoot_on")
        found: Quote = quote(version, branch, shoot, wanted.addons, wanted.coupon, customer)
    except Refusal as refusal:
        return Worked(addons, [], refused=refusal_sentence(refusal))
    lines = agreed(found, told.get("price"))
    return Worked(addons, lines, sum(line["total_minor"] for line in lines), major(found.total_minor, found.currency))


def _bookable(terms: Terms, counts: dict[str, int]) -> list[Bookable]:
    units = dict(Unit.choices)
    return [
        Bookable(
            addon.code, addon.name, addon.price_minor, str(units.get(addon.unit, "")), addon.most or MOST_OF_ONE,
            counts.get(addon.code, 0),
        )
        for addon in terms.addons
    ]  # fmt: skip
