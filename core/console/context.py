"""What every staff template may ask: `staff`, `caps.<capability>`, and what the frame around each page shows."""

from functools import cache
from typing import Any

from django.http import HttpRequest

from core.console.subscription.banner import banner_of
from core.orders.selectors import waiting_for
from core.people.enums import Role


class Caps:
    """`caps.move_order` in a template: whether the staff member holds it somewhere."""

    def __init__(self, staff: Any) -> None:
        self._staff = staff

    def __getattr__(self, name: str) -> bool:
        return bool(self._staff and self._staff.may(name))


def staff(request: HttpRequest) -> dict[str, Any]:
    """Context processor. What costs a query is a function: it runs only in templates that show it."""
    found = getattr(request, "staff", None)
    return {
        "staff": found,
        "caps": Caps(found),
        "studio": getattr(request, "studio", None),
        "plan_banner": cache(lambda: banner_of(found, request)),
        "staff_place": lambda: _place(found),
        "nav_counts": {"today": cache(lambda: waiting_for(found) if found else 0)},
    }


def _place(staff: Any) -> str:
    """The first job in words: "南山店 · 店长"."""
    role, branch = next(iter(staff.jobs), ("", "")) if staff else ("", "")
    return " · ".join(part for part in (branch, str(Role(role).label) if role else "") if part)
