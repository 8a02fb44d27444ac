"""How a console view says what it needs."""

from collections.abc import Callable
from typing import Any

from core.people.enums import Capability
from tenants.access import declare


def requires(capability: Capability) -> Callable[[Any], Any]:
    """For staff who hold `capability` in some branch; objects narrow it further: 404 unseen, 403 unallowed."""
    return declare("staff", capability)


def open_when_lapsed(view: Any) -> Any:
    """For the few verbs that stay possible when the subscription has lapsed: paying, logging out, taking data away."""
    view.open_when_lapsed = True
    return view


def open_when_held(view: Any) -> Any:
    """For the few pages that somebody reaches who must set a second step up first."""
    view.open_when_held = True
    return view
