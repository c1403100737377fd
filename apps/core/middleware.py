"""The one place where an error becomes a page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.core.errors import TouchstoneError

GetResponse = Callable[[HttpRequest], HttpResponse]


class explain_errors:  # noqa: N801 — Django middleware is named like the function it replaces
    """Render a `TouchstoneError` that a view raised; keep private pages out of shared caches."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response and not request.path.startswith("/static/"):
            response["Cache-Control"] = "no-store, private"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, TouchstoneError):
            return None
        return render(request, "error.html", {"error": exception}, status=exception.status)
