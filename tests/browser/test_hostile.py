"""What models and people write runs nowhere."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.datasets.models import HeldOutList
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.recipes.saving import save_recipe
from apps.datasets.snapshots.states import start_snapshot
from apps.datasets.snapshots.work import work_off_snapshots, work_snapshot
from apps.projects.models import Project
from apps.prompts.models import PromptImport
from apps.rating.items import build_items
from apps.rating.models import Item, ItemStatus, Lease, LeaseState
from tests.browser.conftest import Visit
from tests.datasets.factories import cast_vote, make_item
from tests.factories import PromptFactory, ResponseFactory, UserFactory
from tests.xss_vectors import VECTORS

EVIL = '"><img src=x onerror=alert(1)><script>alert(1)</script>'
ALARM = """
window.__ran = [];
for (const name of ['alert', 'confirm', 'prompt']) window[name] = () => window.__ran.push(name);
"""


@pytest.fixture
def hostile(project: Project) -> Project:
    """A project in which every text is an attack."""
    everything = "\n\n".join(VECTORS.values()).replace("\x00", "")
    attack = [{"role": "system", "content": everything}, {"role": "user", "content": everything}]
    prompt = PromptFactory(project=project, messages=attack, metadata={"category": everything[:200]})
    for number in range(3):
        ResponseFactory(prompt=prompt, text=f"{everything}\n\n{number}", model='"><script>alert(1)</script>')
    entry = {"line": 1, "last": 1, "code": "not_json", "detail": "", "excerpt": "<script>alert(1)</script>"}
    PromptImport.objects.create(
        project=project,
        file_name='"><img src=x onerror=alert(1)>.csv',
        status="finished",
        finished_at=timezone.now(),
        rejected=1,
        reasons={"not_json": {"lines": 1, "first": entry}},
    )
    Project.objects.filter(pk=project.pk).update(name="<script>alert(1)</script>")
    build_items(project=project)
    _skip(Item.objects.latest("pk"), why="<script>alert(1)</script><img src=x onerror=alert(1)>")
    return project


def _skip(item: Item, *, why: str) -> None:
    """Leave it in review, as somebody who skipped it did."""
    now = timezone.now()
    Lease.objects.create(
        project=item.project,
        item=item,
        rater=UserFactory(name=why),
        state=LeaseState.SKIPPED,
        skip_reason="other",
        skip_note=why,
        shown_order=[0, 1],
        started_at=now,
        expires_at=now,
        ended_at=now,
    )
    Item.objects.filter(pk=item.pk).update(status=ItemStatus.REVIEW)


ROOMS = ("", "prompts/", "generation/", "queue/", "queue/review/", "datasets/", "people/", "setup/")


def nothing_ran(page: Page) -> None:
    page.wait_for_timeout(300)
    assert page.evaluate("window.__ran") == []
    assert page.locator("main script, main img, main iframe, main svg script, main [onclick]").count() == 0


def test_on_the_rating_page_nothing_runs(visit: Visit, rater: User, hostile: Project) -> None:
    visit.page.add_init_script(ALARM)
    page = visit(rater, f"/p/{hostile.slug}/rate/")
    expect(page.locator("#answer")).to_be_visible()
    protocols = page.locator(".prose a").evaluate_all("links => links.map((link) => link.protocol)")
    assert protocols
    assert set(protocols) <= {"http:", "https:", "mailto:", ":"}  # the last: leads nowhere
    nothing_ran(page)


@pytest.mark.parametrize("room", ROOMS)
def test_on_the_projects_pages_nothing_runs(visit: Visit, owner: User, hostile: Project, room: str) -> None:
    visit.page.add_init_script(ALARM)
    nothing_ran(visit(owner, f"/p/{hostile.slug}/{room}"))


@pytest.fixture
def datasets(hostile: Project, owner: User) -> list[str]:
    """Addresses of a recipe, two of its snapshots, what is behind a row, and the two compared."""
    everything = "\n\n".join(VECTORS.values()).replace("\x00", "")
    listed = HeldOutList.objects.create(project=hostile, name=EVIL, texts=["of others"])
    document = RecipeDocument.model_validate(
        {
            "formats": ["preference", "comparisons"],
            "splits": {"test": 0},
            "held_out": {"list": str(listed.uid)},
        }
    )
    for _ in range(2):
        item = make_item(hostile, texts=(everything, f"{everything}\n\nNo."), overlap=1)
        cast_vote(item, UserFactory(name=EVIL), "a3", answers={"justification": {"text": everything}})
        version = save_recipe(project=hostile, name=EVIL, document=document, user=owner)
        snapshot = start_snapshot(version=version, user=owner, wake=False)
        assert work_snapshot(snapshot.pk)
    work_off_snapshots()
    recipe = reverse("datasets:recipe", args=[hostile.slug, version.recipe.uid])
    return [
        f"{recipe}?categories={EVIL}&find={EVIL}",
        reverse("datasets:snapshot", args=[hostile.slug, snapshot.uid]),
        f"{reverse('datasets:item', args=[hostile.slug, item.uid])}?snapshot={snapshot.uid}",
        f"{recipe}compare/?before=1&after=2",
    ]


def test_on_pages_of_datasets_nothing_runs(visit: Visit, owner: User, datasets: list[str]) -> None:
    visit.page.add_init_script(ALARM)
    for address in datasets:
        page = visit(owner, address)
        expect(page.get_by_role("heading", level=1)).not_to_have_text("")
        nothing_ran(page)


def test_on_a_prompts_own_page_nothing_runs(visit: Visit, owner: User, hostile: Project) -> None:
    visit.page.add_init_script(ALARM)
    page = visit(owner, f"/p/{hostile.slug}/prompts/{hostile.prompts.get().uid}/")
    expect(page.locator(".turns-full .user")).to_contain_text("alert(")
    nothing_ran(page)
