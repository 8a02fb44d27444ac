"""What the console's side menu says of this floor."""

from functools import cache
from typing import Any

from django.http import HttpRequest

from core.people.enums import Capability
from selection.enums import GalleryState
from selection.retouch.selectors import jobs_for


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `retouch_waiting`, the jobs on which the retoucher has the next word. A query where shown."""
    staff = getattr(request, "staff", None)
    return {"retouch_waiting": cache(lambda: _waiting(staff))}


def _waiting(staff: Any) -> int:
    if staff is None or not staff.may(Capability.RETOUCH):
        return 0
    return int(jobs_for(staff).filter(gallery__state=GalleryState.RETOUCHING).count())
