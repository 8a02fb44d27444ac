"""Refusals and DRF's own errors as `{code, message, facts}`."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_handler

from core.kernel.errors import Refusal


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """A Refusal becomes 409 with its stable code; DRF's errors keep their status and gain a code."""
    if isinstance(error, Refusal):
        return Response({"code": error.code, "facts": error.facts}, status=409)
    response = drf_handler(error, context)
    if response is not None:
        response.data = {"code": getattr(error, "default_code", "error"), "detail": response.data}
    return response
