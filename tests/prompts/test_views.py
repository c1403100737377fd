import html
import re
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.projects.models import Project
from apps.prompts import desk_page
from apps.prompts.models import PromptCluster, PromptCoverage
from apps.prompts.searching import read_words
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


def test_the_desk_counts_what_there_is(project: Project, curator: User, sign_in: SignIn, index: str) -> None:
    for category in ["writing", "writing", "law", ""]:
        PromptFactory(project=project, metadata={"category": category} if category else {})
    text = page(sign_in(curator).get(index))
    assert "Four prompts in two categories" in text
    assert re.search(
        r'href="/p/helpful/prompts/\?category=writing"><span class="name">writing</span><span class="num">2<',
        text,
    )


def test_a_row_says_what_a_prompt_is(project: Project, curator: User, sign_in: SignIn, index: str) -> None:
    prompt = PromptFactory(
        project=project,
        language="sv",
        metadata={"category": "law"},
        tags=["hard"],
        cluster=PromptCluster.objects.create(project=project),
        findings=[{"kind": "e-mail", "turn": 0, "start": 0, "end": 1, "done": "masked"}],
        messages=[{"role": "system", "content": "s"}, {"role": "user", "content": "May **I**?"}],
    )
    PromptFactory(project=project, cluster=prompt.cluster)
    PromptCoverage.objects.create(prompt=prompt, asked=3, answered=2)
    text = page(sign_in(curator).get(index, {"category": "law"}))
    assert ">May I?</a>" in text
    assert 'aria-label="2 of 3 answers"' in text
    assert "law, Swedish · 2 turns · cluster of 2 · e-mail masked · #hard" in text


def test_a_search_shows_its_hits(project: Project, curator: User, sign_in: SignIn, index: str) -> None:
    PromptFactory(project=project, messages=[{"role": "user", "content": "Say <b>hello</b> there"}])
    PromptFactory(project=project)
    client = sign_in(curator)
    assert "cannot be searched yet" in page(client.get(index, {"q": "hello"}))
    read_words()
    response = client.get(index, {"q": "hell"})
    assert len(response.context["listing"].rows) == 1
    assert "&lt;b&gt;<mark>hello</mark>&lt;/b" in response.content.decode()


def test_a_hit_shows_where_a_turn_ends(project: Project, curator: User, sign_in: SignIn, index: str) -> None:
    turns = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why is it odd?"}]
    PromptFactory(project=project, messages=turns)
    read_words()
    html = sign_in(curator).get(index, {"q": "odd"}).content.decode()
    assert "Be brief. · Why is it <mark>odd</mark>" in html


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "category=%00x",
        "status=nonsense",
        "after=-3",
        "after=x",
        "words=9-1",
        "turns=0",
        "key=%00&value=%00",
        "q=" + "x" * 999,
        "source=99999999999999999",
        "key=" + "k" * 999,
        "after=" + "9" * 17,
        "tag=%00",
        "language=xx",
    ],
)
def test_a_nonsensical_address_still_shows_the_page(
    curator: User, sign_in: SignIn, index: str, query: str
) -> None:
    assert sign_in(curator).get(f"{index}?{query}").status_code == 200


def test_a_long_list_goes_on(project: Project, curator: User, sign_in: SignIn, index: str) -> None:
    PromptFactory.create_batch(60, project=project)
    client = sign_in(curator)
    first = client.get(index, {"status": "approved"})
    after = first.context["listing"].after
    assert f"?status=approved&after={after}" in page(first)
    part = client.get(index, {"after": after}, headers={"HX-Request": "true", "HX-Target": "more"})
    assert (len(part.context["listing"].rows), part.context["listing"].after) == (10, None)
    assert "<html" not in page(part)
    shown = [row.prompt.pk for one in (first, part) for row in one.context["listing"].rows]
    assert shown == sorted(project.prompts.values_list("pk", flat=True), reverse=True)


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
        "One response imported",
        "marble-70b",
    ):
        assert part in text


def test_a_prompt_of_another_project_is_not_found(project: Project, curator: User, sign_in: SignIn) -> None:
    prompt = PromptFactory()
    client = sign_in(curator)
    assert client.get(reverse("overview:prompt", args=[project.slug, prompt.uid])).status_code == 404
    assert client.get(reverse("overview:edit_prompt", args=[project.slug, prompt.uid])).status_code == 404


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


class TestVeryMany:
    """Where counting takes longer than the page: the list is there at once, and the counts come after it."""

    @pytest.fixture(autouse=True)
    def few_are_many(self, monkeypatch: pytest.MonkeyPatch, project: Project) -> None:
        monkeypatch.setattr(desk_page, "MANY", 2)
        for number in range(3):
            PromptFactory(project=project, metadata={"category": "law"}, tags=["hard"], words=number)

    def test_the_page_does_not_count(self, curator: User, sign_in: SignIn, index: str) -> None:
        response = sign_in(curator).get(index, {"category": "law"})
        text = page(response)
        assert text.count("data-uid=") == 3
        assert response.context["facets"] is None
        assert 'hx-get="/p/helpful/prompts/facets/?category=law"' in text
        assert 'data-total="">All<' in text

    def test_the_counts_come_with_all_that_shows_them(
        self, curator: User, sign_in: SignIn, index: str
    ) -> None:
        text = page(sign_in(curator).get(f"{index}facets/", {"category": "law", "words": "1-"}))
        assert '<span class="name">law</span><span class="num">2<' in text
        assert '<b id="fits" hx-swap-oob="true">Two prompts fit</b>' in text
        assert 'data-total="2" hx-swap-oob="true">All 2<' in text
        assert '<datalist id="known-tags" hx-swap-oob="true"><option value="hard">' in text
        assert "<html" not in text

    def test_without_scripts_a_link_counts(self, curator: User, sign_in: SignIn, index: str) -> None:
        client = sign_in(curator)
        assert '<a href="/p/helpful/prompts/?category=law&counted=1">Show the counts</a>' in page(
            client.get(index, {"category": "law"})
        )
        text = page(client.get(index, {"category": "law", "counted": "1"}))
        assert 'class="num">3<' in text
        assert "Three prompts fit" in text

    def test_few_are_counted_at_once(
        self, curator: User, sign_in: SignIn, index: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(desk_page, "MANY", 3)
        text = page(sign_in(curator).get(index))
        assert 'class="num">3<' in text
        assert "hx-swap-oob" not in text
        assert "prompts/facets/" not in text
