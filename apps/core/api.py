"""The one place where an error becomes JSON: `{"code": …, "message": …, "fields": {…}}`."""

from typing import Any

from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from apps.core.errors import TouchstoneError


def explain_api_error(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler for the whole API."""
    if isinstance(exc, TouchstoneError):
        set_rollback()
        return Response({"code": exc.code, "message": exc.message}, status=exc.status)
    response = exception_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, ValidationError):
        message = "The request was not understood; nothing was changed. See `fields`."
        response.data = {"code": "invalid_input", "message": message, "fields": response.data}
    elif isinstance(exc, APIException):
        response.data = {"code": exc.default_code, "message": str(exc.detail)}
    else:
        response.data = {"code": "not_found", "message": str(response.data.get("detail", exc))}
    return response
