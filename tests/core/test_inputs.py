"""Whatever a program or an address says, it is understood or refused; nothing ends in an error of ours."""

import base64
import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import User
from apps.projects.models import Project
from tests.conftest import SignIn
from tests.factories import PAIRWISE
from tests.rating.factories import make_items, say
from tests.rating.moves import claim, finish
from tests.routes import ROUTES, is_api, make_path

pytestmark = pytest.mark.django_db
BEYOND = "a number beyond all"  # stands for what Python's JSON does not write
HOSTILE: list[Any] = [
    *("\ud800", "a\x00b", "", "x" * 30_000, "é😀", "-1", "00000000-0000-0000-0000-000000000000"),
    *({"\ud800": "x"}, {"\x00": "x"}, {"": {}}, {"a": {"b": ["c"]}}, {"\ud800": ["x"]}, [["\udfff"]]),
    *(BEYOND, -1, 0, 2**31, 2**63, 10**400, 0.5, True, None, [], [None], {}, [[[[{}]]]]),
]
SAMPLING = {"temperature": 0.5}
BODIES: dict[str, Any] = {
    "POST rating/leases/{lease}/submit": {"answers": say("tie"), "asked_as": "x", "active_seconds": 3},
    "POST rating/leases/{lease}/draft": {"draft": {"preference": ["tie"]}},
    "POST rating/leases/{lease}/flag": {"kind": "unclear", "note": "What?"},
    "POST rating/leases/{lease}/skip": {"reason": "other", "note": "So."},
    "POST rating/annotations/{annotation}/revise": {"answers": say("tie")},
    "POST rating/guideline": {"version": 1},
    "POST rating/next": {},
    "PATCH rating/items/{item}": {"overlap": 2, "priority": 1, "skills": ["law"], "status": "open"},
    "POST rubric/": {"document": PAIRWISE, "based_on": 1},
    "PUT rubric/draft/": {"document": PAIRWISE, "based_on": 1},
    "POST prompts/import": {"prompts": [{"prompt": "Why?", "metadata": {"category": "x"}}]},
    "POST generation/configs": {
        "name": "a",
        "model": "bundled",
        "sampling": SAMPLING,
        "system_prompt": "Be.",
    },
    "POST generation/runs": {"configs": [1], "samples": 1, "seed": 3, "only_unanswered": True},
    "POST ": {"name": "New", "description": "", "overlap": 1, "preset": "pairwise", "clone_of": "helpful"},
}
ANY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def known(project: Project, site_admin: User) -> dict[str, str]:
    """What the addresses name: an item that was answered, and one in hand."""
    make_items(project, 2)
    done = finish(project, site_admin)
    item = project.items.get(pk=done)
    lease = claim(project, site_admin)
    return {"lease": str(lease.uid), "item": str(item.uid), "annotation": str(item.annotations.get().uid)}


@pytest.fixture
def client(sign_in: SignIn, site_admin: User) -> Client:
    return sign_in(site_admin)


