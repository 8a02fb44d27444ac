"""Answers for load balancers and for `make demo`."""

from django.core.cache import cache
from django.db import connection
from django.http import JsonResponse


def readiness() -> JsonResponse:
    """200 with `{"database": true, "cache": true}` when both answer, else 503 with the one that does not."""
    answers = {"database": _database(), "cache": _cache()}
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
