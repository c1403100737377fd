"""Who may open what: every route, for everybody, against the table below.

A new route needs a line in the table. The table is written by hand, and on purpose not made from the
permissions in the code: it says what was meant.
"""

from typing import Any

import pytest
from django.http import HttpResponseBase
from django.test import Client

from apps.accounts.models import User
from apps.accounts.tokens import create_token
from apps.projects.models import Project
from apps.projects.permissions import Permission
from tests.conftest import SignIn
from tests.routes import ROUTES, is_api, make_path

pytestmark = pytest.mark.django_db

# --- who may ------------------------------------------------------------------------------------------
ANYBODY = frozenset({"anonymous", "stranger", "rater", "trainer", "curator", "owner", "site admin"})
SIGNED_IN = ANYBODY - {"anonymous"}
SITE_ADMINS = frozenset({"site admin"})
# In a project; whoever is not in it must not learn that there is one.
OWNERS = frozenset({"owner", "site admin"})
CURATORS = OWNERS | {"curator"}
TRAINERS = OWNERS | {"trainer"}
VIEWERS = OWNERS | {"curator", "trainer"}
RATERS = OWNERS | {"curator", "rater"}

TABLE: dict[str, frozenset[str] | dict[str, frozenset[str]]] = {
    "healthz": ANYBODY,
    # Accounts.
    "accounts/sign-in": ANYBODY,
    "accounts/sign-out": ANYBODY,
    "accounts/reset": ANYBODY,
    "accounts/reset/sent": ANYBODY,
    "accounts/reset/<str:person>": ANYBODY,
    "accounts/profile": SIGNED_IN,
    "accounts/profile/password": SIGNED_IN,
    "accounts/profile/tokens": SIGNED_IN,
    "accounts/profile/tokens/<int:token_id>/revoke": SIGNED_IN,
    # Across projects.
    "": SIGNED_IN,
    "projects/new/": SITE_ADMINS,
    # A project: home and setup.
    "p/<slug:slug>/": VIEWERS,
    "p/<slug:slug>/setup/": CURATORS,
    "p/<slug:slug>/setup/clone/": SITE_ADMINS,
    "p/<slug:slug>/setup/rubric/": CURATORS,
    "p/<slug:slug>/setup/rubric/preview/": CURATORS,
    "p/<slug:slug>/setup/rubric/publish/": CURATORS,
    "p/<slug:slug>/setup/rubric/discard/": CURATORS,
    "p/<slug:slug>/setup/rubric/upload/": CURATORS,
    "p/<slug:slug>/setup/rubric/<int:version>/": CURATORS,
    "p/<slug:slug>/setup/rubric/<int:version>/download/": CURATORS,
    "p/<slug:slug>/setup/items/": CURATORS,
    "p/<slug:slug>/setup/guideline/": CURATORS,
    "p/<slug:slug>/setup/guideline/preview/": CURATORS,
    "p/<slug:slug>/setup/guideline/<int:version>/": CURATORS,
    # People.
    "p/<slug:slug>/people/": OWNERS,
    "p/<slug:slug>/people/invite": OWNERS,
    "p/<slug:slug>/people/invitations/<int:invitation_id>/revoke": OWNERS,
    "p/<slug:slug>/people/members/<int:membership_id>/role": OWNERS,
    "p/<slug:slug>/people/members/<int:membership_id>/remove": OWNERS,
    "p/<slug:slug>/people/members/<int:membership_id>/skills": OWNERS,
    "p/<slug:slug>/people/members/<int:membership_id>/pause": OWNERS,
    "p/<slug:slug>/people/members/<int:membership_id>/resume": OWNERS,
    "p/<slug:slug>/people/join": ANYBODY,  # the key of an invitation decides
    # Prompts.
    "p/<slug:slug>/prompts/": CURATORS,
    "p/<slug:slug>/prompts/facets/": CURATORS,
    "p/<slug:slug>/prompts/add/": CURATORS,
    "p/<slug:slug>/prompts/personal-data/": CURATORS,
    "p/<slug:slug>/prompts/held/": CURATORS,
    "p/<slug:slug>/prompts/held/decide/": CURATORS,
    "p/<slug:slug>/prompts/clusters/": CURATORS,
    "p/<slug:slug>/prompts/clusters/live/": CURATORS,
    "p/<slug:slug>/prompts/clusters/look/": CURATORS,
    "p/<slug:slug>/prompts/clusters/exact/": CURATORS,
    "p/<slug:slug>/prompts/clusters/<uuid:uid>/": CURATORS,
    "p/<slug:slug>/prompts/jobs/<int:pk>/cancel/": CURATORS,
    "p/<slug:slug>/prompts/imports/": CURATORS,
    "p/<slug:slug>/prompts/imports/<int:pk>/": CURATORS,
    "p/<slug:slug>/prompts/imports/dataset/": CURATORS,
    "p/<slug:slug>/prompts/imports/<int:pk>/live/": CURATORS,
    "p/<slug:slug>/prompts/imports/<int:pk>/preview/": CURATORS,
    "p/<slug:slug>/prompts/imports/<int:pk>/start/": CURATORS,
    "p/<slug:slug>/prompts/imports/<int:pk>/cancel/": CURATORS,
    "p/<slug:slug>/prompts/imports/<int:pk>/resume/": CURATORS,
    "p/<slug:slug>/prompts/imports/<int:pk>/discard/": CURATORS,
    "p/<slug:slug>/prompts/imports/<int:pk>/left-out.csv": CURATORS,
    "p/<slug:slug>/prompts/<uuid:uid>/": CURATORS,
    "p/<slug:slug>/prompts/<uuid:uid>/items/<uuid:item>/others/": CURATORS,
    "p/<slug:slug>/prompts/<uuid:uid>/edit/": CURATORS,
    "p/<slug:slug>/prompts/change/": CURATORS,
    "p/<slug:slug>/prompts/changes/<uuid:uid>/undo/": CURATORS,
    "p/<slug:slug>/prompts/coverage/": CURATORS,
    "p/<slug:slug>/prompts/coverage/target/": CURATORS,
    "p/<slug:slug>/responses/import/": CURATORS,
    # Generation.
    "p/<slug:slug>/generation/": CURATORS,
    "p/<slug:slug>/generation/progress/": CURATORS,
    "p/<slug:slug>/generation/models/": CURATORS,
    "p/<slug:slug>/generation/models/<int:config_id>/key/": CURATORS,
    "p/<slug:slug>/generation/models/<int:config_id>/pace/": CURATORS,
    "p/<slug:slug>/generation/models/<int:config_id>/remove/": CURATORS,
    "p/<slug:slug>/generation/models/<int:config_id>/restore/": CURATORS,
    "p/<slug:slug>/generation/runs/": CURATORS,
    "p/<slug:slug>/generation/runs/effect/": CURATORS,
    "p/<slug:slug>/generation/runs/<int:number>/": CURATORS,
    "p/<slug:slug>/generation/runs/<int:number>/progress/": CURATORS,
    "p/<slug:slug>/generation/runs/<int:number>/pause/": CURATORS,
    "p/<slug:slug>/generation/runs/<int:number>/priority/": CURATORS,
    "p/<slug:slug>/generation/runs/<int:number>/cancel/": CURATORS,
    "p/<slug:slug>/generation/runs/<int:number>/resume/": CURATORS,
    "p/<slug:slug>/generation/runs/<int:number>/retry/": CURATORS,
    # The queue.
    "p/<slug:slug>/queue/": CURATORS,
    "p/<slug:slug>/queue/edit/": CURATORS,
    "p/<slug:slug>/queue/review/": CURATORS,
    "p/<slug:slug>/gaps/": CURATORS,
    "p/<slug:slug>/queue/review/<uuid:uid>/return/": CURATORS,
    "p/<slug:slug>/queue/review/<uuid:uid>/withdraw/": CURATORS,
    # Questions of raters.
    "p/<slug:slug>/questions/": CURATORS,
    "p/<slug:slug>/questions/<int:flag_id>/answer/": CURATORS,
    "p/<slug:slug>/questions/<int:flag_id>/change/": CURATORS,
    "p/<slug:slug>/questions/<int:flag_id>/withdraw/": CURATORS,
    # Rating.
    "p/<slug:slug>/rate/": RATERS,
    "p/<slug:slug>/rate/guideline": RATERS,
    "p/<slug:slug>/rate/questions/": RATERS,
    "p/<slug:slug>/rate/<uuid:lease_uid>/flag": RATERS,
    "p/<slug:slug>/rate/answers/": RATERS,
    "p/<slug:slug>/rate/answers/<uuid:annotation_uid>/": RATERS,
    "p/<slug:slug>/rate/<uuid:lease_uid>/submit": RATERS,
    "p/<slug:slug>/rate/<uuid:lease_uid>/leave": RATERS,
    "p/<slug:slug>/rate/<uuid:lease_uid>/skip": RATERS,
    "p/<slug:slug>/rate/<uuid:lease_uid>/draft": RATERS,
    # Datasets.
    "p/<slug:slug>/datasets/": TRAINERS,
    "p/<slug:slug>/datasets/new/": TRAINERS,
    "p/<slug:slug>/datasets/recipes/<uuid:uid>/": TRAINERS,
    "p/<slug:slug>/datasets/recipes/<uuid:uid>/shelf/": TRAINERS,
    "p/<slug:slug>/datasets/recipes/<uuid:uid>/compare/": TRAINERS,
    "p/<slug:slug>/datasets/snapshots/<uuid:uid>/": TRAINERS,
    "p/<slug:slug>/datasets/snapshots/<uuid:uid>/cancel/": TRAINERS,
    "p/<slug:slug>/datasets/snapshots/<uuid:uid>/changes/": TRAINERS,
    "p/<slug:slug>/datasets/snapshots/<uuid:uid>/download/": TRAINERS,
    "p/<slug:slug>/datasets/snapshots/<uuid:uid>/files/<path:file>": TRAINERS,
    "p/<slug:slug>/datasets/snapshots/<uuid:uid>/row/": TRAINERS,
    "p/<slug:slug>/datasets/items/<uuid:uid>/": TRAINERS,
    # The API: by method. Every other method is refused to everybody.
    "api/v1/schema": {"GET": SIGNED_IN},
    "api/v1/docs": {"GET": SIGNED_IN},
    "api/v1/projects/": {"GET": SIGNED_IN, "POST": SITE_ADMINS},
    "api/v1/projects/<slug:slug>/": {"GET": VIEWERS},
    "api/v1/projects/<slug:slug>/item-plan/": {"GET": VIEWERS, "PUT": CURATORS},
    "api/v1/projects/<slug:slug>/rubric/": {"GET": VIEWERS, "POST": CURATORS},
    "api/v1/projects/<slug:slug>/rubric/draft/": {"GET": CURATORS, "PUT": CURATORS, "DELETE": CURATORS},
    "api/v1/projects/<slug:slug>/rubric/versions/": {"GET": VIEWERS},
    "api/v1/projects/<slug:slug>/rubric/versions/<int:version>/": {"GET": VIEWERS},
    "api/v1/projects/<slug:slug>/prompts/": {"GET": CURATORS},
    "api/v1/projects/<slug:slug>/prompts/coverage": {"GET": CURATORS, "PUT": CURATORS},
    "api/v1/projects/<slug:slug>/prompts/import": {"POST": CURATORS},
    "api/v1/projects/<slug:slug>/prompts/curation": {"GET": CURATORS, "PATCH": CURATORS},
    "api/v1/projects/<slug:slug>/prompts/curation/scan": {"POST": CURATORS},
    "api/v1/projects/<slug:slug>/prompts/held": {"GET": CURATORS, "POST": CURATORS},
    "api/v1/projects/<slug:slug>/prompts/clusters": {"GET": CURATORS},
    "api/v1/projects/<slug:slug>/prompts/clusters/exact": {"POST": CURATORS},
    "api/v1/projects/<slug:slug>/prompts/clusters/<uuid:uid>": {"POST": CURATORS},
    "api/v1/projects/<slug:slug>/prompts/jobs": {"GET": CURATORS, "POST": CURATORS},
    "api/v1/projects/<slug:slug>/prompts/imports/<int:pk>": {"GET": CURATORS},
    "api/v1/projects/<slug:slug>/prompts/imports/<int:pk>/cancel": {"POST": CURATORS},
    "api/v1/projects/<slug:slug>/prompts/imports/<int:pk>/resume": {"POST": CURATORS},
    "api/v1/projects/<slug:slug>/prompts/imports/<int:pk>/rejections": {"GET": CURATORS},
    "api/v1/projects/<slug:slug>/generation/configs": {"GET": CURATORS, "POST": CURATORS},
    "api/v1/projects/<slug:slug>/generation/configs/<int:config_id>": {"PATCH": CURATORS},
    "api/v1/projects/<slug:slug>/generation/runs": {"GET": CURATORS, "POST": CURATORS},
    "api/v1/projects/<slug:slug>/generation/runs/dry-run": {"POST": CURATORS},
    "api/v1/projects/<slug:slug>/generation/runs/<int:run_id>": {"GET": CURATORS},
    "api/v1/projects/<slug:slug>/generation/runs/<int:run_id>/pause": {"POST": CURATORS},
    "api/v1/projects/<slug:slug>/generation/runs/<int:run_id>/priority": {"POST": CURATORS},
    "api/v1/projects/<slug:slug>/generation/runs/<int:run_id>/cancel": {"POST": CURATORS},
    "api/v1/projects/<slug:slug>/generation/runs/<int:run_id>/resume": {"POST": CURATORS},
    "api/v1/projects/<slug:slug>/generation/runs/<int:run_id>/retry": {"POST": CURATORS},
    "api/v1/projects/<slug:slug>/rating/items": {"GET": CURATORS},
    "api/v1/projects/<slug:slug>/rating/items/<uuid:uid>": {"GET": CURATORS, "PATCH": CURATORS},
    "api/v1/projects/<slug:slug>/rating/next": {"POST": RATERS},
    "api/v1/projects/<slug:slug>/rating/guideline": {"GET": RATERS, "POST": RATERS},
    "api/v1/projects/<slug:slug>/rating/flags": {"GET": RATERS},
    "api/v1/projects/<slug:slug>/rating/leases/<uuid:lease_uid>/flag": {"POST": RATERS},
    "api/v1/projects/<slug:slug>/rating/answers": {"GET": RATERS},
    "api/v1/projects/<slug:slug>/rating/annotations/<uuid:annotation_uid>/revise": {"POST": RATERS},
    "api/v1/projects/<slug:slug>/rating/leases/<uuid:lease_uid>/submit": {"POST": RATERS},
    "api/v1/projects/<slug:slug>/rating/leases/<uuid:lease_uid>/skip": {"POST": RATERS},
    "api/v1/projects/<slug:slug>/rating/leases/<uuid:lease_uid>/draft": {"POST": RATERS},
    "api/v1/projects/<slug:slug>/datasets/": {"GET": TRAINERS, "POST": TRAINERS},
    "api/v1/projects/<slug:slug>/datasets/recipes": {"GET": TRAINERS, "POST": TRAINERS},
    "api/v1/projects/<slug:slug>/datasets/recipes/<uuid:uid>": {"GET": TRAINERS, "PATCH": TRAINERS},
    "api/v1/projects/<slug:slug>/datasets/recipes/<uuid:uid>/versions": {"POST": TRAINERS},
    "api/v1/projects/<slug:slug>/datasets/held-out": {"GET": TRAINERS, "POST": TRAINERS},
    "api/v1/projects/<slug:slug>/datasets/held-out/<uuid:uid>": {"DELETE": TRAINERS},
    "api/v1/projects/<slug:slug>/datasets/trace/<uuid:item>": {"GET": TRAINERS},
    "api/v1/projects/<slug:slug>/datasets/snapshots": {"GET": TRAINERS, "POST": TRAINERS},
    "api/v1/projects/<slug:slug>/datasets/snapshots/<uuid:uid>": {"GET": TRAINERS},
    "api/v1/projects/<slug:slug>/datasets/snapshots/<uuid:uid>/cancel": {"POST": TRAINERS},
    "api/v1/projects/<slug:slug>/datasets/snapshots/<uuid:uid>/manifest": {"GET": TRAINERS},
    "api/v1/projects/<slug:slug>/datasets/snapshots/<uuid:uid>/files": {"GET": TRAINERS},
    "api/v1/projects/<slug:slug>/datasets/snapshots/<uuid:uid>/files/<path:path>": {"GET": TRAINERS},
    "api/v1/projects/<slug:slug>/datasets/snapshots/<uuid:uid>/download": {"GET": TRAINERS},
    "api/v1/projects/<slug:slug>/datasets/snapshots/<uuid:uid>/compare/<uuid:later>": {"GET": TRAINERS},
    "api/v1/projects/<slug:slug>/datasets/snapshots/<uuid:uid>/trace/<uuid:item>": {"GET": TRAINERS},
}

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
IN, SIGN_IN, HIDDEN, REFUSED = "in", "asked to sign in", "told that there is nothing", "refused"
NOT_IN_IT = "There is no such project, or you are not in it."


