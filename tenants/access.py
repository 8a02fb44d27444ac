"""Every view says who may see it. A view without a declaration does not build (system check `tenants.E010`).

The declaration is a plain attribute so that every floor can make one; the doors that enforce it stand in the surfaces.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """`kind`: anyone · staff · customer · operator · signed (a bearer token in the URL). `capability` for staff pages."""

    kind: str
    capability: str = ""


def declare(kind: str, capability: str = "") -> Callable[[V], V]:
    """Mark a view (function or class) with its Access."""

    def mark(view: V) -> V:
        view.access = Access(kind, str(capability))  # type: ignore[attr-defined]
        return view

    return mark


anyone = declare("anyone")
