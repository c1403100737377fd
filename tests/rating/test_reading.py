import pytest

from apps.accounts.models import User
from apps.core import rendering
from apps.projects.models import Project
from apps.rating.allocation import claim_next
from apps.rating.desk import load_task
from apps.rating.items import build_items
from apps.rating.models import RenderedPrompt, RenderedResponse
from apps.rating.reading import renew_renderings
from tests.factories import PromptFactory, ResponseFactory
from tests.rating.factories import make_items

pytestmark = pytest.mark.django_db


def test_building_an_item_renders_what_raters_will_read(project: Project) -> None:
    prompt = PromptFactory(project=project, messages=[{"role": "user", "content": "Is *this* it?"}])
    ResponseFactory(prompt=prompt, text="**Yes.**")
    ResponseFactory(prompt=prompt, text="No.")
    build_items(project=project)
    assert RenderedResponse.objects.filter(html="<p><strong>Yes.</strong></p>\n").exists()
    assert RenderedPrompt.objects.get().turns == ["<p>Is <em>this</em> it?</p>\n"]


def test_a_page_shows_the_stored_html(project: Project, rater: User) -> None:
    make_items(project)
    RenderedResponse.objects.update(html="<p>stored</p>")
    RenderedPrompt.objects.update(turns=["<p>turn</p>"])
    lease = claim_next(project=project, rater=rater)
    assert lease is not None
    task = load_task(lease)
    assert [response.html for response in task.responses] == ["<p>stored</p>"] * 2
    assert task.last.html == "<p>turn</p>"


def test_html_of_another_version_is_not_shown(project: Project, rater: User) -> None:
    make_items(project)
    RenderedResponse.objects.update(html="<p>stored</p>", version=rendering.VERSION - 1)
    lease = claim_next(project=project, rater=rater)
    assert lease is not None
    assert all("Answer" in response.html for response in load_task(lease).responses)


def test_html_of_an_older_version_is_made_anew(project: Project) -> None:
    make_items(project)
    RenderedResponse.objects.update(html="<p>stored</p>", version=rendering.VERSION - 1)
    assert renew_renderings() == 2
    assert renew_renderings() == 0
    assert not RenderedResponse.objects.filter(html="<p>stored</p>").exists()


def test_a_held_item_shows_the_same_when_it_is_opened_again(project: Project, rater: User) -> None:
    make_items(project)
    tasks = []
    for _ in range(2):
        lease = claim_next(project=project, rater=rater)
        assert lease is not None
        tasks.append(load_task(lease))
    assert tasks[0].responses == tasks[1].responses
    assert tasks[0].turns == tasks[1].turns