def test_table_has_every_route_and_no_other() -> None:
    assert sorted(TABLE) == sorted(ROUTES)


@pytest.fixture
def people(request: pytest.FixtureRequest) -> dict[str, User]:
    return {who: request.getfixturevalue(who.replace(" ", "_")) for who in SIGNED_IN}


@pytest.fixture
def clients(people: dict[str, User], sign_in: SignIn) -> dict[str, Client]:
    return {"anonymous": Client(), **{who: sign_in(person) for who, person in people.items()}}


def what_happened(response: HttpResponseBase) -> str:
    if response.status_code == 401 or "/accounts/sign-in?next=" in response.headers.get("Location", ""):
        return SIGN_IN
    if response.status_code == 403:
        return REFUSED
    if response.status_code == 404 and NOT_IN_IT.encode() in getattr(response, "content", b""):
        return HIDDEN
    return IN


def what_was_meant(who: str, may: frozenset[str], *, in_a_project: bool) -> str:
    if who in may:
        return IN
    if who == "anonymous":
        return SIGN_IN
    return HIDDEN if in_a_project and who == "stranger" else REFUSED


@pytest.mark.parametrize("route", ROUTES)
def test_everybody_gets_as_far_as_was_meant(route: str, project: Project, clients: dict[str, Client]) -> None:
    entry, path = TABLE[route], make_path(route, project.slug)
    may_by_method = entry if isinstance(entry, dict) else dict.fromkeys(METHODS, entry)
    in_a_project = "<slug:slug>" in route

    happened, meant = {}, {}
    for method, may in may_by_method.items():
        for who, client in clients.items():
            response = client.generic(method, path, **_body(route))
            happened[method, who] = what_happened(response)
            meant[method, who] = what_was_meant(who, may, in_a_project=in_a_project)

    assert happened == meant


