import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.projects.models import Project
from tests.conftest import SignIn
from tests.datasets.factories import make_item
from tests.factories import ModelConfigFactory, PromptFactory, ResponseFactory
from tests.overview.factories import annotate

HOME = "/p/helpful/"


def _read(client: Client) -> str:
    response = client.get(HOME)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def busy(project: Project, rater: User) -> Project:
    """A week of work, and some of it still to do."""
    now = timezone.now()
    for day in range(8):
        annotate(project, rater, [now - timedelta(days=day, hours=h) for h in range(1, 5)])
    make_item(project, overlap=9)
    return project


def test_a_new_project_says_what_to_do_first(sign_in: SignIn, owner: User, project: Project) -> None:
    text = _read(sign_in(owner))
    assert "Four steps to the first pair" in text
    assert re.findall(r'class="btn primary" href="([^"]+)"', text) == ["/p/helpful/prompts/"]


def test_the_next_step_follows_what_is_done(sign_in: SignIn, owner: User, project: Project) -> None:
    PromptFactory(project=project)
    text = _read(sign_in(owner))
    assert "One prompt is in" in text
    assert re.findall(r'class="btn primary" href="([^"]+)"', text) == ["/p/helpful/generation/"]


def test_it_says_when_the_last_annotation_comes(sign_in: SignIn, owner: User, busy: Project) -> None:
    text = _read(sign_in(owner))
    assert re.search(r"Three quarters done; the last annotation comes (on|tomorrow)", text)
    assert "32 of 41 annotations. At this week’s 4 a day the last one comes" in text
    assert text.count('class="l-ink dash"') == 2  # the forecast, for wide and for narrow screens


def test_pictures_have_words_and_no_inline_style(sign_in: SignIn, owner: User, busy: Project) -> None:
    text = _read(sign_in(owner))
    pictures = re.findall(r"<svg[^>]*>", text.split("</header>", 1)[1])
    assert len(pictures) >= 5
    assert all("aria-label=" in picture or 'aria-hidden="true"' in picture for picture in pictures)
    assert "style=" not in text


def test_names_of_raters_are_for_who_manages_people(
    sign_in: SignIn, owner: User, curator: User, trainer: User, busy: Project
) -> None:
    assert "Rita Rater" in _read(sign_in(owner))
    for person in (curator, trainer):
        text = _read(sign_in(person))
        assert "Rita Rater" not in text
        assert "<b>A</b>" in text


def test_actions_are_shown_to_those_who_may(sign_in: SignIn, trainer: User, busy: Project) -> None:
    text = _read(sign_in(trainer))
    assert 'href="/p/helpful/datasets/">Download them' in text
    assert "/p/helpful/generation/" not in text
    assert "/p/helpful/people/" not in text


def test_raters_do_not_see_it(sign_in: SignIn, rater: User, stranger: User, busy: Project) -> None:
    assert sign_in(rater).get(HOME).status_code == 403
    assert sign_in(stranger).get(HOME).status_code == 404


def test_hostile_names_are_text(sign_in: SignIn, owner: User, rater: User, busy: Project) -> None:
    User.objects.filter(pk=rater.pk).update(name='"><script>alert(1)</script>')
    Project.objects.update(name="<img src=x onerror=alert(1)>")
    text = _read(sign_in(owner))
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def _start_run(project: Project) -> None:
    now = timezone.now()
    run = project.runs.create(number=1, seed=1, started_at=now - timedelta(minutes=3))
    promised = {"run": run, "config": ModelConfigFactory(project=project)}
    for minutes in (2, 1):
        at = now - timedelta(minutes=minutes)
        ResponseFactory(prompt=PromptFactory(project=project), finished_at=at, **promised)
    waiting = {**promised, "status": "waiting", "text": "", "finished_at": None}
    ResponseFactory.create_batch(2, prompt__project=project, **waiting)


def test_a_run_that_goes_shows_its_progress_and_asks_again(
    sign_in: SignIn, owner: User, project: Project
) -> None:
    _start_run(project)
    text = _read(sign_in(owner))
    assert "<b>2</b> of 4 responses" in text
    assert re.search(r"about [45] min left", text)
    assert 'hx-trigger="every 5s"' in text


def test_without_a_run_nothing_asks_again(sign_in: SignIn, owner: User, busy: Project) -> None:
    assert "hx-trigger" not in _read(sign_in(owner))


def test_the_first_items_turn_the_steps_into_the_home(sign_in: SignIn, owner: User, project: Project) -> None:
    client, asking = sign_in(owner), {"HX-Request": "true", "HX-Target": "steps"}
    assert "HX-Refresh" not in client.get(HOME, headers=asking)
    make_item(project)
    assert client.get(HOME, headers=asking)["HX-Refresh"] == "true"
