"""What was typed so far, in an encrypted cookie: no row for visitors who never come back, nothing lost on the way.

Encrypted and not only signed, because the owner's password travels in it between the second and the third step.
"""

import base64
import hashlib
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "yl_signup"
SECONDS = 2 * 3600
PATH = "/signup/"
LONGEST = 130  # more than any field takes


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"signup:{settings.SECRET_KEY}".encode()).digest()))


def read(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """Step → what was typed in it. Empty when there is nothing, or nothing of ours."""
    try:
        plain = _box().decrypt(request.COOKIES.get(COOKIE, "").encode(), ttl=SECONDS)
    except InvalidToken:
        return {}
    return json.loads(plain)  # type: ignore[no-any-return]  # the stubs say Any


def mistaken(draft: dict[str, dict[str, Any]], step: str) -> dict[str, Any] | None:
    """What was sent to a step and refused: the step shows it with its mistakes."""
    return draft.get(f"{step} again")


def with_mistakes(draft: dict[str, dict[str, Any]], step: str, sent: dict[str, str]) -> dict[str, dict[str, Any]]:
    """The draft with a refused form. Longer texts are cut behind every limit: a cookie holds four kilobytes."""
    return {**draft, f"{step} again": {name: text[:LONGEST] for name, text in sent.items()}}


def with_step(draft: dict[str, dict[str, Any]], step: str, typed: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The draft with a step done."""
    return {name: value for name, value in draft.items() if name != f"{step} again"} | {step: typed}


def write(response: HttpResponse, draft: dict[str, dict[str, Any]]) -> None:
    token = _box().encrypt(json.dumps(draft, ensure_ascii=False).encode()).decode()
    response.set_cookie(
        COOKIE, token, max_age=SECONDS, path=PATH, httponly=True, samesite="Lax", secure=settings.PLATFORM_SECURE
    )
