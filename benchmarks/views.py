"""What the benchmark adds to the server: the limit, and a counter."""

from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from apps.core.policy import signed_in

GetResponse = Callable[[HttpRequest], HttpResponse]


@csrf_exempt
@signed_in
def show_empty(request: HttpRequest) -> HttpResponse:
    """The limit: a signed-in view that does nothing but one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok")


def count_statements(get_response: GetResponse) -> GetResponse:
    """Answer `X-Count-SQL` with the number of statements, transaction control included."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "X-Count-SQL" not in request.headers:
            return get_response(request)
        connection.force_debug_cursor = True
        before = len(connection.queries_log)
        try:
            response = get_response(request)
            response["X-SQL"] = str(len(connection.queries_log) - before)
        finally:
            connection.force_debug_cursor = False
        return response

    return middleware
