"""One helper picks the page or its partial, so a view is written once."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, partial: str = "", status: int = 200
) -> HttpResponse:
    """Render `template`, or its `{% partialdef partial %}` when htmx asked for a fragment."""
    wants_fragment = bool(partial and getattr(request, "htmx", False) and not request.htmx.boosted)  # type: ignore[attr-defined]  # stubs
    name = f"{template}#{partial}" if wants_fragment else template
    return render(request, name, context or {}, status=status)
