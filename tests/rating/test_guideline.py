"""A new version of the guideline is read before the next item, and by nobody before they must."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.errors import NotFoundError
from apps.core.models import AuditEvent
from apps.projects.models import Guideline, Project
from apps.rating.changes import compare_texts
from apps.rating.guideline import acknowledge_guideline, describe_changes, read_news
from apps.rating.models import Annotation, RaterState
from tests.conftest import SignIn
from tests.factories import ProjectFactory
from tests.rating.factories import make_items
from tests.rating.moves import claim, finish, submit

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def publish(project: Project, text: str = "# What we ask\n\nBe fair, and say why.") -> Guideline:
    version = project.guideline.version + 1
    return Guideline.objects.create(project=project, version=version, text=text)


def known(rater: User) -> int:
    return RaterState.objects.get(rater=rater).guideline.version


@pytest.fixture
def client(rater: User, sign_in: SignIn) -> Client:
    return sign_in(rater)


@pytest.fixture
def behind(project: Project, rater: User) -> Guideline:
    """There are items, the rater has answered one, and now there is a newer version; it."""
    make_items(project, 3)
    finish(project, rater)
    return publish(project)


def post(client: Client, project: Project, version: Any, **headers: str) -> Any:
    address = reverse("rating:acknowledge", args=[project.slug])
    return client.post(address, {"version": version}, headers=headers)


# --- the service --------------------------------------------------------------------------------------
def test_who_has_read_it_works_under_it(project: Project, rater: User, behind: Guideline) -> None:
    assert acknowledge_guideline(project=project, rater=rater, version=2) == behind
    lease = claim(project, rater)
    submit(lease)
    assert Annotation.objects.get(lease=lease).guideline == behind
    event = AuditEvent.objects.get(action="guideline.acknowledged")
    assert (event.actor, event.data) == (rater, {"version": 2})


@pytest.mark.usefixtures("behind")
def test_saying_so_twice_is_saying_so_once(project: Project, rater: User) -> None:
    for _ in range(2):
        acknowledge_guideline(project=project, rater=rater, version=2)
    assert AuditEvent.objects.filter(action="guideline.acknowledged").count() == 1


@pytest.mark.usefixtures("behind")
def test_nobody_goes_back_to_an_older_version(project: Project, rater: User) -> None:
    publish(project, "Be fair to both.")
    acknowledge_guideline(project=project, rater=rater, version=3)
    assert acknowledge_guideline(project=project, rater=rater, version=2).version == 3
    assert known(rater) == 3


@pytest.mark.usefixtures("behind")
def test_there_is_no_reading_ahead(project: Project, rater: User) -> None:
    Guideline.objects.create(project=ProjectFactory(), version=3, text="Elsewhere.")
    with pytest.raises(NotFoundError):
        acknowledge_guideline(project=project, rater=rater, version=3)
    assert known(rater) == 1


def test_an_item_in_hand_keeps_the_version_it_was_begun_under(project: Project, rater: User) -> None:
    make_items(project)
    lease = claim(project, rater)
    publish(project)
    submit(lease)
    assert Annotation.objects.get().guideline.version == 1


def test_changes_are_summed_up_as_what_the_version_does() -> None:
    def describe(old: str, new: str) -> str:
        return describe_changes(compare_texts(old, new))

    assert describe("Be fair.", "Be fair.\n") == "changes nothing but its form"
    assert describe("One.", "One.\nQuite another.\nAnd a third.") == "adds two lines"
    assert describe("One.\nQuite another.", "One.") == "takes one line out"
    assert (
        describe("Prefer the short answer.\nSame\nGone now", "Prefer the best answer.\nSame\nNew: 1\nNew: 2")
        == "rewords one line, adds two lines and takes one line out"
    )


# --- the page -----------------------------------------------------------------------------------------
@pytest.mark.usefixtures("behind")
def test_the_page_shows_what_changed_and_the_whole_text(client: Client, project: Project) -> None:
    html = client.get(reverse("rating:page", args=[project.slug])).content.decode()
    assert "Version 2 of the guideline rewords one line" in html
    assert "<ins>, and say why</ins>" in html
    assert "All of version 2" in html
    assert 'name="version" value="2"' in html
    assert "data-lease" not in html


@pytest.mark.usefixtures("behind")
def test_reading_it_brings_the_next_item_and_the_new_text_for_the_drawer(
    client: Client, project: Project, rater: User
) -> None:
    html = post(client, project, 2, **HTMX).content.decode()
    assert "data-lease" in html
    assert 'id="guideline-text" class="guide prose" hx-swap-oob="true"' in html
    assert "Be fair, and say why." in html
    assert known(rater) == 2


@pytest.mark.usefixtures("behind")
def test_a_version_published_meanwhile_is_asked_for_again(
    client: Client, project: Project, rater: User
) -> None:
    publish(project, "# What we ask\n\nBe fair, and say why.\n\nNew at the last moment.")
    html = post(client, project, 2, **HTMX).content.decode()
    assert "data-lease" not in html
    assert "What changed since version 2" in html
    assert 'name="version" value="3"' in html
    assert known(rater) == 2


@pytest.mark.usefixtures("behind")
def test_without_scripts_the_button_leads_to_the_next_item(client: Client, project: Project) -> None:
    response = post(client, project, 2)
    assert response["Location"] == reverse("rating:page", args=[project.slug])


@pytest.mark.usefixtures("behind")
@pytest.mark.parametrize("version", ["", "two", "-1", "²", "9" * 30, "0", "7"])
def test_what_names_no_version_changes_nothing(
    client: Client, project: Project, rater: User, version: str
) -> None:
    assert post(client, project, version).status_code in {404, 422}
    assert known(rater) == 1


def test_a_submission_leads_to_the_new_version_before_the_next_item(client: Client, project: Project) -> None:
    make_items(project, 2)
    client.get(reverse("rating:page", args=[project.slug]))
    publish(project)
    lease = RaterState.objects.get().rater.leases.get()
    address = reverse("rating:submit", args=[project.slug, lease.uid])
    html = client.post(address, {"preference": "tie"}, headers=HTMX).content.decode()
    assert Annotation.objects.get().guideline.version == 1
    assert "Sent." in html
    assert "I have read version 2. Go on" in html


def test_the_drawer_shows_the_version_that_the_item_in_hand_is_judged_by(
    client: Client, project: Project, rater: User
) -> None:
    make_items(project)
    claim(project, rater)
    publish(project, "Something else.")
    html = client.get(reverse("rating:page", args=[project.slug])).content.decode()
    assert "version 1, since" in html
    assert "Something else." not in html


def test_a_text_that_attacks_is_only_shown(client: Client, project: Project, rater: User) -> None:
    make_items(project, 2)
    finish(project, rater)
    publish(project, "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>")
    html = client.get(reverse("rating:page", args=[project.slug])).content.decode()
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "<ins>&lt;script&gt;alert(1)&lt;/script&gt;</ins>" in html


# --- the API ------------------------------------------------------------------------------------------
def test_a_program_reads_it_says_so_and_goes_on(client: Client, project: Project, behind: Guideline) -> None:
    base = f"/api/v1/projects/{project.slug}/rating"
    reason = client.post(f"{base}/next").json()["reason"]
    assert (reason["code"], reason["version"]) == ("guideline", 2)
    told = client.get(f"{base}/guideline").json()
    assert (told["version"], told["known_version"], told["text"]) == (2, 1, behind.text)
    assert {"kind": "added", "text": "Be fair, and say why."} in told["changes"]
    task = client.post(f"{base}/guideline", {"version": 2}, content_type="application/json").json()
    assert task["lease"] is not None
    assert task["reason"] is None


@pytest.mark.usefixtures("behind")
def test_a_program_must_name_a_version_that_there_is(client: Client, project: Project, rater: User) -> None:
    address = f"/api/v1/projects/{project.slug}/rating/guideline"
    for version, status in ((3, 404), ("x", 400), (0, 400), (None, 400)):
        answer = client.post(address, {"version": version}, content_type="application/json")
        assert answer.status_code == status
    assert known(rater) == 1


def test_who_was_never_here_knows_the_version_in_force(project: Project, rater: User) -> None:
    publish(project)
    assert read_news(project=project, rater=rater).known.version == 2