def _body(route: str) -> dict[str, Any]:
    if is_api(route):
        return {"data": b"{}", "content_type": "application/json"}
    return {"data": b"", "content_type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("route", [route for route in ROUTES if is_api(route)])
def test_api_refuses_the_methods_that_it_does_not_have(
    route: str, project: Project, clients: dict[str, Client]
) -> None:
    entry = TABLE[route]
    assert isinstance(entry, dict)

    for method in {*METHODS} - entry.keys():
        for who, client in clients.items():
            status = client.generic(method, make_path(route, project.slug), **_body(route)).status_code
            assert status == (401 if who == "anonymous" else 405), (method, who)


def test_whoever_opens_the_description_of_the_api_signed_out_is_asked_to_sign_in(client: Client) -> None:
    asked = client.get("/api/v1/docs")
    assert (asked.status_code, asked["Location"]) == (302, "/accounts/sign-in?next=/api/v1/docs")
    assert client.get("/api/v1/docs", headers={"authorization": "Bearer none"}).status_code == 401


PROJECT_API = [
    (route, method)
    for route, entry in TABLE.items()
    if is_api(route) and "<slug:slug>" in route and isinstance(entry, dict)
    for method in entry
]


@pytest.mark.parametrize(("route", "method"), PROJECT_API)
def test_exactly_one_scope_lets_a_token_in(route: str, method: str, project: Project, owner: User) -> None:
    def try_with(scope: str) -> str:
        key = create_token(user=owner, name=scope, scopes=[scope], days=1).key
        headers = {"Authorization": f"Bearer {key}"}
        response = Client().generic(method, make_path(route, project.slug), headers=headers, **_body(route))
        assert response.status_code != 403 or "lacks the scope" in response.json()["message"]
        return what_happened(response)

    happened = [try_with(scope) for scope in Permission.values]

    assert sorted(happened) == sorted([IN] + [REFUSED] * (len(Permission) - 1))


@pytest.mark.parametrize(("route", "method"), PROJECT_API)
def test_all_scopes_give_nobody_more_than_the_role(
    route: str, method: str, project: Project, people: dict[str, User]
) -> None:
    may = TABLE[route][method]  # type: ignore[index]
    for who, person in people.items():
        key = create_token(user=person, name="all", scopes=Permission.values, days=1).key
        headers = {"Authorization": f"Bearer {key}"}
        response = Client().generic(method, make_path(route, project.slug), headers=headers, **_body(route))
        assert what_happened(response) == what_was_meant(who, may, in_a_project=True), who


def test_project_that_is_not_and_one_that_is_not_yours_look_alike(
    project: Project, stranger: User, sign_in: SignIn
) -> None:
    client = sign_in(stranger)
    for route in ("p/<slug:slug>/people/", "api/v1/projects/<slug:slug>/"):
        there, nowhere = (client.get(make_path(route, slug)) for slug in (project.slug, "nowhere"))
        assert there.status_code == nowhere.status_code == 404
        assert _without_tokens(there) == _without_tokens(nowhere)


def _without_tokens(response: Any) -> list[str]:
    return [line for line in response.content.decode().splitlines() if "X-CSRFToken" not in line]
