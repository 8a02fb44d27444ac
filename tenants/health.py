"""Answers for load balancers and for `make demo`."""

from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import JsonResponse

SECONDS = 2


def readiness() -> JsonResponse:
    """200 with `{"database": true, "cache": true, "storage": true}`, or 503 with the one that does not answer."""
    answers = {"database": _database(), "cache": _cache(), "storage": _storage()}
    return JsonResponse(answers, status=200 if all(answers.values()) else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # noqa: BLE001 (any failure means not ready)
        return False
    return True


def _cache() -> bool:
    try:
        cache.set("readyz", 1, 5)
    except Exception:  # noqa: BLE001 (any failure means not ready)
        return False
    return True


def _storage() -> bool:
    """Whether anybody answers at the storage's address; what it answers to a stranger does not matter."""
    place = urlsplit(settings.S3["endpoint_url"])
    kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
    http = kind(place.hostname or "", place.port, timeout=SECONDS)
    try:
        http.request("HEAD", "/")
        http.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        http.close()
    return True
