import html
import re
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.projects.models import Project
from apps.prompts.models import Prompt, PromptStatus
from tests.conftest import SignIn
from tests.factories import ProjectFactory, PromptFactory, ResponseFactory
from tests.xss_vectors import VECTORS

# A NUL is refused at import; the database could not keep it.
STORABLE = {name: text for name, text in VECTORS.items() if "\0" not in text}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def index(project: Project) -> str:
    return reverse("prompts:index", args=[project.slug])


def page(response: object) -> str:
    content: bytes = response.content  # type: ignore[attr-defined]
    return html.unescape(re.sub(r"\s+", " ", content.decode()))


def test_an_empty_project_says_what_to_do(curator: User, sign_in: SignIn, index: str) -> None:
    text = page(sign_in(curator).get(index))
    assert "No prompts yet" in text
    assert "Import a file of them" in text
    assert "Write a prompt" in text


def test_the_page_opens_with_the_finding_and_a_picture(
    project: Project, curator: User, sign_in: SignIn, index: str
) -> None:
    for category in ["writing", "writing", "law", ""]:
        PromptFactory(project=project, metadata={"category": category} if category else {})
    text = page(sign_in(curator).get(index))
    assert "Four prompts in two categories" in text
    assert 'role="img" aria-label="writing: 2 of 4 prompts"' in text
    assert 'aria-label="without a category: 1 of 4 prompts"' in text


def test_the_list_shows_turns_category_and_responses(
    project: Project, curator: User, sign_in: SignIn, index: str
) -> None:
    prompt = PromptFactory(
        project=project,
        metadata={"category": "law"},
        messages=[{"role": "system", "content": "s"}, {"role": "user", "content": "May I?"}],
    )
    ResponseFactory.create_batch(3, prompt=prompt)
    text = page(sign_in(curator).get(index))
    row = text[text.index('<table class="tbl prompts">') :]
    assert re.search(r'May I\?</a>.*law</td>.*"r">2</td>.*"r">3</td>.*approved</td>', row)


def test_search_category_and_status_narrow_the_list(
    project: Project, curator: User, sign_in: SignIn, index: str
) -> None:
    PromptFactory(project=project, messages=[{"role": "user", "content": 'Say "Hello\nthere"'}])
    PromptFactory(
        project=project,
        messages=[
            {"role": "user", "content": "The ÄRGER of it"},
            {"role": "assistant", "content": "…"},
            {"role": "user", "content": "Go on"},
        ],
        metadata={"category": "mood"},
        status=PromptStatus.RETIRED,
    )
    client = sign_in(curator)

    def found(**query: str) -> list[str]:
        context = client.get(index, query).context
        return [prompt.opening for prompt in context["prompts"]]

    assert found(q="hello") == ['Say "Hello\nthere"']
    assert found(q='say "HELLO') == ['Say "Hello\nthere"']
    assert found(q="ärger") == ["Go on"]
    assert found(q="role") == []
    assert found(q="%") == []
    assert found(category="mood") == ["Go on"]
    assert found(category="(none)") == ['Say "Hello\nthere"']
    assert found(status="retired") == ["Go on"]
    assert found(q="hello", status="retired") == []


@pytest.mark.parametrize(
    "query", ["q=%00", "category=%00x", "status=nonsense", "page=-3", "page=x", "q=" + "x" * 999]
)
def test_a_nonsensical_address_still_shows_the_page(
    curator: User, sign_in: SignIn, index: str, query: str
) -> None:
    assert sign_in(curator).get(f"{index}?{query}").status_code == 200


def test_a_long_list_has_pages(project: Project, curator: User, sign_in: SignIn, index: str) -> None:
    PromptFactory.create_batch(60, project=project)
    client = sign_in(curator)
    assert "Page 1 of 2" in page(client.get(index))
    second = client.get(index, {"page": "2", "q": "question"})
    assert len(second.context["prompts"]) == 10
    assert "q=question" in page(second)


def test_the_number_of_queries_does_not_grow_with_the_list(
    project: Project, curator: User, sign_in: SignIn, index: str
) -> None:
    client = sign_in(curator)
    counts = []
    for more in (2, 40):
        PromptFactory.create_batch(more, project=project)
        with CaptureQueriesContext(connection) as queries:
            client.get(index)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_prompts_page_tells_its_story(project: Project, curator: User, sign_in: SignIn) -> None:
    prompt = PromptFactory(
        project=project,
        messages=[
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Why **me**?"},
        ],
        metadata={"category": "mood", "ids": [1, 2]},
    )
    ResponseFactory(prompt=prompt, model="marble-70b", text="Because.")
    text = page(sign_in(curator).get(reverse("overview:prompt", args=[project.slug, prompt.uid])))
    for part in (
        "Why me?",
        "<strong>me</strong>",
        "Be brief.",
        "[ 1, 2 ]",
        "One response from one model",
        "marble-70b",
    ):
        assert part in text


