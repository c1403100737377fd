"""A view without a policy does not get through the build, and a policy is more than a word."""

from collections.abc import Callable
from types import ModuleType

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import include, path

from apps.accounts.models import User
from apps.core import policy
from apps.core.errors import NotAllowedError
from apps.core.policy import View, get_policy, list_routes


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


@pytest.fixture
def routes(settings: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The list of routes, for a test to fill."""
    module = ModuleType("routes_of_this_test")
    module.urlpatterns = []  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = module
    return module.urlpatterns  # type: ignore[attr-defined,no-any-return]


def complaints() -> list[str]:
    return [message.msg for message in run_checks() if message.id == "touchstone.E001"]


def test_every_route_of_the_project_has_a_policy() -> None:
    assert not complaints()


def test_view_without_a_policy_fails_the_check(routes: list[object]) -> None:
    routes += [path("open", policy.public(answer)), path("forgotten", lambda request: HttpResponse())]

    assert complaints() == ["The route 'forgotten' has no policy."]


def test_view_without_a_policy_deep_inside_fails_too(routes: list[object]) -> None:
    inner = ([path("forgotten", lambda request: HttpResponse())], "inner")
    routes.append(path("a/<slug:slug>/", include(inner)))

    assert complaints() == ["The route 'a/<slug:slug>/forgotten' has no policy."]


def test_view_without_a_policy_ends_the_command(routes: list[object]) -> None:
    routes.append(path("forgotten", lambda request: HttpResponse()))

    with pytest.raises(CommandError, match="forgotten"):
        call_command("check")


def test_policy_word_of_another_kind_does_not_count(routes: list[object]) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    view.policy = "public"  # type: ignore[attr-defined]
    routes.append(path("sly", view))

    assert complaints() == ["The route 'sly' has no policy."]


def open_it(view: View, user: User | AnonymousUser, rf: RequestFactory) -> str:
    request = rf.get("/it")
    request.user = user
    try:
        response = view(request)
    except NotAllowedError:
        return "refused"
    return "asked" if response.status_code == 302 else "in"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("decorate", "found"),
    [
        (policy.public, ["in", "in", "in"]),
        (policy.signed_in, ["asked", "in", "in"]),
        (policy.site_admin, ["asked", "refused", "in"]),
    ],
)
def test_policy_holds(
    decorate: Callable[[View], View], found: list[str], stranger: User, site_admin: User, rf: RequestFactory
) -> None:
    view = decorate(answer)

    assert [open_it(view, user, rf) for user in (AnonymousUser(), stranger, site_admin)] == found


def test_list_names_routes_in_full() -> None:
    routes = dict(list_routes())

    assert get_policy(routes["p/<slug:slug>/people/"]).permissions == (("*", "manage_people"),)
