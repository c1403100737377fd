"""Load a project and decide in one step, so that no view ever holds a project that was not checked."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.accounts.models import ApiToken, User
from apps.core.errors import NotAllowedError, NotFoundError
from apps.core.policy import Policy, declare
from apps.core.signing_in import ask_to_sign_in
from apps.projects.models import Project
from apps.projects.permissions import Permission, get_permissions

FIELDS = Project._meta.concrete_fields
NAMES = [field.attname for field in FIELDS]
FIND = f"""
    SELECT {", ".join(f"p.{field.column}" for field in FIELDS)}, m.role
    FROM projects_project p JOIN projects_membership m ON m.project_id = p.id
    WHERE m.user_id = %s AND p.slug = %s
"""  # noqa: S608 — nothing in it comes from outside


def open_project(
    *, user: User | AnonymousUser, slug: str, permission: Permission, scopes: Collection[str] | None = None
) -> tuple[Project, frozenset[Permission]]:
    """The project and all that `user` may do there, if `permission` is among it.

    `scopes` are those of the API token in use, None for a signed-in browser.

    Raises:
        NotFoundError: there is none, or the person is not in it (the two must look alike).
        NotAllowedError: the person is in it with a role that may not.
    """
    project, role = _find_project(user, slug)
    permissions = get_permissions(user, role)
    if project is None or not permissions:
        raise NotFoundError(
            "There is no such project, or you are not in it. Check the address, or ask for a link."
        )
    if scopes is not None and permission not in scopes:
        raise NotAllowedError(
            f"This token lacks the scope “{permission.label}” ({permission.value}). Make a token that has it."
        )
    if permission not in permissions:
        raise NotAllowedError("Your role in this project does not allow that. Ask one of its owners.")
    return project, permissions


def _find_project(user: User | AnonymousUser, slug: str) -> tuple[Project | None, str | None]:
    """The project and the person's role in it, in one query; None where there is none."""
    if user.is_superuser:
        return Project.objects.filter(slug=slug).first(), None
    # Every request comes through here, and a query that need not be compiled takes half the time.
    with connection.cursor() as cursor:
        cursor.execute(FIND, [user.pk, slug])
        row = cursor.fetchone()
    if row is None:
        return None, None
    *values, role = row
    return Project.from_db(connection.alias, NAMES, values), role


ProjectView = Callable[..., HttpResponseBase]


def project_view(permission: Permission) -> Callable[[ProjectView], ProjectView]:
    """Turn `view(request, project, …)` into a view of `…/<slug>/…` that checks `permission` first."""

    def decorate(view: ProjectView) -> ProjectView:
        @wraps(view)
        def inner(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            project, permissions = open_project(user=request.user, slug=slug, permission=permission)
            request.project = project  # type: ignore[attr-defined]  # the page shows it in its bar
            request.permissions = permissions  # type: ignore[attr-defined]
            return view(request, project, **kwargs)

        return declare(inner, Policy("project", (("*", permission.value),)))

    return decorate


class ProjectAPIView(APIView):
    # Under `projects/<slug>/`. No docstring: the API would tell it of every endpoint without one of its own.
    permission_for: dict[str, Permission] = {}  # by method
    policy: Policy
    project: Project

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.policy = Policy("project", tuple((m, p.value) for m, p in sorted(cls.permission_for.items())))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = "GET" if request.method == "HEAD" else str(request.method)
        permission = self.permission_for.get(method)
        if permission is None:
            self.http_method_not_allowed(request)
            return
        token = request.auth
        self.project, _ = open_project(
            user=request.user,
            slug=kwargs["slug"],
            permission=permission,
            scopes=token.scopes if isinstance(token, ApiToken) else None,
        )
