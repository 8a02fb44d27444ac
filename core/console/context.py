"""What every staff template may ask: `staff`, and `caps.<capability>`."""

from typing import Any

from django.http import HttpRequest


class Caps:
    """`caps.move_order` in a template: whether the staff member holds it somewhere."""

    def __init__(self, staff: Any) -> None:
        self._staff = staff

    def __getattr__(self, name: str) -> bool:
        return bool(self._staff and self._staff.may(name))


def staff(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    found = getattr(request, "staff", None)
    return {"staff": found, "caps": Caps(found), "studio": getattr(request, "studio", None)}