def find_places(body: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inside = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in inside:
        yield from find_places(value, (*path, key))


def strike(body: Any, path: tuple[Any, ...], hostile: Any, *, as_key: bool) -> Any:
    """The body with something hostile in one place."""
    if not path:
        return {**body, str(hostile): hostile} if as_key else hostile
    body = deepcopy(body)
    inner = body
    for key in path[:-1]:
        inner = inner[key]
    if as_key and isinstance(inner, dict):
        inner[hostile if isinstance(hostile, str) else "x"] = inner.pop(path[-1])
    else:
        inner[path[-1]] = hostile
    return body


@pytest.mark.parametrize("request_line", BODIES)
def test_a_body_is_understood_or_refused(
    client: Client, project: Project, known: dict[str, str], request_line: str
) -> None:
    method, _, route = request_line.partition(" ")
    address = "/api/v1/projects/" + (f"{project.slug}/{route.format(**known)}" if route else "")
    body = BODIES[request_line]

    @ANY
    @given(path=st.sampled_from(list(find_places(body))), hostile=st.sampled_from(HOSTILE), key=st.booleans())
    def send(path: tuple[Any, ...], hostile: Any, key: bool) -> None:
        data = json.dumps(strike(body, path, hostile, as_key=key)).replace(f'"{BEYOND}"', "1e400")
        response = client.generic(method, address, data, content_type="application/json")
        assert response.status_code < 500
        if response.status_code >= 400:
            assert response.json()["message"]

    send()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (r'{"draft": {"\ud800": ["x"]}}', "half of a character"),
        (r'{"draft": {"a": ["\udfff"]}}', "half of a character"),
        (r'{"draft": {"\u0000": ["x"]}}', "NUL"),
        ('{"draft": 1e400}', "beyond all"),
        ('{"draft": ' + "[" * 100_000, "too deeply"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_reason(
    client: Client, project: Project, known: dict[str, str], body: str, why: str
) -> None:
    address = f"/api/v1/projects/{project.slug}/rating/leases/{known['lease']}/draft"
    refused = client.post(address, body, content_type="application/json")
    assert refused.status_code == 400
    assert why in refused.json()["message"]


@pytest.mark.parametrize("charset", ["utf-16", "rot13", "base64", "idna", "nonsense"])
def test_json_is_read_as_utf_8_whatever_the_header_says(
    client: Client, project: Project, known: dict[str, str], charset: str
) -> None:
    address = f"/api/v1/projects/{project.slug}/rating/leases/{known['lease']}/draft"
    body = '{"draft": {"justification": ["é"]}}'.encode()
    told = client.generic("POST", address, body, content_type=f"application/json; charset={charset}")
    assert told.status_code == 200


def encode(cursor: str) -> str:
    return base64.b64encode(cursor.encode()).decode()


CURSORS = [
    "\x00",
    "é",
    "x",
    *map(encode, ("p=x", "p=%00", "p=9999-99-99", "p=" + "9" * 40, "o=-1&p=1", "r=x&p=-1")),
]
NAMES = ["cursor", "page", "page_size", "q", "category", "state", "priority", "skill", "container", "x\x00"]
OF_PAGES = [*NAMES, "passage", "before", "after", "status", "run", "next", "scope", "search"]
VALUES = [*CURSORS, "", "-1", "9" * 40, "x" * 3000, "queue", "\u0661", "1e9", "nan"]
READ = [
    *("rating/items", "rating/answers", "rating/flags", "rating/items/{item}", "rating/guideline", ""),
    *("prompts/", "generation/runs", "generation/configs", "rubric/", "rubric/versions/", "rubric/draft/"),
    *("datasets/", "datasets/pairs.zip", "rubric/versions/99999999999999999999"),
]


@pytest.mark.parametrize("route", READ)
def test_a_query_is_understood_or_refused(
    client: Client, project: Project, known: dict[str, str], route: str
) -> None:
    address = f"/api/v1/projects/{project.slug}/{route.format(**known)}"

    @ANY
    @given(query=st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES), max_size=3))
    def ask(query: dict[str, str]) -> None:
        assert client.get(address, query).status_code < 500

    ask()
    for cursor in CURSORS:
        assert client.get(address, {"cursor": cursor}).status_code < 500


PAGES = [route for route in ROUTES if not is_api(route) and "<" not in route.removeprefix("p/<slug:slug>")]


@pytest.mark.parametrize("route", PAGES)
def test_a_page_understands_its_address_or_leaves_it_out(
    client: Client, project: Project, route: str
) -> None:
    @ANY
    @given(query=st.dictionaries(st.sampled_from(OF_PAGES), st.sampled_from(VALUES), min_size=1, max_size=3))
    def ask(query: dict[str, str]) -> None:
        assert client.get(make_path(route, project.slug), query).status_code < 500

    ask()
