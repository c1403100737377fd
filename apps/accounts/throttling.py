from django.conf import settings
from django.http import HttpRequest


def get_client_address(request: HttpRequest) -> str:
    """Where a sign-in comes from. Behind a proxy that is what our proxy saw, the last of the list:
    the entries before it are the client's own words."""
    if settings.ENV.behind_proxy:
        seen = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
        if seen:
            return seen
    return str(request.META.get("REMOTE_ADDR", ""))