def test_a_prompt_of_another_project_is_not_found(project: Project, curator: User, sign_in: SignIn) -> None:
    prompt = PromptFactory()
    client = sign_in(curator)
    assert client.get(reverse("overview:prompt", args=[project.slug, prompt.uid])).status_code == 404
    assert client.post(reverse("prompts:retire", args=[project.slug, prompt.uid])).status_code == 404


class Dangers(HTMLParser):
    """What a page holds that could run something, other than the page's own files."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        own_script = tag == "script" and str(values.get("src", "")).startswith("/static/")
        if tag in {"script", "iframe", "object", "embed", "img", "style", "base", "math"} and not own_script:
            self.found.append(tag)
        for name, value in attrs:
            address = re.sub(r"\s", "", value or "").lower()
            if name.startswith("on") or (name.startswith(("hx-", "data-hx")) and tag != "body"):
                self.found.append(f"{tag} {name}")
            if name in {"href", "src", "action", "formaction"} and re.match(
                r"(javascript|data|vbscript|blob)", address
            ):
                self.found.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("vector", [HOSTILE, *STORABLE.values()], ids=["all", *STORABLE])
def test_hostile_texts_are_shown_as_text(
    project: Project, curator: User, sign_in: SignIn, index: str, vector: str
) -> None:
    messages = [{"role": "system", "content": vector}, {"role": "user", "content": vector}]
    prompt = PromptFactory(project=project, messages=messages, metadata={"category": vector, vector: vector})
    ResponseFactory(prompt=prompt, model=vector[:300], text=vector)
    client = sign_in(curator)
    for address in (index, reverse("overview:prompt", args=[project.slug, prompt.uid])):
        dangers = Dangers()
        dangers.feed(client.get(address).content.decode())
        assert dangers.found == []


def test_retiring_and_approving(project: Project, curator: User, sign_in: SignIn) -> None:
    prompt: Prompt = PromptFactory(project=project)
    client = sign_in(curator)
    retired = client.post(reverse("prompts:retire", args=[project.slug, prompt.uid]), follow=True)
    assert "The prompt is retired" in page(retired)
    prompt.refresh_from_db()
    assert prompt.status == PromptStatus.RETIRED
    again = client.post(reverse("prompts:retire", args=[project.slug, prompt.uid]))
    assert again.status_code == 409
    client.post(reverse("prompts:approve", args=[project.slug, prompt.uid]))
    prompt.refresh_from_db()
    assert prompt.status == PromptStatus.APPROVED


def test_writing_a_prompt_by_hand(project: Project, curator: User, sign_in: SignIn) -> None:
    client = sign_in(curator)
    address = reverse("prompts:add", args=[project.slug])
    data = {"text": "Why?\r\nReally.", "system": "Be brief.", "category": "mood"}
    response = client.post(address, data)
    prompt = project.prompts.get()
    assert response.headers["Location"] == reverse("overview:prompt", args=[project.slug, prompt.uid])
    assert prompt.messages == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Why?\nReally."},
    ]
    assert prompt.metadata == {"category": "mood"}
    again = client.post(address, data)
    assert again.status_code == 422
    assert "in the project already" in page(again)


def test_a_prompt_without_text_is_refused(project: Project, curator: User, sign_in: SignIn) -> None:
    response = sign_in(curator).post(reverse("prompts:add", args=[project.slug]), {"text": "  \n"})
    assert response.status_code == 422
    assert not project.prompts.exists()


@pytest.mark.parametrize("role", ["rater", "trainer", "stranger"])
def test_only_those_who_manage_prompts_come_in(
    request: pytest.FixtureRequest, sign_in: SignIn, index: str, role: str
) -> None:
    response = sign_in(request.getfixturevalue(role)).get(index)
    assert response.status_code == (404 if role == "stranger" else 403)


def test_prompts_of_other_projects_are_not_counted(curator: User, sign_in: SignIn, index: str) -> None:
    PromptFactory(project=ProjectFactory())
    assert "No prompts yet" in page(sign_in(curator).get(index))
