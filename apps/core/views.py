from django.db import connection
from django.http import HttpRequest, HttpResponse

from apps.core.policy import public


@public
def show_health(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the web server can reach its database."""
    connection.ensure_connection()
    return HttpResponse("ok", content_type="text/plain")
