"""`manage.py check` fails for a route without a policy."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from apps.core.policy import get_policy, list_routes


@register()
def check_policies(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"The route {route!r} has no policy.",
            hint="Decorate its view with one of apps.core.policy or apps.projects.access.",
            id="touchstone.E001",
        )
        for route, pattern in list_routes()
        if get_policy(pattern) is None
    ]
