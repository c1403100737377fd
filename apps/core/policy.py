"""Who may open an address: every view declares it, and the build fails for one that does not.

The decorators here cover what is not tied to a project; `apps.projects.access` covers the rest.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver

from apps.core.errors import NotAllowedError
from apps.core.signing_in import signing_in_first

View = Callable[..., HttpResponseBase]
V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True)
class Policy:
    """`kind` is public, signed_in, site_admin or project; `permissions` maps method to permission."""

    kind: str
    permissions: tuple[tuple[str, str], ...] = ()


def declare(view: V, policy: Policy) -> V:
    view.policy = policy  # type: ignore[attr-defined]
    return view


def public(view: V) -> V:
    """Anybody may open it."""
    return declare(view, Policy("public"))


def signed_in(view: View) -> View:
    """Everybody with an account may open it."""
    return declare(signing_in_first(view), Policy("signed_in"))


def site_admin(view: View) -> View:
    """Only those who run this installation may open it."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_superuser:
            raise NotAllowedError("Only a site admin can do this. Ask the person who runs this installation.")
        return view(request, *args, **kwargs)

    return declare(signing_in_first(inner), Policy("site_admin"))


def list_routes(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every route of the project with its full pattern text."""
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from list_routes(entry.url_patterns, route)
        else:
            yield route, entry


def get_policy(pattern: URLPattern) -> Policy | None:
    """The policy of a route, or None where nobody declared one."""
    callback = pattern.callback
    view = getattr(callback, "view_class", None) or getattr(callback, "cls", None) or callback
    policy = getattr(callback, "policy", None) or getattr(view, "policy", None)
    return policy if isinstance(policy, Policy) else None
