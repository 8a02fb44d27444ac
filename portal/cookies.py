"""The customer's cookies: host-only, and under `/s/<slug>/` bound to that path, so that studios share no session."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix

from core.people.login import CODE_MINUTES, COOKIE, SESSION_LIFE
from tenants.context import scoped

WAITING = "yl_code"  # which number waits for its code: between the two steps of logging in
WISH, WISH_SECONDS = "yl_wish", 600


def set_session(response: HttpResponse, token: str) -> None:
    """Log the browser in."""
    _set(response, COOKIE, token, int(SESSION_LIFE.total_seconds()))


def clear_session(response: HttpResponse) -> None:
    """Log the browser out."""
    response.delete_cookie(COOKIE, path=get_script_prefix(), samesite="Lax")


def set_waiting(response: HttpResponse, phone: str) -> None:
    """Remember the number for the second step."""
    _set(response, WAITING, signing.dumps(phone, salt=scoped(WAITING)), 2 * CODE_MINUTES * 60)


def waiting_phone(request: HttpRequest) -> str:
    """The number that waits for its code; "" when none does, or the cookie is not ours or old."""
    try:
        phone: Any = signing.loads(
            request.COOKIES.get(WAITING, ""), salt=scoped(WAITING), max_age=2 * CODE_MINUTES * 60
        )
    except signing.BadSignature:
        return ""
    return str(phone)


def clear_waiting(response: HttpResponse) -> None:
    response.delete_cookie(WAITING, path=get_script_prefix(), samesite="Lax")


def set_wish(response: HttpResponse, wish: dict[str, Any]) -> None:
    """What is to be paid while WeChat is asked who pays."""
    _set(response, WISH, signing.dumps(wish, salt=scoped(WISH)), WISH_SECONDS)


def wish(request: HttpRequest) -> dict[str, Any]:
    """What was to be paid; {} when nothing was, or too long ago."""
    try:
        found: dict[str, Any] = signing.loads(request.COOKIES.get(WISH, ""), salt=scoped(WISH), max_age=WISH_SECONDS)
    except signing.BadSignature:
        return {}
    return found


def clear_wish(response: HttpResponse) -> None:
    response.delete_cookie(WISH, path=get_script_prefix(), samesite="Lax")


def set_language(response: HttpResponse, language: str) -> None:
    """The page's language, where Django's own view keeps it too."""
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, samesite="Lax")


def _set(response: HttpResponse, name: str, value: str, age: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=age,
        path=get_script_prefix(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
