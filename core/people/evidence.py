"""What is kept of whoever says yes to something: from where, on what, and by which phone they had come in."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from core.kernel.address import client_address
from core.people.phone import mask


def evidence(request: HttpRequest) -> dict[str, Any]:
    """{address, agent, language, phone, code_at}: the last two say to which number the code went that this device
    was let in by, and when (ISO, UTC); they are left out for a device that a PIN let in.
    """
    told = {
        "address": client_address(request),
        "agent": request.headers.get("User-Agent", "")[:200],
        "language": get_language() or "",
    }
    session = getattr(request, "customer_session", None)
    if session is not None and not session.only:
        told |= {"phone": mask(session.customer.phone), "code_at": session.created_at.isoformat(timespec="seconds")}
    return told
