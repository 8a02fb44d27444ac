"""How a console view says what it needs."""

from collections.abc import Callable
from typing import Any

from core.people.enums import Capability
from tenants.access import declare


def requires(capability: Capability) -> Callable[[Any], Any]:
    """For staff who hold `capability` in some branch; objects narrow it further: 404 unseen, 403 unallowed."""
    return declare("staff", capability)
