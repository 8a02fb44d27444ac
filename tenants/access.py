"""Every view says who may see it. A view without a declaration does not build (system check `tenants.E010`).

The declaration is a plain attribute so that every floor can make one; the doors that enforce it stand in the surfaces.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

V = TypeVar("V", bound=Callable[..., Any])
# What becomes of an address that is not the staff's when the subscription has lapsed (config.lapsed); one that is shut
# is so for looking too: a page that leads nowhere is no page
GOES_ON, SHUT = "goes on", "shut"
KINDS = frozenset({"anyone", "staff", "customer", "operator", "signed"})


@dataclass(frozen=True, slots=True)
class Access:
    """`kind`: anyone · staff · customer · operator · signed (a token in the URL). `capability` for staff pages.

    `within`, for pages that ask for `request.customer`: also for a session that opens one object alone, named
    `<within>.<the URL's code>`.
    """

    kind: str
    capability: str = ""
    within: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS or (self.capability and self.kind != "staff"):
            message = f"no such access: {self.kind} {self.capability}"  # a typo must not open a door
            raise ValueError(message)
        if self.within and self.kind not in {"customer", "anyone"}:
            raise ValueError(self.within)

    def admits(self, only: str, code: str) -> bool:
        """Whether a session that opens `only` ("" everything) may ask here for the object `code`."""
        return not only or bool(self.within and code and only == f"{self.within}.{code}")


def declare(kind: str, capability: str = "", *, within: str = "") -> Callable[[V], V]:
    """Mark a view (function or class) with its Access."""
    access = Access(kind, str(capability), within)

    def mark(view: V) -> V:
        view.access = access  # type: ignore[attr-defined]  # Django's stubs do not know it
        return view

    return mark


anyone = declare("anyone")


def access_of(view: Any) -> Access | None:
    """The declaration of a view function, of a class-based view or of a DRF view."""
    for holder in (view, getattr(view, "view_class", None), getattr(view, "cls", None)):
        if holder is not None and hasattr(holder, "access"):
            return holder.access  # type: ignore[no-any-return]  # the stubs say Any
    return None
